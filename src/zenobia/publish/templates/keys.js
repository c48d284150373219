"use strict";
// One key from a claim to its source: `s` while the focus is inside of a card goes to the first report that it rests on,
// and on to the next; `c` goes back. Only then, so that it takes no key from anybody who reads or types elsewhere.
(function () {
  var card = null, next = 0;
  function sources(of) {
    var links = Array.prototype.slice.call(of.querySelectorAll("a[href^='#r-']")), seen = {};
    var first = links.filter(function (link) { return link.closest(".reports"); });
    return first.concat(links).map(function (link) { return link.getAttribute("href").slice(1); })
      .filter(function (id) { return !seen[id] && (seen[id] = true); });
  }
  function go(element) {
    for (var fold = element.closest("details"); fold; fold = fold.parentNode.closest("details")) { fold.open = true; }
    element.tabIndex = -1;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "center" });
    document.querySelectorAll(".reached").forEach(function (other) { other.classList.remove("reached"); });
    element.classList.add("reached");
  }
  // A link to a card unfolds it; on a narrow screen the list of all claims begins folded, so that the figures come soon.
  function unfold() {
    var card = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (card && card.matches(".card")) { card.querySelector(".full").open = true; }
  }
  window.addEventListener("hashchange", unfold);
  unfold();
  if (window.matchMedia && window.matchMedia("(max-width: 40rem)").matches) {
    document.querySelectorAll("details.all").forEach(function (list) { list.open = false; });
  }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) { return; }
    var here = event.target.closest(".card"), row = event.target.closest(".evidence tr");
    if (event.key === "s" && (here || (row && card))) {
      if (here) { card = here; next = 0; }
      var ids = sources(card), target = ids.length ? document.getElementById(ids[next++ % ids.length]) : null;
      if (target) { event.preventDefault(); go(target); }
    }
    if (event.key === "c" && row && card) { event.preventDefault(); go(card); }
  });
})();
