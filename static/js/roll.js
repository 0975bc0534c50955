// A tap that could not be sent is said on its line and sent again until it arrives; the server takes repeats calmly.
(() => {
  "use strict";

  const AGAIN = 4000;
  const waiting = new Map();

  const say = (line, words) => {
    let note = line.querySelector(".unsaved");
    if (!words) return note?.remove();
    if (!note) {
      note = document.createElement("p");
      note.className = "unsaved";
      note.setAttribute("role", "alert");
      line.append(note);
    }
    note.textContent = words;
  };

  const retry = () => {
    for (const [id, mark] of [...waiting]) {
      const line = document.getElementById(id);
      const form = line?.querySelector("form");
      waiting.delete(id);
      if (!form) continue;
      const who = form.querySelector("[data-who]");
      const values = { [who.name]: who.value, mark };
      htmx.ajax("POST", form.getAttribute("hx-post"), { source: form, target: line, swap: "outerHTML", values });
    }
  };

  const missed = (event) => {
    const line = event.detail.elt.closest?.(".roll-line");
    if (!line) return;
    const mark = event.detail.requestConfig.parameters.get?.("mark") ?? event.detail.requestConfig.parameters.mark;
    waiting.set(line.id, mark);
    say(line, document.querySelector(".roll").dataset.notSaved);
    setTimeout(retry, AGAIN);
  };

  document.addEventListener("htmx:sendError", missed);
  document.addEventListener("htmx:timeout", missed);
  window.addEventListener("online", retry);
})();
