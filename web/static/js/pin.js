// A map under a fixed pin: one moves the map, not the pin. And a map that only shows where a pin was put.
(function () {
  "use strict";
  var tempuse = window.tempuse;

  tempuse.modes.pinned = function (map, options) {
    ["dragging", "touchZoom", "doubleClickZoom", "scrollWheelZoom", "boxZoom", "keyboard"].forEach(function (name) { map[name].disable(); });
    var container = map.getContainer();
    container.removeAttribute("tabindex");
    container.removeAttribute("role");
    container.setAttribute("aria-hidden", "true");
    L.marker([options.pin[1], options.pin[0]], { icon: tempuse.pinIcon(), interactive: false, keyboard: false }).addTo(map);
    function names() { map.labels.draw([]); }
    map.background.on("areas", names);
    tempuse.fit(map, options);
    names();
  };

  tempuse.modes.pin = function (map, options) {
    var said = options.said, box = document.getElementById("pin-map"), input = document.getElementById("pin");
    var note = document.getElementById("pin-said"), forget = document.getElementById("pin-forget");
    var handled = false, begin = null;
    box.hidden = note.hidden = false;
    map.invalidateSize({ animate: false });
    map.scrollWheelZoom.disable();
    tempuse.work(map, options);
    var set = tempuse.pairOf(input.value);
    if (set) map.setView(set, 16, { animate: false });
    begin = map.getCenter();

    function tell() {
      var counts = Boolean(input.value);
      box.classList.toggle("is-set", counts);
      note.querySelector("[role=status]").textContent = counts ? said.set : said.unset;
      forget.hidden = !counts;
      forget.textContent = said.forget;
    }
    // Only what the person does moves the pin: not the window's size, not the first view.
    ["pointerdown", "keydown", "touchstart"].forEach(function (name) {
      map.getContainer().addEventListener(name, function () { handled = true; }, { passive: true, capture: true });
    });
    map.on("moveend", function () {
      if (!handled) return;
      var centre = map.getCenter();
      if (!input.value && map.latLngToContainerPoint(begin).distanceTo(map.latLngToContainerPoint(centre)) < 4) return;
      input.value = tempuse.pairText(centre, ",");
      tell();
    });
    // A press says where it is, too; where the pin stands already, nothing moves.
    map.on("click", function (event) {
      input.value = tempuse.pairText(event.latlng, ",");
      tell();
      map.panTo(event.latlng, { animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
    });
    // An address that was proposed says where it is.
    document.getElementById("address").addEventListener("tempuse:taken", function (event) {
      var at = tempuse.pairOf(event.detail);
      if (!at) return;
      input.value = event.detail;
      map.setView(at, Math.max(map.getZoom(), 17), { animate: false });
      tell();
    });
    map.on("resize", function () {
      var at = tempuse.pairOf(input.value);
      if (at) map.setView(at, map.getZoom(), { animate: false });
    });
    forget.addEventListener("click", function () {
      input.value = "";
      begin = map.getCenter();
      tell();
      document.getElementById("address").focus();
    });
    if (navigator.geolocation && window.isSecureContext) {
      var here = document.createElement("button");
      here.type = "button";
      here.className = "link-button";
      here.textContent = said.here;
      note.append(" ", here);
      here.addEventListener("click", function () {
        navigator.geolocation.getCurrentPosition(function (found) {
          handled = true;
          map.setView([found.coords.latitude, found.coords.longitude], 17, { animate: false });
        }, function () {
          note.querySelector("[role=status]").textContent = said.nowhere;
        }, { timeout: 10000, maximumAge: 60000 });
      });
    }
    tell();
  };
})();
