// Copies what the button names, and says so in the button for a moment.
import { find, on } from "./dom.js";

on("click", "[data-copy]", async (_, button) => {
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  const text = find("[data-copy-text]", button);
  const before = text.textContent;
  text.textContent = button.dataset.copied;
  setTimeout(() => { text.textContent = before; }, 2000);
});
