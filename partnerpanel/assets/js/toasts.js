// Toasts leave by themselves, but not while somebody points at them or is inside them.
import { find, on } from "./dom.js";

const region = document.getElementById("toasts");

function arm(toast) {
  const wait = Number(toast.dataset.timeout);
  if (!wait) return;
  let timer = setTimeout(() => toast.remove(), wait);
  const hold = () => clearTimeout(timer);
  const release = () => { timer = setTimeout(() => toast.remove(), wait); };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusout", release);
}

export function show(templateId) {
  const template = document.getElementById(templateId);
  if (template && region) region.append(template.content.cloneNode(true));
}

if (region) {
  region.querySelectorAll(".toast").forEach(arm);
  new MutationObserver((changes) => {
    changes.flatMap((change) => [...change.addedNodes]).filter((node) => node.matches?.(".toast")).forEach(arm);
  }).observe(region, { childList: true });

  document.body.addEventListener("htmx:responseError", ({ detail }) => show(detail.xhr.status === 403 ? "toast-forbidden" : "toast-failed"));
  document.body.addEventListener("htmx:sendError", () => show("toast-offline"));
  document.body.addEventListener("htmx:timeout", () => show("toast-offline"));
}

// An Undo that was carried out has no second use: its toast goes with the popup.
on("click", ".toast a", (_, link) => { link.closest(".toast").dataset.used = ""; });
document.body.addEventListener("popup:close", () => find(".toast[data-used]")?.remove());

on("click", "[data-dismiss]", (_, button) => button.closest(".toast, .alert").remove());
