// Coming back to the map: as many rows, as far down, the sheet as high, the row from which one left in focus.
// Kept for the address that was left, until the window is closed; no other page reads it but for the way back.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});
  var KEY = "tempuse.left";

  tempuse.left = function () {
    try {
      return JSON.parse(sessionStorage.getItem(KEY)) || {};
    } catch (error) {
      return {};
    }
  };

  // look: what there is to keep, as an object, at the moment one leaves.
  tempuse.keepLeft = function (panel, look) {
    var row = "";
    panel.addEventListener("click", function (event) {
      var link = event.target.closest(".row-link");
      row = link ? link.closest("li").dataset.ref : "";
    });
    window.addEventListener("pagehide", function () {
      var kept = look();
      kept.address = location.pathname + location.search;
      kept.row = row;
      try {
        sessionStorage.setItem(KEY, JSON.stringify(kept));
      } catch (error) {
        // A browser that keeps nothing begins at the top.
      }
    });
  };

  // What was kept of this address, null when one did not leave from it.
  tempuse.returned = function () {
    var kept = tempuse.left();
    return kept.address === location.pathname + location.search ? kept : null;
  };
})();
