// What maps share on which one works: controls, the names of districts after each move, the box they begin with, a pin.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});
  var NO_NAMES_FROM = 17;
  var SVG = "http://www.w3.org/2000/svg";

  tempuse.work = function (map, options) {
    tempuse.addControls(map, options.words);
    map.getContainer().setAttribute("aria-label", (options.said && options.said.map) || options.words.map);
    // So near that houses are drawn, the name of a district would lie on one.
    function names() {
      if (map.getZoom() >= NO_NAMES_FROM) map.labels.clear();
      else map.labels.draw(tempuse.floating(map));
    }
    map.on("moveend", names);
    map.background.on("areas", names);
    tempuse.fit(map, options);
  };

  tempuse.fit = function (map, options) {
    if (options.fit) map.fitBounds([[options.fit[1], options.fit[0]], [options.fit[3], options.fit[2]]], { maxZoom: 17, animate: false });
  };

  function shape(name, attributes, look) {
    var element = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    element.setAttribute("class", look);
    return element;
  }

  // A pin whose tip is the place.
  tempuse.pinIcon = function () {
    var svg = shape("svg", { viewBox: "0 0 40 52", width: 40, height: 52, "aria-hidden": "true" }, "pin-mark");
    svg.append(shape("path", { d: "M20 50C8 34 3 27 3 19a17 17 0 0 1 34 0c0 8-5 15-17 31Z" }, "pin"), shape("circle", { cx: 20, cy: 19, r: 6.5 }, "pin-eye"));
    return L.divIcon({ className: "pin-icon", html: svg, iconSize: [40, 52], iconAnchor: [20, 50] });
  };

  tempuse.pairOf = function (text) {
    var match = /^\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*$/.exec(text || "");
    return match ? L.latLng(Number(match[1]), Number(match[2])) : null;
  };

  tempuse.pairText = function (at, sign) {
    var here = at.wrap();
    return here.lat.toFixed(6) + (sign || ", ") + here.lng.toFixed(6);
  };
})();
