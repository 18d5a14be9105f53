// Starts Swagger UI on our own description, in the colours that the reader prefers; a file of its own because the page's policy
// allows no inline script.
window.addEventListener("load", function () {
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  function colour() { document.documentElement.classList.toggle("dark-mode", dark.matches); }
  colour();
  dark.addEventListener("change", colour);
  window.SwaggerUIBundle({ url: "/openapi.json", dom_id: "#reader", deepLinking: true, tryItOutEnabled: true });
});
