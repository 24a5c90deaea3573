// The page of one case: choose a candidate, file, open a form - all by key as well as by mouse.
// Without this script every card is a link and every decision a form.
import { listen } from "./keys.js";

const page = document.querySelector(".aw-case");
const one = (selector) => page.querySelector(selector);

function choose(number) {
  const panel = one(`[data-panel="${number}"]`);
  if (!panel) return false;
  for (const other of page.querySelectorAll("[data-panel]")) other.hidden = other !== panel;
  for (const card of page.querySelectorAll("[data-candidate]")) {
    if (card.dataset.candidate === String(number)) card.setAttribute("aria-current", "true");
    else card.removeAttribute("aria-current");
  }
  // A reader hears whom it compares with now; Enter then files, and does not choose again.
  panel.querySelector("h2").focus({ preventScroll: matchMedia("(min-width: 64rem)").matches });
  return true;
}

function open(id) {
  const details = one(`#${CSS.escape(id)}`);
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = true;
  details.querySelector("form.aw-form :is(input, select):not([type=hidden])")?.focus();
}

function file() {
  one("[data-panel]:not([hidden]) [data-file]")?.requestSubmit();
}

function go(step) {
  one(`[data-step="${step}"]`)?.click();
}

page.addEventListener("click", (event) => {
  const card = event.target.closest("[data-candidate]");
  const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (card && plain && choose(card.dataset.candidate)) event.preventDefault();
});

page.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const details = document.activeElement?.closest("details[open]") ?? one("details[name=decision][open]");
  if (!details) return;
  details.open = false;
  details.querySelector("summary").focus();
});

// A decision is sent once, however often a key or a finger comes down.
page.addEventListener("submit", (event) => {
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => {
  for (const form of page.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => [String(number), () => choose(number)]);
listen({
  ...Object.fromEntries(numbers),
  j: () => go("next"),
  k: () => go("before"),
  Enter: file,
  n: () => open("new"),
  h: () => open("hold"),
  r: () => open("reject"),
  u: () => (one("[data-undo]") ?? one("[data-undo-here]"))?.requestSubmit(),
  "/": () => one("#patient-words")?.focus(),
});

if (location.hash) open(location.hash.slice(1));
for (const details of page.querySelectorAll("details[name=decision][open]")) open(details.id);
page.dataset.state = "ready";
