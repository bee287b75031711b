// The elements under `root` that match and have not been started yet by this component.
export function fresh(root, selector, mark) {
  const found = [...root.querySelectorAll(selector)].filter((el) => !el.dataset[mark]);
  found.forEach((el) => { el.dataset[mark] = "1"; });
  return found;
}

// Load a classic script of the vendor folder once.
const loading = new Map();
export function loadVendor(name) {
  if (!loading.has(name)) {
    loading.set(name, new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = `${document.body.dataset.static}vendor/${name}`;
      script.onload = resolve;
      script.onerror = () => reject(new Error(`${name} could not be loaded`));
      document.head.append(script);
    }));
  }
  return loading.get(name);
}

// A file made in the page, handed to the person.
export function offerFile(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

// A table of the page as CSV; cells that a spreadsheet would take for a formula become text.
export function tableAsCsv(table) {
  const cell = (el) => {
    // textContent, as the table may be folded away; what is not known stays empty.
    let text = el.querySelector(".lz-unknown") ? "" : el.textContent.replace(/\s+/g, " ").trim();
    if (/^[=+\-@＝＋－＠]/.test(text) && !/^[-+]?[\d,.]+%?$/.test(text)) text = `'${text}`;
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = [...table.rows].map((row) => [...row.cells].map(cell).join(","));
  return new Blob(["\ufeff", lines.join("\r\n"), "\r\n"], { type: "text/csv;charset=utf-8" });
}
