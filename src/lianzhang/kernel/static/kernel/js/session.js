// Two minutes before the session ends it is said, and can go on; what is typed into drafts is kept on this device.
const WARN = 120; // seconds

export function startSession() {
  const url = document.body.dataset.session;
  const dialog = document.getElementById("lz-session");
  if (!url || !dialog) return;
  const token = dialog.querySelector("[name=csrfmiddlewaretoken]").value;
  const note = dialog.querySelector("[data-minutes]");

  async function left(method) {
    const headers = method === "POST" ? { "X-CSRFToken": token } : {};
    const answer = await fetch(url, { method, headers });
    return answer.ok ? (await answer.json()).left : 0;
  }

  async function look() {
    let seconds;
    try { seconds = await left("GET"); } catch { return void setTimeout(look, 30_000); } // no network: ask again
    if (seconds > WARN) {
      if (dialog.open) dialog.close();
      return void setTimeout(look, Math.min((seconds - WARN) * 1000, 2 ** 31 - 1));
    }
    if (seconds <= 0) return void location.reload(); // to the sign-in, and back here after it
    note.textContent = String(Math.max(1, Math.round(seconds / 60)));
    if (!dialog.open) dialog.showModal();
    setTimeout(look, Math.min(seconds, 15) * 1000 + 500);
  }

  dialog.querySelector("[data-stay]").addEventListener("click", async () => {
    await left("POST");
    dialog.close();
  });
  for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
  setTimeout(look, Math.max(0, Number(document.body.dataset.left) - WARN) * 1000);
}
