// One hand and the keyboard: keys press what carries them, number keys choose answers, the number shows while held.
"use strict";
(() => {
  const TEXT = "textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=hidden])";
  const typing = (element) => element.matches(TEXT) || element.isContentEditable;

  function press(key) {
    const target = [...document.querySelectorAll("[data-hotkey]")].find((each) => each.dataset.hotkey === key && !each.disabled);
    if (target) target.click();
    return Boolean(target);
  }

  // A table of scales is answered row by row: keys go to the row with the focus, else to the first without answer.
  function rows() { return [...document.querySelectorAll(".keys")]; }
  function present() {
    const all = rows(), focused = all.find((row) => row.contains(document.activeElement));
    return focused || all.find((row) => !row.querySelector("input:checked")) || all[all.length - 1];
  }
  function choose(key) {
    const row = present(), input = row && row.querySelector(`[data-key="${CSS.escape(key)}"]`);
    if (!input) return false;
    input.click();
    const all = rows(), next = all[all.indexOf(row) + 1];
    const goal = input.type === "radio" && next ? next.querySelector("input:checked, input") : input;
    goal.focus();
    goal.closest(".keys").scrollIntoView({ block: "nearest" });
    return true;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey && event.key === "Enter" && press("Enter")) { event.preventDefault(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    const field = document.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
    if (field) {
      const fold = field.closest("details");
      if (fold) fold.open = true;
      field.focus();
      event.preventDefault();
    } else if (choose(event.key) || press(event.key) || hold(event)) event.preventDefault();
  });

  // Exclusive choices, and what belongs to a result, as the interviewer chooses.
  function fit() {
    const chosen = document.querySelector(".result input[name=disposition]:checked");
    document.querySelectorAll("[data-for]").forEach((part) => {
      const name = part.dataset.for, then = chosen && chosen.dataset.then;
      part.hidden = name === "opt-out" ? !(chosen && "optOut" in chosen.dataset) : name === "call_back" ? then !== name : !["retry", "call_back"].includes(then);
    });
  }
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.type === "checkbox" && input.checked) document.querySelectorAll("input[type=checkbox]").forEach((other) => {
      if (other !== input && other.name === input.name && ("alone" in input.dataset || "alone" in other.dataset)) other.checked = false;
    });
    fit();
  });
  if (document.querySelector(".result")) fit();

  const form = document.querySelector("form[data-number]"), shown = document.getElementById("number");
  let held = false;
  async function ask(dial) {
    const data = new FormData(form);
    data.set("dial", dial ? "1" : "0");
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    return answer.ok ? (await answer.json()).number : "";
  }
  async function reveal() {
    if (held) return;
    held = true;
    const number = await ask(false);
    if (held && number) shown.textContent = number;
  }
  function mask() { held = false; if (shown) shown.textContent = shown.dataset.masked; }
  function hold(event) {
    if (!form) return false;
    if (event.key === "v") { reveal(); return true; }
    if (event.key === "d") { form.querySelector("[data-dial]").click(); return true; }
    return false;
  }
  if (form) {
    const button = form.querySelector("[data-reveal]");
    button.addEventListener("pointerdown", reveal);
    ["pointerup", "pointerleave", "blur"].forEach((kind) => button.addEventListener(kind, mask));
    button.addEventListener("keydown", (event) => { if (event.key === " ") reveal(); });
    document.addEventListener("keyup", mask);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (event.submitter && "dial" in event.submitter.dataset) {
        const number = await ask(true);
        if (number) location.href = `tel:${number}`;
      }
    });
  }

  const first = document.querySelector(".talk .keys input:checked, .talk .keys input, .talk .ask textarea, .talk .ask select, .talk .ask input:not([type=hidden])");
  if (first) first.focus({ preventScroll: true });
})();
