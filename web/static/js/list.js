// The list beside the map: patched from what the server renders, so that focus and place stay.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});

  // Take over what differs between the page and a fresh copy of its parts; parts are known by data-key.
  tempuse.patch = function (page, fresh) {
    fresh.querySelectorAll("[data-key]").forEach(function (part) {
      var old = page.querySelector('[data-key="' + part.dataset.key + '"]');
      if (!old) return;
      old.className = part.className;
      if (part.hasAttribute("aria-pressed")) old.setAttribute("aria-pressed", part.getAttribute("aria-pressed"));
      // What has parts of its own is patched by them.
      if (!part.querySelector("[data-key]") && old.innerHTML !== part.innerHTML) old.innerHTML = part.innerHTML;
      if (part.dataset.key === "extras") old.innerHTML = part.innerHTML;
    });
  };

  tempuse.List = function (panel, point, choose) {
    var body = panel.querySelector(".list-body"), rows = panel.querySelector(".rows");

    function rowOf(ref) { return ref ? rows.querySelector('[data-ref="' + ref + '"]') : null; }
    function at(row) {
      var parts = row.dataset.at && row.dataset.at.split(",");
      return parts ? L.latLng(parts[1], parts[0]) : null;
    }
    function over(event) {
      var row = event.target.closest("li[data-ref]");
      if (row) point(row.dataset.ref, at(row));
    }
    rows.addEventListener("mouseover", over);
    rows.addEventListener("focusin", over);
    rows.addEventListener("mouseleave", function () { point("", null); });
    rows.addEventListener("focusout", function () { point("", null); });

    this.placeOf = function (ref) {
      var row = rowOf(ref);
      return row ? at(row) : null;
    };
    this.has = function (ref) { return Boolean(rowOf(ref)); };

    this.show = function (fresh) {
      tempuse.patch(panel, fresh);
    };

    this.mark = function (ref) {
      rows.querySelectorAll(".is-chosen").forEach(function (row) { row.classList.remove("is-chosen"); });
      var row = rowOf(ref);
      if (row) row.classList.add("is-chosen");
    };

    // On a phone the rows scroll within the sheet, else the whole panel does.
    function scroller() {
      return body.scrollHeight > body.clientHeight + 1 && getComputedStyle(body).overflowY !== "visible" ? body : panel;
    }

    this.scrolled = function () { return scroller().scrollTop; };

    this.backTo = function (ref, scroll) {
      var row = rowOf(ref);
      if (row) row.querySelector("a").focus({ preventScroll: true });
      scroller().scrollTop = scroll;
    };

    this.reveal = function (ref) {
      var row = rowOf(ref);
      if (!row) return;
      var own = scroller(), box = row.getBoundingClientRect(), frame = own.getBoundingClientRect();
      if (box.top < frame.top || box.bottom > frame.bottom) own.scrollTop += box.top - frame.top - 8;
    };

    this.top = function () {
      body.scrollTop = 0;
      panel.scrollTop = 0;
    };

    panel.addEventListener("click", function (event) {
      var more = event.target.closest("[data-more]");
      if (!more || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      choose.more(more, function (fresh) {
        var last = rows.lastElementChild;
        fresh.querySelectorAll(".rows > li").forEach(function (row) {
          if (!rowOf(row.dataset.ref)) rows.append(row);
        });
        panel.querySelector('[data-key="foot"]').innerHTML = fresh.querySelector('[data-key="foot"]').innerHTML;
        var next = last && last.nextElementSibling;
        if (next) next.querySelector("a").focus({ preventScroll: true });
      });
    });
  };
})();
