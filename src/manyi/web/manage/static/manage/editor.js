// The editor by keyboard and mouse: moves by keys and by dragging, finds types, keeps the revision true.
// Without it every move has its button.
"use strict";
(() => {
  const editor = () => document.getElementById("editor");
  const typing = (target) => target.matches("input:not([type=radio], [type=checkbox]), textarea, select");

  // Several changes may wait for the server: each goes with the revision that stands when it is sent.
  document.addEventListener("htmx:before:request", (event) => {
    const now = editor() && editor().querySelector("[data-revision]");
    const request = event.detail && event.detail.ctx && event.detail.ctx.request;
    if (now && request && request.body && request.body.has && request.body.has("revision")) request.body.set("revision", now.value);
  });
  document.addEventListener("htmx:after:swap", () => {
    const here = editor() && editor().querySelector(".bench .picker[open]");
    if (here && !here.contains(document.activeElement)) here.open = false;
  });

  // The question in hand comes into sight inside the frame only: an anchor would move this page too.
  document.addEventListener("load", (event) => {
    const frame = event.target;
    if (!frame.matches || !frame.matches("iframe[data-anchor]") || !frame.contentDocument) return;
    const question = frame.contentDocument.getElementById(frame.dataset.anchor);
    if (question) frame.contentWindow.scrollTo(0, question.offsetTop - 12);
  }, true);

  const place = (at, goal, before) => {
    const form = editor().querySelector("form[data-place]");
    form.elements.at.value = at;
    form.elements.goal.value = goal;
    form.elements.before.value = before;
    form.requestSubmit();
  };

  const step = (node, down) => {
    const item = node.closest("li"), siblings = [...item.parentNode.children];
    const other = siblings[siblings.indexOf(item) + (down ? 1 : -1)];
    const section = item.dataset.section;
    if (section) {
      const goal = down ? other && other.nextElementSibling : other;
      if (other) place(section, goal ? goal.dataset.at : "-", "");
      return;
    }
    const home = item.parentNode.closest("li"), next = other && (down ? other.nextElementSibling : other);
    if (other) { place(item.dataset.at, home.dataset.section, next ? next.dataset.at : ""); return; }
    const beyond = down ? home.nextElementSibling : home.previousElementSibling;
    if (!beyond) return;
    const first = down && beyond.querySelector("li");
    place(item.dataset.at, beyond.dataset.section, first ? first.dataset.at : "");
  };

  document.addEventListener("keydown", (event) => {
    if (!editor()) return;
    const key = event.key.toLowerCase(), target = event.target;
    if (event.altKey && (key === "arrowup" || key === "arrowdown")) {
      const node = target.closest("[data-node]"), part = target.closest(".part");
      if (node) { event.preventDefault(); step(node, key === "arrowdown"); }
      if (part) {
        event.preventDefault();
        part.querySelector(`.part-acts button:nth-child(${key === "arrowup" ? 1 : 2})`).click();
      }
    }
    if (event.altKey && key === "n") {
      const picker = editor().querySelector("[data-picker]");
      if (picker) { event.preventDefault(); picker.open = true; picker.querySelector("[data-filter]").focus(); }
    }
    if ((event.ctrlKey || event.metaKey) && key === "z" && !typing(target)) {
      const form = editor().querySelector(event.shiftKey ? "form[data-redo]" : "form[data-undo]");
      if (form) { event.preventDefault(); form.requestSubmit(); }
    }
    if (key === "enter" && target.matches("[data-filter]")) {
      const first = target.closest("[data-picker]").querySelector(".types button:not([hidden])");
      if (first) { event.preventDefault(); first.click(); }
    }
  });

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-filter]")) return;
    const words = event.target.value.trim().toLowerCase(), picker = event.target.closest("[data-picker]");
    picker.querySelectorAll(".types button").forEach((button) => {
      button.hidden = !button.dataset.words.toLowerCase().includes(words);
    });
    picker.querySelectorAll("fieldset").forEach((group) => {
      group.hidden = !group.querySelector("button:not([hidden])");
    });
  });

  let dragged = null;
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest && event.target.closest("[data-tree] li[draggable]");
    if (dragged) event.dataTransfer.setData("text/plain", dragged.dataset.at);
  });
  document.addEventListener("dragover", (event) => {
    if (dragged && event.target.closest("[data-tree] li")) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    const over = dragged && event.target.closest("[data-tree] li");
    if (!over || over === dragged) return;
    event.preventDefault();
    const section = over.closest("li[data-section]").dataset.section;
    if (dragged.dataset.section) place(dragged.dataset.at, section, "");
    else place(dragged.dataset.at, section, over.dataset.question || "");
    dragged = null;
  });
})();
