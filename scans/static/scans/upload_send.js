// Sends files: a few at a time, one PUT each, with what is sent and how fast. Knows nothing of the page.

const AT_ONCE = 3;
const TRIES = 3;
const AGAIN_AFTER_MS = 1500;
const SPEED_OVER_MS = 5000;

// item: { address, file }; gets state ("waiting" | "sending" | "sent" | "failed" | "stopped"), sent (bytes) and words.
export class Sender {
  constructor({ token, onChange, sentence }) {
    this.token = token;
    this.onChange = onChange;
    this.sentence = sentence;
    this.waiting = [];
    this.running = new Set();
    this.samples = [];
    this.total = 0;
    this.passed = 0;
  }

  add(items) {
    for (const item of items) {
      Object.assign(item, { state: "waiting", sent: 0, words: "", tries: 0 });
      this.waiting.push(item);
    }
    this.#fill();
  }

  retry(item) {
    if (item.state === "failed" || item.state === "stopped") this.add([item]);
  }

  stop(item) {
    const was = item.state;
    item.state = "stopped";
    this.waiting = this.waiting.filter((one) => one !== item);
    if (was === "sending") item.request?.abort();
    this.onChange(item);
  }

  get isBusy() {
    return this.waiting.length > 0 || this.running.size > 0;
  }

  // Bytes a second over the last few seconds.
  get speed() {
    const now = performance.now();
    this.samples = this.samples.filter((one) => now - one.at < SPEED_OVER_MS);
    if (this.samples.length < 2) return 0;
    const bytes = this.samples.reduce((sum, one) => sum + one.bytes, 0);
    return (bytes * 1000) / Math.max(now - this.samples[0].at, 250);
  }

  #fill() {
    while (this.running.size < AT_ONCE && this.waiting.length) this.#send(this.waiting.shift());
  }

  #send(item) {
    this.running.add(item);
    Object.assign(item, { state: "sending", sent: 0, words: "", tries: item.tries + 1 });
    const request = new XMLHttpRequest();
    item.request = request;
    request.open("PUT", item.address);
    request.setRequestHeader("X-CSRFToken", this.token());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => this.#progress(item, event.loaded);
    request.onload = () => this.#ended(item, request.status, request.response);
    request.onerror = () => this.#ended(item, 0, null);
    request.onabort = () => this.#ended(item, -1, null);
    request.send(item.file);
    this.onChange(item);
  }

  #progress(item, loaded) {
    const sent = Math.min(loaded, item.file.size);
    this.samples.push({ at: performance.now(), bytes: Math.max(sent - item.sent, 0) });
    item.sent = sent;
    this.onChange(item);
  }

  #ended(item, status, answer) {
    this.running.delete(item);
    item.request = null;
    if (status >= 200 && status < 300 && answer?.arrived !== undefined) Object.assign(item, { state: "sent", sent: item.file.size });
    else if (item.state !== "stopped") this.#failed(item, status, answer);
    this.onChange(item);
    this.#fill();
  }

  // A connection that broke, or a server that is busy: once more by itself. A refusal is final until a person says so.
  #failed(item, status, answer) {
    item.sent = 0;
    const mayPass = status === 0 || status >= 500;
    if (mayPass && item.tries < TRIES) {
      item.state = "waiting";
      setTimeout(() => {
        if (item.state !== "waiting") return;
        this.waiting.push(item);
        this.#fill();
      }, AGAIN_AFTER_MS * item.tries);
      return;
    }
    item.state = "failed";
    item.words = answer?.detail || this.sentence(status);
  }
}

// Asks one of the page's JSON addresses. Throws an Error with a sentence for people.
export async function ask(address, body, token, sentence) {
  let answer;
  try {
    answer = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
      body: JSON.stringify(body ?? {}),
      credentials: "same-origin",
    });
  } catch {
    throw new Error(sentence(0));
  }
  const said = await answer.json().catch(() => null);
  if (answer.ok && said) return said;
  const error = new Error(said?.detail || sentence(answer.status));
  error.status = answer.status;
  throw error;
}
