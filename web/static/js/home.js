// The home page: one question (filter, place, chosen space), asked of the map's data and of the list together,
// kept in the address, so that any view can be sent to a friend. The place is what the map showed when the person
// moved it: a sheet, a menu or chips that make the map smaller ask nothing.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});
  tempuse.modes = tempuse.modes || {};
  // Marks nearer than this to the map's edge are not drawn, and not counted.
  var EDGE = 16;

  tempuse.modes.home = function (map, options) {
    var words = options.words, panel = document.querySelector(".list-panel");
    var chips = document.querySelector("[data-chips]"), said = document.querySelector("[data-said]");
    var question = readAddress(), asking = null, timer = 0, waiting = null, latest = null, shownTitle = document.title;
    var back = tempuse.returned(), size = map.getSize(), wide = window.innerWidth, resized = 0;
    var sheet = new tempuse.Sheet(panel, map, back && back.sheet);

    tempuse.addControls(map, words);
    tempuse.addWhere(map, words, fit, tell);
    var search = new tempuse.Search(function () { return question; }, filterTo, goTo);
    var marks = new tempuse.Marks(map, words, chooseMark, openCluster);
    var list = new tempuse.List(panel, point, { more: more });
    tempuse.Uses(map, options, document.querySelector("[data-uses]"));
    tempuse.filterSheet(chips, function () { return panel.querySelector("h1").textContent; });

    function readAddress() {
      var given = new URLSearchParams(location.search), filter = new URLSearchParams();
      given.forEach(function (value, name) {
        (name === "q" ? [value] : value.split(",")).forEach(function (each) { filter.append(name, each); });
      });
      var chosen = filter.get("chosen") || "";
      ["map", "chosen", "page", "box", "zoom", "press"].forEach(function (name) { filter.delete(name); });
      return { filter: filter, chosen: chosen, pages: 1 };
    }

    // The place of the question: what the map shows now.
    function look() {
      var centre = map.getCenter().wrap();
      question.view = map.getZoom() + "/" + centre.lat.toFixed(5) + "/" + centre.lng.toFixed(5);
      question.box = box();
      question.shown = map.getBounds();
    }

    function place() { return { box: question.box, zoom: question.view.split("/")[0], map: question.view, chosen: question.chosen }; }

    function ask(more) {
      var given = new URLSearchParams(question.filter);
      Object.keys(more).forEach(function (name) { if (more[name]) given.set(name, more[name]); });
      return "?" + given.toString().replace(/%2C/g, ",").replace(/%2F/g, "/");
    }

    function box() {
      var size = map.getSize(), edge = Math.min(EDGE, size.x / 4, size.y / 4);
      var low = map.containerPointToLatLng([edge, size.y - edge - sheet.overlap()]), high = map.containerPointToLatLng([size.x - edge, edge]);
      if (low.lng >= high.lng || low.lat >= high.lat) return "";  // nothing of the map is in sight
      return [low.lng, low.lat, high.lng, high.lat].map(function (part) { return part.toFixed(6); }).join(",");
    }

    function keep(push) {
      var address = location.pathname + ask({ map: question.view, chosen: question.chosen });
      if (push) history.pushState(null, "", address);
      else history.replaceState(null, "", address);
    }

    function fragment(text) {
      var template = document.createElement("template");
      template.innerHTML = text;
      return template.content;
    }

    function get(address, signal) {
      return fetch(address, { signal: signal, headers: { "X-Requested-With": "fetch" } }).then(function (response) {
        if (!response.ok) throw new Error(response.status);
        return response.text();
      });
    }

    // Says to whom it matters that the list is about to change.
    function busy(now) { panel.setAttribute("aria-busy", String(now)); }

    // Of a list that goes on for some pages, all of them when one comes back.
    function refresh(pages) {
      busy(true);
      if (asking) asking.abort();
      asking = new AbortController();
      clearTimeout(waiting);
      waiting = setTimeout(function () { tell(words.wait); }, 200);
      var own = asking, where = place();
      question.pages = pages || 1;
      if (pages > 1) where.first = 1;
      if (pages > 1) where.page = pages;
      return Promise.all([
        get(options.view + ask({ box: where.box, zoom: where.zoom }), own.signal).then(JSON.parse),
        get(options.list + ask(where), own.signal).then(fragment),
      ]).then(function (answers) {
        clearTimeout(waiting);
        tell("");
        latest = answers[0];
        list.show(answers[1].querySelector('[data-part="list"]'));
        tempuse.patch(chips, answers[1].querySelector('[data-part="chips"]'));
        tempuse.countAsked(question.filter);
        search.show(chips);
        marks.show(latest);
        point("", null);
        name();
        var heading = panel.querySelector("h1").textContent;
        said.textContent = heading;
        document.title = shownTitle.replace(/^.*? – /, heading + " – ");
        document.dispatchEvent(new CustomEvent("tempuse:answer", { detail: latest }));
        busy(false);
      }).catch(function (error) {
        if (error.name === "AbortError") return;
        clearTimeout(waiting);
        tell(words.offline);
        busy(false);
      });
    }

    function soon() {
      clearTimeout(timer);
      timer = setTimeout(function () { refresh(); }, 40);
    }

    function tell(sentence) {
      var old = document.querySelector(".map-words");
      if (old) old.remove();
      if (!sentence) return;
      var element = document.createElement("p");
      element.className = "map-words";
      element.setAttribute("role", "status");
      element.textContent = sentence;
      document.querySelector(".map-panel").append(element);
    }

    function name() {
      marks.cover(tempuse.floating(map, false));
      map.labels.draw(marks.boxes().concat(tempuse.floating(map, true)));
    }

    // A row under the pointer or in focus rings its mark; otherwise the chosen space has the ring.
    function point(ref, at) {
      if (marks.choose(ref || question.chosen, ref ? at : list.placeOf(question.chosen))) name();
      list.mark(question.chosen);
    }

    // A second press on what is chosen opens it.
    function chooseMark(ref) {
      if (question.chosen === ref) {
        location.href = options.space.replace("REF", ref);
        return;
      }
      question.chosen = ref;
      keep(false);
      var known = list.has(ref);
      point("", null);
      sheet.show();
      if (known) list.reveal(ref);
      else refresh().then(list.top);
    }

    function openCluster(at) {
      var address = options.open + ask({ map: map.getZoom() + "/" + at.lat.toFixed(6) + "/" + at.lng.toFixed(6) });
      get(address).then(JSON.parse).then(function (answer) {
        if (answer.zoom !== null) {
          map.setView(at, answer.zoom, { animate: !matchMedia("(prefers-reduced-motion: reduce)").matches });
          return;
        }
        // They lie at one place: the list, nearest first, begins with them.
        map.setView(at, Math.max(map.getZoom(), 18), { animate: false });
        refresh().then(function () {
          sheet.show();
          list.top();
          panel.querySelector("h1").focus();
        });
      }).catch(function () { tell(words.offline); });
    }

    function more(link, then) {
      var page = new URL(link.href).searchParams.get("page");
      get(options.list + ask(Object.assign(place(), { page: page })))
        .then(function (text) {
          then(fragment(text).querySelector('[data-part="list"]'));
          question.pages = Number(page);
        })
        .catch(function () { location.href = link.href; });
    }

    // For paper: all rows of the list, or as many as are given at once.
    tempuse.allRows = function () {
      var all = Number((panel.querySelector("[data-pages]") || { dataset: { pages: 1 } }).dataset.pages);
      return all > question.pages ? refresh(all) : Promise.resolve();
    };

    function filterTo(search) {
      question.filter = search;
      ["map", "chosen", "page", "box", "zoom", "press"].forEach(function (each) { question.filter.delete(each); });
      keep(true);
      return refresh().then(list.top);
    }

    // Asks, and goes to where all lies that fits; of one, it is chosen.
    function goTo(search) {
      question.filter = search;
      question.chosen = "";
      return get(options.around + ask({})).then(JSON.parse).then(function (all) {
        question.chosen = all.ref;
        keep(true);
        if (all.box) to(all.box, 17);
        else refresh();
        list.top();
      }).catch(function () { tell(words.offline); });
    }

    chips.addEventListener("submit", function (event) {
      if (!event.submitter || event.submitter.name !== "press") return;
      event.preventDefault();
      filterTo(tempuse.pressed(question.filter, event.submitter.value));
    });
    panel.addEventListener("click", function (event) {
      var link = event.target.closest("a[data-filter], a[data-fit]");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      if (link.hasAttribute("data-fit")) {
        goTo(question.filter);
        return;
      }
      filterTo(new URL(link.href).searchParams).then(function () { panel.querySelector("h1").focus({ preventScroll: true }); });
    });

    // A box in sight, beside the buttons where that costs no zoom; what was searched for, always.
    function to(box, most) {
      var all = L.latLngBounds([box[1], box[0]], [box[3], box[2]]), beside = L.point(72, 0), edges = L.point(2 * EDGE, 2 * EDGE);
      var near = map.getBoundsZoom(all, false, edges) === map.getBoundsZoom(all, false, edges.add(beside));
      var right = near || most > 16 ? beside : L.point(0, 0);
      map.fitBounds(all, { paddingTopLeft: [EDGE, EDGE], paddingBottomRight: right.add([EDGE, EDGE]), maxZoom: most, animate: false });
    }

    function fit() { if (options.fit) to(options.fit, 16); }

    window.addEventListener("popstate", function () {
      var before = question, parts = (new URLSearchParams(location.search).get("map") || "").split("/").map(Number);
      question = Object.assign(readAddress(), { view: before.view, box: before.box, shown: before.shown });
      if (parts.length === 3 && before.view !== parts.join("/")) {
        map.setView([parts[1], parts[2]], parts[0], { animate: false });
        look();
      }
      refresh();
    });

    var legend = document.querySelector(".legend-button");
    legend.addEventListener("click", function () {
      var open = document.getElementById("legend").classList.toggle("is-open");
      legend.setAttribute("aria-expanded", String(open));
      name();
    });

    if (!new URLSearchParams(location.search).get("map")) fit();
    look();
    map.on("movestart zoomstart", function () { busy(true); });
    map.on("moveend", function () {
      // Leaflet tells of a move also when only the map's box has changed: that is nobody's question.
      if (!map.getSize().equals(size)) return;
      look();
      keep(false);
      soon();
    });
    map.on("resize", function () {
      size = map.getSize();
      name();
      // Unless it shows what nobody has asked for yet.
      if (question.shown.contains(map.getBounds())) return;
      look();
      soon();
    });
    window.addEventListener("resize", function () {
      clearTimeout(resized);
      resized = setTimeout(function () {
        // On a phone, a keyboard or the browser's own bar makes the window lower.
        if (sheet.isNarrow() && window.innerWidth === wide) return;
        wide = window.innerWidth;
        var parts = question.view.split("/").map(Number);
        map.invalidateSize({ pan: false });
        map.setView([parts[1], parts[2]], parts[0], { animate: false });
      }, 200);
    });
    map.background.on("areas", name);
    if (document.fonts) document.fonts.ready.then(name);

    tempuse.keepLeft(panel, function () {
      return { pages: question.pages, box: question.box, sheet: sheet.stand(), scroll: list.scrolled() };
    });
    if (back) question.box = back.box;
    refresh(back && back.pages).then(function () {
      if (back) list.backTo(back.row, back.scroll);
    });
  };
})();
