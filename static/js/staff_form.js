// Autocomplete boxes (select2) lose the field's label; give it back to them, also in rows added later.
(() => {
  "use strict";

  const labelOf = (select) => document.querySelector(`label[for="${CSS.escape(select.id)}"]`);

  const nameBoxes = () => {
    for (const select of document.querySelectorAll("select.admin-autocomplete[id]")) {
      const label = labelOf(select);
      const box = select.parentElement.querySelector(".select2-selection");
      if (!label || !box) continue;
      label.id ||= `${select.id}_label`;
      const chosen = box.querySelector(".select2-selection__rendered");
      box.setAttribute("aria-labelledby", `${label.id} ${chosen?.id ?? ""}`.trim());
      chosen?.setAttribute("aria-labelledby", label.id);
    }
  };

  const nameSearch = (event) => {
    const search = document.querySelector(".select2-container--open .select2-search__field");
    search?.setAttribute("aria-label", labelOf(event.target)?.textContent.trim() ?? "");
  };

  // A combobox says what it controls; select2 says only what it owns.
  const nameList = () => {
    const box = document.querySelector(".select2-container--open .select2-selection");
    if (box?.hasAttribute("aria-owns")) box.setAttribute("aria-controls", box.getAttribute("aria-owns"));
  };

  // Asked after autocomplete.js has, so it comes after it: the boxes are there by then.
  window.django?.jQuery(() => setTimeout(nameBoxes));
  window.django?.jQuery(document).on("select2:open", (event) => {
    nameSearch(event);
    nameList();
  });
  document.addEventListener("formset:added", () => setTimeout(nameBoxes));
})();
