// The queue by keyboard. The selection is the focus: J and K focus a case's link, 1 to 5 the button of a likely
// patient, and Enter does what the browser does with them.
import { listen } from "./keys.js";

const rows = [...document.querySelectorAll("[data-row]")];
let at = Math.max(0, Math.min(numberInAddress(), rows.length) - 1);

function numberInAddress() {
  return Number(/^#row-(\d+)$/.exec(location.hash)?.[1] ?? 1);
}

function current() {
  return rows[at];
}

// Only says which row it is: nothing moves under a mouse that is about to click.
function mark(number) {
  current()?.removeAttribute("aria-current");
  at = number;
  current().setAttribute("aria-current", "true");
}

function expand(row) {
  for (const list of document.querySelectorAll("details[data-opened]")) {
    list.open = false;
    delete list.dataset.opened;
  }
  const others = row.querySelector(".aw-others");
  if (others && !others.open) {
    others.open = true;
    others.dataset.opened = "";
  }
}

function select(number) {
  if (number < 0 || number >= rows.length) return;
  mark(number);
  expand(current());
  current().scrollIntoView({ block: "nearest" });
  link().focus({ preventScroll: true });
}

function link() {
  return current().querySelector("[data-open]");
}

function choose(number) {
  const button = current()?.querySelector(`[data-choice="${number}"]`);
  if (!button) return;
  button.focus({ preventScroll: true });
  button.closest(".aw-choice").scrollIntoView({ block: "nearest" });
}

function open(fragment = "") {
  if (current()) location.assign(link().href + fragment);
}

function pick() {
  current()?.querySelector("[data-pick]")?.click();
}

function undo() {
  (document.querySelector(".aw-undo form") ?? document.querySelector("form[data-undo-last]"))?.requestSubmit();
}

function search() {
  const field = document.querySelector("[data-search]");
  field.focus();
  field.select();
}

function rest() {
  if (current()) link().focus({ preventScroll: true });
}

// A row that somebody reaches by mouse or Tab is the selected one too.
function followFocus() {
  for (const [number, row] of rows.entries())
    row.addEventListener("focusin", () => {
      if (number !== at) mark(number);
    });
}

function prepareSelection() {
  if (!rows.length) return;
  mark(at);
  expand(current());
  if (/^#row-\d+$/.test(location.hash)) select(at);
}

function prepareFilters() {
  const form = document.querySelector("[data-filters]");
  form.querySelector("[data-without-script]").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
  // Only what is chosen stands in the address.
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value) formData.delete(name);
  });
}

function prepareSeveral() {
  const form = document.querySelector("[data-several]");
  if (!form) return;
  const boxes = [...document.querySelectorAll("[data-pick]")];
  const all = form.querySelector("[data-all]");
  const told = form.querySelector("[data-count]");
  form.querySelector("[data-all-label]").hidden = false;
  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    form.classList.toggle("aw-idle", count === 0);
    for (const button of form.querySelectorAll("button")) button.disabled = count === 0;
    told.textContent = `${told.dataset.words} ${count}`;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}

followFocus();
prepareSelection();
prepareFilters();
prepareSeveral();
listen({
  j: () => select(at + 1),
  k: () => select(at - 1),
  ...Object.fromEntries([1, 2, 3, 4, 5].map((number) => [String(number), () => choose(number)])),
  Enter: () => open(),
  o: () => open(),
  n: () => open("#new"),
  h: () => open("#hold"),
  r: () => open("#reject"),
  x: pick,
  u: undo,
  "/": search,
  Escape: rest,
});
document.querySelector(".aw-queue").dataset.state = "ready";
