// Starts Swagger UI on our own description, in the colours that the reader prefers; a file of its own because the page's policy
// allows no inline script.
window.addEventListener("load", function () {
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function colour() { document.documentElement.classList.toggle("dark-mode", dark.matches); }
  colour();
  dark.addEventListener("change", colour);

  // The path of an operation is a link inside a button, which screen readers cannot use; the button alone opens it and sets the address.
  var plainPaths = { wrapComponents: { DeepLink: function (_link, system) {
    return function (one) { return system.React.createElement("span", { className: "nostyle" }, one.text); };
  } } };

  // Swagger UI names some of its parts badly or not at all; it shows parts as they are opened, so each change is looked at.
  function set(selector, name, value) {
    document.querySelectorAll(selector).forEach(function (one) { one.setAttribute(name, value); });
  }
  function nameParts() {
    set("#reader .information-container", "role", "region");
    set("#reader .information-container", "aria-label", "About this API");
    set("#reader .opblock-tag, #reader .models > h4", "aria-level", "2");
    set("#reader .opblock-title", "aria-level", "3");
    set("#reader pre", "tabindex", "0");
    document.querySelectorAll("#reader tr[data-param-name] select").forEach(function (choice) {
      choice.setAttribute("aria-label", choice.closest("tr").dataset.paramName);
    });
  }
  new MutationObserver(nameParts).observe(document.getElementById("reader"), { childList: true, subtree: true });

  window.SwaggerUIBundle({
    url: "/openapi.json", dom_id: "#reader", deepLinking: true, tryItOutEnabled: true, plugins: [plainPaths],
    syntaxHighlight: { theme: "obsidian" },
  });
});
