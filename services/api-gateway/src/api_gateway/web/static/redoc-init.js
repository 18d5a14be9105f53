// Starts Redoc on our own description, in the colours and fonts of theme.css; a file of its own because the page's policy allows no
// inline script.
window.addEventListener("load", function () {
  var look = window.getComputedStyle(document.documentElement);
  function token(name) { return look.getPropertyValue("--" + name).trim(); }
  function reply(name) {
    return { color: token(name), backgroundColor: token(name + "-soft"), tabTextColor: token(name) };
  }
  var theme = {
    colors: {
      primary: { main: token("ink") },
      success: { main: token("ok") }, warning: { main: token("warn") }, error: { main: token("bad") },
      responses: { success: reply("ok"), redirect: reply("warn"), error: reply("bad"), info: reply("senado") },
      text: { primary: token("ink"), secondary: token("ink-2") },
      border: { light: token("line"), dark: token("line-strong") },
    },
    typography: {
      fontFamily: token("sans"),
      fontSize: "16px",
      headings: { fontFamily: token("serif"), fontWeight: "600" },
      code: { fontFamily: token("mono"), color: token("ink"), backgroundColor: token("sunken") },
      links: { color: token("ink"), visited: token("ink"), hover: token("ink") },
    },
    sidebar: { backgroundColor: token("sunken"), textColor: token("ink") },
    schema: { nestedBackground: token("sunken"), linesColor: token("line-strong") },
    rightPanel: { backgroundColor: "#1a1b1e" },
  };
  var options = { disableSearch: true, hideDownloadButton: false, theme: theme };
  window.Redoc.init("/openapi.json", options, document.getElementById("reader"), function () {
    // Redoc's headings go from the second level to the fifth.
    document.querySelectorAll("#reader h5").forEach(function (heading) { heading.setAttribute("aria-level", "3"); });
  });
});
