// The page of remembered spaces: asks for those that this browser knows; of somebody else's list, takes them over.
(function () {
  "use strict";
  var kept = window.tempuse.remembered, page = document.querySelector("main");
  var place = page.querySelector("[data-kept]"), given = new URLSearchParams(location.search).get("spaces");

  function part(name) { return page.querySelector("[data-" + name + "]"); }

  function own() {
    var refs = kept.read();
    part("own").hidden = false;
    part("others").hidden = true;
    part("nothing").hidden = refs.length > 0;
    if (!refs.length) {
      place.textContent = "";
      return;
    }
    fetch(location.pathname + "?spaces=" + refs.join(","), { headers: { "X-Requested-With": "fetch" } })
      .then(function (answer) {
        if (!answer.ok) throw new Error(answer.status);
        return answer.text();
      })
      .then(function (text) {
        place.replaceChildren.apply(place, new DOMParser().parseFromString(text, "text/html").querySelector("[data-kept]").childNodes);
        place.querySelectorAll("li[data-ref]").forEach(forgettable);
      })
      .catch(function () { location.search = "?spaces=" + refs.join(","); });
  }

  // A button under each row, named for whom hears it alone.
  function forgettable(row) {
    var button = document.createElement("button"), which = document.createElement("span");
    button.type = "button";
    button.className = "link-button row-button";
    button.dataset.forget = row.dataset.ref;
    button.textContent = place.dataset.words;
    which.className = "visually-hidden";
    which.textContent = ": " + row.querySelector(".row-name").textContent;
    button.append(which);
    row.append(button);
  }

  page.addEventListener("click", function (event) {
    var forget = event.target.closest("[data-forget]");
    if (forget) {
      kept.write(kept.read().filter(function (ref) { return ref !== forget.dataset.forget; }));
      forget.closest("p, li").remove();
      page.querySelector("h1").focus();
      if (!given && !kept.read().length) own();
    }
    if (!event.target.closest("[data-take]")) return;
    var refs = kept.read();
    kept.write(refs.concat(given.split(",").filter(function (ref) { return refs.indexOf(ref) < 0; })));
    location.href = location.pathname;
  });

  if (!given) {
    own();
    return;
  }
  // What this browser does not remember it cannot forget.
  place.querySelectorAll("[data-forget]").forEach(function (button) {
    if (kept.read().indexOf(button.dataset.forget) < 0) button.remove();
  });
  if (given.split(",").every(function (ref) { return kept.read().indexOf(ref) >= 0; })) part("others").hidden = true;
})();
