// The upload page: what is dropped becomes deliveries, is sent, and is watched until each is read.

import { entriesOfDrop, entriesOfInput, parcelsOf } from "./upload_gather.js";
import { Row } from "./upload_rows.js";
import { ask, Sender } from "./upload_send.js";
import { number, rate, sentence, size, word } from "./upload_words.js";

const POLL_MS = 1000;
const SLOWEST_POLL_MS = 10000;
const HEAR_MS = 20000;
const SLOW_ANSWER = 1.3;
const OPEN = new Set(["RECEIVING", "RECEIVED"]);

const by = (id) => document.getElementById(id);
const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? document.querySelector("[name=csrfmiddlewaretoken]").value;

// A delivery as the server has it, and, while this page sends it, the items of the sender.
class Parcel {
  constructor(state, chosen) {
    this.update(state);
    this.name = chosen && chosen.kind !== "loose" ? chosen.name : folderOf(state.files);
    this.items = chosen && state.files.map((file, index) => ({ file: chosen.files[index].file, index, parcel: this }));
    this.update(state);
    this.row = new Row(this, (act, item) => acts[act](this, item));
  }

  update(state) {
    Object.assign(this, state);
    this.files.forEach((file, index) => (file.item = this.items?.[index]));
    this.size = this.files.reduce((sum, file) => sum + file.size, 0);
  }

  get isOpen() {
    return OPEN.has(this.state);
  }

  // This page sends it: until the server was told that all is there.
  get isSending() {
    return this.state === "RECEIVING" && this.items !== undefined;
  }

  get isSent() {
    return this.items.every((item) => item.state === "sent");
  }

  get sent() {
    return this.items.reduce((sum, item) => sum + item.sent, 0);
  }

  get phase() {
    if (this.state === "RECEIVED") return this.job?.state === "RUNNING" ? "RUNNING" : "QUEUED";
    if (this.state !== "RECEIVING") return this.state;
    if (!this.items) return "elsewhere";
    const rest = this.items.filter((item) => item.state !== "sent");
    return rest.length && rest.every((item) => ["failed", "stopped"].includes(item.state)) ? "problem" : "RECEIVING";
  }
}

function folderOf(files) {
  const tops = new Set(files.map((file) => file.name.split("/")));
  const names = new Set([...tops].map((parts) => (parts.length > 1 ? parts[0] : "")));
  return names.size === 1 ? [...names][0] : "";
}

const setup = JSON.parse(by("setup")?.textContent ?? "null");
const parcels = [];
const sender = new Sender({ token, onChange: changed, sentence });
let wait = POLL_MS;
let timer = 0;
let heard = 0;
let isDrawn = true;

const addressOf = (name, parcel) => setup.addresses[name].replace(setup.addresses.nowhere, parcel.uuid);

const acts = {
  retry: (parcel, item) => sender.retry(item),
  without: (parcel) => finish(parcel),
  async stop(parcel) {
    for (const item of parcel.items) if (item.state !== "sent") sender.stop(item);
    await told(parcel, "stop");
  },
};

function tell(text) {
  by("error").hidden = !text;
  by("error").textContent = text;
}

function say(text) {
  by("live").textContent = text;
}

function draw() {
  isDrawn = true;
  for (const parcel of parcels) if (!parcel.isDone) drawOne(parcel);
  const items = parcels.filter((one) => one.isSending).flatMap((one) => one.items);
  const busy = items.filter((item) => ["waiting", "sending"].includes(item.state));
  by("overall").hidden = !busy.length;
  if (busy.length) drawOverall(items);
  by("none").hidden = parcels.length > 0;
}

function drawOne(parcel) {
  const share = sender.speed / Math.max(parcels.filter((one) => one.isSending).length, 1);
  parcel.row.draw(parcel.phase, share);
  parcel.isDone = !parcel.isOpen;
}

function drawOverall(items) {
  const total = items.reduce((sum, item) => sum + item.file.size, 0);
  const sent = items.reduce((sum, item) => sum + item.sent, 0);
  const here = items.filter((item) => item.state === "sent").length;
  by("overall-words").textContent = word("overall", { done: number(here), count: number(items.length) });
  by("overall-rate").textContent = rate(sender.speed, total - sent);
  [by("overall-bar").max, by("overall-bar").value] = [Math.max(total, 1), sent];
}

function changed(item) {
  const { parcel } = item;
  if (parcel.isSent && !parcel.isFinishing) finish(parcel);
  if (!isDrawn) return;
  isDrawn = false;
  // Not by animation frames: they stand still while the tab is in the background.
  setTimeout(draw, 100);
}

async function finish(parcel) {
  parcel.isFinishing = true;
  await told(parcel, "finish");
  if (!parcels.some((one) => one.isSending)) say(word("said-all"));
}

async function told(parcel, act) {
  try {
    parcel.update(await ask(addressOf(act, parcel), {}, token, sentence));
    tell("");
  } catch (error) {
    parcel.isFinishing = false;
    tell(error.message);
  }
  draw();
  pollSoon();
}

async function send(chosen) {
  tell("");
  const refused = chosen.length ? chosen.map(refusalOf).find(Boolean) : word("nothing");
  if (refused) return tell(refused);
  const deliveries = chosen.map((parcel) => parcel.files.map(({ name, file }) => ({ name, size: file.size })));
  try {
    const said = await ask(setup.addresses.begin, { clinic: by("clinic").value, deliveries }, token, sentence);
    const added = said.deliveries.map((state, index) => show(new Parcel(state, chosen[index])));
    for (const parcel of added) sender.add(itemsOf(parcel));
    say(word("said-start"));
    draw();
    pollSoon();
  } catch (error) {
    tell(error.message);
  }
}

function itemsOf(parcel) {
  for (const item of parcel.items) item.address = `${addressOf("file", parcel)}${item.index}`;
  return parcel.items;
}

function refusalOf(parcel) {
  const total = parcel.files.reduce((sum, { file }) => sum + file.size, 0);
  if (total > setup.limit) return word("too-large", { name: parcel.name, limit: size(setup.limit) });
  if (parcel.files.length > setup.mostFiles) return word("too-many", { name: parcel.name, limit: number(setup.mostFiles) });
  return "";
}

function show(parcel) {
  parcels.unshift(parcel);
  by("parcels").prepend(parcel.row.element);
  return parcel;
}

function pollSoon() {
  wait = POLL_MS;
  clearTimeout(timer);
  timer = setTimeout(poll, wait);
}

// Asks how the open deliveries stand; by this the server also hears that those being sent are not given up.
async function poll() {
  const sending = parcels.filter((one) => one.isSending);
  const watched = parcels.filter((one) => one.isOpen && !one.isSending);
  const isTimeToBeHeard = sending.length > 0 && Date.now() - heard > HEAR_MS;
  if (isTimeToBeHeard) watched.push(...sending);
  if (watched.length) await look(watched, sending, isTimeToBeHeard);
  // What is all here, but could not be said to be: once more.
  for (const parcel of sending) if (parcel.isSent && !parcel.isFinishing) finish(parcel);
  clearTimeout(timer);
  if (parcels.some((one) => one.isOpen)) timer = setTimeout(poll, wait);
}

async function look(watched, sending, isTimeToBeHeard) {
  const uuids = (rows) => rows.map((one) => one.uuid);
  try {
    const body = { deliveries: uuids(watched), sending: isTimeToBeHeard ? uuids(sending) : [] };
    const said = await ask(setup.addresses.state, body, token, sentence);
    if (isTimeToBeHeard) heard = Date.now();
    const before = watched.map((one) => one.phase + (one.job?.done ?? ""));
    for (const state of said.deliveries) take(state);
    const isSame = watched.every((one, index) => one.phase + (one.job?.done ?? "") === before[index]);
    wait = isSame ? Math.min(wait * SLOW_ANSWER, SLOWEST_POLL_MS) : POLL_MS;
    if (sending.length === 0) tell("");
  } catch (error) {
    wait = Math.min(wait * 2, SLOWEST_POLL_MS);
    tell(error.message);
  }
}

function take(state) {
  const parcel = parcels.find((one) => one.uuid === state.uuid);
  const was = parcel.phase;
  parcel.update(state);
  drawOne(parcel);
  if (parcel.phase !== was && !parcel.isOpen) say(word("said-one", { name: parcel.row.name, state: word(`state-${parcel.phase}`) }));
}

function listen() {
  for (const id of ["files", "folder"]) {
    by(id).addEventListener("change", (event) => {
      const entries = entriesOfInput(event.target);
      event.target.value = "";
      if (entries.length) send(parcelsOf(entries, by("alone").checked));
    });
  }
  by("send").addEventListener("submit", (event) => event.preventDefault());
  const drop = by("drop");
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
      // A file that misses the zone must not replace the page and end what is being sent.
      event.preventDefault();
      drop.classList.toggle("aw-over", name === "dragenter" || name === "dragover");
    });
  }
  document.addEventListener("drop", async (event) => {
    if (event.dataTransfer?.items.length) send(parcelsOf(await entriesOfDrop(event.dataTransfer), by("alone").checked));
  });
  window.addEventListener("beforeunload", (event) => {
    if (sender.isBusy) event.preventDefault();
  });
}

if (setup) {
  for (const state of setup.today.toReversed()) show(new Parcel(state));
  listen();
  draw();
  if (parcels.some((one) => one.isOpen)) pollSoon();
  document.querySelector(".aw-upload").dataset.state = "ready";
}
