// One listener for the keys of a page; what is typed into a field, and what a browser means by a key, is left alone.
const FIELDS = "input, select, textarea, [contenteditable]";
const PRESSED_BY_ENTER = "a, button, summary, input, select, textarea";

export function listen(handlers) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    const at = document.activeElement ?? document.body;
    if (at.matches(event.key === "Enter" ? PRESSED_BY_ENTER : FIELDS) || at.closest("dialog[open]")) return;
    const handler = handlers[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!handler) return;
    event.preventDefault();
    handler(event);
  });
}
