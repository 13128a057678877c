// Proposals while one types: <input data-spaces> for spaces of the office, one behind the other; <input data-addresses>
// for an address of the town. Who proposes stands in the page's head: <meta name="space-finder" content="ADDRESS">.
(function () {
  "use strict";
  let asked = 0;

  function propose(input, finder, several) {
    const list = document.createElement("datalist");
    list.id = "proposed-" + input.id;
    input.after(list);
    input.setAttribute("list", list.id);
    if (finder.dataset.said) input.placeholder = input.placeholder || finder.dataset.said;
    let timer;
    input.addEventListener("input", () => {
      const taken = Array.from(list.options).find((each) => each.value === input.value);
      if (taken && taken.dataset.at) {
        input.dispatchEvent(new CustomEvent("tempuse:taken", { detail: taken.dataset.at }));
        return;
      }
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const parts = several ? input.value.split(",").map((part) => part.trim()) : [input.value];
        const query = new URLSearchParams({ q: parts.pop(), kept: parts.filter(Boolean).join(", ") });
        const turn = ++asked;
        const answer = await fetch(finder.content + "?" + query);
        if (answer.ok && turn === asked) list.innerHTML = await answer.text();
      }, 200);
    });
  }

  [["space", true], ["address", false]].forEach(([what, several]) => {
    const finder = document.querySelector('meta[name="' + what + '-finder"]');
    const named = what === "space" ? "input[data-spaces]" : "input[data-addresses]";
    if (finder) document.querySelectorAll(named).forEach((input) => propose(input, finder, several));
  });
})();
