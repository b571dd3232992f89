// One listener on the document serves elements that htmx swaps in later.
export function on(event, selector, handle, options) {
  document.addEventListener(
    event,
    (e) => {
      const element = e.target instanceof Element && e.target.closest(selector);
      if (element) handle(e, element);
    },
    options,
  );
}

export const find = (selector, root = document) => root.querySelector(selector);
export const findAll = (selector, root = document) => [...root.querySelectorAll(selector)];

export function remember(name, value) {
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=31536000; SameSite=Lax${secure}`;
}

// Moves to the next or previous element of a list, round and round.
export function step(elements, current, by) {
  const index = elements.indexOf(current);
  return elements[(index + by + elements.length) % elements.length] ?? elements[0];
}
