// Markers, clusters, cells and outlines. Every marker is a real button with a name; its shape says the kind,
// colour and sign say the state. What stays between two answers stays in the page, and so does the focus.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});
  var SVG = "http://www.w3.org/2000/svg", MOST_NUMBERS = 4;

  function place(x, y) {
    var lat = (360 / Math.PI) * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - 90;
    return L.latLng(lat, x * 360 - 180);
  }
  tempuse.place = place;

  function glyph(kind, outlook) {
    var svg = document.createElementNS(SVG, "svg"), use = document.createElementNS(SVG, "use");
    svg.setAttribute("class", "glyph");
    svg.setAttribute("viewBox", "0 0 28 28");
    svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", "#mark-" + kind + "-" + outlook);
    svg.append(use);
    return svg;
  }

  function button(name, inside) {
    var element = document.createElement("button");
    element.type = "button";
    element.className = "mark-button";
    element.setAttribute("aria-label", name);
    element.title = name;
    element.append(inside);
    return element;
  }

  function numbered(inside, value) {
    var both = document.createDocumentFragment(), number = document.createElement("span");
    number.className = "mark-number";
    number.setAttribute("aria-hidden", "true");
    number.textContent = value;
    both.append(inside, number);
    return both;
  }

  // A part of a ring, from one share of the circle to another, less half a gap at each end.
  function arc(radius, from, to, gap, look) {
    var path = document.createElementNS(SVG, "path");
    var a = from * 2 * Math.PI + gap / radius / 2, b = to * 2 * Math.PI - gap / radius / 2;
    function at(angle) { return (radius * Math.sin(angle)).toFixed(2) + " " + (-radius * Math.cos(angle)).toFixed(2); }
    path.setAttribute("d", "M" + at(a) + "A" + radius + " " + radius + " 0 " + (b - a > Math.PI ? 1 : 0) + " 1 " + at(b));
    path.setAttribute("class", look);
    return path;
  }

  function circle(radius, look) {
    var element = document.createElementNS(SVG, "circle");
    element.setAttribute("r", radius);
    element.setAttribute("class", look);
    return element;
  }

  function ring(count, shares, text) {
    var radius = count >= 100 ? 31 : count >= 10 ? 27 : 23, half = radius + 4.5;
    var svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("class", "ring");
    svg.setAttribute("width", 2 * half);
    svg.setAttribute("height", 2 * half);
    svg.setAttribute("viewBox", [-half, -half, 2 * half, 2 * half].join(" "));
    svg.setAttribute("aria-hidden", "true");
    svg.append(circle(half, "disc"));
    var at = 0, present = shares.filter(function (share) { return share[1]; });
    present.forEach(function (share) {
      var r = share[0] === "shut" ? radius + 2 : radius;
      var next = at + share[1] / count;
      var looks = share[0] === "used" ? ["used-edge", "used"] : [share[0]];
      looks.forEach(function (look) {
        // The casing of the amber part is as wide at its ends as along it.
        var gap = look === "used-edge" ? 0.6 : 3;
        svg.append(present.length === 1 ? circle(r, "whole " + look) : arc(r, at, next, gap, look));
      });
      at = next;
    });
    var number = document.createElementNS(SVG, "text");
    number.setAttribute("y", "6");
    number.textContent = text;
    svg.append(number);
    return svg;
  }

  tempuse.Marks = function (map, words, chose, opened) {
    var held = {}, chosen = "", near = null, note = null;
    var paths = L.layerGroup().addTo(map), notes = L.layerGroup().addTo(map);
    var pen = L.svg({ padding: 0.3 });

    function number(value) { return value.toLocaleString(words.locale); }
    // What fits into a ring: 9,876, then 12K.
    function short(value) {
      return value < 10000 ? number(value) : value.toLocaleString(words.locale, { notation: "compact", maximumFractionDigits: 0 });
    }

    function icon(look, size, inside) {
      return L.divIcon({ className: "mark " + look, iconSize: [size, size], html: inside });
    }

    function put(key, at, look, size, name, inside, pressed) {
      var element = button(name, inside);
      var marker = L.marker(at, { icon: icon(look, size, element), keyboard: false }).addTo(map);
      marker.on("click", pressed);
      marker.half = size / 2;
      held[key] = marker;
      return marker;
    }

    function lone(space, key) {
      var name = space.name + ", " + words[space.kind] + ", " + space.state;
      var look = space.outlook;
      if (space.level !== "exact") look += " coarse" + (space.level !== "cell" ? " is-small is-round" : small(space.cell) ? " is-small" : "");
      // A place in a ranked list: its number, and a ring that says whether it fits (whole), is open, or nearly fits.
      if (space.tier) look += " listed is-" + space.tier;
      var inside = glyph(space.kind, space.outlook);
      if (space.number) {
        name = space.number + ". " + name;
        inside = numbered(inside, space.number);
      }
      var marker = put(key, place(space.x, space.y), look, 44, name, inside, function () { chose(space.ref); });
      if (space.tier) marker.setZIndexOffset(1000);
      marker.space = space;
    }

    // Several of a ranked list in one place: the first of their numbers, each whole or broken as its ring would be.
    function bunch(several, key) {
      var inside = document.createDocumentFragment(), count = several.spaces.length;
      var shown = count > MOST_NUMBERS ? MOST_NUMBERS - 1 : count;
      several.spaces.slice(0, shown).forEach(function (space) { inside.append(badge(space.number, "is-" + space.tier)); });
      if (shown < count) inside.append(badge("+" + (count - shown), "is-more"));
      var numbers = several.spaces.map(function (space) { return space.number; });
      var name = tempuse.filled(words.bunch, { numbers: numbers.join(", ") });
      var marker = put(key, several.at, "bunch", 0, name, inside, function () { opened(several); });
      marker.half = several.wide / 2;
      marker.refs = several.spaces.map(function (space) { return space.ref; });
      marker.setZIndexOffset(1000);
    }

    function badge(text, look) {
      var part = document.createElement("span");
      part.className = "bunch-number " + look;
      part.setAttribute("aria-hidden", "true");
      part.textContent = text;
      return part;
    }

    function small(cell) {
      var bounds = L.geoJSON(cell).getBounds();
      return map.latLngToLayerPoint(bounds.getSouthEast()).distanceTo(map.latLngToLayerPoint(bounds.getNorthWest())) < 66;
    }

    function cluster(parts, key) {
      var count = parts[2], shares = [["free", parts[3]], ["used", parts[4]], ["shut", count - parts[3] - parts[4]]];
      var said = shares.filter(function (share) { return share[1]; }).map(function (share) {
        return tempuse.filled(words[share[0]], { n: number(share[1]) });
      });
      var name = tempuse.filled(words.cluster, { count: number(count), shares: said.join(", ") });
      var at = place(parts[0], parts[1]);
      put(key, at, "cluster", count >= 10 ? 64 : 56, name, ring(count, shares, short(count)), function () { opened(at, count); });
    }

    function cells(answer) {
      paths.clearLayers();
      answer.shapes.forEach(function (shape) {
        L.geoJSON(shape.geometry, { interactive: false, renderer: pen, style: { className: "outline " + shape.outlook } }).addTo(paths);
      });
      answer.spaces.forEach(function (space) {
        if (space.level !== "cell" || small(space.cell)) return;
        L.geoJSON(space.cell, { interactive: false, renderer: pen, style: { className: "cell" } }).addTo(paths);
      });
    }

    this.show = function (answer) {
      var wanted = {};
      answer.spaces.forEach(function (space) { wanted[[space.ref, space.outlook, space.state, space.x, space.y, space.tier, space.number, space.level !== "exact" ? map.getZoom() : ""].join("|")] = [lone, space]; });
      answer.clusters.forEach(function (parts) { wanted[parts.join("|")] = [cluster, parts]; });
      (answer.bunches || []).forEach(function (several) {
        wanted[["bunch", several.at].concat(several.spaces.map(function (space) { return space.ref + space.tier; })).join("|")] = [bunch, several];
      });
      var focused = document.activeElement && document.activeElement.closest(".mark");
      Object.keys(held).forEach(function (key) {
        if (key in wanted) return;
        if (focused && held[key].getElement() === focused) map.getContainer().focus({ preventScroll: true });
        held[key].remove();
        delete held[key];
      });
      Object.keys(wanted).forEach(function (key) {
        if (!(key in held)) wanted[key][0](wanted[key][1], key);
      });
      cells(answer);
      this.choose(chosen, near);
    };

    // Ring one space, and tell whether a note came or went; where it is within a cluster, ring the cluster nearest to its place.
    this.choose = function (ref, at) {
      var noted = notes.getLayers().length;
      chosen = ref || "";
      near = at || null;
      notes.clearLayers();
      var best = null, least = 90;
      Object.keys(held).forEach(function (key) {
        var marker = held[key], element = marker.getElement();
        var own = chosen && ((marker.space && marker.space.ref === chosen) || (marker.refs && marker.refs.indexOf(chosen) >= 0));
        if (own) { best = marker; least = -1; }
        else if (chosen && near && !marker.space && least >= 0) {
          var far = map.latLngToLayerPoint(marker.getLatLng()).distanceTo(map.latLngToLayerPoint(near));
          if (far < least) { best = marker; least = far; }
        }
        element.classList.remove("is-chosen");
      });
      if (best) best.getElement().classList.add("is-chosen");
      if (best && best.space && best.space.why) beside(best);
      return notes.getLayers().length !== noted;
    };

    function beside(marker) {
      var at = map.latLngToContainerPoint(marker.getLatLng());
      var left = at.x + 260 > map.getSize().x;
      var words = document.createElement("p");
      words.textContent = marker.space.why;
      words.style.margin = 0;
      L.marker(marker.getLatLng(), {
        icon: L.divIcon({ className: "note", html: words, iconSize: null, iconAnchor: left ? [236, 38] : [-36, 38] }),
        interactive: false,
        keyboard: false,
        zIndexOffset: 2000,
      }).addTo(notes);
    }

    // A mark whose middle lies under something that floats cannot be pressed there; its row in the list can.
    this.cover = function (boxes) {
      Object.keys(held).forEach(function (key) {
        var at = map.latLngToLayerPoint(held[key].getLatLng());
        held[key].getElement().firstChild.inert = boxes.some(function (box) {
          return at.x > box.x0 && at.x < box.x1 && at.y > box.y0 && at.y < box.y1;
        });
      });
    };

    // The boxes that names must stay clear of, in layer points.
    this.boxes = function () {
      return Object.keys(held).map(function (key) {
        var at = map.latLngToLayerPoint(held[key].getLatLng()), half = Math.max(held[key].half - 4, 20);
        return { x0: at.x - half, x1: at.x + half, y0: at.y - half, y1: at.y + half };
      });
    };
  };
})();
