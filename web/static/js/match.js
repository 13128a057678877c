// The map of a ranked list: what is listed has its number and a ring, all other spaces stay pale behind it. And the map
// of the form, on which one taps the place to be near to.
(function () {
  "use strict";
  var tempuse = window.tempuse;

  tempuse.modes.match = function (map, options) {
    var listed = {}, asking = null;
    tempuse.addControls(map, options.words);
    options.spaces.forEach(function (space) { listed[space.ref] = space; });
    var marks = new tempuse.Marks(map, options.words, chose, opened);

    function chose(ref) {
      var card = document.getElementById(ref);
      if (!card) {
        location.href = options.one.replace("REF", ref);
        return;
      }
      marks.choose(ref);
      card.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
      card.querySelector("a").focus({ preventScroll: true });
    }

    function opened(at) { map.setView(at, Math.min(map.getZoom() + 2, 18)); }

    function draw(answer) {
      var others = answer.spaces.filter(function (space) { return !listed[space.ref]; });
      marks.show({ spaces: options.spaces.concat(others), clusters: answer.clusters, shapes: [] });
      map.labels.draw(marks.boxes().concat(tempuse.floating(map)));
    }

    function refresh() {
      var bounds = map.getBounds();
      var box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map(function (part) { return part.toFixed(6); }).join(",");
      if (asking) asking.abort();
      asking = new AbortController();
      fetch(options.view + "?box=" + box + "&zoom=" + map.getZoom(), { signal: asking.signal }).then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      }).then(draw).catch(function (error) {
        if (error.name !== "AbortError") draw({ spaces: [], clusters: [] });
      });
    }

    document.querySelectorAll("[data-card]").forEach(function (card) {
      ["mouseenter", "focusin"].forEach(function (what) { card.addEventListener(what, function () { marks.choose(card.id); }); });
    });
    if (options.fit) map.fitBounds([[options.fit[1], options.fit[0]], [options.fit[3], options.fit[2]]], { maxZoom: 15, padding: [40, 40], animate: false });
    map.on("moveend", refresh);
    map.background.on("areas", function () { map.labels.draw(marks.boxes()); });
    refresh();
  };

  tempuse.modes.pick = function (map, options) {
    var input = document.querySelector("[data-near]"), radio = document.getElementById("where-near"), pin = null;
    tempuse.work(map, options);

    function show(at) {
      if (pin) pin.remove();
      pin = at ? L.marker(at, { icon: tempuse.pinIcon(), interactive: false, keyboard: false }).addTo(map) : null;
    }

    function set(at) {
      input.value = at.lat.toFixed(3) + "," + at.lng.toFixed(3);
      radio.checked = true;
      show(at);
    }

    map.on("click", function (event) { set(event.latlng.wrap()); });
    input.addEventListener("change", function () { show(tempuse.pairOf(input.value)); });
    // The map is drawn anew when its part of the form comes into sight.
    document.querySelectorAll("[name=where]").forEach(function (each) {
      each.addEventListener("change", function () { map.invalidateSize({ animate: false }); });
    });
    var begin = tempuse.pairOf(input.value);
    show(begin);
    if (begin) map.setView(begin, 14, { animate: false });
  };
})();
