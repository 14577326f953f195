// Re-asks the server which questions are shown, after an answer on which another depends. Without script the
// section is posted and comes back; nothing else on the page needs this file.
"use strict";
(function () {
  var form = document.querySelector("form[data-ask-again]");
  if (!form || !window.fetch) return;
  var running = null, again = false, timer;

  function ask() {
    if (running) { again = true; return; }
    var data = new FormData(form);
    data.set("go", "refresh");
    running = fetch(location.href, { method: "POST", body: data, redirect: "error" })
      .then(function (answer) { return answer.ok ? answer.text() : null; })
      .then(function (html) { if (html !== null && !again) show(html); })
      .catch(function () { /* the next button posts everything anyway */ })
      .then(function () { running = null; if (again) { again = false; ask(); } });
  }

  function codes(root) {
    return Array.prototype.map.call(root.querySelectorAll("input[name=shown]"), function (i) { return i.value; }).join();
  }

  function show(html) {
    var box = document.getElementById("questions"), fresh = document.createElement("div");
    fresh.innerHTML = html;
    var last = fresh.querySelector("input[name=last]").value;
    if (codes(fresh) === codes(box) && last === box.querySelector("input[name=last]").value) return;
    var active = document.activeElement, id = active && active.id;
    var typed = {}; // what was typed while the server was answering
    box.querySelectorAll("textarea,input[type=text],input[type=date]").forEach(function (i) { typed[i.name] = i.value; });
    box.innerHTML = html;
    box.querySelectorAll("textarea,input[type=text],input[type=date]").forEach(function (i) {
      if (i.name in typed) i.value = typed[i.name];
    });
    var back = id && document.getElementById(id);
    if (back) back.focus({ preventScroll: true });
  }

  form.addEventListener("change", function (event) {
    if (event.target.type !== "radio" && event.target.type !== "checkbox") return;
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
})();
