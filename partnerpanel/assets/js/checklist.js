// All or none of a checklist or of one of its groups, and how many of each group are checked.
import { find, findAll, on } from "./dom.js";

const boxes = (root) => findAll("input[type=checkbox]", root);

function count(list) {
  const whole = list.parentElement.closest("[data-checklist]") ?? list;
  for (const group of findAll("details[data-checklist]", whole)) {
    find("[data-checked]", group).textContent = boxes(group).filter((box) => box.checked).length;
  }
}

on("click", "[data-check]", (_, button) => {
  const list = button.closest("[data-checklist]");
  for (const box of boxes(list)) box.checked = button.dataset.check === "all";
  count(list);
});

on("change", "details[data-checklist]", (_, group) => count(group));
