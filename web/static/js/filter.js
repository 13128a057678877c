// Chips without a page load, the filter as a full sheet on a phone, and the sheet that holds the list there.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});

  // The filter after a chip was pressed, as the server would have it (web/search/query.py).
  tempuse.pressed = function (filter, key) {
    var group = key.split(":")[0], value = key.slice(group.length + 1);
    var after = new URLSearchParams();
    var was = group === "from" || group === "district" ? filter.has(group) : filter.getAll(group).indexOf(value) >= 0;
    filter.forEach(function (each, name) {
      var single = group === "free" || group === "from" || group === "district";
      if (name === group && (single || each === value)) return;
      after.append(name, each);
    });
    if (!was) after.append(group, value);
    return after;
  };

  // On a phone one chip stands for all that is on, but for what is free now.
  tempuse.countAsked = function (filter) {
    var count = 0;
    filter.forEach(function (value, name) { if (name + value !== "freenow" && name !== "q" && name !== "sort") count++; });
    document.querySelector("[data-asked]").textContent = count ? " · " + count : "";
  };

  tempuse.filterSheet = function (chips, heading) {
    var dialog = document.querySelector(".filter-sheet"), bar = document.querySelector(".filter-bar");
    var button = document.querySelector("[data-filter-open]");
    var foot = dialog.querySelector(".filter-sheet-foot [data-words]");
    function words() {
      foot.textContent = foot.dataset.words.replace("{n}", heading());
    }
    button.setAttribute("role", "button");
    button.setAttribute("aria-haspopup", "dialog");
    button.addEventListener("click", function (event) {
      event.preventDefault();
      open();
    });
    button.addEventListener("keydown", function (event) {
      if (event.key !== " ") return;
      event.preventDefault();
      open();
    });
    function open() {
      dialog.querySelector(".filter-sheet-body").append(chips);
      chips.querySelectorAll("details").forEach(function (details) { details.open = true; });
      words();
      dialog.showModal();
    }
    dialog.addEventListener("click", function (event) {
      if (event.target.closest("[data-filter-close]")) dialog.close();
    });
    dialog.addEventListener("close", function () {
      chips.querySelectorAll("details").forEach(function (details) { details.open = false; });
      bar.append(chips);
      button.focus();
    });
    document.addEventListener("tempuse:answer", words);
    matchMedia("(min-width: 720px)").addEventListener("change", function (query) {
      if (query.matches && dialog.open) dialog.close();
    });
  };

  // The list as a sheet from below: low, half, full; by dragging, or by the handle, which is a button.
  tempuse.Sheet = function (panel, map, begin) {
    var handle = panel.querySelector(".sheet-handle"), start = null;
    var narrow = matchMedia("(max-width: 719px) and (min-height: 500px)");

    function stand() { return panel.classList.contains("is-full") ? "full" : panel.classList.contains("is-low") ? "low" : "half"; }
    function to(where) {
      panel.classList.toggle("is-full", where === "full");
      panel.classList.toggle("is-low", where === "low");
      handle.setAttribute("aria-expanded", String(where === "full"));
      panel.style.blockSize = "";
    }
    this.stand = stand;
    this.isNarrow = function () { return narrow.matches; };
    this.show = function () { if (narrow.matches && stand() === "low") to("half"); };
    this.overlap = function () { return narrow.matches ? 14 : 0; };

    if (begin) {
      to(begin);
      map.invalidateSize({ pan: false });
    }

    handle.addEventListener("pointerdown", function (event) {
      start = { y: event.clientY, high: panel.offsetHeight, moved: false };
      handle.setPointerCapture(event.pointerId);
    });
    handle.addEventListener("pointermove", function (event) {
      if (!start) return;
      var by = start.y - event.clientY;
      if (Math.abs(by) < 6 && !start.moved) return;
      start.moved = true;
      panel.classList.add("is-dragged");
      panel.style.blockSize = Math.max(80, start.high + by) + "px";
    });
    function end(event) {
      if (!start) return;
      var moved = start.moved, high = panel.offsetHeight, whole = panel.parentElement.offsetHeight;
      start = null;
      panel.classList.remove("is-dragged");
      if (!moved) return;
      handle.dataset.dragged = "yes";
      to(high > whole * 0.7 ? "full" : high < whole * 0.28 ? "low" : "half");
      event.preventDefault();
    }
    handle.addEventListener("pointerup", end);
    handle.addEventListener("pointercancel", end);
    handle.addEventListener("click", function () {
      if (handle.dataset.dragged) {
        delete handle.dataset.dragged;
        return;
      }
      to(stand() === "full" ? "half" : "full");
    });
    panel.addEventListener("transitionend", function (event) {
      if (event.target === panel) map.invalidateSize({ pan: false });
    });
  };
})();
