(function () {
  var banner = document.getElementById("cookie-banner");
  if (banner) banner.querySelector("button").addEventListener("click", function () { banner.remove(); });
})();
