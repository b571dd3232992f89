// Menus are popovers in the top layer: the browser opens, closes and stacks them; here they find their place.
import { find, findAll, on, step } from "./dom.js";

const GAP = 4;
const EDGE = 8;
const opener = (menu) => find(`[popovertarget="${CSS.escape(menu.id)}"]`);

function place(menu) {
  const button = opener(menu)?.getBoundingClientRect();
  if (!button) return;
  const { clientWidth, clientHeight } = document.documentElement;
  const toTheEnd = button.left > clientWidth / 2;
  const room = clientWidth - menu.offsetWidth - EDGE;
  menu.style.left = toTheEnd ? "auto" : `${Math.max(EDGE, Math.min(button.left, room))}px`;
  menu.style.right = toTheEnd ? `${Math.max(EDGE, Math.min(clientWidth - button.right, room))}px` : "auto";
  // On the side where it fits, else where there is more room: there it scrolls.
  menu.style.maxHeight = "";
  const below = clientHeight - button.bottom - GAP - EDGE, over = button.top - GAP - EDGE;
  const above = menu.offsetHeight > below && over > below;
  menu.style.maxHeight = `${above ? over : below}px`;
  menu.style.top = above ? "auto" : `${button.bottom + GAP}px`;
  menu.style.bottom = above ? `${clientHeight - button.top + GAP}px` : "auto";
}

// A menu stays at its button while the page scrolls, and goes when the button does.
function follow(menu) {
  const button = opener(menu)?.getBoundingClientRect();
  if (!button || button.bottom < 0 || button.top > document.documentElement.clientHeight) menu.hidePopover();
  else place(menu);
}

document.addEventListener("beforetoggle", (e) => {
  if (e.target.matches?.(".menu") && e.newState === "open") place(e.target);
}, true);

document.addEventListener("toggle", (e) => {
  if (!e.target.matches?.(".menu") || e.newState !== "open") return;
  place(e.target);
  find("[autofocus], .menu-item, a, button, input", e.target)?.focus();
}, true);

document.addEventListener("scroll", (e) => {
  findAll(".menu:popover-open").filter((menu) => !menu.contains(e.target)).forEach(follow);
}, { capture: true, passive: true });

on("keydown", ".menu", (e, menu) => {
  const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
  if (!by) return;
  e.preventDefault();
  step(findAll(".menu-item", menu), document.activeElement, by).focus();
});

on("click", ".menu a, .menu button:not([data-theme-choice])", (_, item) => item.closest(".menu").hidePopover());
