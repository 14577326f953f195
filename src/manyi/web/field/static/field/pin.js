// A PIN for a device that several people use: after some minutes without a touch the sheets are covered until it is
// typed. It stops whoever picks the device up. It is no cipher: the browser's own tools get past it. Sheets stay, and
// go on being sent, while the device is locked.
"use strict";
(() => {
  const KEPT = "manyi-f2f-pin", FREE = 3, WAIT = 30_000, LONGEST = 15 * 60_000, ROUNDS = 200_000;
  const body = document.body, said = (name) => body.dataset[`said${name}`], byId = (id) => document.getElementById(id);
  const idle = Number(body.dataset.lockMinutes) * 60_000;
  if (!window.crypto || !crypto.subtle) return; // an address without https has no place to keep a PIN

  const read = () => { try { return JSON.parse(localStorage.getItem(KEPT)); } catch (broken) { return null; } };
  const write = (changes) => localStorage.setItem(KEPT, JSON.stringify({ ...read(), ...changes }));
  const hex = (bytes) => [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  async function digest(pin, salt) {
    const encode = (text) => new TextEncoder().encode(text);
    const key = await crypto.subtle.importKey("raw", encode(pin), "PBKDF2", false, ["deriveBits"]);
    return hex(await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt: encode(salt), iterations: ROUNDS }, key, 256));
  }

  // --- locked or not: every tab of the device agrees -------------------------------------------------------
  let covered = false;
  function show() {
    const kept = read(), locked = Boolean(kept && kept.locked);
    byId("pin-open").textContent = kept ? said("PinChange") : said("PinSet");
    byId("pin-lock").hidden = byId("pin-remove").hidden = !kept;
    if (locked === covered) return;
    covered = locked;
    body.classList.toggle("locked", locked);
    byId("lock").hidden = !locked;
    document.dispatchEvent(new Event(locked ? "device:lock" : "device:unlock"));
    if (locked) { say(""); byId("lock-pin").value = ""; byId("lock-pin").focus(); }
  }
  function check() {
    const kept = read();
    if (kept && !kept.locked && Date.now() - kept.touched > idle) write({ locked: true });
    show();
  }
  function touch() {
    const kept = read();
    if (kept && !kept.locked && Date.now() - kept.touched > 5000) write({ touched: Date.now() });
  }
  function release() { write({ locked: false, wrong: 0, until: 0, touched: Date.now() }); show(); }
  function say(words) { byId("lock-said").textContent = words; }

  let judging = false; // one try at a time: a second press while the first is worked out is no try
  byId("lock-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const kept = read(), box = byId("lock-pin"), pin = box.value;
    if (!kept) { show(); return; }
    const rest = Math.ceil(((kept.until || 0) - Date.now()) / 1000);
    if (rest > 0) { say(said("PinWait").replace("{n}", rest)); return; }
    if (judging) return;
    judging = true;
    box.value = ""; // now and not after the answer, when the next try may already stand there
    const same = await digest(pin, kept.salt).then((made) => made === kept.hash).finally(() => { judging = false; });
    if (same) { release(); return; }
    const wrong = (kept.wrong || 0) + 1, wait = wrong < FREE ? 0 : Math.min(WAIT * 2 ** (wrong - FREE), LONGEST);
    write({ wrong, until: Date.now() + wait });
    say(said("PinWrong") + (wait ? ` ${said("PinWait").replace("{n}", wait / 1000)}` : ""));
    box.focus();
  });

  // --- forgotten: the password of whoever is logged in opens the device and takes the PIN off ------------------
  byId("lock-forgotten").addEventListener("submit", async (event) => {
    event.preventDefault();
    const data = new FormData(event.target);
    try {
      const answer = await fetch(event.target.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
      const told = (answer.headers.get("content-type") || "").includes("json") ? await answer.json() : {};
      if (told.right) { localStorage.removeItem(KEPT); show(); } else say(told.words || said("PinOffline"));
    } catch (lost) { say(said("PinOffline")); }
    event.target.reset();
  });

  // --- setting, changing, taking off ---------------------------------------------------------------------------
  const form = byId("pin-form");
  byId("pin-open").addEventListener("click", () => { form.hidden = !form.hidden; if (!form.hidden) byId("pin-new").focus(); });
  byId("pin-lock").addEventListener("click", () => { write({ locked: true }); show(); });
  byId("pin-remove").addEventListener("click", () => { localStorage.removeItem(KEPT); form.hidden = true; show(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const pin = byId("pin-new").value, right = /^[0-9]{4,8}$/.test(pin), same = pin === byId("pin-again").value;
    byId("pin-said").textContent = !right ? said("PinDigits") : same ? "" : said("PinDiffers");
    if (!right || !same) return;
    const salt = hex(crypto.getRandomValues(new Uint8Array(16)));
    write({ salt, hash: await digest(pin, salt), wrong: 0, until: 0, locked: false, touched: Date.now() });
    form.reset();
    form.hidden = true;
    show();
  });

  byId("pin").hidden = false;
  ["pointerdown", "keydown", "input"].forEach((kind) => document.addEventListener(kind, touch));
  document.addEventListener("visibilitychange", check);
  window.addEventListener("storage", show);
  setInterval(check, 5000);
  check();
})();
