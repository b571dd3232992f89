// The popup is one <dialog>: the browser traps the focus, closes on Esc and gives the focus back. htmx fills it.
import { find, on } from "./dom.js";

const PATIENCE = 150;
const popup = document.getElementById("popup");
const content = document.getElementById("popup-content");
let waiting;

// A slow answer shows that something is under way; a quick one opens the finished popup at once.
function showWaiting() {
  if (popup.open) return;
  content.replaceChildren(document.getElementById("popup-waiting").content.cloneNode(true));
  popup.showModal();
}

if (popup) {
  document.body.addEventListener("htmx:beforeRequest", ({ detail }) => {
    if (detail.target === content) waiting = setTimeout(showWaiting, PATIENCE);
  });
  document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
    if (detail.target !== content) return;
    clearTimeout(waiting);
    if (!detail.successful && find("[data-waiting]", content)) popup.close();
  });
  document.body.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.target !== content || !content.childElementCount) return;
    if (!popup.open) popup.showModal();
  });
  // What has moved or is wrong comes before the first field, which htmx focuses while it settles.
  document.body.addEventListener("htmx:afterSettle", ({ detail }) => {
    if (detail.target === content) (find("[data-moved]", content) ?? find("[aria-invalid=true]", content))?.focus();
  });
  document.body.addEventListener("popup:close", () => popup.close());
  popup.addEventListener("close", () => content.replaceChildren());
}

on("click", "[data-open]", (_, button) => document.getElementById(button.dataset.open).showModal());
on("click", "[data-close]", (e, button) => {
  const dialog = button.closest("dialog");
  if (!dialog) return;
  e.preventDefault();
  dialog.close();
});
on("pointerdown", "dialog", (e, dialog) => {
  if (e.target !== dialog) return;
  const box = dialog.getBoundingClientRect();
  const inside = e.clientX >= box.left && e.clientX <= box.right && e.clientY >= box.top && e.clientY <= box.bottom;
  if (!inside) dialog.close();
});
