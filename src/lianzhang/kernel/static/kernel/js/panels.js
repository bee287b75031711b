// What opens and closes: dialogs by data-open, menus that close when one clicks elsewhere, error lists that take the focus.
import { fresh } from "./once.js";

let listening = false;

function listen() {
  if (listening) return;
  listening = true;
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.getElementById(opener.dataset.open)?.showModal();
    if (event.target instanceof HTMLDialogElement) event.target.close();
    for (const menu of document.querySelectorAll("details.lz-menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
}

// Which groups of the navigation are folded is kept on this device.
function keep(details) {
  const key = `lz.${details.dataset.keep}`;
  if (localStorage.getItem(key) === "closed" && !details.querySelector("[aria-current]")) details.open = false;
  details.addEventListener("toggle", () => localStorage.setItem(key, details.open ? "open" : "closed"));
}

export function startPanels(root) {
  listen();
  fresh(root, "details[data-keep]", "started").forEach(keep);
  fresh(root, "[data-focus]", "started").forEach((el) => el.focus());
}
