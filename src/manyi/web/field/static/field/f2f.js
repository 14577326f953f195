// Answer sheets on an interviewer's device. A sheet lives in IndexedDB from its first tap until the server has
// given a receipt; it carries a key of its own, so that sending it again makes no second one. What is shown,
// needed and right is the server's to say: this script keeps, sends and shows what came back.
"use strict";
(() => {
  const body = document.body, said = (name) => body.dataset[`said${name}`];
  const byId = (id) => document.getElementById(id), round = Number(body.dataset.round);
  const form = byId("form"), blank = form.innerHTML;
  let sheet = null, began = 0, timer, sending = false, loggedOut = false;

  // --- the device's memory -------------------------------------------------------------------------------
  const opened = new Promise((resolve, reject) => {
    const ask = indexedDB.open("manyi-f2f", 1);
    ask.onupgradeneeded = () => ask.result.createObjectStore("sheets", { keyPath: "key" });
    ask.onsuccess = () => resolve(ask.result);
    ask.onerror = () => reject(ask.error);
  });
  async function store(mode, work) {
    const act = (await opened).transaction("sheets", mode), request = work(act.objectStore("sheets"));
    return new Promise((resolve, reject) => {
      act.oncomplete = () => resolve(request.result);
      act.onerror = act.onabort = () => reject(act.error);
    });
  }
  const put = (row) => store("readwrite", (all) => all.put(row));
  const forget = (key) => store("readwrite", (all) => all.delete(key));
  const load = (key) => store("readonly", (all) => all.get(key));
  const mine = async () => (await store("readonly", (all) => all.getAll()))
    .filter((row) => row.round === round).sort((a, b) => b.started - a.started);

  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // --- one sheet on the screen ---------------------------------------------------------------------------
  function entries() {
    const files = new Map((sheet.entries || []).filter(([, value]) => value instanceof Blob).map((pair) => [pair[0], pair]));
    const found = [...new FormData(form).entries()].filter(([, value]) => !(value instanceof Blob) || value.size);
    found.forEach(([name, value]) => { if (value instanceof Blob) files.delete(name); });
    return [...found, ...files.values()];
  }
  async function keep(state) {
    clearTimeout(timer);
    if (!sheet) return;
    const now = Date.now();
    sheet = { ...sheet, entries: entries(), state, seconds: sheet.seconds + (now - began) / 1000, unit: byId("unit").value || sheet.unit };
    began = now;
    await put(sheet);
  }
  function fill() {
    form.innerHTML = blank;
    const given = (sheet.entries || []).filter(([name, value]) => name !== "shown" && !(value instanceof Blob));
    form.querySelectorAll("[name]").forEach((input) => {
      const values = given.filter(([name]) => name === input.name).map(([, value]) => value);
      if (input.type === "radio" || input.type === "checkbox") input.checked = values.includes(input.value);
      else if (input.type !== "file" && input.name !== "shown" && values.length) input.value = values[0];
    });
    const box = byId("problems"), list = box.querySelector("ul");
    list.textContent = "";
    (sheet.problems || []).forEach((problem) => {
      const place = byId(`q-${problem.code}`), item = document.createElement("li"), link = document.createElement("a");
      link.href = `#q-${problem.code}`;
      link.textContent = `${place ? place.querySelector("legend, h2").firstChild.textContent.trim() : problem.code}: ${problem.words}`;
      item.append(link);
      list.append(item);
      if (place) place.classList.add("bad");
    });
    box.hidden = !list.children.length;
  }
  async function open(key) {
    sheet = key ? await load(key) : { key: newKey(), round, state: "draft", started: Date.now(), seconds: 0, entries: [], problems: [], unit: byId("unit").value };
    began = Date.now();
    fill();
    byId("list").hidden = true;
    byId("sheet").hidden = false;
    byId("sheet").querySelector("h1").focus();
    window.scrollTo(0, 0);
  }
  async function close(state) {
    await keep(state);
    sheet = null;
    byId("sheet").hidden = true;
    byId("list").hidden = false;
    await draw();
    window.scrollTo(0, 0);
  }
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => keep("draft"), 250); });
  form.addEventListener("submit", async (event) => { event.preventDefault(); await close("waiting"); sync(); });
  document.addEventListener("click", (event) => { if (event.target.id === "back") close("draft"); });
  document.addEventListener("visibilitychange", () => { if (document.hidden && sheet) keep("draft"); });

  // A device with a PIN (pin.js): the sheet leaves the screen while it is locked, and comes back.
  let laidBy = "";
  document.addEventListener("device:lock", async () => {
    laidBy = sheet ? sheet.key : "";
    if (!sheet) return;
    await close("draft");
    form.innerHTML = blank;
  });
  document.addEventListener("device:unlock", () => { if (laidBy) open(laidBy); laidBy = ""; });

  // --- the queue -----------------------------------------------------------------------------------------
  function button(words, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "plain";
    made.textContent = words;
    made.addEventListener("click", act);
    return made;
  }
  function line(row) {
    const item = document.createElement("li"), when = document.createElement("span"), state = document.createElement("span");
    item.dataset.state = row.state;
    when.textContent = new Date(row.started).toLocaleString(document.documentElement.lang);
    const name = row.state[0].toUpperCase() + row.state.slice(1);
    state.className = row.state;
    state.textContent = row.receipt ? `${said(name)} ${row.receipt}` : row.over ? `${said(name)}: ${row.over}` : said(name);
    item.append(when, state);
    if (row.state === "draft" || row.state === "problem" || row.state === "waiting") item.append(button(said("Open"), () => open(row.key)));
    if (row.state === "draft" || row.state === "over") item.append(button(said("Remove"), async () => { if (confirm(said("Sure"))) { await forget(row.key); draw(); } }));
    return item;
  }
  async function draw() {
    const rows = await mine();
    byId("queue").replaceChildren(...rows.map(line));
    const state = byId("state"), off = !navigator.onLine || loggedOut;
    state.textContent = loggedOut ? said("Login") : navigator.onLine ? said("Online") : said("Offline");
    state.classList.toggle("off", off);
  }

  // --- sending: one after the other; a sheet that was not answered for stays in the queue ----------------------
  function token() {
    const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    return cookie ? cookie.slice(10) : document.querySelector("[name=csrfmiddlewaretoken]").value;
  }
  async function send(row) {
    const data = new FormData();
    row.entries.forEach(([name, value]) => data.append(name, value));
    data.set("key", row.key);
    data.set("unit", row.unit);
    data.set("language", body.dataset.language);
    data.set("seconds", String(Math.round(row.seconds)));
    const answer = await fetch(body.dataset.send, { method: "POST", body: data, headers: { "X-CSRFToken": token(), Accept: "application/json" } });
    if (answer.redirected || answer.status === 403 || answer.status === 401) { loggedOut = true; return; }
    if (!(answer.headers.get("content-type") || "").includes("json")) return; // not our answer: try again later
    loggedOut = false;
    const told = await answer.json();
    const present = await load(row.key);
    if (!present || present.state !== "waiting") return; // opened again meanwhile
    // Once the server has them, the answers leave the device; key and receipt stay.
    if (told.receipt) await put({ ...row, state: "sent", receipt: told.receipt, entries: [], problems: [] });
    else if (told.problems) await put({ ...row, state: "problem", problems: told.problems });
    else if (told.over) await put({ ...row, state: "over", over: told.over });
  }
  async function sync() {
    if (sending || !navigator.onLine) { draw(); return; }
    sending = true;
    try {
      for (const row of (await mine()).reverse()) if (row.state === "waiting") await send(row);
    } catch (lost) { /* the connection broke; the sheet waits */ } finally { sending = false; }
    draw();
  }

  byId("new").addEventListener("click", () => open());
  byId("sync").addEventListener("click", sync);
  window.addEventListener("online", sync);
  window.addEventListener("offline", draw);
  setInterval(sync, 60_000);

  // --- opening without a connection --------------------------------------------------------------------------
  async function settle() {
    if (!("serviceWorker" in navigator)) { byId("insecure").hidden = false; return; }
    await navigator.serviceWorker.register(body.dataset.worker);
    await navigator.serviceWorker.ready;
    const cache = await caches.open("manyi-f2f-1");
    const files = [...document.querySelectorAll("link[rel=stylesheet], link[rel=icon], script[src]")].map((each) => each.href || each.src);
    await cache.addAll([location.href.split("#")[0], ...files]);
    body.dataset.kept = "yes";
  }
  settle().catch(() => { byId("insecure").hidden = false; });
  sync();
})();
