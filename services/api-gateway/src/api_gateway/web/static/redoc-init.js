// Starts Redoc on our own description; a file of its own because the page's policy allows no inline script.
window.addEventListener("load", function () {
  window.Redoc.init("/openapi.json", { disableSearch: true, hideDownloadButton: false }, document.getElementById("redoc"));
});
