"use strict";
// A map that is moved through time. All it shows stands as JSON beside it; it fetches nothing, and writes text as text.
// Where it cannot draw (no WebGL, no library) it says "zenobia:still", and the still maps stay.
(function () {
  var calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  var INK = "#23262c", FAINT = "#5c6068", PAPER = "#ffffff", FINE = 2;

  function canDraw() {
    try {
      var canvas = document.createElement("canvas");
      return Boolean(canvas.getContext("webgl2") || canvas.getContext("webgl"));
    } catch (none) { return false; }
  }

  // The library is a script of its own (a site), or packed inside the page (a single file).
  async function library() {
    if (window.maplibregl) { return; }
    var kept = document.getElementById("maplibre");
    if (!kept || !window.DecompressionStream) { throw new Error("no map library"); }
    var bytes = Uint8Array.from(atob(kept.textContent.trim()), function (c) { return c.charCodeAt(0); });
    var script = document.createElement("script");
    script.textContent = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
    document.head.append(script);
    if (!window.maplibregl) { throw new Error("the map library did not start"); }
  }

  // --- marks -----------------------------------------------------------------------------

  function drawing(wide, high) {
    var canvas = document.createElement("canvas");
    canvas.width = wide * FINE; canvas.height = high * FINE;
    var pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.scale(FINE, FINE);
    return pen;
  }

  function image(pen) { return pen.getImageData(0, 0, pen.canvas.width, pen.canvas.height); }

  function filled(pen, state, path) {
    pen.fillStyle = state.fill ? PAPER : state.colour;
    pen.fill(path);
    if (!state.fill) { return; }
    pen.save(); pen.clip(path); pen.strokeStyle = INK; pen.lineWidth = 2.4; pen.beginPath();
    for (var n = -24; n <= 24; n += 5) {
      if (state.fill === "hatched") { pen.moveTo(n - 12, 12); pen.lineTo(n + 12, -12); }
      else { pen.moveTo(-12, n); pen.lineTo(12, n); }
    }
    pen.stroke(); pen.restore();
  }

  // full; hollow with a dot (old); dashed outline (claimed by its own side only)
  function mark(state, old, claimed) {
    var pen = drawing(28, 28), path = new Path2D(state.path);
    pen.translate(14, 14);
    if (!old && !claimed) {
      filled(pen, state, path);
      pen.strokeStyle = state.fill ? INK : PAPER; pen.lineWidth = 1.6; pen.stroke(path);
      return image(pen);
    }
    if (state.fill) { filled(pen, state, path); } else { pen.fillStyle = PAPER; pen.fill(path); }
    pen.strokeStyle = state.colour; pen.lineWidth = 3;
    if (claimed) { pen.setLineDash([4.5, 3]); }
    pen.stroke(path);
    if (old) { pen.beginPath(); pen.arc(0, 0, 2.7, 0, 7); pen.fillStyle = state.colour; pen.fill(); }
    return image(pen);
  }

  function ring(colour) {
    var pen = drawing(40, 40);
    pen.beginPath(); pen.arc(20, 20, 16, 0, 7);
    pen.strokeStyle = colour; pen.lineWidth = 3; pen.setLineDash([4.5, 3]); pen.stroke();
    return image(pen);
  }

  // Names are drawn by the browser itself, which knows every script and its direction; no fonts are loaded.
  function label(place, font, pen) {
    pen.font = font;
    var lines = [place.n].concat(place.a ? [place.a] : []).map(function (text) {
      var letters = Array.from(text);
      return letters.length > 32 ? letters.slice(0, 31).join("") + "…" : text;
    });
    var wide = Math.ceil(Math.max.apply(null, lines.map(function (t) { return pen.measureText(t).width; }))) + 8;
    pen = drawing(wide, 17 * lines.length + 2);
    pen.textAlign = "center"; pen.lineJoin = "round"; pen.strokeStyle = "#fbf9f4"; pen.lineWidth = 3.5; pen.fillStyle = INK;
    lines.forEach(function (text, n) {
      pen.font = n ? font.replace("600", "400") : font;
      pen.strokeText(text, wide / 2, 14 + 17 * n); pen.fillText(text, wide / 2, 14 + 17 * n);
    });
    return image(pen);
  }

  function sign(state) {
    var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS(svg.namespaceURI, "path");
    svg.setAttribute("class", "mark"); svg.setAttribute("viewBox", "-13 -13 26 26"); svg.setAttribute("aria-hidden", "true");
    path.setAttribute("d", state.path + (state.fill === "hatched" ? "M-7 7L7 -7M-10 2L2 -10M-2 10L10 -2" : state.fill ? "M-9 -4H9M-10 1H10M-8 6H8" : ""));
    path.setAttribute("fill", state.fill ? "none" : state.colour);
    path.setAttribute("stroke", state.fill ? "currentColor" : "#fff");
    path.setAttribute("stroke-width", state.fill ? "2.4" : "1.4");
    svg.append(path);
    return svg;
  }

  function made(name, text, kind) {
    var element = document.createElement(name);
    if (text) { element.textContent = text; }
    if (kind) { element.className = kind; }
    return element;
  }

  // --- what is told of a day ---------------------------------------------------------------

  function Told(data) {
    var first = Date.parse(data.days[0]), words = data.words;
    this.dayNumber = data.days.map(function (day) { return Math.round((Date.parse(day) - first) / 864e5); });
    this.calendar = function (iso) {
      var part = iso.split("-").map(Number);
      return part[2] + " " + words.months[part[1] - 1] + " " + part[0];
    };
    this.dayOf = function (number) { return new Date(first + number * 864e5).toISOString().slice(0, 10); };
    this.chance = function (hundredths) { return hundredths > 99 ? words.over : hundredths ? (hundredths / 100).toFixed(2) : words.under; };
    // What is told of each stop is what it is more than the one before.
    data.places.forEach(function (place) {
      var sum = 0;
      if (place.c) { place.c = place.c.map(function (more) { sum += more; return sum; }); }
    });
    // Who most likely held a place at a stop of the slider; nothing where no report speaks of it.
    this.of = function (place, at) {
      if (!place.c) { return null; }
      var day = this.dayNumber[at], heard = place.h.filter(function (d) { return d <= day; });
      var run = place.e.find(function (r) { return r[0] >= at; }) || place.e[place.e.length - 1];
      var last = heard.length ? heard[heard.length - 1] : null;
      return {
        state: Math.floor(place.c[at] / 101), chance: place.c[at] % 101, last: last, old: last === null || day - last > data.stale,
        claimed: run[1], links: run[2], besieger: place.b && at in place.b ? place.b[at] : null
      };
    };
  }

  // --- one map ---------------------------------------------------------------------------

  async function start(block) {
    if (!canDraw()) { throw new Error("no WebGL"); }
    await library();
    var data = JSON.parse(block.querySelector("script[type='application/json']").textContent), words = data.words, told = new Told(data);
    var input = block.querySelector("input"), output = block.querySelector("output"), summary = block.querySelector(".summary");
    var chooser = block.querySelector("select"), panel = block.querySelector(".told"), rows = block.querySelector("tbody");
    var table = block.querySelector("details"), at = 0, chosen = null, ready = false;
    block.hidden = false;
    block.parentNode.classList.add("live");
    var map = new window.maplibregl.Map({
      container: block.querySelector(".stage"), attributionControl: false, fadeDuration: 0, renderWorldCopies: false,
      dragRotate: false, pitchWithRotate: false, touchPitch: false, cooperativeGestures: true, maxZoom: 13,
      bounds: [data.area.slice(0, 2), data.area.slice(2)], maxBounds: [data.bounds.slice(0, 2), data.bounds.slice(2)],
      locale: { "Map.Title": words.map, "CooperativeGesturesHandler.WindowsHelpText": words.wheel, "CooperativeGesturesHandler.MacHelpText": words.wheel, "CooperativeGesturesHandler.MobileHelpText": words.fingers },
      style: style(data)
    });
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();

    function features() {
      return data.places.map(function (place, n) {
        var here = told.of(place, at), properties = { n: n, label: "label-" + n, sort: (here ? 0 : 1e6) - place.w };
        if (here) {
          properties.icon = ["mark", here.state, here.old ? 1 : 0, here.claimed ? 1 : 0].join("-");
          properties.size = here.chance >= data.sure * 100 ? 0.78 : 0.5;
          if (here.besieger !== null) { properties.ring = "ring-" + here.besieger; }
        }
        return { type: "Feature", properties: properties, geometry: { type: "Point", coordinates: [place.x, place.y] } };
      });
    }

    function draw() {
      if (!ready) { return; }
      map.getSource("places").setData({ type: "FeatureCollection", features: features() });
      var place = data.places[chosen];
      map.getSource("chosen").setData({ type: "FeatureCollection", features: place ? [{ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [place.x, place.y] } }] : [] });
    }

    function summed() {
      var counts = data.states.map(function () { return 0; }), spoken = 0;
      data.places.forEach(function (place) {
        var here = told.of(place, at);
        if (here) { counts[here.state] += 1; spoken += 1; }
      });
      var held = data.states.map(function (state, n) { return [counts[n], state.name]; }).filter(function (pair) { return pair[0]; });
      held.sort(function (a, b) { return b[0] - a[0]; });
      return words.summary.replace("{n}", spoken).replace("{held}", held.map(function (pair) { return pair[1] + " " + pair[0]; }).join(words.comma));
    }

    function line(here) { return here.last === null ? words.none : told.calendar(told.dayOf(here.last)) + (here.old ? " (" + words.old + ")" : ""); }

    function tell() {
      var place = data.places[chosen];
      panel.replaceChildren();
      if (!place) { panel.append(made("p", words.choose, "aside")); return; }
      var here = told.of(place, at), heading = made("h3"), held = made("p", "", "holder");
      heading.append(made("bdi", place.n));
      if (place.a) { var arabic = made("bdi", place.a, "ar"); arabic.lang = "ar"; heading.append(" ", arabic); }
      panel.append(heading);
      if (!here) { panel.append(made("p", words.silent)); return; }
      held.append(sign(data.states[here.state]), made("strong", data.states[here.state].name), " " + words["with"] + " " + told.chance(here.chance));
      panel.append(held);
      if (here.besieger !== null) { panel.append(made("p", words.besieged + " " + data.states[here.besieger].name)); }
      if (here.claimed) { panel.append(made("p", words.claimed)); }
      panel.append(made("p", words.last + " " + line(here)));
      var links = here.links.map(cited).concat(place.u ? [[place.u, words.reports]] : []);
      if (links.length) {
        var list = made("ul", "", "links");
        links.forEach(function (link) {
          var item = made("li"), anchor = made("a", link[1]);
          anchor.setAttribute("href", link[0]); item.append(anchor); list.append(item);
        });
        panel.append(made("p", words.evidence), list);
      }
    }

    // A report is called what the table of evidence calls it.
    function cited(id) {
      var row = document.getElementById(id), source = row && row.querySelector("th").cloneNode(true);
      if (!row) { return ["#" + id, id]; }
      source.querySelectorAll(".aside, small").forEach(function (more) { more.remove(); });
      return ["#" + id, source.textContent.trim() + ", " + row.cells[0].textContent.trim()];
    }

    function fill() {
      if (!table.open) { return; }
      rows.replaceChildren.apply(rows, data.places.map(function (place, n) { return [place, n, told.of(place, at)]; }).filter(function (row) { return row[2]; }).map(function (row) {
        var line_ = made("tr"), head = made("th"), button = made("button", row[0].n, "name"), held = made("td");
        head.scope = "row"; button.type = "button";
        button.addEventListener("click", function () { choose(row[1], true); panel.focus(); });
        head.append(button);
        held.append(sign(data.states[row[2].state]), data.states[row[2].state].name);
        line_.append(head, held, made("td", told.chance(row[2].chance)), made("td", line(row[2])));
        return line_;
      }));
    }

    function choose(n, move) {
      chosen = n; chooser.value = n === null ? "" : String(n);
      tell(); draw();
      if (n !== null && move) { map[calm ? "jumpTo" : "easeTo"]({ center: [data.places[n].x, data.places[n].y] }); }
    }

    function show(n) {
      at = n; input.value = n;
      var day = told.calendar(data.days[n]);
      output.textContent = day; input.setAttribute("aria-valuetext", day);
      block.dataset.day = data.days[n];
      summary.textContent = summed();
      tell(); fill(); draw();
    }

    function asked() {
      var wanted = /^#on=(\d{4}-\d\d-\d\d)$/.exec(location.hash), found = -1;
      if (!wanted) { return null; }
      data.days.forEach(function (day, n) { if (day <= wanted[1]) { found = n; } });
      return Math.max(0, found);
    }

    function go(n) {
      show(Math.min(data.days.length - 1, Math.max(0, n)));
      history.replaceState(null, "", "#on=" + data.days[at]);
    }

    data.places.forEach(function (place, n) { chooser.append(new Option(place.n, n)); });
    input.addEventListener("input", function () { go(Number(input.value)); });
    block.querySelector("form").addEventListener("submit", function (event) { event.preventDefault(); });
    block.querySelector(".earlier").addEventListener("click", function () { go(at - 1); });
    block.querySelector(".later").addEventListener("click", function () { go(at + 1); });
    block.querySelector(".nearer").addEventListener("click", function () { map.zoomIn({ animate: !calm }); });
    block.querySelector(".farther").addEventListener("click", function () { map.zoomOut({ animate: !calm }); });
    chooser.addEventListener("change", function () { choose(chooser.value === "" ? null : Number(chooser.value), true); });
    table.addEventListener("toggle", fill);
    window.addEventListener("hashchange", function () { var n = asked(); if (n !== null) { show(n); } });
    map.on("load", function () {
      data.states.forEach(function (state, n) {
        [0, 1].forEach(function (old) { [0, 1].forEach(function (claimed) { map.addImage(["mark", n, old, claimed].join("-"), mark(state, old, claimed), { pixelRatio: FINE }); }); });
        map.addImage("ring-" + n, ring(state.colour), { pixelRatio: FINE });
      });
      var font = "600 13px " + getComputedStyle(document.body).fontFamily, rule = drawing(1, 1);
      data.places.forEach(function (place, n) { map.addImage("label-" + n, label(place, font, rule), { pixelRatio: FINE }); });
      ready = true; draw();
      map.once("idle", function () { block.dataset.state = "drawn"; });
    });
    ["marks", "silent", "labels"].forEach(function (layer) {
      map.on("click", layer, function (event) { choose(event.features[0].properties.n, false); });
      map.on("mouseenter", layer, function () { map.getCanvas().style.cursor = "pointer"; });
      map.on("mouseleave", layer, function () { map.getCanvas().style.cursor = ""; });
    });
    var wanted = asked();
    show(wanted === null ? data.start : wanted);
    if (wanted !== null) { block.scrollIntoView(); }
  }

  function style(data) {
    var size = ["interpolate", ["linear"], ["zoom"], 5, ["*", 0.62, ["get", "size"]], 8, ["get", "size"]];
    var kind = function (name) { return ["==", ["get", "kind"], name]; }, empty = { type: "FeatureCollection", features: [] };
    return {
      version: 8,
      sources: { ground: { type: "geojson", data: data.ground }, places: { type: "geojson", data: empty }, chosen: { type: "geojson", data: empty } },
      layers: [
        { id: "sea", type: "background", paint: { "background-color": "#d6e3ea" } },
        { id: "land", type: "fill", source: "ground", filter: kind("land"), paint: { "fill-color": "#ece8df" } },
        { id: "home", type: "fill", source: "ground", filter: kind("home"), paint: { "fill-color": "#fbf9f4" } },
        { id: "province", type: "line", source: "ground", filter: kind("province"), paint: { "line-color": "#cfc8ba", "line-width": 0.8 } },
        { id: "border", type: "line", source: "ground", filter: kind("border"), paint: { "line-color": "#8f8a80", "line-width": 1.5 } },
        { id: "silent", type: "circle", source: "places", filter: ["!", ["has", "icon"]], paint: { "circle-radius": 2.5, "circle-color": PAPER, "circle-stroke-color": FAINT, "circle-stroke-width": 1 } },
        { id: "chosen", type: "circle", source: "chosen", paint: { "circle-radius": 15, "circle-color": "rgba(0,0,0,0)", "circle-stroke-color": "#6a2459", "circle-stroke-width": 3 } },
        { id: "labels", type: "symbol", source: "places", layout: { "icon-image": ["get", "label"], "icon-anchor": "top", "icon-offset": [0, 9], "symbol-sort-key": ["get", "sort"], "icon-padding": 1 } },
        { id: "rings", type: "symbol", source: "places", filter: ["has", "ring"], layout: { "icon-image": ["get", "ring"], "icon-size": size, "icon-allow-overlap": true, "icon-ignore-placement": true } },
        { id: "marks", type: "symbol", source: "places", filter: ["has", "icon"], layout: { "icon-image": ["get", "icon"], "icon-size": size, "icon-allow-overlap": true, "icon-ignore-placement": true, "symbol-sort-key": ["-", 0, ["get", "sort"]] } }
      ]
    };
  }

  function begin(block) {
    start(block).catch(function () {
      block.hidden = true;
      block.parentNode.classList.remove("live");
      document.dispatchEvent(new Event("zenobia:still"));
    });
  }

  // A map that is far down the page waits until somebody comes near it.
  document.querySelectorAll(".timemap").forEach(function (block) {
    if (location.hash.indexOf("#on=") === 0 || !window.IntersectionObserver) { begin(block); return; }
    var near = new IntersectionObserver(function (seen) {
      if (seen.some(function (one) { return one.isIntersecting; })) { near.disconnect(); begin(block); }
    }, { rootMargin: "600px" });
    near.observe(block.parentNode);
  });
})();
