// Type size, theme and width of the navigation change at once; the server keeps them for the next page.
const attribute = { size: "data-size", theme: "data-bs-theme", nav: "data-nav", keys: "data-keys" };

export function startPreferences() {
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-preference]");
    const button = event.submitter;
    if (!form || !button || !(button.name in attribute)) return;
    event.preventDefault();
    const body = new FormData(form);
    body.set(button.name, button.value);
    fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    document.documentElement.setAttribute(attribute[button.name], button.value);
    for (const same of document.querySelectorAll(`button[name="${button.name}"]`)) {
      if (same.dataset.toggle) {
        const [first, second] = same.dataset.toggle.split(" ");
        if (same.hasAttribute("aria-pressed")) same.setAttribute("aria-pressed", String(button.value === second));
        same.value = button.value === first ? second : first;
      } else {
        same.setAttribute("aria-pressed", String(same.value === button.value));
      }
    }
    document.dispatchEvent(new CustomEvent("lz:look"));
  });
  // Paper is white and narrow: while printing, figures are drawn in the light theme and shrink to the width of A4.
  const PAPER = 680; // pixels between the margins of print.css
  const root = document.documentElement;
  let before;
  const draw = (theme) => { root.dataset.bsTheme = theme; document.dispatchEvent(new CustomEvent("lz:look")); };
  const shrink = () => {
    for (const plot of document.querySelectorAll(".lz-plot, .lz-map")) {
      const width = plot.clientWidth;
      if (width <= PAPER) continue;
      plot.style.setProperty("--lz-drawn", `${width}px`);
      plot.style.setProperty("--lz-shrink", PAPER / width);
    }
  };
  window.addEventListener("beforeprint", () => { before = root.dataset.bsTheme; shrink(); if (before !== "light") draw("light"); });
  window.addEventListener("afterprint", () => { if (before && before !== "light") draw(before); });
}
