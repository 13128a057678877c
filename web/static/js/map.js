// Takes a map that Folium made and gives it our background, names, controls, and the parts of its mode.
// Modes are functions in tempuse.modes: "space" here, "home" in home.js; others may add their own.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});
  tempuse.modes = tempuse.modes || {};

  tempuse.attach = function (map, options) {
    var words = options.words, container = map.getContainer();
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", words.map);
    var background = new tempuse.Background(options.areas, options.tiles).addTo(map);
    var labels = new tempuse.Labels(map, background);
    tempuse.onColours(function () {
      map.invalidateSize({ animate: false });
      background.redraw();
    });
    window.addEventListener("beforeprint", function () { forPaper(container); });
    map.background = background;
    map.labels = labels;
    // The map's box follows the window and the sheet.
    new ResizeObserver(function () { map.invalidateSize({ pan: false }); }).observe(container);
    tempuse.modes[options.mode](map, options);
    if (options.source && !container.parentElement.querySelector(".map-source")) {
      L.control.attribution({ prefix: false }).addAttribution(options.source).addTo(map);
    }
    if (options.ground) later(function () { inTurn(options.ground.scripts, function () { tempuse.ground(map, options.ground); }); });
  };

  // A4 less its margins, in px: a map that is wider is made smaller as it is, so that paper shows what the screen does.
  var PAPER = 660;

  function forPaper(container) {
    var wide = container.clientWidth, style = container.parentElement.style;
    if (!wide) return;
    style.setProperty("--print-wide", wide + "px");
    style.setProperty("--print-high", container.clientHeight + "px");
    style.setProperty("--print-scale", Math.min(1, PAPER / wide).toFixed(3));
  }

  // When the page is there and the marks are drawn, and the browser has nothing better to do.
  function later(then) {
    if (document.readyState !== "complete") window.addEventListener("load", function () { later(then); }, { once: true });
    else if (window.requestIdleCallback) requestIdleCallback(then, { timeout: 2000 });
    else setTimeout(then, 200);
  }

  // Scripts that only some maps need, one after another, each once.
  function inTurn(scripts, then) {
    if (!scripts.length) return then();
    var script = document.createElement("script");
    script.src = scripts[0];
    script.addEventListener("load", function () { inTurn(scripts.slice(1), then); });
    document.head.append(script);
  }

  tempuse.addControls = function (map, words) {
    L.control.zoom({ position: "topright", zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out, zoomInText: "+", zoomOutText: "−" }).addTo(map);
    L.control.scale({ position: "bottomright", imperial: false, maxWidth: 90 }).addTo(map);
  };

  // What floats over the map, as boxes in layer points, so that no name lies under it.
  tempuse.floating = function (map, notes) {
    var frame = map.getContainer().getBoundingClientRect();
    var parts = ".legend, .legend-button, .map-uses, .map-source, .leaflet-bar, .leaflet-control-scale, .leaflet-control-attribution" + (notes ? ", .note" : "");
    var container = map.getContainer(), found = (container.closest(".map-panel, .match-map") || container.parentElement).querySelectorAll(parts);
    return Array.prototype.map.call(found, function (element) {
      var box = element.getBoundingClientRect();
      var low = map.containerPointToLayerPoint([box.left - frame.left - 4, box.top - frame.top - 4]);
      return { x0: low.x, y0: low.y, x1: low.x + box.width + 8, y1: low.y + box.height + 8 };
    }).filter(function (box) { return box.x1 - box.x0 > 8; });
  };

  // One space and what is around it: a picture, not a thing to work with; the words beside it say where it is.
  tempuse.modes.space = function (map, options) {
    ["dragging", "touchZoom", "doubleClickZoom", "scrollWheelZoom", "boxZoom", "keyboard"].forEach(function (name) { map[name].disable(); });
    var container = map.getContainer();
    container.removeAttribute("tabindex");
    container.setAttribute("aria-hidden", "true");
    container.removeAttribute("role");
    var marks = new tempuse.Marks(map, options.words, function () {}, function () {});
    function draw() {
      marks.show({ spaces: [options.space], clusters: [], shapes: options.shape ? [{ outlook: options.space.outlook, geometry: options.shape }] : [] });
      if (options.space.level === "exact") marks.choose(options.space.ref);
      container.querySelectorAll("button").forEach(function (button) {
        button.tabIndex = -1;
        button.removeAttribute("title");
      });
      map.labels.draw(marks.boxes());
    }
    if (options.fit) map.fitBounds([[options.fit[1], options.fit[0]], [options.fit[3], options.fit[2]]], { maxZoom: 16, padding: [60, 40], animate: false });
    map.on("resize", draw);
    map.background.on("areas", draw);
    draw();
  };
})();
