// Keys: / search, ? help, j k Enter x in the list in view, [ ] pages; and what the page marks with data-key. Never while one
// types, and not at all where the person turned them off.
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

// What the page marks, in words: its own name, or what a screen reader says.
function explain() {
  const place = document.querySelector("[data-page-keys]");
  const rows = [...document.querySelectorAll("[data-key]")].filter((el) => el.offsetParent).map((el) => {
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    key.textContent = el.dataset.key;
    term.append(key);
    const words = document.createElement("dd");
    words.textContent = el.getAttribute("aria-label") || el.textContent.trim();
    return [term, words];
  });
  place.replaceChildren(...rows.flat());
}

const actions = {
  j: () => move(1),
  k: () => move(-1),
  x: () => current()?.querySelector("input[type=checkbox]")?.click(),
  "[": () => document.querySelector("[data-listing] a[rel=prev]")?.click(),
  "]": () => document.querySelector("[data-listing] a[rel=next]")?.click(),
  "?": () => { explain(); document.getElementById("lz-keys").showModal(); },
};

export function startKeys() {
  document.addEventListener("click", (event) => { if (event.target.closest("[data-open=lz-keys]")) explain(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "Escape") {
      const menu = event.target.closest("details.lz-menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
      return;
    }
    if (document.documentElement.dataset.keys === "off") return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const keyed = [...document.querySelectorAll(`[data-key="${CSS.escape(event.key)}"]`)].find((el) => el.offsetParent);
    if (keyed) {
      event.preventDefault();
      if (!keyed.matches("input, textarea, select")) keyed.click();
      if (!keyed.matches("a, button")) keyed.focus();
    } else if (event.key === "Enter" && event.target === document.body) {
      current()?.querySelector("a[href]")?.click();
    } else if (Object.hasOwn(actions, event.key)) {
      event.preventDefault();
      actions[event.key]();
    }
  });
}
