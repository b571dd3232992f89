// The sidebar on a phone, the theme, and forms that send themselves.
import { find, findAll, on, remember } from "./dom.js";

function drawer(open) {
  const sidebar = document.getElementById("sidebar");
  const button = find("[data-drawer]");
  sidebar.classList.toggle("is-open", open);
  find(".sidebar-shade").hidden = !open;
  find(".page-column").inert = open;
  button.setAttribute("aria-expanded", String(open));
  if (open) find("a, button", sidebar).focus();
  else button.focus();
}

on("click", "[data-drawer]", (_, button) => drawer(button.getAttribute("aria-expanded") !== "true"));
on("click", ".sidebar-shade", () => drawer(false));
document.addEventListener("keydown", (e) => {
  if (e.key === "Escape" && find(".sidebar.is-open") && !find(".menu:popover-open, dialog[open]")) drawer(false);
});

on("click", "[data-theme-choice]", (_, button) => {
  const choice = button.dataset.themeChoice;
  remember("theme", choice);
  document.documentElement.dataset.bsTheme = choice;
  findAll("[data-theme-choice]").forEach((other) => {
    other.setAttribute("aria-pressed", String(other.dataset.themeChoice === choice));
  });
});

// On a phone the current tab may stand beyond the edge of its row.
function showCurrentTab() {
  findAll(".tabs").forEach((tabs) => {
    const current = find("[aria-current]", tabs);
    if (current) tabs.scrollLeft = current.offsetLeft - tabs.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
  });
}

showCurrentTab();
document.body.addEventListener("htmx:afterSettle", showCurrentTab);

on("change", "[data-autosubmit]", (_, field) => field.form.requestSubmit());
