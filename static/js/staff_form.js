// Autocomplete boxes (select2) lose the field's label; give it back to them, also in rows added later.
(() => {
  "use strict";

  const nameBoxes = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete[id]")) {
      const label = document.querySelector(`label[for="${CSS.escape(select.id)}"]`);
      const box = select.parentElement.querySelector(".select2-selection");
      if (!label || !box) continue;
      label.id ||= `${select.id}_label`;
      const value = box.querySelector(".select2-selection__rendered")?.id ?? "";
      box.setAttribute("aria-labelledby", `${label.id} ${value}`.trim());
    }
  };

  // Asked after autocomplete.js has, so it comes after it: the boxes are there by then.
  window.django?.jQuery(() => setTimeout(nameBoxes));
  document.addEventListener("formset:added", () => setTimeout(nameBoxes));
})();
