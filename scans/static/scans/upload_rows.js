// One delivery on the page: how it is being sent, then what became of it. Draws what it is told, decides nothing.

import { number, percent, rate, size, word } from "./upload_words.js";

const ICONS = {
  waiting: "…", sending: "↑", sent: "✓", failed: "✕", stopped: "■", missing: "✕", accept: "✓", reject: "✕", skip: "–",
  RECEIVING: "↑", elsewhere: "↑", QUEUED: "…", RUNNING: "⟳", PROCESSED: "✓", DUPLICATE: "=", REJECTED: "✕", FAILED: "✕", problem: "!",
  waits: "!", filed: "✓",
};
const TONES = {
  sent: "good", accept: "good", PROCESSED: "good", DUPLICATE: "good", failed: "bad", missing: "bad", reject: "bad",
  REJECTED: "bad", FAILED: "bad", problem: "unsure", waits: "unsure", filed: "good",
};
const OF_CASE = { PENDING: "waits", FILED: "filed" };
const BIG = 50e6;

function badge(name, words) {
  const shown = document.createElement("strong");
  shown.className = `aw-badge aw-${TONES[name] ?? "calm"}`;
  const icon = document.createElement("span");
  icon.setAttribute("aria-hidden", "true");
  icon.textContent = `${ICONS[name] ?? "•"} `;
  shown.append(icon, words);
  return shown;
}

function set(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export class Row {
  constructor(parcel, onAct) {
    this.parcel = parcel;
    this.files = new Map();
    this.element = document.getElementById("parcel").content.firstElementChild.cloneNode(true);
    this.element.dataset.delivery = parcel.uuid;
    const [first] = parcel.files;
    const more = parcel.files.length - 1;
    const name = parcel.name || (more > 0 ? word("loose", { first: first.name, more: number(more) }) : (first?.name ?? ""));
    this.name = name;
    set(this.find("h3"), name);
    for (const place of this.element.querySelectorAll("[data-name]")) set(place, name);
    this.find("progress").setAttribute("aria-label", name);
    this.find("details").open = parcel.items !== undefined && parcel.files.length <= 8;
    this.element.addEventListener("click", (event) => {
      const button = event.target.closest("[data-act]");
      if (button) onAct(button.dataset.act, button.closest(".aw-file-row")?.item);
    });
  }

  find(selector) {
    return this.element.querySelector(selector);
  }

  // phase: what the badge says. See `Parcel.phase`.
  draw(phase, speed) {
    const { parcel } = this;
    const standing = (phase === "PROCESSED" && OF_CASE[parcel.case?.state]) || phase;
    if (this.standing !== standing) this.find(".aw-state").replaceChildren(badge(standing, word(`state-${standing}`)));
    this.standing = standing;
    this.element.dataset.state = phase;
    const isSending = parcel.isSending;
    this.find("[data-act=stop]").hidden = !isSending;
    this.find("[data-act=without]").hidden = phase !== "problem";
    this.#drawBar(phase, speed);
    this.#drawResult(phase);
    set(this.find("summary"), word("files", { count: number((parcel.lines.length ? parcel.lines : parcel.files).length) }));
    if (parcel.lines.length) this.#drawLines();
    else this.#drawFiles();
  }

  #drawBar(phase, speed) {
    const { parcel } = this;
    const bar = this.find(".aw-bar");
    const [progress, words] = bar.children;
    bar.hidden = !(parcel.isSending || phase === "QUEUED" || phase === "RUNNING");
    if (parcel.isSending) {
      progress.max = Math.max(parcel.size, 1);
      progress.value = parcel.sent;
      const share = word("percent", { percent: percent(parcel.sent / Math.max(parcel.size, 1)), size: size(parcel.size) });
      set(words, [share, rate(speed, parcel.size - parcel.sent)].filter(Boolean).join(" · "));
    } else if (!bar.hidden) this.#drawJob(progress, words);
  }

  #drawJob(progress, words) {
    const { job } = this.parcel;
    const isCounted = job?.total > 0;
    if (isCounted) [progress.max, progress.value] = [job.total, job.done];
    else progress.removeAttribute("value");
    const step = isCounted ? word("step", { done: number(job.done), total: number(job.total) }) : word("starting");
    const attempt = job?.attempts > 1 ? word("attempt", { attempt: number(job.attempts) }) : "";
    set(words, [step, attempt].filter(Boolean).join(" · "));
  }

  #drawResult(phase) {
    const { parcel } = this;
    const result = this.find(".aw-result");
    const [words, link] = result.children;
    const untaken = parcel.job?.isUntaken ? word("untaken") : "";
    const problem = phase === "problem" ? word("problem") : "";
    set(words, parcel.case?.words || parcel.message || untaken || problem);
    link.hidden = !parcel.case;
    if (parcel.case) link.href = parcel.case.address;
    result.hidden = !words.textContent && link.hidden;
  }

  #row(key) {
    let row = this.files.get(key);
    if (!row) {
      row = document.getElementById("file").content.firstElementChild.cloneNode(true);
      this.files.set(key, row);
      this.find(".aw-files").append(row);
    }
    return row;
  }

  #drawFiles() {
    for (const file of this.parcel.files) {
      const row = this.#row(file.name);
      const { item } = file;
      row.item = item;
      const state = item?.state ?? (file.arrived ? "sent" : this.parcel.isOpen ? "waiting" : "missing");
      this.#drawFile(row, { name: file.name, state, words: word(state), why: item?.words ?? "" });
      set(row.querySelector(".aw-size"), size(file.size));
      const bar = row.querySelector("progress");
      bar.hidden = state !== "sending" || (this.parcel.files.length === 1 && file.size < BIG);
      bar.setAttribute("aria-label", file.name);
      [bar.max, bar.value] = [Math.max(file.size, 1), item?.sent ?? 0];
      row.querySelector("[data-act=retry]").hidden = !item || !["failed", "stopped"].includes(state) || !this.parcel.isSending;
    }
  }

  #drawLines() {
    if (this.hasLines) return;
    this.hasLines = true;
    this.files.clear();
    this.find(".aw-files").replaceChildren();
    this.parcel.lines.forEach((line, index) => {
      const words = [word(line.verdict), line.type].filter(Boolean).join(": ");
      this.#drawFile(this.#row(index), { name: line.name, state: line.verdict, words, why: line.message });
    });
  }

  #drawFile(row, { name, state, words, why }) {
    set(row.querySelector(".aw-name"), name);
    if (row.dataset.state !== state) row.querySelector(".aw-verdict").replaceChildren(badge(state, words));
    row.dataset.state = state;
    set(row.querySelector(".aw-why-not"), why);
    set(row.querySelector("[data-name]"), name);
  }
}
