// A table with boxes: one ticks all of the page; what can be done with the ticked stays in sight while there are some.
(function () {
  "use strict";
  const all = document.getElementById("tick-all");
  if (!all) return;
  const boxes = [...document.querySelectorAll('input[name="ref"]')];
  const bar = document.querySelector(".bulk");
  const said = document.createElement("span");
  const clear = document.createElement("button");
  const open = document.createElement("button");
  const head = document.createElement("div");
  said.className = "bulk-said";
  said.setAttribute("role", "status");
  clear.type = "button";
  clear.className = "link-button";
  clear.textContent = bar.dataset.clear;
  clear.hidden = true;
  // Where the screen is narrow the bar is this one line, and opens by a press: else it would hide what is ticked.
  open.type = "button";
  open.className = "button outline dense bulk-open";
  open.textContent = bar.dataset.open;
  open.setAttribute("aria-expanded", "false");
  head.className = "bulk-head";
  head.append(said, open, clear);
  bar.prepend(head);

  function show() {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    bar.classList.toggle("is-on", ticked > 0);
    said.textContent = ticked ? bar.dataset.said.replace("#", ticked) : "";
    clear.hidden = open.hidden = !ticked;
    if (!ticked) unfold(false);
  }
  function unfold(wide) {
    bar.classList.toggle("is-open", wide);
    open.setAttribute("aria-expanded", String(wide));
  }
  function set(checked) {
    boxes.forEach((box) => { box.checked = checked; });
    show();
  }
  all.hidden = false;
  all.addEventListener("change", () => set(all.checked));
  boxes.forEach((box) => box.addEventListener("change", show));
  open.addEventListener("click", () => unfold(!bar.classList.contains("is-open")));
  clear.addEventListener("click", () => { set(false); all.focus(); });
  window.addEventListener("pageshow", show);
})();
