// `/` searches, `?` helps, `g` and a letter goes; ⌘K works everywhere. Single keys can be switched off in the help.
import { find, on } from "./dom.js";
import { openPalette } from "./palette.js";

const SWITCH = "shortcuts-off";
const typing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
let prefix = "";

function single(key) {
  const link = find(`[data-shortcut="${CSS.escape(`${prefix}${key}`)}"]`);
  prefix = key === "g" && !link ? "g " : "";
  if (link) return link.click();
  if (key === "?") return document.getElementById("shortcuts")?.showModal();
  if (key !== "/") return undefined;
  const search = find("main [data-search]");
  return search ? search.focus() : openPalette();
}

document.addEventListener("keydown", (e) => {
  if (e.key.toLowerCase() === "k" && (e.metaKey || e.ctrlKey)) {
    e.preventDefault();
    openPalette();
    return;
  }
  const off = localStorage.getItem(SWITCH) === "1";
  if (off || e.metaKey || e.ctrlKey || e.altKey || typing(e.target) || find("dialog[open]")) return;
  if (["/", "?"].includes(e.key)) e.preventDefault();
  single(e.key);
});

const box = find("[data-shortcuts-switch]");
if (box) box.checked = localStorage.getItem(SWITCH) !== "1";
on("change", "[data-shortcuts-switch]", (_, input) => localStorage.setItem(SWITCH, input.checked ? "0" : "1"));
