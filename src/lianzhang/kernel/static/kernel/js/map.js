// Map figures: areas from GeoJSON in classes, points; every area can be reached by Tab and opened by Enter.
import { fresh, loadVendor, offerFile, tableAsCsv } from "./once.js";

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function look(area) {
  const known = area && area.class !== null;
  return {
    color: style("--lz-surface"), weight: 1.5, fillOpacity: 1,
    fillColor: style(known ? `--lz-map-${Math.min(area.class, 4)}` : "--lz-map-none"),
  };
}

function content(name, text, url, open) {
  const box = document.createElement("div");
  const strong = document.createElement("strong");
  strong.textContent = name;
  box.append(strong, document.createElement("br"), text || "");
  if (url) {
    const link = document.createElement("a");
    link.href = url;
    link.textContent = open;
    box.append(document.createElement("br"), link);
  }
  return box;
}

function reachable(layer, label) {
  layer.on("add", () => {
    const el = layer.getElement();
    if (!el) return;
    el.setAttribute("tabindex", "0");
    el.setAttribute("role", "button");
    el.setAttribute("aria-label", label);
    el.addEventListener("keydown", (event) => { if (event.key === "Enter") layer.openPopup(); });
  });
}

async function draw(figure) {
  const L = window.L;
  const data = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  const plot = figure.querySelector("[data-plot]");
  const words = plot.dataset;
  const shapes = typeof data.geojson === "string" ? await (await fetch(data.geojson)).json() : data.geojson;
  const map = L.map(plot, { attributionControl: false, zoomControl: false, scrollWheelZoom: false, zoomSnap: 0.25 });
  L.control.zoom({ zoomInTitle: words.zoomIn, zoomOutTitle: words.zoomOut }).addTo(map);
  const areaOf = (feature) => data.areas[String(feature.properties[data.key])];
  const areas = L.geoJSON(shapes, {
    style: (feature) => look(areaOf(feature)),
    onEachFeature: (feature, layer) => {
      const area = areaOf(feature);
      const name = area?.name || feature.properties[data.name];
      const text = area?.text || words.unknown;
      layer.bindPopup(content(name, text, area?.url, words.openLabel));
      layer.bindTooltip(name, { permanent: true, direction: "center" });
      reachable(layer, `${name}: ${text}`);
    },
  }).addTo(map);
  const points = L.featureGroup(data.points.map((point) => {
    const dot = L.circleMarker([point.lat, point.lon], { radius: 7, weight: 2, color: style("--lz-ink"), fillColor: style("--lz-chart-2"), fillOpacity: 1 });
    dot.bindPopup(content(point.name, point.note, point.url, words.openLabel));
    reachable(dot, `${point.name}: ${point.note}`);
    return dot;
  })).addTo(map);
  const all = L.featureGroup([areas, points]);
  // A figure in a closed tab or on its way to another width has no room yet; the observer comes again.
  const fit = () => { if (Math.min(plot.clientWidth, plot.clientHeight) < 40) return; map.invalidateSize(); if (all.getBounds().isValid()) map.fitBounds(all.getBounds(), { padding: [8, 8] }); };
  map.on("zoomend moveend", () => clear(map, areas, (layer) => Number(areaOf(layer.feature)?.class != null)));
  fit();
  new ResizeObserver(fit).observe(plot);
  document.addEventListener("lz:look", () => areas.setStyle((feature) => look(areaOf(feature))));
}

// Names that would lie on one another: areas with a value come first, then the larger; all come back as there is room.
function clear(map, areas, valued) {
  const taken = [];
  const layers = areas.getLayers().filter((layer) => layer.getTooltip()?.getElement());
  const size = (layer) => { const { x, y } = map.latLngToLayerPoint(layer.getBounds().getSouthEast()).subtract(map.latLngToLayerPoint(layer.getBounds().getNorthWest())); return x * y; };
  for (const layer of layers.sort((a, b) => valued(b) - valued(a) || size(b) - size(a))) {
    const el = layer.getTooltip().getElement();
    el.hidden = false;
    const box = el.getBoundingClientRect();
    const meets = taken.some((other) => box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom);
    if (meets) el.hidden = true;
    else taken.push(box);
  }
}

export async function startMaps(root) {
  const figures = fresh(root, "[data-map]", "started");
  if (!figures.length) return;
  const sheet = document.createElement("link");
  sheet.rel = "stylesheet";
  sheet.href = `${document.body.dataset.static}vendor/leaflet.css`;
  // Our own sheet comes last, so that it may overrule the library's.
  document.head.prepend(sheet);
  await Promise.all([loadVendor("leaflet.js"), new Promise((done) => { sheet.onload = done; sheet.onerror = done; })]);
  for (const figure of figures) {
    const csv = figure.querySelector("[data-csv]");
    csv.hidden = false;
    csv.addEventListener("click", () => offerFile(tableAsCsv(figure.querySelector("details table")), `${figure.dataset.map}.csv`));
    await draw(figure);
  }
}
