// Entry: small modules for every page; charts and maps only where one stands.
import { startKeys } from "./keys.js";
import { startTables } from "./table.js";
import { startSourceCards } from "./sourcecard.js";
import { startUploads } from "./upload.js";
import { startDrafts } from "./autosave.js";
import { startPreferences } from "./preferences.js";
import { startPanels } from "./panels.js";
import { startSession } from "./session.js";

function enhance(root) {
  startTables(root);
  startUploads(root);
  startDrafts(root);
  startPanels(root);
  if (root.querySelector("[data-chart]")) import("./chart.js").then((m) => m.startCharts(root));
  if (root.querySelector("[data-map]")) import("./map.js").then((m) => m.startMaps(root));
}

startKeys();
startSourceCards();
startPreferences();
startSession();
enhance(document);
// After htmx has put a part into the page, its components start too; each component starts once.
document.addEventListener("htmx:after:swap", () => enhance(document));
