// A colour picker beside the field for the accent colour; the two follow each other.
(function () {
  "use strict";
  const text = document.getElementById("accent");
  const picker = document.createElement("input");
  picker.type = "color";
  picker.className = "colour";
  picker.setAttribute("aria-label", text.labels[0].textContent);
  const follow = () => { if (/^#[0-9a-f]{6}$/i.test(text.value.trim())) picker.value = text.value.trim(); };
  picker.addEventListener("input", () => {
    text.value = picker.value;
    text.dispatchEvent(new Event("input", { bubbles: true }));
  });
  text.addEventListener("input", follow);
  follow();
  text.after(picker);
})();
