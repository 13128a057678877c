// What every page of the office needs: the token with htmx's requests, buttons that copy, forms sent once.
(function () {
  "use strict";
  const token = document.querySelector('meta[name="csrf-token"]');

  document.addEventListener("htmx:configRequest", (event) => {
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
  });

  // <button type="button" data-copy="ID" data-copied="Copied">: copies the value of an input.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const input = document.getElementById(button.dataset.copy);
    input.select();
    try {
      await navigator.clipboard.writeText(input.value);
    } catch {
      document.execCommand("copy"); // pages that did not come by https have no clipboard
    }
    const said = document.getElementById(button.dataset.copy + "-said");
    if (said) said.textContent = button.dataset.copied;
  });

  // A file that the server would refuse is told before it is sent, not after minutes.
  const limit = document.querySelector('meta[name="upload-limit"]');
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (!limit || input.type !== "file") return;
    const size = Array.from(input.files).reduce((sum, file) => sum + file.size, 0);
    let said = document.getElementById(input.id + "-too-large");
    if (size < Number(limit.content)) {
      if (said) said.remove();
      return;
    }
    input.value = "";
    if (!said) {
      said = document.createElement("p");
      said.id = input.id + "-too-large";
      said.className = "message";
      said.setAttribute("role", "alert");
      input.before(said);
    }
    said.textContent = limit.dataset.said;
  });

  // A second press on the same button does nothing while the first is on its way.
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (event.target.dataset.sent) event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  window.addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
  });
})();
