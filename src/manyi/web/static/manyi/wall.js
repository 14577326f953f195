// The board renews itself; when the server does not answer, the old figures stay with a mark, and it tries again.
(() => {
  const renew = async () => {
    const wall = document.getElementById("wall");
    try {
      const response = await fetch(window.location, { cache: "no-store" });
      if (response.redirected) { window.location.reload(); return; }
      const fresh = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("wall");
      if (!response.ok || !fresh) throw new Error(response.statusText);
      wall.replaceWith(document.adoptNode(fresh));
    } catch {
      wall.classList.add("old");
      wall.querySelector(".stale").hidden = false;
    }
  };
  setInterval(renew, Number(document.getElementById("wall").dataset.every) * 1000);
  const whole = document.querySelector("[data-whole-screen]");
  if (document.fullscreenEnabled) {
    whole.hidden = false;
    whole.addEventListener("click", () => document.documentElement.requestFullscreen());
  }
})();
