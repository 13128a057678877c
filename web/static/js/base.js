// What every page does when JavaScript is there: the menu, messages that close, the summary of errors, lists of chips.
(function () {
  "use strict";

  var button = document.querySelector(".menu-button");
  var nav = document.getElementById("nav");
  // The menu lies over the page, which stays as it is and waits.
  function show(open) {
    button.setAttribute("aria-expanded", String(open));
    nav.classList.toggle("is-open", open);
    Array.prototype.forEach.call(document.body.children, function (part) {
      if (!part.contains(nav)) part.inert = open;
    });
  }
  if (button && nav) {
    button.addEventListener("click", function () {
      show(button.getAttribute("aria-expanded") !== "true");
    });
    document.addEventListener("click", function (event) {
      if (nav.classList.contains("is-open") && !event.target.closest(".band")) show(false);
    });
    window.addEventListener("resize", function () {
      if (nav.classList.contains("is-open") && !button.offsetParent) show(false);
    });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && nav.classList.contains("is-open")) {
        show(false);
        button.focus();
      }
    });
  }

  document.addEventListener("click", function (event) {
    var close = event.target.closest && event.target.closest("[data-close]");
    if (close) close.closest(".toast").remove();
    // A list that hangs from a chip closes when one presses elsewhere.
    document.querySelectorAll("details.chip-list[open]").forEach(function (details) {
      if (!details.contains(event.target) && !details.closest("dialog")) details.open = false;
    });
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    document.querySelectorAll("details.chip-list[open]").forEach(function (details) {
      if (details.closest("dialog")) return;
      details.open = false;
      if (details.contains(document.activeElement)) details.querySelector("summary").focus();
    });
  });

  // What somebody had begun to write is nobody's after they signed out.
  document.addEventListener("submit", function (event) {
    if (!/\/sign-out$/.test(event.target.action)) return;
    try {
      Object.keys(sessionStorage).filter(function (key) { return key.indexOf("tempuse.draft.") === 0; })
        .forEach(function (key) { sessionStorage.removeItem(key); });
    } catch (error) { /* forbidden: then nothing was kept */ }
  });

  var summary = document.querySelector("[data-focus]");
  if (summary) summary.focus();
})();
