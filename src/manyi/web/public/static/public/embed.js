// Shows an open link of this server in another website. One line in that site:
// <script src="https://HOST/static/public/embed.js" data-link="TOKEN" data-mode="inline|button|slide" async></script>
// No cookies, nothing stored, nothing read from the page around it.
"use strict";
(function () {
  var me = document.currentScript, set = me.dataset, host = new URL(me.src).origin;
  var address = host + "/e/" + encodeURIComponent(set.link) + "/" + (set.lang ? "?lang=" + set.lang : "");
  var words = set.label || (set.lang === "en" ? "Your opinion" : "评价我们的服务");

  function put(element, style) {
    for (var name in style) element.style[name] = style[name];
    return element;
  }
  function frame(height) {
    var made = put(document.createElement("iframe"), { width: "100%", height: height, border: "0", background: "#fff" });
    made.src = address;
    made.title = words;
    made.loading = "lazy";
    made.referrerPolicy = "no-referrer";
    return made;
  }
  function button(text, style) {
    var made = put(document.createElement("button"), { font: "inherit", cursor: "pointer", minHeight: "44px", minWidth: "44px", border: "0", padding: "0 16px" });
    made.type = "button";
    made.textContent = text;
    return put(made, style || {});
  }
  function panel(opener) {
    var box = put(document.createElement("div"), {
      position: "fixed", right: "0", bottom: "0", zIndex: "2147483000", width: "min(420px, 100vw)", height: "min(640px, 90vh)",
      background: "#fff", boxShadow: "0 0 24px rgba(0,0,0,.3)"
    });
    var close = button("×", { position: "absolute", right: "0", top: "0", background: "transparent", fontSize: "24px" });
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", words);
    close.setAttribute("aria-label", set.lang === "en" ? "Close" : "关闭");
    function shut() { box.remove(); if (opener) opener.focus(); }
    close.addEventListener("click", shut);
    box.addEventListener("keydown", function (event) { if (event.key === "Escape") shut(); });
    box.append(frame("100%"), close);
    document.body.appendChild(box);
    close.focus({ preventScroll: true });
  }
  if (set.mode === "inline") me.after(frame((set.height || 640) + "px"));
  else if (set.mode === "slide") setTimeout(function () { panel(null); }, (set.after || 20) * 1000);
  else {
    var opener = button(words, { position: "fixed", right: "16px", bottom: "16px", zIndex: "2147482999", background: set.colour || "#1d5fbf", color: "#fff", borderRadius: "22px" });
    opener.addEventListener("click", function () { panel(opener); });
    document.body.appendChild(opener);
  }
})();
