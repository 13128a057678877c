// The running uses as a layer of their own: the outline of each, and its name as a link to its page. Off until asked for.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});
  // From this zoom on names have room; before, a sign stands for each, and the list has their names.
  var NAMED_FROM = 15;

  tempuse.Uses = function (map, options, tick) {
    var layer = L.layerGroup(), asking = null;

    function box() {
      var bounds = map.getBounds();
      return [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].map(function (part) { return part.toFixed(6); }).join(",");
    }

    function name(use, at) {
      var link = document.createElement("a");
      link.href = options.use.replace("REF", use.ref);
      link.className = "use-name";
      link.textContent = use.title || options.words.use;
      L.marker(at, { icon: L.divIcon({ className: "use-mark", iconSize: [0, 0], html: link }), keyboard: false }).addTo(layer);
    }

    function show(found) {
      layer.clearLayers();
      var named = map.getZoom() >= NAMED_FROM;
      found.features.forEach(function (feature) {
        if (!feature.geometry) return;
        var drawn = L.geoJSON(feature.geometry, {
          interactive: false,
          style: { className: "use-outline" },
          pointToLayer: function (_, at) { return L.circleMarker(at, { radius: 9, interactive: false, className: "use-outline" }); },
        }).addTo(layer);
        var at = drawn.getBounds().getCenter();
        if (named) name(feature.properties, at);
        else L.circleMarker(at, { radius: 16, interactive: false, className: "use-outline" }).addTo(layer);
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
