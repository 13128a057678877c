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
    matchMedia("print").addEventListener("change", changed);
  };

  tempuse.filled = function (words, values) {
    return words.replace(/\{(\w+)\}/g, function (all, name) {
      return name in values ? values[name] : all;
    });
  };
})();
