// Draws every <div data-chart="id"> from the JSON in <script type="application/json" id="id">.
// The server decides what is drawn; the table beside the chart holds the same numbers.
(() => {
  const charts = [];
  const draw = (box) => {
    const source = document.getElementById(box.dataset.chart);
    if (!source) return;
    const option = JSON.parse(source.textContent);
    const style = getComputedStyle(document.documentElement);
    const text = style.getPropertyValue("--tblr-body-color").trim() || "#1f2937";
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const dark = document.documentElement.dataset.bsTheme === "dark";
    const chart = echarts.init(box, dark ? "dark" : null, { renderer: "svg" });
    chart.setOption({ backgroundColor: "transparent", animation: !calm, textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: text }, ...option });
    chart.on("click", (params) => { if (params.data && params.data.href) window.location = params.data.href; });
    charts.push(chart);
  };
  const SHARPNESS = 2;
  // The drawing by itself, with the colours and the font that it has on the page.
  const standalone = (svg) => {
    const { width, height } = svg.getBoundingClientRect();
    const style = getComputedStyle(svg);
    const copy = svg.cloneNode(true);
    const given = { xmlns: "http://www.w3.org/2000/svg", width, height, color: style.color, "font-family": style.fontFamily };
    Object.entries(given).forEach(([name, value]) => copy.setAttribute(name, value));
    return { text: new XMLSerializer().serializeToString(copy), width, height };
  };
  const keep = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  };
  // The browser has the fonts for every language, so it paints the drawing: on the ground of the page, twice as sharp.
  const paint = (drawing, name) => {
    const image = new Image();
    image.onload = () => {
      const canvas = document.createElement("canvas");
      [canvas.width, canvas.height] = [drawing.width * SHARPNESS, drawing.height * SHARPNESS];
      const brush = canvas.getContext("2d");
      brush.fillStyle = document.documentElement.dataset.bsTheme === "dark" ? "#101828" : "#ffffff";
      brush.fillRect(0, 0, canvas.width, canvas.height);
      brush.drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => keep(blob, name), "image/png");
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawing.text)}`;
  };
  const save = (button) => {
    const id = button.dataset.saveChart;
    const svg = document.querySelector(`[data-chart='${id}'] svg, [data-picture='${id}'] svg`);
    if (!svg) return;
    const drawing = standalone(svg);
    if (button.dataset.form === "png") paint(drawing, `${id}.png`);
    else keep(new Blob([drawing.text], { type: "image/svg+xml" }), `${id}.svg`);
    const menu = button.closest("details");
    if (menu) menu.open = false;
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-chart]").forEach(draw));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-save-chart]");
    if (button) save(button);
  });
  // On paper a drawing is as wide as the sheet: it needs to know its own size to be scaled.
  window.addEventListener("beforeprint", () => document.querySelectorAll("[data-chart] svg").forEach((svg) => {
    svg.setAttribute("viewBox", `0 0 ${svg.getAttribute("width")} ${svg.getAttribute("height")}`);
  }));
  window.addEventListener("afterprint", () => charts.forEach((chart) => chart.resize()));
  window.addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
})();
