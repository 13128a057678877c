// The map without tiles: districts in four tints, white borders, parks, and water drawn as on an old chart; countries
// where the scale is small.
// Outlines are kept as fractions of the world square, so that a redraw multiplies and adds, nothing more.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});

  function fractions(ring) {
    var flat = new Float64Array(ring.length * 2);
    for (var i = 0; i < ring.length; i++) {
      var sine = Math.sin((ring[i][1] * Math.PI) / 180);
      flat[2 * i] = (ring[i][0] + 180) / 360;
      flat[2 * i + 1] = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
    }
    return flat;
  }

  function rings(geometry) {
    if (!geometry) return [];
    if (geometry.type === "Polygon") return geometry.coordinates.map(fractions);
    if (geometry.type === "MultiPolygon") return [].concat.apply([], geometry.coordinates).map(fractions);
    if (geometry.type === "GeometryCollection") return [].concat.apply([], geometry.geometries.map(rings));
    return [];
  }

  // West, north, east, south of some rings, as fractions of the world square.
  function frame(found) {
    var box = [2, 2, -1, -1];
    found.forEach(function (ring) {
      for (var i = 0; i < ring.length; i += 2) {
        box[0] = Math.min(box[0], ring[i]);
        box[1] = Math.min(box[1], ring[i + 1]);
        box[2] = Math.max(box[2], ring[i]);
        box[3] = Math.max(box[3], ring[i + 1]);
      }
    });
    return box;
  }

  tempuse.Background = L.Renderer.extend({
    options: { padding: 0.3, pane: "background" },

    initialize: function (address, tiles) {
      L.Renderer.prototype.initialize.call(this);
      this.address = address;
      this.tiles = tiles;
      this.areas = [];
      this.held = null;
    },

    onAdd: function () {
      var pane = this._map.createPane("background");
      pane.style.zIndex = 150;
      pane.style.pointerEvents = "none";
      L.Renderer.prototype.onAdd.call(this);
      this._map.on("moveend", this.ask, this);
      this.ask();
    },

    _initContainer: function () {
      this._container = document.createElement("canvas");
      this._ctx = this._container.getContext("2d");
    },

    _destroyContainer: function () {
      this._container.remove();
    },

    _updatePaths: function () {},

    // Ask for the areas of the view and as much again around it, snapped so that the same answer serves many moves.
    ask: function () {
      var map = this._map, self = this;
      var zoom = map.getZoom();
      if (this.tiles) return;
      if (this.held && this.held.zoom === zoom && this.held.bounds.contains(map.getBounds())) return;
      var size = map.getSize(), step = 512;
      var view = map.getPixelBounds();
      var low = map.unproject([Math.floor((view.min.x - size.x / 2) / step) * step, Math.ceil((view.max.y + size.y / 2) / step) * step], zoom);
      var high = map.unproject([Math.ceil((view.max.x + size.x / 2) / step) * step, Math.floor((view.min.y - size.y / 2) / step) * step], zoom);
      var box = [Math.max(low.lng, -180), low.lat, Math.min(high.lng, 180), high.lat];
      var asked = { zoom: zoom, bounds: L.latLngBounds([box[1], box[0]], [box[3], box[2]]) };
      if (this.asking) this.asking.abort();
      this.asking = new AbortController();
      fetch(this.address + "?zoom=" + zoom + "&box=" + box.map(function (part) { return part.toFixed(5); }).join(","), { signal: this.asking.signal })
        .then(function (response) { return response.json(); })
        .then(function (answer) {
          self.held = asked;
          self.areas = answer.features.map(function (feature) {
            var about = feature.properties;
            var found = rings(feature.geometry);
            return { kind: about.kind, name: about.name, tint: about.tint, at: about.at, rings: found, frame: frame(found) };
          });
          self.redraw();
          self.fire("areas");
        })
        .catch(function (error) {
          if (error.name !== "AbortError") self.fire("silent");
        });
    },

    _update: function () {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      var size = this._bounds.getSize(), scale = Math.min(window.devicePixelRatio || 1, 2);
      L.DomUtil.setPosition(this._container, this._bounds.min);
      this._container.width = size.x * scale;
      this._container.height = size.y * scale;
      this._container.style.width = size.x + "px";
      this._container.style.height = size.y + "px";
      this._ctx.setTransform(scale, 0, 0, scale, -this._bounds.min.x * scale, -this._bounds.min.y * scale);
      this.draw();
    },

    redraw: function () {
      if (this._map) {
        this._update();
        this._updateTransform(this._center, this._zoom);
      }
    },

    path: function (area) {
      var world = 256 * Math.pow(2, this._map.getZoom()), origin = this._map.getPixelOrigin();
      var path = new Path2D();
      area.rings.forEach(function (ring) {
        for (var i = 0; i < ring.length; i += 2) {
          var x = ring[i] * world - origin.x, y = ring[i + 1] * world - origin.y;
          if (i) path.lineTo(x, y);
          else path.moveTo(x, y);
        }
        path.closePath();
      });
      return path;
    },

    draw: function () {
      var self = this, ctx = this._ctx, colour = tempuse.colour;
      this.areas.forEach(function (area) { area.path = self.path(area); });
      function of(kind) {
        return self.areas.filter(function (area) { return area.kind === kind; });
      }
      ctx.lineJoin = ctx.lineCap = "round";
      function stroke(areas, look, width, dash) {
        ctx.strokeStyle = look;
        ctx.lineWidth = width;
        ctx.setLineDash(dash || []);
        areas.forEach(function (area) { ctx.stroke(area.path); });
        ctx.setLineDash([]);
      }
      function fill(areas, look) {
        areas.forEach(function (area) {
          ctx.fillStyle = typeof look === "string" ? look : look(area);
          ctx.fill(area.path, "evenodd");
        });
      }
      var towns = of("municipality"), districts = of("district"), parts = of("neighbourhood");
      // Where countries are drawn, what is none is the sea.
      var countries = of("country"), box = this._bounds;
      if (countries.length) {
        ctx.fillStyle = colour("map-water");
        ctx.fillRect(box.min.x, box.min.y, box.max.x - box.min.x, box.max.y - box.min.y);
        fill(countries, colour("map-outside"));
        stroke(countries, colour("map-edge"), 1);
      }
      fill(towns, colour("map-tint-1"));
      fill(districts, function (area) { return colour("map-tint-" + (1 + area.tint)); });
      fill(of("green"), colour("map-park"));
      stroke(parts, colour("map-border"), 1.5);
      stroke(districts, colour("map-border"), 3);
      stroke(towns, colour("map-edge"), 2, [0.1, 6]);
      of("water").forEach(function (area) { self.water(area); });
    },

    water: function (area) {
      var ctx = this._ctx, zoom = this._map.getZoom();
      ctx.fillStyle = tempuse.colour("map-water");
      ctx.fill(area.path, "evenodd");
      ctx.save();
      ctx.clip(area.path, "evenodd");
      // Chart lines stand back from the shore by as much as the map is near.
      var near = zoom >= 13 ? 1 : zoom >= 11 ? 0.6 : 0;
      if (near) {
        [[26, "map-chart"], [17, "map-water"], [9, "map-chart"]].forEach(function (line) {
          ctx.strokeStyle = tempuse.colour(line[1]);
          ctx.lineWidth = line[0] * near;
          ctx.stroke(area.path);
        });
      }
      ctx.restore();
      ctx.strokeStyle = tempuse.colour("map-shore");
      ctx.lineWidth = 2;
      ctx.stroke(area.path);
    },
  });
})();
