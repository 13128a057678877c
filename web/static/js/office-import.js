// Bringing in a list: the file's size before it is sent, dropping it, columns that show at once, the map of what is new.
(function () {
  "use strict";

  // ---- the file --------------------------------------------------------------------------------------
  var form = document.getElementById("import-form");

  function tooLarge(input) {
    var bytes = Array.prototype.reduce.call(input.files, function (sum, file) { return sum + file.size; }, 0);
    return bytes > Number(form.dataset.most);
  }

  function say(input, text) {
    var field = input.closest(".field"), said = field.querySelector(".message");
    if (said) said.remove();
    field.classList.toggle("has-error", Boolean(text));
    input.toggleAttribute("aria-invalid", Boolean(text));
    if (!text) return;
    said = document.createElement("p");
    said.className = "message";
    said.setAttribute("role", "alert");
    said.textContent = text;
    input.before(said);
  }

  if (form) {
    var inputs = form.querySelectorAll('input[type="file"]');
    inputs.forEach(function (input) {
      input.addEventListener("change", function () { say(input, tooLarge(input) ? form.dataset.tooLarge : ""); });
    });
    form.addEventListener("submit", function (event) {
      var first = null;
      inputs.forEach(function (input) {
        if (!tooLarge(input)) return;
        say(input, form.dataset.tooLarge);
        first = first || input;
      });
      if (first) {
        event.preventDefault();
        first.focus();
      }
    });
    var drop = form.querySelector("[data-drop]"), target = document.getElementById(drop.dataset.drop);
    var words = document.createElement("p");
    words.className = "drop-words";
    words.textContent = drop.dataset.words;
    target.after(words);
    drop.classList.add("is-ready");
    ["dragenter", "dragover"].forEach(function (name) {
      drop.addEventListener(name, function (event) {
        event.preventDefault();
        drop.classList.add("is-over");
      });
    });
    drop.addEventListener("dragleave", function (event) {
      if (!drop.contains(event.relatedTarget)) drop.classList.remove("is-over");
    });
    drop.addEventListener("drop", function (event) {
      event.preventDefault();
      drop.classList.remove("is-over");
      if (!event.dataTransfer.files.length) return;
      target.files = event.dataTransfer.files;
      target.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // ---- the columns -----------------------------------------------------------------------------------
  // The page is drawn anew with each change; whoever works by keyboard stays where they were.
  // What is chosen while an answer is on its way is chosen again on the page that it brings.
  var held = null, waits = false, missed = {};
  document.addEventListener("change", function (event) {
    if (waits && event.target.name && event.target.form && event.target.form.id === "columns") missed[event.target.name] = event.target.value;
  }, true);
  document.addEventListener("htmx:beforeRequest", function (event) {
    if (event.target.id !== "columns") return;
    waits = true;
    var active = document.activeElement;
    held = active && active.id ? { id: active.id, top: active.getBoundingClientRect().top } : null;
  });
  document.addEventListener("htmx:afterSettle", function () {
    var form = document.getElementById("columns"), chosen = missed, last = null;
    waits = false;
    missed = {};
    if (form) Object.keys(chosen).forEach(function (name) {
      var field = form.elements[name];
      if (!field || field.value === chosen[name]) return;
      field.value = chosen[name];
      last = field;
    });
    if (last) last.dispatchEvent(new Event("change", { bubbles: true }));
    var again = held && document.getElementById(held.id);
    if (!again) return;
    again.focus({ preventScroll: true });
    window.scrollBy(0, again.getBoundingClientRect().top - held.top);
    held = null;
  });

  // ---- the map ---------------------------------------------------------------------------------------
  var tempuse = window.tempuse;
  if (!tempuse || !tempuse.modes) return;
  tempuse.modes.import = function (map, options) {
    var dots = L.layerGroup().addTo(map), canvas = L.canvas({ padding: 0.3 });
    tempuse.work(map, options);
    function draw() {
      dots.clearLayers();
      options.points.forEach(function (point) {
        var at = [point[1], point[0]];
        L.circleMarker(at, { renderer: canvas, radius: 6, weight: 1.5, color: tempuse.colour("paper"), fillColor: tempuse.colour("accent"), fillOpacity: 1, interactive: false }).addTo(dots);
      });
      options.points.forEach(function (point) {
        if (!point[2]) return;
        L.circleMarker([point[1], point[0]], { renderer: canvas, radius: 12, weight: 3, color: tempuse.colour("bad"), fill: false, interactive: false }).addTo(dots);
      });
    }
    tempuse.onColours(draw);
    draw();
  };
})();
