// Names of districts and waters. They give way to markers, stay inside their own area, and are never cut.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});
  var FIRST = [[0, 0], [0, -26], [0, 26], [36, 0], [-36, 0]];
  var AROUND = FIRST.slice();
  [52, 78, 104, 140, 180, 230].forEach(function (far) {
    for (var turn = 0; turn < 12; turn++) {
      var angle = (turn * Math.PI) / 6;
      AROUND.push([Math.round(Math.cos(angle) * far * 1.2), Math.round(Math.sin(angle) * far)]);
    }
  });
  var MOST = 60;
  var RANK = { district: 0, water: 1, neighbourhood: 2, country: 3 };
  var ruler = document.createElement("canvas").getContext("2d");

  function wide(area) {
    var px = area.kind === "neighbourhood" ? 16 : 17;
    ruler.font = (area.kind === "water" ? "italic " : "") + px + "px " + tempuse.colour("sans");
    return Math.ceil(ruler.measureText(area.name).width + area.name.length * px * 0.03);
  }

  function apart(one, other) {
    return one.x1 < other.x0 || one.x0 > other.x1 || one.y1 < other.y0 || one.y0 > other.y1;
  }

  // Whether the whole box lies in the path: its corners, and points along its middle.
  function holds(path, box) {
    var points = [[box.x0, box.y0], [box.x1, box.y0], [box.x0, box.y1], [box.x1, box.y1]];
    for (var part = 0; part <= 4; part++) points.push([box.x0 + ((box.x1 - box.x0) * part) / 4, (box.y0 + box.y1) / 2]);
    return points.every(function (point) { return ruler.isPointInPath(path, point[0], point[1], "evenodd"); });
  }

  function touches(path, box) {
    for (var i = 0; i <= 6; i++)
      for (var j = 0; j <= 2; j++)
        if (ruler.isPointInPath(path, box.x0 + ((box.x1 - box.x0) * i) / 6, box.y0 + ((box.y1 - box.y0) * j) / 2, "evenodd")) return true;
    return false;
  }

  // The middle of what is seen of an area, and another place in it: where its own anchor is not in view.
  function beginnings(path, view) {
    var sum = L.point(0, 0), inside = [];
    for (var x = view.min.x + 20; x < view.max.x; x += 40)
      for (var y = view.min.y + 20; y < view.max.y; y += 40)
        if (ruler.isPointInPath(path, x, y, "evenodd")) {
          inside.push(L.point(x, y));
          sum = sum.add([x, y]);
        }
    if (!inside.length) return [];
    var middle = sum.divideBy(inside.length);
    inside.sort(function (one, other) { return one.distanceTo(middle) - other.distanceTo(middle); });
    return inside.length > 8 ? [inside[0], inside[Math.floor(inside.length / 2)]] : [inside[0]];
  }

  tempuse.Labels = function (map, background) {
    var layer = L.layerGroup().addTo(map);
    map.createPane("names").style.zIndex = 450;
    map.getPane("names").style.pointerEvents = "none";

    // taken: boxes of marks and of what floats over the map, in layer points.
    this.draw = function (taken) {
      layer.clearLayers();
      if (background.tiles) return;
      var size = map.getSize(), origin = map.containerPointToLayerPoint([0, 0]);
      var view = L.bounds(origin.add([8, 8]), origin.add(size).subtract([8, 8]));
      var boxes = taken.slice();
      var water = background.areas.filter(function (area) { return area.kind === "water" && area.path && area.rings.length; })[0];
      var areas = named(water);
      // Waters are drawn as one; where several have names, each keeps near its own middle.
      var rivers = areas.filter(function (area) { return area.kind === "water"; }).length;
      areas.forEach(function (area) {
        var own = area.kind === "water" ? water.path : area.path;
        var half = wide(area) / 2 + 3, place = null;
        var stays = area.kind === "water" && rivers > 1;
        function fits(begin) {
          return (stays ? AROUND.slice(0, 29) : AROUND).some(function (step) {
            var x = begin.x + step[0], y = begin.y + step[1];
            var box = { x0: x - half, x1: x + half, y0: y - 12, y1: y + 12 };
            if (box.x0 < view.min.x || box.x1 > view.max.x || box.y0 < view.min.y || box.y1 > view.max.y) return false;
            if (!boxes.every(function (other) { return apart(box, other); })) return false;
            if (!holds(own, box) || (area.kind !== "water" && water && touches(water.path, box))) return false;
            place = { box: box, x: x, y: y };
            return true;
          });
        }
        var anchor = map.latLngToLayerPoint([area.at[1], area.at[0]]);
        if (!(view.contains(anchor) && fits(anchor)) && !stays) beginnings(own, view).some(fits);
        if (!place) return;
        boxes.push(place.box);
        var words = document.createElement("span");
        words.textContent = area.name;
        L.marker(map.layerPointToLatLng([place.x, place.y]), {
          icon: L.divIcon({ className: "place-name " + area.kind, html: words, iconSize: [2 * half, 22] }),
          interactive: false,
          keyboard: false,
          pane: "names",
        }).addTo(layer);
      });
    };

    // Areas whose name has room on the screen, the more important and the larger before the others.
    function named(water) {
      var world = 256 * Math.pow(2, map.getZoom());
      function size(area) { return (area.frame[2] - area.frame[0]) * (area.frame[3] - area.frame[1]); }
      return background.areas
        .filter(function (area) {
          if (!area.name || !(area.kind in RANK) || (area.kind === "neighbourhood" && map.getZoom() < 15)) return false;
          if (area.kind === "water") return Boolean(water);
          return area.path && (area.frame[2] - area.frame[0]) * world > 40 && (area.frame[3] - area.frame[1]) * world > 24;
        })
        .sort(function (one, other) { return RANK[one.kind] - RANK[other.kind] || size(other) - size(one); })
        .slice(0, MOST);
    }

    this.clear = function () { layer.clearLayers(); };
  };
})();
