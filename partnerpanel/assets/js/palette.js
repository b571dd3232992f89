// ⌘K: pages are filtered here, customers are searched by the server (htmx on the input).
import { find, findAll, on, step } from "./dom.js";

const palette = document.getElementById("palette");
const options = () => findAll("[role=option]", palette).filter((option) => !option.hidden);

function select(option) {
  findAll("[role=option]", palette).forEach((other) => other.setAttribute("aria-selected", String(other === option)));
  option?.scrollIntoView({ block: "nearest" });
  const input = find("input", palette);
  if (option) input.setAttribute("aria-activedescendant", option.id);
  else input.removeAttribute("aria-activedescendant");
}

function filter() {
  const words = find("input", palette).value.trim().toLowerCase().split(/\s+/);
  findAll("[data-page]", palette).forEach((option) => {
    option.hidden = !words.every((word) => option.textContent.toLowerCase().includes(word));
  });
  select(options()[0]);
}

export function openPalette() {
  if (!palette || palette.open) return;
  find("input", palette).value = "";
  document.getElementById("palette-found").replaceChildren();
  palette.showModal();
  filter();
}

if (palette) {
  on("input", "#palette input", filter);
  on("keydown", "#palette input", (e) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    const selected = find("[aria-selected=true]", palette);
    if (by) select(step(options(), selected, by));
    else if (e.key === "Enter") selected?.click();
    else return;
    e.preventDefault();
  });
  document.body.addEventListener("htmx:afterSwap", ({ detail }) => detail.target.id === "palette-found" && select(options()[0]));
  on("click", "[data-palette]", openPalette);
}
