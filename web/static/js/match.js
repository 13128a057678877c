// The map of a ranked list: what is listed has its number and a ring, all other spaces stay pale behind it. And the map
// of the form, on which one taps the place to be near to.
(function () {
  "use strict";
  var tempuse = window.tempuse;
  // Room for a mark at each side of what is to be seen.
  var AROUND = { padding: [36, 36] };

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

    // A cluster, or several of the list: nearer, until each stands by itself; where that never is, the first of them.
    function opened(what) {
      if (!what.spaces) {
        map.setView(what, Math.min(map.getZoom() + 2, 18));
        return;
      }
      var bounds = L.latLngBounds(what.spaces.map(at));
      if (map.getZoom() >= 18 || bounds.getNorthEast().equals(bounds.getSouthWest())) chose(what.spaces[0].ref);
      else map.fitBounds(bounds, Object.assign({ maxZoom: 18 }, AROUND));
    }

    function at(space) { return tempuse.place(space.x, space.y); }

    // Those whose marks would cover each other stand together under their numbers, the first where its place is.
    function together(spaces) {
      var found = spaces.map(function (space) { return boxed([space]); });
      for (var changed = true; changed;) {
        changed = false;
        for (var i = 0; i < found.length && !changed; i++) {
          for (var j = i + 1; j < found.length && !changed; j++) {
            if (!meet(found[i].box, found[j].box)) continue;
            found[i] = boxed(found[i].spaces.concat(found[j].spaces).sort(function (a, b) { return a.number - b.number; }));
            found.splice(j, 1);
            changed = true;
          }
        }
      }
      return found;
    }

    function boxed(spaces) {
      var first = at(spaces[0]), middle = map.latLngToLayerPoint(first), many = spaces.length > 1;
      var wide = many ? 14 + 27 * Math.min(spaces.length, 4) : 54, high = many ? 40 : 54;
      return { spaces: spaces, at: first, wide: wide, box: around(middle, wide, high) };
    }

    function around(middle, wide, high) {
      return { x0: middle.x - wide / 2, x1: middle.x + wide / 2, y0: middle.y - high / 2, y1: middle.y + high / 2 };
    }

    function meet(a, b) { return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1; }

    // What is listed has its room; what nearly fits and all other spaces are drawn where there is some left.
    function draw(answer) {
      var groups = together(options.spaces.filter(function (space) { return space.number; }));
      var taken = groups.map(function (group) { return group.box; }).concat(tempuse.floating(map));
      function has_room(point, side) {
        var box = around(map.latLngToLayerPoint(point), side, side);
        if (taken.some(function (other) { return meet(box, other); })) return false;
        taken.push(box);
        return true;
      }
      var near = options.spaces.filter(function (space) { return !space.number && has_room(at(space), 44); });
      var others = answer.spaces.filter(function (space) { return !listed[space.ref] && has_room(at(space), 30); });
      var single = groups.filter(function (group) { return group.spaces.length === 1; });
      marks.show({
        spaces: single.map(function (group) { return group.spaces[0]; }).concat(near, others),
        bunches: groups.filter(function (group) { return group.spaces.length > 1; }),
        clusters: answer.clusters.filter(function (parts) { return has_room(tempuse.place(parts[0], parts[1]), 40); }),
        shapes: [],
      });
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
    if (options.fit) map.fitBounds([[options.fit[1], options.fit[0]], [options.fit[3], options.fit[2]]], Object.assign({ maxZoom: 15, animate: false }, AROUND));
    map.on("moveend", refresh);
    map.background.on("areas", function () { map.labels.draw(marks.boxes().concat(tempuse.floating(map))); });
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
