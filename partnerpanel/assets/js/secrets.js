// A secret on the page goes after its seconds, and before the browser keeps the page for its back button.
import { find, findAll } from "./dom.js";

const armed = new WeakSet();

function mask(secret) {
  const masked = find("template", secret);
  if (masked) secret.replaceChildren(masked.content.cloneNode(true));
}

function arm(root) {
  findAll("[data-hide-after]", root).filter((secret) => !armed.has(secret)).forEach((secret) => {
    armed.add(secret);
    setTimeout(() => mask(secret), Number(secret.dataset.hideAfter) * 1000);
  });
}

arm(document);
document.body.addEventListener("htmx:afterSwap", () => arm(document));
addEventListener("pagehide", () => findAll("[data-hide-after]").forEach(mask));

// What opens a one-time link stands behind the “#”, which no server sees; it is sent when the button is pressed.
const form = find("form[data-one-time]");
const code = location.hash.slice(1);
if (form && code) {
  const field = find("[name=code]", form);
  field.value = code;
  field.closest(".field").hidden = true;
  // Browsers carry it over the redirect that changes the language.
  findAll("form[data-keep-fragment]").forEach((other) => { other.action += location.hash; });
}
