// Lists: selecting rows, and which columns are seen (kept on this device per list; files have the same ones).
import { fresh } from "./once.js";

function columns(listing) {
  const menu = listing.querySelector("[data-columns]");
  const table = listing.querySelector("table.lz-table");
  if (!menu || !table) return;
  const key = `lz.columns.${listing.dataset.listing}`;
  const offset = table.querySelector("thead .sel") ? 1 : 0;
  // A saved view brings its own columns; what is changed on it is kept on this device as before.
  const view = new URLSearchParams(location.search).get("without");
  const hidden = new Set(view === null ? JSON.parse(localStorage.getItem(key) || "[]") : view.split(","));
  const saved = listing.querySelector("[data-without]");
  const boxes = [...menu.querySelectorAll("input")];
  const files = [...listing.querySelectorAll("a[data-file]")];
  // The menu leaves out the first column, which names the row and always stays.
  const apply = () => {
    const away = boxes.map((box) => hidden.has(box.value));
    for (const row of table.rows) {
      [...row.cells].forEach((cell, i) => { cell.hidden = away[i - offset - 1] === true; });
    }
    if (saved) saved.value = boxes.filter((_, i) => away[i]).map((box) => box.value).join(",");
    for (const file of files) {
      const url = new URL(file.href);
      url.searchParams.delete("hide");
      if (away.includes(true)) url.searchParams.set("hide", boxes.filter((_, i) => away[i]).map((box) => box.value).join(","));
      file.href = url.href;
    }
  };
  for (const box of boxes) {
    box.checked = !hidden.has(box.value);
    box.addEventListener("change", () => {
      box.checked ? hidden.delete(box.value) : hidden.add(box.value);
      localStorage.setItem(key, JSON.stringify([...hidden]));
      apply();
    });
  }
  menu.hidden = false;
  apply();
}

function selection(listing) {
  const bar = listing.querySelector("[data-bulk]");
  if (!bar) return;
  const boxes = [...listing.querySelectorAll("tbody .sel input")];
  const all = listing.querySelector("[data-select-all]");
  const refresh = () => {
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => {
      const row = box.closest("tr");
      box.checked ? (row.dataset.selected = "") : delete row.dataset.selected;
    });
    bar.hidden = chosen.length === 0;
    bar.querySelector("[data-selected-count]").textContent = chosen.length;
    all.checked = chosen.length === boxes.length;
    all.indeterminate = chosen.length > 0 && chosen.length < boxes.length;
  };
  all.addEventListener("change", () => { boxes.forEach((box) => { box.checked = all.checked; }); refresh(); });
  boxes.forEach((box) => box.addEventListener("change", refresh));
  refresh();
}

export function startTables(root) {
  for (const listing of fresh(root, "[data-listing]", "started")) {
    columns(listing);
    selection(listing);
  }
}
