// Enhancement only: every page works without this file.
(() => {
  "use strict";

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.top-menu[open], details.filter[open]")) {
      if (menu !== except) menu.open = false;
    }
  };

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.top-menu, details.filter"));
    if (event.target.closest("[data-print]")) window.print();
    const person = event.target.closest("[data-fill-login]");
    if (person) signInAs(person.dataset);
  });

  // On a phone the row of tabs is wider than the screen.
  document.querySelector(".tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // A list of choices that would leave the screen opens to the other side.
  const turnInwards = (event) => {
    const choices = event.target.matches?.("details.filter[open]") && event.target.querySelector(".popover");
    if (!choices) return;
    event.target.toggleAttribute("data-edge", false);
    event.target.toggleAttribute("data-edge", choices.getBoundingClientRect().right > document.documentElement.clientWidth);
  };
  document.addEventListener("toggle", turnInwards, true);

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest?.("details[open].top-menu, details[open].filter");
    closeMenus();
    open?.querySelector("summary").focus();
  });

  document.addEventListener("change", (event) => {
    if (event.target.matches("form[data-autosubmit] :is(select, input[type=radio], input[type=checkbox])")) {
      event.target.form.requestSubmit();
    }
  });

  // A second click while the first is on its way sends nothing; the one-time token on the server is the real guard.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
    if (question && !window.confirm(question)) {
      event.preventDefault();
      return;
    }
    if (form.method !== "post" || form.hasAttribute("data-again")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    queueMicrotask(() => {
      if (event.defaultPrevented) return;
      form.dataset.sent = "yes";
      event.submitter?.setAttribute("aria-disabled", "true");
      setTimeout(() => release(form), 8000);
    });
  });

  // The demo's sign-in page offers its people; their names are typed for whoever clicks one.
  const signInAs = ({ fillLogin, fillPassword }) => {
    const form = document.querySelector("input[name=login]").form;
    form.elements.login.value = fillLogin;
    form.elements.password.value = fillPassword;
    form.requestSubmit();
  };

  const release = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-disabled]")) button.removeAttribute("aria-disabled");
  };

  // Coming back with the browser's back button finds the form usable again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });
})();
