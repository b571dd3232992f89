// A popup is confirmed with the preview that belongs to its fields: while a new one is under way, its button waits.
// Who pressed it meanwhile is obeyed when the new preview says the same, and looks at it first when it does not.
// Who stands on something that a new preview replaces stands on its successor afterwards. Who types into it meanwhile
// keeps what was typed: that preview knows nothing of it, and the next one, which the end of typing asks for, does.
import { find, findAll } from "./dom.js";

const TYPED_INTO = "input:not([type=hidden], [type=checkbox], [type=radio]), textarea";
const REACHED_BY_TAB = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";

const underWay = new WeakMap();

const formOf = ({ elt, requestConfig }) => requestConfig.path.includes("?preview") && elt.closest("form");
const wording = (form) => find(".quote", form)?.textContent;

document.addEventListener("htmx:beforeRequest", ({ detail }) => {
  const form = formOf(detail);
  if (!form) return;
  const asked = new Map(findAll(TYPED_INTO, detail.target).map((field) => [field, field.value]));
  underWay.set(form, { pressed: false, shown: wording(form), asked });
  findAll("[type=submit]", form).forEach((button) => button.setAttribute("aria-disabled", "true"));
});
document.addEventListener("htmx:afterRequest", ({ detail }) => {
  const form = formOf(detail);
  const preview = form && underWay.get(form);
  if (!preview) return;
  underWay.delete(form);
  findAll("[type=submit]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  if (preview.pressed && detail.successful && wording(form) === preview.shown) form.requestSubmit();
});
let stoodOn = -1;
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const field = document.activeElement;
  const preview = underWay.get(formOf(detail));
  if (preview?.asked.has(field) && preview.asked.get(field) !== field.value) {
    detail.shouldSwap = false;
    preview.pressed = false;
  }
  stoodOn = formOf(detail) ? findAll(REACHED_BY_TAB, detail.target).indexOf(document.activeElement) : -1;
});
document.addEventListener("htmx:afterSwap", ({ detail }) => {
  if (stoodOn < 0 || !formOf(detail)) return;
  const successors = findAll(REACHED_BY_TAB, document.getElementById(detail.target.id));
  const isLost = !successors.includes(document.activeElement) && !document.activeElement?.closest("form");
  if (isLost) successors[Math.min(stoodOn, successors.length - 1)]?.focus({ preventScroll: true });
  stoodOn = -1;
});
document.addEventListener(
  "submit",
  (e) => {
    const preview = underWay.get(e.target);
    if (!preview) return;
    e.preventDefault();
    e.stopImmediatePropagation();
    preview.pressed = true;
  },
  { capture: true },
);
