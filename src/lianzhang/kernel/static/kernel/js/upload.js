// File fields take dropped files, list what was chosen, and leave out what is too large.
import { fresh } from "./once.js";

const inMegabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MB`;

function show(drop, input, refused) {
  const list = drop.querySelector("[data-files]");
  const line = (text, bad) => {
    const item = document.createElement("li");
    item.textContent = text;
    if (bad) item.className = "lz-error";
    return item;
  };
  list.replaceChildren(
    ...refused.map((file) => line(`${file.name} (${inMegabytes(file.size)}) ${drop.dataset.tooLarge}`, true)),
    ...[...input.files].map((file) => line(`${file.name} (${inMegabytes(file.size)})`, false)),
  );
}

function take(drop, input, files) {
  const limit = Number(drop.dataset.maxBytes);
  const kept = new DataTransfer();
  const refused = [];
  for (const file of input.multiple ? files : files.slice(0, 1)) {
    file.size > limit ? refused.push(file) : kept.items.add(file);
  }
  input.files = kept.files;
  show(drop, input, refused);
}

export function startUploads(root) {
  for (const drop of fresh(root, "[data-drop]", "started")) {
    const input = drop.querySelector("input[type=file]");
    input.addEventListener("change", () => take(drop, input, [...input.files]));
    drop.addEventListener("dragover", (event) => { event.preventDefault(); drop.dataset.over = ""; });
    drop.addEventListener("dragleave", () => delete drop.dataset.over);
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      delete drop.dataset.over;
      take(drop, input, [...event.dataTransfer.files]);
      input.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}
