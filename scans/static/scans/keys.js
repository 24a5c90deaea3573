// Single keys for the front desk: never while somebody types, with a modifier, or over an open dialog.
const OFF = "archway-keys-off";
const TYPING = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), select, textarea, [contenteditable]";
const PRESSABLE = "a[href], button, summary, input, select, textarea, label";

const dialog = () => document.querySelector("dialog[data-keys]");
const isOff = () => localStorage.getItem(OFF) === "1";

function nameOf(event) {
  // With the caps lock on, J is j. Shift makes "?" and "/" on some keyboards, and digits on others.
  const isLetter = event.key.length === 1 && event.key.toLowerCase() !== event.key.toUpperCase();
  if (isLetter) return event.shiftKey ? "" : event.key.toLowerCase();
  return event.key;
}

function isMeantForUs(event, name) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return false;
  if (document.querySelector("dialog[open]") || event.target.closest?.(TYPING)) return false;
  // A button or a link that has the focus keeps its own Enter.
  if (name === "Enter" && event.target.closest?.(PRESSABLE)) return false;
  return !event.repeat || name === "j" || name === "k";
}

function prepareHelp() {
  const help = dialog();
  if (!help) return;
  const toggle = help.querySelector("[data-keys-on]");
  toggle.checked = !isOff();
  toggle.addEventListener("change", () => localStorage.setItem(OFF, toggle.checked ? "0" : "1"));
  for (const button of document.querySelectorAll("[data-opens-keys]")) {
    button.hidden = false;
    button.addEventListener("click", () => help.showModal());
  }
}

// actions: name of the key ("j", "1", "Enter", "/", "Escape") to what it does; "?" opens the help by itself.
// An action that returns false leaves the key to the browser.
export function listen(actions) {
  prepareHelp();
  const all = { "?": () => dialog()?.showModal(), ...actions };
  document.addEventListener("keydown", (event) => {
    const name = nameOf(event);
    if (isOff() || !Object.hasOwn(all, name) || !isMeantForUs(event, name)) return;
    if (all[name](event) !== false) event.preventDefault();
  });
}
