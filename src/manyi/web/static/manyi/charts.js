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
  const save = (button) => {
    const box = document.querySelector(`[data-chart='${button.dataset.saveChart}']`);
    const svg = box && box.querySelector("svg");
    if (!svg) return;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([svg.outerHTML], { type: "image/svg+xml" }));
    link.download = `${button.dataset.saveChart}.svg`;
    link.click();
  };
  document.addEventListener("DOMContentLoaded", () => document.querySelectorAll("[data-chart]").forEach(draw));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-save-chart]");
    if (button) save(button);
  });
  window.addEventListener("resize", () => charts.forEach((chart) => chart.resize()));
})();
