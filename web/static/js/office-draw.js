// Drawing the place of a space: point or outline, moved, changed, taken off. The field beside the map holds the truth:
// what is drawn is written there, what is written there is drawn. The form works without any of this.
(function () {
  "use strict";
  var tempuse = window.tempuse;

  function ring(points) {
    var all = points.concat([points[0]]);
    return "(" + all.map(function (at) { return at.lng.toFixed(7) + " " + at.lat.toFixed(7); }).join(", ") + ")";
  }
  // An outline as WKT, whatever its depth: rings, rings with holes, several of them.
  function wkt(latlngs) {
    if (!Array.isArray(latlngs[0][0])) return "POLYGON (" + latlngs.filter(function (part) { return part.length; }).map(ring).join(", ") + ")";
    return "MULTIPOLYGON (" + latlngs.map(function (part) { return "(" + part.map(ring).join(", ") + ")"; }).join(", ") + ")";
  }
  function isPoint(layer) { return layer instanceof L.Marker; }

  tempuse.modes.edit = function (map, options) {
    var said = options.said, input = document.getElementById(options.input), bar = document.getElementById("draw-buttons");
    var status = document.getElementById("draw-said"), layer = null, mode = "", buttons = {};
    document.getElementById("place").hidden = false;
    map.invalidateSize({ animate: false });
    tempuse.work(map, options);
    map.pm.setLang("tempuse", {
      tooltips: { placeMarker: said.click, firstVertex: said.first, continueLine: said.next, finishPoly: said.finish },
    }, "en");
    var look = { color: tempuse.colour("accent"), weight: 3, fillOpacity: 0.2 };
    map.pm.setGlobalOptions({
      snappable: false, continueDrawing: false, allowSelfIntersection: true, layerGroup: map,
      templineStyle: look, hintlineStyle: { color: tempuse.colour("accent"), dashArray: "5 5" }, pathOptions: look,
      markerStyle: { icon: tempuse.pinIcon(), draggable: true },
    });

    // Handles and the pin are for the pointer alone; the field holds the same for the keyboard, and names it.
    map.on("layeradd", function (event) {
      var icon = event.layer instanceof L.Marker && event.layer.getElement();
      if (!icon) return;
      icon.removeAttribute("tabindex");
      icon.removeAttribute("role");
      icon.setAttribute("aria-hidden", "true");
    });

    function say(text) { status.textContent = text; }
    function state() {
      buttons.change.disabled = buttons.delete.disabled = !layer;
      ["point", "outline", "change"].forEach(function (name) { buttons[name].setAttribute("aria-pressed", String(mode === name)); });
      buttons.change.textContent = mode === "change" ? said.done : said.change;
    }
    function stop() {
      if (mode === "change" && layer && !isPoint(layer)) layer.pm.disable();
      map.pm.disableDraw();
      mode = "";
      state();
    }
    function write() {
      input.value = !layer ? "" : isPoint(layer) ? tempuse.pairText(layer.getLatLng()) : wkt(layer.getLatLngs());
      say(layer ? said.drawn : said.removed);
    }
    function take(next) {
      if (layer) layer.remove();
      layer = next;
      if (layer) {
        layer.addTo(map);
        if (isPoint(layer)) {
          layer.options.draggable = true;
          if (layer.dragging) layer.dragging.enable();
          layer.on("dragend", write);
        } else {
          layer.setStyle(look);
          layer.on("pm:edit pm:vertexremoved pm:markerdragend", write);
        }
      }
      state();
    }
    function draw(geometry) {
      if (!geometry) return take(null);
      var made = L.GeoJSON.geometryToLayer({ type: "Feature", geometry: geometry, properties: {} }, { pointToLayer: function (_, at) { return L.marker(at, { icon: tempuse.pinIcon() }); } });
      take(made);
      if (isPoint(made)) map.setView(made.getLatLng(), Math.max(map.getZoom(), 16), { animate: false });
      else map.fitBounds(made.getBounds(), { maxZoom: 18, padding: [40, 40], animate: false });
    }

    ["point", "outline", "change", "delete"].forEach(function (name) {
      var button = (buttons[name] = document.createElement("button"));
      button.type = "button";
      button.className = "button outline dense";
      button.textContent = said[name];
      bar.append(button);
    });
    buttons.point.addEventListener("click", function () {
      var was = mode;
      stop();
      if (was === "point") return;
      mode = "point";
      map.pm.enableDraw("Marker");
      say(said.click);
      state();
    });
    buttons.outline.addEventListener("click", function () {
      var was = mode;
      stop();
      if (was === "outline") return;
      mode = "outline";
      map.pm.enableDraw("Polygon");
      say(said.first);
      state();
    });
    buttons.change.addEventListener("click", function () {
      var was = mode;
      stop();
      if (was === "change" || !layer) return;
      mode = "change";
      if (!isPoint(layer)) layer.pm.enable({ draggable: true, allowSelfIntersection: true });
      say(isPoint(layer) ? said.drag : said.corners);
      state();
    });
    buttons.delete.addEventListener("click", function () {
      stop();
      take(null);
      write();
    });
    map.on("pm:create", function (event) {
      stop();
      event.layer.remove();
      take(isPoint(event.layer) ? L.marker(event.layer.getLatLng(), { icon: tempuse.pinIcon() }) : L.polygon(event.layer.getLatLngs()));
      write();
    });
    // A click on the bare map is the quickest way to a point, as long as there is no place yet.
    map.on("click", function (event) {
      if (mode || layer) return;
      take(L.marker(event.latlng, { icon: tempuse.pinIcon() }));
      write();
    });
    // What is written or pasted is read by the same eyes that will read it when it is saved.
    input.addEventListener("change", function () {
      fetch(options.read, { method: "POST", headers: { "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content, Accept: "application/json" }, body: new URLSearchParams({ text: input.value }) })
        .then(function (response) { return response.json(); })
        .then(function (answer) {
          say(answer.said || (answer.geometry ? said.drawn : ""));
          if (!answer.wrong) draw(answer.geometry);
        })
        .catch(function () { say(said.unreadable); });
    });
    state();
    if (options.shape) draw(options.shape);
  };
})();
