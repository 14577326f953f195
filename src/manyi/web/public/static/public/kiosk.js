// A kiosk: one frame with the open link, thrown away after every visitor, so that no answer, history or
// filled-in field of one is left for the next. Only the PIN lets anybody leave.
"use strict";
(function () {
  var body = document.body, stage = document.getElementById("stage"), frame, timer, open = false;
  var dialog = document.getElementById("pin"), digits = document.getElementById("digits");

  function begin() {
    clearTimeout(timer);
    if (open) return;
    var fresh = document.createElement("iframe");
    fresh.title = document.title;
    fresh.src = body.dataset.start;
    fresh.addEventListener("load", arrived);
    if (frame) frame.remove();
    stage.appendChild(frame = fresh);
  }

  // Nobody has touched anything for a while: keep what is on the page, then begin anew.
  function abandon() {
    var form = inside() && inside().querySelector("form[novalidate]");
    if (!form) { begin(); return; }
    var data = new FormData(form);
    data.set("go", "back");
    fetch(frame.contentWindow.location.href, { method: "POST", body: data, redirect: "manual" }).then(begin, begin);
  }

  function inside() { try { return frame.contentDocument; } catch (error) { return null; } }

  function wait() {
    clearTimeout(timer);
    if (!open && frame.contentWindow.location.pathname !== body.dataset.start) timer = setTimeout(abandon, body.dataset.idle * 1000);
  }

  function arrived() {
    var page = inside();
    if (!page) { begin(); return; }
    var style = page.createElement("link");
    style.rel = "stylesheet";
    style.href = body.dataset.inside;
    page.head.appendChild(style);
    page.querySelectorAll("form").forEach(function (form) { form.setAttribute("autocomplete", "off"); });
    ["pointerdown", "keydown", "input", "scroll"].forEach(function (kind) { page.addEventListener(kind, wait, true); });
    page.addEventListener("pointerdown", fill, true);
    page.addEventListener("contextmenu", function (event) { event.preventDefault(); });
    if (frame.contentWindow.location.pathname.indexOf("/receipt/") === 0) {
      clearTimeout(timer);
      timer = setTimeout(begin, body.dataset.thanks * 1000);
    } else wait();
  }

  function fill() {
    var root = document.documentElement;
    if (!document.fullscreenElement && root.requestFullscreen) root.requestFullscreen().catch(function () { /* not allowed here */ });
  }

  // The back button comes to nothing but the start.
  history.pushState(null, "");
  window.addEventListener("popstate", function () { if (!open) { history.pushState(null, ""); begin(); } });
  window.addEventListener("beforeunload", function (event) { if (!open) { event.preventDefault(); event.returnValue = ""; } });
  document.addEventListener("contextmenu", function (event) { event.preventDefault(); });

  document.getElementById("staff").addEventListener("click", function () {
    digits.value = "";
    document.getElementById("wrong").hidden = true;
    dialog.showModal();
  });
  dialog.querySelector("form").addEventListener("submit", function (event) {
    if (event.submitter && event.submitter.value === "stay") return;
    event.preventDefault();
    var data = new FormData();
    data.set("pin", digits.value);
    fetch(body.dataset.leave, { method: "POST", body: data })
      .then(function (answer) { return answer.json(); })
      .then(function (said) {
        if (!said.open) { document.getElementById("wrong").hidden = false; digits.value = ""; return; }
        open = true;
        clearTimeout(timer);
        frame.remove();
        dialog.close();
        document.getElementById("left").hidden = false;
        if (document.fullscreenElement) document.exitFullscreen();
      });
  });
  begin();
})();
