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

export function startPanels(root) {
  listen();
  fresh(root, "[data-focus]", "started").forEach((el) => el.focus());
}
