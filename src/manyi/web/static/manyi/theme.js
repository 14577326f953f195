// Runs before the first paint, so that the page never flashes in the wrong theme or colour.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)").matches;
  let stored = null;
  try { stored = localStorage.getItem("manyi-theme"); } catch { /* private mode keeps nothing */ }
  root.dataset.bsTheme = stored || (dark ? "dark" : "light");
  if (root.dataset.accent) root.style.setProperty("--accent", root.dataset.accent);
})();
