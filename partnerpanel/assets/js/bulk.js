// Choosing rows: one, a stretch with Shift, the page, or everything that matches the filters.
import { find, findAll, on } from "./dom.js";

const boxes = (form) => findAll("input[data-bulk-row]", form);
let last;

function refresh(form, all = false) {
  const chosen = boxes(form).filter((box) => box.checked);
  boxes(form).forEach((box) => box.closest("tr").classList.toggle("is-selected", box.checked));
  const whole = chosen.length === boxes(form).length && chosen.length > 0;
  const page = find("[data-bulk-page]", form);
  page.checked = whole;
  page.indeterminate = chosen.length > 0 && !whole;
  find("[data-bulk-bar]", form).hidden = chosen.length === 0;
  find("[data-bulk-all-field]", form).value = all ? "1" : "";
  find("[data-bulk-count]", form).textContent = all ? form.dataset.total : chosen.length.toLocaleString(document.documentElement.lang);
  const offer = find("[data-bulk-all]", form);
  if (offer) offer.hidden = all || !whole;
}

on("change", "[data-bulk-page]", (_, page) => {
  const form = page.closest("form");
  boxes(form).forEach((box) => { box.checked = page.checked; });
  refresh(form);
});

on("click", "input[data-bulk-row]", (e, box) => {
  const form = box.closest("form");
  if (e.shiftKey && last) {
    const all = boxes(form);
    const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    all.slice(Math.max(0, from), to + 1).forEach((other) => { other.checked = box.checked; });
  }
  last = box;
  refresh(form);
});

on("click", "[data-bulk-all]", (_, button) => refresh(button.closest("form"), true));
on("click", "[data-bulk-clear]", (_, button) => {
  const form = button.closest("form");
  boxes(form).forEach((box) => { box.checked = false; });
  refresh(form);
  find("[data-bulk-page]", form).focus();
});
