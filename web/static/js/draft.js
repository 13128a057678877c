// A long form is not lost by a wrong press: what was typed stays with this tab until it is saved or dropped.
// Only the office's asks before one leaves it (data-asks); who fills it in is never kept.
(function () {
  "use strict";
  const form = document.querySelector("form[data-draft]");
  if (!form) return;
  const key = "tempuse.draft." + form.dataset.draft;
  const without = new Set(["csrf_token", "do"]);
  for (const field of form.querySelectorAll('[autocomplete="name"], [autocomplete="email"], [autocomplete="organization"]')) without.add(field.name);
  const pairs = () => [...new FormData(form)].filter(([name, value]) => !without.has(name) && typeof value === "string");
  const first = JSON.stringify(pairs());
  const changed = () => JSON.stringify(pairs()) !== first;
  let leaves = false, offers = false, touched = false;

  function read() {
    try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; }
  }
  function keep(sent) {
    try { sessionStorage.setItem(key, JSON.stringify({ pairs: pairs(), revision: form.dataset.revision, sent })); } catch { /* full, or forbidden: the question before leaving stays */ }
  }
  function drop() {
    try { sessionStorage.removeItem(key); } catch { /* then there is none */ }
  }

  // Sent and taken: the space has another revision by now, or the new space has its page.
  const held = read();
  const taken = held && held.sent && (held.revision !== form.dataset.revision || !form.dataset.revision);
  if (taken) drop();
  const bar = document.getElementById("draft");
  if (held && !taken && bar && !form.dataset.typed && JSON.stringify(held.pairs) !== first) {
    bar.hidden = false;
    offers = true;
    bar.querySelector("[data-take]").addEventListener("click", () => {
      const again = document.createElement("form");
      again.method = "post";
      again.action = form.action;
      const token = form.querySelector('[name="csrf_token"]').value;
      for (const [name, value] of [["csrf_token", token], ["do", "take"], ...held.pairs]) {
        const field = document.createElement("textarea");
        field.name = name;
        field.value = value;
        again.append(field);
      }
      again.hidden = true;
      document.body.append(again);
      leaves = true;
      again.submit();
    });
    bar.querySelector("[data-drop]").addEventListener("click", () => {
      drop();
      bar.hidden = true;
      offers = false;
    });
  }

  let timer;
  const soon = () => {
    touched = true;
    clearTimeout(timer);
    timer = setTimeout(() => (form.isConnected && (changed() || form.dataset.typed) ? keep(false) : undefined), 300);
  };
  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    leaves = true;
    const asks = event.submitter && event.submitter.name === "do";
    keep(!asks);
  });
  document.querySelectorAll("a[data-drops-draft]").forEach((link) => link.addEventListener("click", () => {
    clearTimeout(timer);
    leaves = true;
    drop();
  }));
  window.addEventListener("pageshow", () => { leaves = false; });
  window.addEventListener("beforeunload", (event) => {
    // What a browser fills in by itself, when one comes back, does not push out what was kept.
    if (leaves || (offers && !touched) || !(changed() || form.dataset.typed)) return;
    keep(false);
    if ("asks" in form.dataset) event.preventDefault();
  });
})();
