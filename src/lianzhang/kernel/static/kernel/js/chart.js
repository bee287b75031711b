// Chart figures: the option stands in the page as JSON; colours are names of CSS variables.
import { fresh, loadVendor, offerFile, tableAsCsv } from "./once.js";

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

// ECharts takes colours only as values: names of our variables are looked up in the theme at hand.
function coloured(value) {
  if (typeof value === "string") return value.startsWith("--lz-") ? style(value) : value;
  if (Array.isArray(value)) return value.map(coloured);
  if (value && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, coloured(v)]));
  }
  return value;
}

const NARROW = 520; // pixels: below, names under the nodes of a graph get lines instead of length

// A graph fills its plot: places of the nodes are spread to its shape, so that nothing is stretched.
function spread(series, plot, size) {
  const narrow = plot.clientWidth < NARROW;
  const [side, top, bottom] = [narrow ? 44 : 84, 24, 44];
  const place = (axis, length) => {
    const all = series.data.map((node) => node[axis]);
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return (value) => (high > low ? ((value - low) / (high - low)) * length : length / 2);
  };
  const x = place("x", plot.clientWidth - 2 * side);
  const y = place("y", plot.clientHeight - top - bottom);
  const data = series.data.map((node) => ({ ...node, x: x(node.x), y: y(node.y) }));
  const flat = (axis) => new Set(data.map((node) => node[axis])).size < 2;
  const box = flat("x") || flat("y") ? {} : { left: side, right: side, top, bottom };
  const columns = new Set(data.map((node) => node.x)).size;
  const width = Math.max(76, Math.min(260, (plot.clientWidth - 2 * side) / Math.max(columns - 1, 1) - 12));
  const label = { ...series.label, ...(narrow ? { width: 76, overflow: "break", fontSize: size * 0.85 } : { width }) };
  return { ...series, ...box, data, label };
}

function withDefaults(option, size, plot) {
  const ink = style("--lz-ink");
  const text = { color: ink, fontSize: size, fontFamily: style("--lz-font") };
  const axis = (own) => own && {
    ...own,
    axisLabel: { ...text, hideOverlap: true, ...own.axisLabel },
    nameTextStyle: text,
    axisLine: { lineStyle: { color: style("--lz-line-strong") } },
    splitLine: { lineStyle: { color: style("--lz-line") }, ...own.splitLine },
  };
  const full = coloured({ ...option, xAxis: axis(option.xAxis), yAxis: axis(option.yAxis) });
  full.animation = false;
  full.textStyle = text;
  // The canvas tooltip needs no inline styles, which the content security policy refuses.
  full.tooltip = { renderMode: "richText", trigger: option.xAxis ? "axis" : "item", confine: true, backgroundColor: style("--lz-surface"), borderColor: style("--lz-line-strong"), textStyle: text, ...coloured(option.tooltip || {}) };
  // Patterns and texts of the library are for figures without words; ours have a title and a table (see draw).
  full.aria = { enabled: false };
  full.series = full.series?.map((series) => (series.type === "graph" && series.data.length ? spread(series, plot, size) : series));
  for (const series of full.series || []) {
    for (const key of ["label", "endLabel"]) if (series[key]?.show) series[key] = { ...text, ...series[key] };
    if (series.markLine) series.markLine.label = { ...text, ...series.markLine.label };
  }
  return full;
}

function draw(figure, option) {
  const plot = figure.querySelector("[data-plot]");
  const size = parseFloat(getComputedStyle(document.body).fontSize) * 0.92;
  const label = plot.getAttribute("aria-labelledby");
  window.echarts.getInstanceByDom(plot)?.dispose();
  const chart = window.echarts.init(plot);
  chart.setOption(withDefaults(option, size, plot));
  // The title names the chart for screen readers and the table holds the values.
  plot.setAttribute("aria-labelledby", label);
  chart.on("click", (event) => { if (event.data?.url) window.location.assign(event.data.url); });
  return chart;
}

function tools(figure, current) {
  const name = figure.dataset.chart;
  const png = figure.querySelector("[data-png]");
  const csv = figure.querySelector("[data-csv]");
  png.hidden = csv.hidden = false;
  png.addEventListener("click", async () => {
    const url = current().getDataURL({ pixelRatio: 2, backgroundColor: style("--lz-surface") });
    const bytes = Uint8Array.from(atob(url.split(",")[1]), (c) => c.charCodeAt(0));
    offerFile(new Blob([bytes], { type: "image/png" }), `${name}.png`);
  });
  csv.addEventListener("click", () => offerFile(tableAsCsv(figure.querySelector("details table")), `${name}.csv`));
}

export async function startCharts(root) {
  const figures = fresh(root, "[data-chart]", "started");
  if (!figures.length) return;
  await loadVendor("echarts.min.js");
  for (const figure of figures) {
    const option = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
    let chart = draw(figure, option);
    tools(figure, () => chart);
    const plot = figure.querySelector("[data-plot]");
    const graph = option.series?.some((series) => series.type === "graph");
    let width = plot.clientWidth;
    new ResizeObserver(() => {
      if (graph && Math.abs(plot.clientWidth - width) > 1) chart = draw(figure, option);
      else chart.resize();
      width = plot.clientWidth;
    }).observe(plot);
    document.addEventListener("lz:look", () => { chart = draw(figure, option); });
  }
}
