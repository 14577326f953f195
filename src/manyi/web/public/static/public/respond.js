// Makes the respondent's page easier where there is script: asks again which questions are shown, ranks by
// tapping, slides, draws a signature, finds the place. Without it every question is answered in plain fields.
"use strict";
(function () {
  var form = document.querySelector("form[data-scripted]"), box = document.getElementById("questions");
  if (!form || !box) return;
  var TYPED = "textarea,select,input:not([type=radio]):not([type=checkbox]):not([type=hidden]):not([type=file])";
  var running = null, again = false, timer;

  function each(root, selector, work) { Array.prototype.forEach.call(root.querySelectorAll(selector), work); }

  function make(name, text, parent, before) {
    var made = document.createElement(name);
    if (text) made.textContent = text;
    if (name === "button") { made.type = "button"; made.className = "plain"; }
    parent.insertBefore(made, before || null);
    return made;
  }

  function ask() {
    if (running) { again = true; return; }
    var data = new FormData(form);
    each(form, "input[type=file]", function (input) { // files go with the next button only
      data["delete"](input.name);
      each(form, ".kept input:checked", function (kept) { if (kept.name === input.name) data.append(kept.name, kept.value); });
    });
    data.set("go", "refresh");
    running = fetch(location.href, { method: "POST", body: data, redirect: "error" })
      .then(function (answer) { return answer.ok ? answer.text() : null; })
      .then(function (html) { if (html !== null && !again) show(html); })
      ["catch"](function () { /* the next button posts everything anyway */ })
      .then(function () { running = null; if (again) { again = false; ask(); } });
  }

  function codes(root) {
    return Array.prototype.map.call(root.querySelectorAll("input[name=shown]"), function (i) { return i.value; }).join();
  }

  function show(html) {
    var fresh = document.createElement("div"), typed = {}, files = {};
    fresh.innerHTML = html;
    var last = fresh.querySelector("input[name=last]").value;
    if (codes(fresh) === codes(box) && last === box.querySelector("input[name=last]").value) return;
    var active = document.activeElement, id = active && active.id;
    each(box, TYPED, function (i) { typed[i.name] = i.value; }); // what was typed while the server answered
    each(box, "input[type=file]", function (i) { files[i.name] = i; });
    box.innerHTML = html;
    each(box, TYPED, function (i) { if (i.name in typed) i.value = typed[i.name]; });
    each(box, "input[type=file]", function (i) { if (files[i.name]) i.parentNode.replaceChild(files[i.name], i); });
    enhance();
    var back = id && document.getElementById(id);
    if (back) back.focus({ preventScroll: true });
  }

  function rank(list) {
    var most = +list.getAttribute("data-rank"), help = list.previousElementSibling, buttons = [];
    if (help) help.textContent = help.getAttribute("data-scripted");
    each(list, ".place", function (label) {
      var input = label.querySelector("input"), words = label.querySelector("span").textContent;
      var button = make("button", "", list, label), place = make("b", "", button);
      make("span", words, button);
      button.className = "rankable";
      label.hidden = true;
      label.style.display = "none";
      button.onclick = function () {
        var was = +input.value, top = 0;
        buttons.forEach(function (b) { top = Math.max(top, +b.input.value); });
        if (was) buttons.forEach(function (b) { if (+b.input.value > was) b.input.value -= 1; });
        input.value = was ? "" : top < most ? top + 1 : "";
        buttons.forEach(function (b) { b.draw(); });
      };
      buttons.push({ input: input, draw: function () {
        place.textContent = input.value;
        button.setAttribute("aria-pressed", input.value ? "true" : "false");
      } });
    });
    buttons.forEach(function (b) { b.draw(); });
  }

  function slide(line) {
    var input = line.querySelector("input"), range = document.createElement("input");
    range.type = "range";
    if (range.type !== "range") return;
    range.min = line.getAttribute("data-low");
    range.max = line.getAttribute("data-high");
    range.step = line.getAttribute("data-step");
    range.setAttribute("aria-label", input.getAttribute("aria-label"));
    range.value = input.value || (+range.min + +range.max) / 2;
    line.insertBefore(range, input);
    range.oninput = function () { input.value = range.value; };
    input.oninput = function () { if (input.value !== "") range.value = input.value; };
  }

  function sign(place) {
    var canvas = make("canvas", "", place), pen = canvas.getContext && canvas.getContext("2d"), drawing = false;
    if (!pen) { place.removeChild(canvas); return; }
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", place.getAttribute("data-label"));
    canvas.width = 600; canvas.height = 180;
    var out = make("input", "", place), clear = make("button", place.getAttribute("data-clear"), place);
    out.type = "hidden"; out.name = place.getAttribute("data-sign");
    function at(event) {
      var frame = canvas.getBoundingClientRect(), touch = event.touches ? event.touches[0] : event;
      return [(touch.clientX - frame.left) * canvas.width / frame.width, (touch.clientY - frame.top) * canvas.height / frame.height];
    }
    function begin(event) {
      var p = at(event);
      drawing = true; event.preventDefault();
      pen.lineWidth = 3; pen.lineCap = pen.lineJoin = "round"; pen.strokeStyle = "#1c2733";
      pen.beginPath(); pen.moveTo(p[0], p[1]);
    }
    function move(event) {
      if (!drawing) return;
      var p = at(event);
      event.preventDefault();
      pen.lineTo(p[0], p[1]); pen.stroke();
    }
    function end() { if (drawing) { drawing = false; out.value = canvas.toDataURL("image/png"); } }
    canvas.addEventListener("mousedown", begin); canvas.addEventListener("mousemove", move);
    window.addEventListener("mouseup", end);
    canvas.addEventListener("touchstart", begin); canvas.addEventListener("touchmove", move);
    canvas.addEventListener("touchend", end);
    clear.onclick = function () { pen.clearRect(0, 0, canvas.width, canvas.height); out.value = ""; };
  }

  function locate(place) {
    if (!navigator.geolocation || window.isSecureContext === false) return;
    var button = make("button", place.getAttribute("data-locate"), place), told = make("p", "", place);
    told.className = "help"; told.setAttribute("role", "status");
    button.onclick = function () {
      navigator.geolocation.getCurrentPosition(function (found) {
        each(place, "input", function (i) {
          var value = found.coords[i.name.slice(i.name.lastIndexOf(".") + 1)];
          i.value = typeof value === "number" ? +value.toFixed(6) : "";
        });
        told.textContent = place.getAttribute("data-found");
      }, function () { told.textContent = place.getAttribute("data-lost"); }, { timeout: 15000 });
    };
  }

  function divide(inputs) { // shows how much of a constant sum is given out
    var last = inputs[inputs.length - 1], told = make("p", "", last.parentNode.parentNode.parentNode, last.parentNode.parentNode.nextSibling);
    told.className = "sum"; told.setAttribute("role", "status");
    function draw() {
      var sum = inputs.reduce(function (total, i) { return total + (+i.value || 0); }, 0), whole = last.getAttribute("data-share");
      told.textContent = Math.round(sum * 1e6) / 1e6 + " / " + whole;
      told.style.fontWeight = sum === +whole ? "600" : "400";
    }
    inputs.forEach(function (i) { i.addEventListener("input", draw); });
    draw();
  }

  function enhance() {
    each(box, ".q", function (q) {
      var shares = Array.prototype.slice.call(q.querySelectorAll("[data-share]"));
      if (shares.length) divide(shares);
    });
    each(box, "[data-rank]", rank);
    each(box, ".slide", slide);
    each(box, "[data-sign]", sign);
    each(box, "[data-locate]", locate);
  }

  form.addEventListener("change", function (event) {
    var input = event.target, alone = input.hasAttribute("data-alone");
    if (input.type === "checkbox" && input.checked) each(form, "input[type=checkbox]", function (other) {
      if (other !== input && other.name === input.name && (alone || other.hasAttribute("data-alone"))) other.checked = false;
    });
    if (!form.hasAttribute("data-ask-again") || !window.fetch || !window.FormData || !FormData.prototype.set) return;
    if (input.type !== "radio" && input.type !== "checkbox" && input.nodeName !== "SELECT") return;
    clearTimeout(timer);
    timer = setTimeout(ask, 150);
  });
  enhance();
})();
