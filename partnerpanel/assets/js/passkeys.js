// A passkey is made or used by the browser; its answer goes to the server with the form. What the browser can't do isn't
// shown.
import { find, findAll } from "./dom.js";

const can = Boolean(window.PublicKeyCredential?.parseRequestOptionsFromJSON);
const devices = {
  create: (asked) => navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) }),
  get: (asked) => navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) }),
};

async function answer(form) {
  const asked = await fetch(form.dataset.asks, { method: "POST", body: new FormData(form) });
  if (!asked.ok) throw new Error(asked.statusText);
  return JSON.stringify(await devices[form.dataset.passkey](await asked.json()));
}

async function send(event) {
  event.preventDefault();
  const form = event.currentTarget;
  const button = find("[type=submit]", form);
  const failed = find("[data-passkey-failed]", form);
  button.disabled = true;
  failed.hidden = true;
  try {
    form.elements.answer.value = await answer(form);
    form.submit();
  } catch {
    failed.hidden = false;
    button.disabled = false;
  }
}

if (can) {
  findAll("form[data-passkey]").forEach((form) => {
    form.hidden = false;
    form.addEventListener("submit", send);
    findAll("[data-no-passkeys]").forEach((note) => { note.hidden = true; });
  });
}
