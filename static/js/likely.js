// Asks the server, while <form data-likely="/…/"> is typed, whether a child or family is on file already, and shows its
// answer in [data-likely-here]. The form works without it: it asks again when it is sent.
"use strict";

(() => {
  const PAUSE = 700;
  const NOT_MEANT = ["not_same", "other_family"];
  const ASKED_FOR = /-(name|id_number|birth_date|phone|relation)$/;

  function watch(form) {
    const place = form.querySelector("[data-likely-here]");
    let timer = null;
    let asked = 0;
    let before = "";

    function facts() {
      const typed = [...new FormData(form)].filter(([name]) => ASKED_FOR.test(name) || NOT_MEANT.includes(name));
      return JSON.stringify(typed);
    }

    async function ask() {
      const now = facts();
      if (now === before) return;
      before = now;
      const mine = ++asked;
      try {
        const answer = await fetch(form.dataset.likely, { method: "POST", body: new FormData(form), redirect: "error" });
        const words = answer.ok ? await answer.text() : "";
        if (mine === asked && answer.ok) place.innerHTML = words.trim();
      } catch {
        before = "";
      }
    }

    function soon(event) {
      if (!ASKED_FOR.test(event.target.name)) return;
      clearTimeout(timer);
      timer = setTimeout(ask, PAUSE);
    }

    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    place.addEventListener("click", (event) => {
      const button = event.target.closest("[data-not-same]");
      if (!button) return;
      const kept = document.createElement("input");
      kept.type = "hidden";
      kept.name = button.name;
      kept.value = button.value;
      form.prepend(kept);
      form.dispatchEvent(new Event("change", { bubbles: true }));
      ask();
    });
  }

  document.querySelectorAll("form[data-likely]").forEach(watch);
})();
