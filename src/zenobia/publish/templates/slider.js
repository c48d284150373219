"use strict";
// The still maps, one a day: where the map that moves cannot be drawn (timemap.js says so), or is not there at all.
(function () {
  var form = document.querySelector(".still .slider"), input = form.querySelector("input"), output = form.querySelector("output");
  var maps = Array.prototype.slice.call(document.querySelectorAll(".day-map"));
  function show(n) {
    maps.forEach(function (map, i) { map.classList.toggle("shown", i === n); });
    input.value = n;
    output.textContent = maps[n].dataset.words;
    input.setAttribute("aria-valuetext", maps[n].dataset.words);
  }
  function asked() {
    var found = maps.findIndex(function (map) { return location.hash === "#on=" + map.dataset.day; });
    return found < 0 ? maps.length - 1 : found;
  }
  input.addEventListener("input", function () {
    show(Number(input.value));
    history.replaceState(null, "", "#on=" + maps[Number(input.value)].dataset.day);
  });
  window.addEventListener("hashchange", function () { show(asked()); });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  function begin() {
    if (maps.length) { form.hidden = false; document.body.classList.add("moving"); show(asked()); }
  }
  if (document.querySelector(".timemap")) { document.addEventListener("zenobia:still", begin); } else { begin(); }
})();
