// Keys: / search, ? help, j k Enter x in the list in view, [ ] pages. Never while one types.
const typing = (el) => el.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

function list() {
  const lists = [...document.querySelectorAll("[data-listing] tbody, [data-keylist]")].filter((el) => el.offsetParent);
  return lists.find((el) => el.querySelector("[data-current]")) || lists[0];
}

function move(step) {
  const body = list();
  if (!body) return;
  const rows = [...body.children];
  const at = rows.findIndex((row) => "current" in row.dataset);
  const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
  if (!next) return;
  rows.forEach((row) => delete row.dataset.current);
  next.dataset.current = "";
  const target = next.querySelector("a[href], button") || next;
  target.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function current() {
  return list()?.querySelector("[data-current]");
}

const actions = {
  j: () => move(1),
  k: () => move(-1),
  x: () => current()?.querySelector("input[type=checkbox]")?.click(),
  "[": () => document.querySelector("[data-listing] a[rel=prev]")?.click(),
  "]": () => document.querySelector("[data-listing] a[rel=next]")?.click(),
  "?": () => document.getElementById("lz-keys")?.showModal(),
};

export function startKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      const menu = event.target.closest("details.lz-menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const keyed = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (keyed) {
      event.preventDefault();
      keyed.matches("input, textarea, select") ? keyed.focus() : keyed.click();
    } else if (event.key === "Enter" && event.target === document.body) {
      current()?.querySelector("a[href]")?.click();
    } else if (Object.hasOwn(actions, event.key)) {
      event.preventDefault();
      actions[event.key]();
    }
  });
}
