// Drafts: what is typed into a form with data-autosave="key" is kept on this device per person until it is sent.
import { fresh } from "./once.js";

const kept = (el) => el.name && !["password", "file", "hidden", "submit", "button"].includes(el.type);

function read(form) {
  return [...form.elements].filter(kept).map((el) => {
    if (el.type === "checkbox" || el.type === "radio") return [el.name, el.value, el.checked];
    return [el.name, el.value];
  });
}

function write(form, draft) {
  for (const [name, value, checked] of draft) {
    const same = [...form.elements].filter((el) => kept(el) && el.name === name);
    if (checked === undefined) same.slice(0, 1).forEach((el) => { el.value = value; });
    else same.filter((el) => el.value === value).forEach((el) => { el.checked = checked; });
  }
}

export function startDrafts(root) {
  for (const form of fresh(root, "form[data-autosave]", "started")) {
    const key = `lz.draft.${document.body.dataset.user}.${form.dataset.autosave}`;
    const before = JSON.stringify(read(form));
    const note = form.querySelector("[data-draft]");
    const draft = localStorage.getItem(key);
    // A form that came back with errors already holds what was typed.
    if (draft && draft !== before && !form.querySelector(".lz-error")) {
      write(form, JSON.parse(draft));
      if (note) note.hidden = false;
    }
    let timer;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => localStorage.setItem(key, JSON.stringify(read(form))), 400);
    });
    form.addEventListener("submit", () => { clearTimeout(timer); localStorage.removeItem(key); });
    note?.querySelector("[data-discard]").addEventListener("click", () => {
      localStorage.removeItem(key);
      write(form, JSON.parse(before));
      note.hidden = true;
    });
  }
}
