// The order of pictures by hand: one is pulled before another, and the form with the new order is sent.
(function () {
  "use strict";
  var form = document.getElementById("picture-order");
  var list = document.querySelector(".picture-rows");
  if (!form || !list) return;
  var pulled = null;

  function row(event) {
    return event.target.closest ? event.target.closest(".picture-row") : null;
  }

  function mark(over) {
    list.querySelectorAll(".is-over").forEach(function (each) { each.classList.remove("is-over"); });
    if (over && over !== pulled) over.classList.add("is-over");
  }

  list.querySelectorAll(".picture-row").forEach(function (each) { each.draggable = true; });
  list.addEventListener("dragstart", function (event) {
    // Words are marked with the mouse, too.
    if (event.target.closest("textarea, input")) { event.preventDefault(); return; }
    pulled = row(event);
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", pulled ? pulled.dataset.name : "");
  });
  list.addEventListener("dragover", function (event) {
    if (!pulled) return;
    event.preventDefault();
    mark(row(event));
  });
  list.addEventListener("dragend", function () { pulled = null; mark(null); });
  list.addEventListener("drop", function (event) {
    var over = row(event);
    event.preventDefault();
    if (!pulled || !over || over === pulled) return;
    var rows = Array.prototype.slice.call(list.children);
    list.insertBefore(pulled, rows.indexOf(pulled) < rows.indexOf(over) ? over.nextSibling : over);
    form.elements.order.value = Array.prototype.map.call(list.children, function (each) { return each.dataset.name; }).join(" ");
    form.submit();
  });
})();
