// One click places the space and brings the next; the map stays where it was. The form does the sending (htmx).
(function () {
  "use strict";
  var tempuse = window.tempuse;
  var PAUSE = 350; // ms: a double click is not two places

  tempuse.modes.place = function (map, options) {
    var container = map.getContainer(), dots = {}, proposal = null;
    var busy = false, last = 0, fromPanel = false;
    map.doubleClickZoom.disable();
    tempuse.work(map, options);

    function panel() { return document.getElementById("place-panel"); }
    function form() { return document.getElementById("place-form"); }

    function place(at) {
      if (busy || !form() || Date.now() - last < PAUSE) return;
      document.getElementById("where").value = tempuse.pairText(at);
      document.getElementById("place-zoom").value = map.getZoom();
      busy = true;
      form().requestSubmit(form().querySelector('button[value="place"]'));
    }
    map.on("click", function (event) {
      fromPanel = false;
      place(event.latlng);
    });
    container.addEventListener("keydown", function (event) {
      if (event.key === "Enter" && event.target === container && !event.repeat) {
        event.preventDefault();
        fromPanel = false;
        place(map.getCenter());
      }
    });
    var middle = document.getElementById("place-middle");
    middle.hidden = false;
    middle.addEventListener("click", function () { fromPanel = false; place(map.getCenter()); });

    function show() {
      var about = panel().dataset, at = tempuse.pairOf(about.placed), held = form() && form().action.split("/").pop();
      if (at && about.last && !dots[about.last]) {
        dots[about.last] = L.circleMarker(at, { radius: 6, className: "placed-dot", interactive: false }).addTo(map);
      }
      if (held && dots[held]) {
        dots[held].remove();
        delete dots[held];
      }
      if (proposal) proposal.remove();
      proposal = null;
      at = tempuse.pairOf(about.proposal);
      if (at) {
        proposal = L.marker(at, { icon: tempuse.pinIcon(), interactive: false, keyboard: false }).addTo(map);
        map.setView(at, Math.max(map.getZoom(), 16), { animate: false });
      }
      middle.hidden = !form();
    }

    document.addEventListener("htmx:beforeRequest", function () {
      busy = true;
      fromPanel = panel().contains(document.activeElement);
    });
    document.addEventListener("htmx:afterRequest", function () {
      busy = false;
      last = Date.now();
    });
    document.addEventListener("htmx:afterSettle", function () {
      show();
      var here = document.activeElement;
      if (!fromPanel || (here && here !== document.body && !panel().contains(here))) return;
      var next = panel().querySelector("[aria-invalid]:not([name=place])") || panel().querySelector(".button[value=place]:not(.outline)") || panel().querySelector("[aria-invalid]") || (tempuse.pairOf(panel().dataset.proposal) && panel().querySelector('button[value="take"]')) || document.getElementById("where") || panel().querySelector(".panel-name");
      if (next) next.focus();
    });
    show();
  };
})();
