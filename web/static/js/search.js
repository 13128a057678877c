// Ways to ask that are not chips: words, the order of the list, the signs of the legend, a day, where one is.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});

  // ask(filter) asks anew; around(filter) then goes to where it finds something.
  tempuse.Search = function (question, ask, around) {
    var box = document.querySelector("[data-find]"), words = box.querySelector("input[type=search]");
    var order = document.querySelector("[data-order] select"), day = document.getElementById("from");

    function with_(name, value) {
      var filter = new URLSearchParams(question().filter);
      filter.delete(name);
      if (value) filter.append(name, value);
      return filter;
    }

    function find() {
      var wanted = words.value.trim();
      if (wanted === (question().filter.get("q") || "")) return;
      var filter = with_("q", wanted);
      if (wanted) around(filter);
      else ask(filter);
    }

    box.addEventListener("submit", function (event) {
      event.preventDefault();
      find();
      words.blur();
    });
    // The cross in the field, where a browser draws one.
    words.addEventListener("search", function () { if (!words.value) find(); });
    order.addEventListener("change", function () { ask(with_("sort", order.value)); });
    order.form.addEventListener("submit", function (event) { event.preventDefault(); });
    day.addEventListener("change", function () { ask(with_("from", day.value)); });

    // What stands in the fields after an answer, and how many each sign of the legend would give.
    this.show = function (chips) {
      var filter = question().filter;
      if (document.activeElement !== words) words.value = filter.get("q") || "";
      if (document.activeElement !== day) day.value = filter.get("from") || "";
      order.value = filter.get("sort") || "free";
      if (order.selectedIndex < 0) order.value = "free";  // an address may ask for an order that there is not
      document.querySelectorAll(".legend-state").forEach(function (sign) {
        var chip = chips.querySelector('[data-key="' + sign.value + '"]');
        sign.setAttribute("aria-pressed", chip.getAttribute("aria-pressed"));
        sign.querySelector(".number").textContent = chip.querySelector(".number").textContent;
      });
    };
  };

  function sign(path) {
    return '<svg viewBox="0 0 24 24" aria-hidden="true" focusable="false">' + path + "</svg>";
  }

  // Two buttons under those of the zoom: the whole town; where one is, if the device can tell.
  tempuse.addWhere = function (map, words, town, tell) {
    var bar = L.DomUtil.create("div", "leaflet-bar where-bar"), me = null;
    function button(name, inside, pressed) {
      var made = document.createElement("button");
      made.type = "button";
      made.title = name;
      made.setAttribute("aria-label", name);
      made.innerHTML = inside;
      made.addEventListener("click", pressed);
      bar.append(made);
    }
    button(words.town, sign('<path d="M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5"/><path d="m8.5 15.5v-4.500l3.500-3 3.500 3v4.500z"/>'), town);
    if (navigator.geolocation && window.isSecureContext) {
      button(words.near_me, sign('<circle cx="12" cy="12" r="5"/><path d="M12 2v5M12 17v5M2 12h5M17 12h5"/>'), function () {
        navigator.geolocation.getCurrentPosition(function (found) {
          var at = [found.coords.latitude, found.coords.longitude];
          if (me) me.remove();
          me = L.marker(at, { icon: L.divIcon({ className: "me", iconSize: [20, 20], html: "<i></i>" }), interactive: false, keyboard: false }).addTo(map);
          me.getElement().setAttribute("role", "img");
          me.getElement().setAttribute("aria-label", words.me);
          map.setView(at, Math.max(map.getZoom(), 15), { animate: false });
        }, function () { tell(words.nowhere); }, { timeout: 10000, maximumAge: 60000 });
      });
    }
    var control = L.control({ position: "topright" });
    control.onAdd = function () {
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    };
    control.addTo(map);
  };
})();
