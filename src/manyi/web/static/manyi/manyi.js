// Small behaviour of the staff pages; everything works without it, only less comfortably.
(() => {
  document.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing) {
      const find = document.querySelector("[data-shortcut='/']");
      if (find) { event.preventDefault(); find.focus(); }
    }
    if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => { menu.open = false; });
  });
  document.addEventListener("click", (event) => {
    document.querySelectorAll("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
    const row = event.target.closest("tr[data-href]");
    if (row && !event.target.closest("a, button, input, label, select")) window.location = row.dataset.href;
    if (event.target.closest("[data-theme-switch]")) {
      const root = document.documentElement;
      root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
      try { localStorage.setItem("manyi-theme", root.dataset.bsTheme); } catch { /* kept for this page only */ }
    }
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("change", (event) => {
    const whole = event.target.dataset.tickAll;
    if (whole) document.querySelectorAll(`input[type=checkbox][form="${whole}"]`).forEach((box) => { box.checked = event.target.checked; });
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });
})();
