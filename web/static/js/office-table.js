// A table with boxes: one ticks all of the page; what can be done with the ticked stays in sight while there are some.
(function () {
  "use strict";
  const all = document.getElementById("tick-all");
  if (!all) return;
  const boxes = [...document.querySelectorAll('input[name="ref"]')];
  const bar = document.querySelector(".bulk");
  const said = document.createElement("span");
  const clear = document.createElement("button");
  said.className = "bulk-said";
  said.setAttribute("role", "status");
  clear.type = "button";
  clear.className = "link-button";
  clear.textContent = bar.dataset.clear;
  clear.hidden = true;
  bar.prepend(said, clear);

  function show() {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    bar.classList.toggle("is-on", ticked > 0);
    said.textContent = ticked ? bar.dataset.said.replace("#", ticked) : "";
    clear.hidden = !ticked;
  }
  function set(checked) {
    boxes.forEach((box) => { box.checked = checked; });
    show();
  }
  all.hidden = false;
  all.addEventListener("change", () => set(all.checked));
  boxes.forEach((box) => box.addEventListener("change", show));
  clear.addEventListener("click", () => { set(false); all.focus(); });
  window.addEventListener("pageshow", show);
})();
