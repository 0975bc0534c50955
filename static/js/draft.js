// Keeps what is typed into <form data-draft="/drafts/KEY/"> on the server. The form works without it.
// An element with data-draft-status inside the form shows its own data-kept or data-not-kept text.
"use strict";

(() => {
  const PAUSE = 3000;

  function watch(form) {
    const status = form.querySelector("[data-draft-status]");
    let timer = null;
    let sent = false;

    function typed() {
      const data = new FormData(form);
      for (const [name, value] of [...data.entries()]) {
        if (value instanceof File || form.elements[name]?.type === "password") data.delete(name);
      }
      return data;
    }

    function tell(kept) {
      if (status) status.textContent = (kept ? status.dataset.kept : status.dataset.notKept) || "";
    }

    async function keep() {
      timer = null;
      try {
        const answer = await fetch(form.dataset.draft, { method: "POST", body: typed(), redirect: "error" });
        tell(answer.ok);
      } catch {
        tell(false);
      }
    }

    function soon() {
      if (timer === null && !sent) timer = setTimeout(keep, PAUSE);
    }

    function atOnce() {
      if (timer === null || sent) return;
      clearTimeout(timer);
      timer = null;
      navigator.sendBeacon(form.dataset.draft, typed());
    }

    form.addEventListener("input", soon);
    form.addEventListener("change", soon);
    form.addEventListener("submit", (event) => {
      if (!navigator.onLine && status?.dataset.noLine) {
        event.preventDefault();
        status.textContent = status.dataset.noLine;
        return;
      }
      sent = true;
      clearTimeout(timer);
    });
    addEventListener("online", soon);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") atOnce();
    });
    addEventListener("pagehide", atOnce);
    addEventListener("pageshow", () => {
      sent = false;
    });
  }

  document.querySelectorAll("form[data-draft]").forEach(watch);
})();
