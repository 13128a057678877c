// The page's colours for what is drawn on a canvas, and word when the system turns dark or light.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});
  var held = {};

  tempuse.colour = function (name) {
    if (!held[name]) held[name] = getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
    return held[name];
  };

  tempuse.onColours = function (then) {
    function changed() {
      held = {};
      then();
    }
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", changed);
    ["beforeprint", "afterprint"].forEach(function (moment) {
      window.addEventListener(moment, function () {
        document.documentElement.classList.toggle("printing", moment === "beforeprint");
        changed();
      });
    });
  };

  // For those who ask for no motion, maps are made without any.
  if (window.L && matchMedia("(prefers-reduced-motion: reduce)").matches) {
    L.Map.mergeOptions({ zoomAnimation: false, fadeAnimation: false, markerZoomAnimation: false, inertia: false });
  }

  tempuse.filled = function (words, values) {
    return words.replace(/\{(\w+)\}/g, function (all, name) {
      return name in values ? values[name] : all;
    });
  };
})();
