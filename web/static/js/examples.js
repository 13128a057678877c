// The small map of towns with examples: a number each, which leads to their cases on the page.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});
  tempuse.modes = tempuse.modes || {};

  tempuse.modes.examples = function (map, options) {
    ["dragging", "touchZoom", "doubleClickZoom", "scrollWheelZoom", "boxZoom", "keyboard"].forEach(function (name) { map[name].disable(); });
    map.getContainer().removeAttribute("tabindex");
    var marks = options.towns.map(function (town) {
      var link = document.createElement("a");
      link.href = town.to;
      link.className = "town-mark";
      link.textContent = town.number;
      link.setAttribute("aria-label", town.said);
      link.title = town.said;
      return L.marker([town.lat, town.lon], { icon: L.divIcon({ className: "town", html: link, iconSize: [28, 28] }), keyboard: false }).addTo(map);
    });
    function draw() {
      tempuse.fit(map, { fit: options.fit });
      map.labels.draw(marks.map(function (mark) {
        var at = map.latLngToLayerPoint(mark.getLatLng());
        return { x0: at.x - 16, y0: at.y - 16, x1: at.x + 16, y1: at.y + 16 };
      }));
    }
    map.on("resize", draw);
    map.background.on("areas", draw);
    draw();
  };
})();
