// Passkeys: the buttons show where the browser can do it; a dialog that was refused is told in the page.
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const kind = form.dataset.passkey; // login, authenticate or add
  const ids = { [kind]: form.querySelector("[data-go]").id, credential: form.querySelector("[name=credential]").id };
  if (kind !== "login") ids.data = "js_data";
  if (kind === "add") ids.passwordless = form.querySelector("[name=passwordless]").id;
  window.allauth.webauthn.forms[`${kind}Form`]({ ids });
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const note of document.querySelectorAll("[data-passkey-failed]")) note.hidden = false;
});
