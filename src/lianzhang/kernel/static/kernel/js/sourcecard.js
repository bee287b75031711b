// A click or Enter on a figure opens its source card: from the template beside it, or fetched from its address.
async function fill(body, figure) {
  const beside = figure.nextElementSibling;
  if (beside instanceof HTMLTemplateElement) {
    body.replaceChildren(beside.content.cloneNode(true));
    return;
  }
  body.textContent = body.dataset.loading;
  try {
    const answer = await fetch(figure.href, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.status === 204) throw new Error(String(answer.status));
    // The answer is our own server's markup, as with any htmx part.
    body.replaceChildren(document.createRange().createContextualFragment(await answer.text()));
  } catch {
    body.textContent = body.dataset.failed;
  }
}

export function startSourceCards() {
  document.addEventListener("click", (event) => {
    const figure = event.target.closest("[data-card]");
    const dialog = document.getElementById("lz-source");
    if (!figure || !dialog || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    fill(dialog.querySelector("[data-body]"), figure);
    dialog.showModal();
  });
}
