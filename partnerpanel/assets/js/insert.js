// Puts what a button names where one was writing.
import { on } from "./dom.js";

on("click", "[data-insert]", (_, button) => {
  const field = document.getElementById(button.dataset.into);
  field.setRangeText(button.dataset.insert, field.selectionStart, field.selectionEnd, "end");
  field.focus();
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
