// Enter goes to the next field; what is not on the form is marked at once, and kept as written at the second Enter.
"use strict";
(() => {
  const form = document.querySelector("form.sheet");
  if (!form) return;
  const fields = [...form.querySelectorAll("input[id^='b-']")];

  function fits(field) {
    const value = field.value.normalize("NFKC").trim(), { codes, low, high } = field.dataset;
    if (["", "-", "?"].includes(value)) return true;
    if (codes) {
      const known = codes.trim().toLowerCase().split(" ");
      const given = "many" in field.dataset ? value.split(/[\s,、;/+.]+/) : [value];
      return given.every((code) => !code || known.includes(code.toLowerCase()));
    }
    if (low === undefined && high === undefined) return true;
    const number = Number(value);
    return !Number.isNaN(number) && (low === undefined || number >= Number(low)) && (high === undefined || number <= Number(high));
  }
  function note(field) { return document.getElementById(field.getAttribute("aria-describedby")); }
  function judge(field) {
    const good = fits(field);
    field.classList.toggle("is-invalid", !good);
    field.setAttribute("aria-invalid", String(!good));
    note(field).hidden = good;
    if (good) note(field).querySelector("input").checked = false;
    return good;
  }
  function on(field) {
    const marked = !note(field).hidden;
    if (!judge(field)) {
      if (!marked) return;
      note(field).querySelector("input").checked = true;
    }
    const next = fields[fields.indexOf(field) + 1] || form.querySelector("button.btn-primary");
    next.focus();
    if (next.select) next.select();
  }

  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !fields.includes(event.target) || event.isComposing) return;
    event.preventDefault();
    on(event.target);
  });
  form.addEventListener("change", (event) => { if (fields.includes(event.target)) judge(event.target); });
})();
