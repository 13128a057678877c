// The town's own background from its vector tiles, in our colours: green, water, buildings, streets, names, numbers.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});
  var library = window.protomapsL;
  var FROM = 10; // below this there is nothing to be drawn

  // A width that grows with the zoom: pairs of zoom and pixels.
  function wide(stops) { return library.exp(1.6, stops); }

  function is(key, values) {
    return function (zoom, feature) { return values.indexOf(feature.props[key]) >= 0; };
  }

  function line(kinds, look, stops, more) {
    return Object.assign({
      dataLayer: "roads",
      filter: is("kind", kinds),
      symbolizer: new library.LineSymbolizer({ color: look, width: wide(stops), lineCap: "round", lineJoin: "round" }),
    }, more);
  }

  function area(layer, kinds, look, edge) {
    var rule = { dataLayer: layer, symbolizer: new library.PolygonSymbolizer(edge ? { fill: look, stroke: edge, width: 1 } : { fill: look }) };
    rule.filter = function (zoom, feature) { return feature.geomType === 3 && (!kinds || kinds.indexOf(feature.props.kind) >= 0); };
    return rule;
  }

  var GREEN = ["park", "garden", "nature_reserve", "golf_course", "pitch", "playground", "cemetery", "allotments", "forest", "grass", "meadow", "orchard", "vineyard", "village_green", "recreation_ground", "wood", "scrub", "heath", "grassland", "wetland"];
  var MAIN = ["highway", "major_road"], SMALL = ["minor_road"];
  var MAIN_WIDE = [[10, 0.8], [13, 2.5], [15, 6], [17, 14], [19, 34]], SMALL_WIDE = [[13, 0.6], [15, 3], [17, 10], [19, 26]];

  // A line's edge is the same line, a little wider, beneath it.
  function edged(stops) {
    return stops.map(function (stop) { return [stop[0], stop[1] + (stop[0] < 14 ? 0.6 : 1.6)]; });
  }

  function paint() {
    var colour = tempuse.colour, edge = colour("map-street-edge");
    return [
      area("landuse", GREEN, colour("map-park")),
      area("water", null, colour("map-water")),
      {
        dataLayer: "water",
        filter: function (zoom, feature) { return feature.geomType === 2; },
        symbolizer: new library.LineSymbolizer({ color: colour("map-water"), width: wide([[10, 0.8], [14, 2], [18, 8]]) }),
      },
      area("buildings", null, colour("map-building"), colour("map-building-edge")),
      { dataLayer: "roads", minzoom: 15, filter: is("kind", ["path"]), symbolizer: new library.LineSymbolizer({ color: colour("map-path"), width: 1, dash: [3, 2] }) },
      line(["rail"], colour("map-rail"), [[11, 0.7], [15, 1.5], [19, 3]]),
      line(SMALL, edge, edged(SMALL_WIDE), { minzoom: 13 }),
      line(MAIN, edge, edged(MAIN_WIDE)),
      line(SMALL, colour("map-street"), SMALL_WIDE, { minzoom: 13 }),
      line(MAIN, colour("map-main-street"), MAIN_WIDE),
    ];
  }

  function names() {
    var colour = tempuse.colour, font = " " + colour("sans"), halo = colour("map-halo");
    function streets(kinds, from, px) {
      return {
        dataLayer: "roads", minzoom: from, filter: is("kind", kinds),
        symbolizer: new library.LineLabelSymbolizer({ font: px + "px" + font, fill: colour("map-name"), stroke: halo, width: 3, position: 3, repeatDistance: 400 }),
      };
    }
    return [
      streets(MAIN, 14, 13),
      streets(SMALL.concat("path"), 15, 12),
      {
        dataLayer: "buildings", minzoom: 17, filter: is("kind", ["address"]),
        symbolizer: new library.CenteredTextSymbolizer({ labelProps: ["addr_housenumber"], font: "11px" + font, fill: colour("map-number"), stroke: halo, width: 2 }),
      },
    ];
  }

  tempuse.ground = function (map, options) {
    var pane = map.createPane("ground");
    pane.style.zIndex = 160;
    pane.style.pointerEvents = "none";
    var layer = library.leafletLayer({ url: options.address, maxDataZoom: options.last, pane: "ground", minZoom: FROM, maxZoom: map.getMaxZoom(), attribution: "", paintRules: paint(), labelRules: names() });
    layer.addTo(map);
    tempuse.onColours(function () {
      layer.paintRules = paint();
      layer.labelRules = names();
      layer.clearLayout();
      layer.rerenderTiles();
    });
  };
})();
