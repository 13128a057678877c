// What one does with a page: remember a space in this browser, hand its address on, print it. Nothing of it is told to anybody.
(function () {
  "use strict";
  var tempuse = (window.tempuse = window.tempuse || {});
  var KEY = "tempuse.remembered", MOST = 60, root = document.documentElement;

  function read() {
    try {
      var kept = JSON.parse(localStorage.getItem(KEY));
      return Array.isArray(kept) ? kept.filter(function (ref) { return typeof ref === "string"; }) : [];
    } catch (error) {
      return [];
    }
  }

  function write(refs) {
    try {
      localStorage.setItem(KEY, JSON.stringify(refs.slice(0, MOST)));
    } catch (error) {
      // A full store keeps what it had; the buttons show it.
    }
    show();
  }

  // Whether this browser keeps anything at all.
  function keeps() {
    try {
      localStorage.setItem(KEY + ".try", "");
      localStorage.removeItem(KEY + ".try");
      return true;
    } catch (error) {
      return false;
    }
  }

  function show() {
    var refs = read();
    document.querySelectorAll("[data-remember]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(refs.indexOf(button.dataset.remember) >= 0));
    });
    document.querySelectorAll("[data-remembered]").forEach(function (part) {
      part.hidden = !refs.length;
      part.querySelector(".number").textContent = refs.length.toLocaleString(root.lang);
    });
  }

  tempuse.remembered = { read: read, write: write };
  root.classList.toggle("can-keep", keeps());
  root.classList.toggle("can-share", Boolean(navigator.share));
  window.addEventListener("storage", function (event) { if (event.key === KEY) show(); });
  window.addEventListener("pageshow", show);
  show();

  function addressOf(button) { return button.dataset.address || location.href; }

  function say(button, words) {
    var said = button.parentElement.querySelector("[role=status]");
    said.textContent = words;
    setTimeout(function () { said.textContent = ""; }, 4000);
  }

  // Where a browser gives no clipboard (a page without https), as one did before there was one.
  function copy(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    var field = document.createElement("textarea"), had = document.activeElement;
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    var done = document.execCommand("copy");
    field.remove();
    had.focus({ preventScroll: true });
    return done ? Promise.resolve() : Promise.reject(new Error("copy"));
  }

  document.addEventListener("click", function (event) {
    var button = event.target.closest && event.target.closest("[data-remember], [data-copies], [data-share], [data-print]");
    if (!button) return;
    var what = button.dataset;
    if ("remember" in what) {
      var refs = read(), has = refs.indexOf(what.remember) >= 0;
      write(has ? refs.filter(function (ref) { return ref !== what.remember; }) : refs.concat(what.remember));
    } else if ("copies" in what) {
      copy(what.text || addressOf(button)).then(function () { say(button, what.copies); }, function () { say(button, what.failed); });
    } else if ("share" in what) {
      navigator.share({ title: document.title, url: addressOf(button) }).catch(function () {});
    } else {
      (tempuse.allRows ? tempuse.allRows() : Promise.resolve()).then(function () { window.print(); });
    }
  });
})();
