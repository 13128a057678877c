// The running uses as a layer of their own: the outline of each, and its name as a link to its page. Off until asked for.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});
  // More names than this would lie on each other: then a sign stands for each.
  var NAMED = 40;

  tempuse.Uses = function (map, options, tick) {
    var layer = L.layerGroup(), asking = null;

    function box() {
      var bounds = map.getBounds();
      return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map(function (part) { return part.toFixed(6); }).join(",");
    }

    function name(use, at, named) {
      var link = document.createElement("a"), title = use.title || options.words.use;
      link.href = options.use.replace("REF", use.ref);
      link.className = "use-name";
      if (named) link.textContent = title;
      else link.setAttribute("aria-label", title);
      L.marker(at, { icon: L.divIcon({ className: "use-mark", iconSize: [0, 0], html: link }), keyboard: false }).addTo(layer);
    }

    function show(found) {
      layer.clearLayers();
      var named = found.features.length <= NAMED;
      found.features.forEach(function (feature) {
        if (!feature.geometry) return;
        var drawn = L.geoJSON(feature.geometry, {
          interactive: false,
          style: { className: "use-outline" },
          pointToLayer: function (_, at) { return L.circleMarker(at, { radius: 9, interactive: false, className: "use-outline" }); },
        }).addTo(layer);
        name(feature.properties, drawn.getBounds().getCenter(), named);
      });
    }

    function refresh() {
      if (!tick.checked) return;
      if (asking) asking.abort();
      asking = new AbortController();
      fetch(options.uses + "?box=" + box(), { signal: asking.signal }).then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.json();
      }).then(show).catch(function () {});
    }

    tick.addEventListener("change", function () {
      if (tick.checked) {
        layer.addTo(map);
        refresh();
      } else layer.remove();
    });
    map.on("moveend", refresh);
  };
})();
