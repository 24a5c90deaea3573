// The buttons, sliders and lists around the picture. Every word comes from the template.
import { steerByKey, steerByPointer } from "./camera.js";
import { Findings } from "./findings.js";
import { openingMm } from "./jaw.js";
import { Keeping } from "./keeping.js";
import { BY_KEY } from "./presets.js";
import { download, snapshot } from "./snapshot.js";

const SNAPSHOT = "scan-view.png";

export class Controls {
  constructor(root, viewer, scene) {
    Object.assign(this, { root, viewer, scene });
    this.find = (name) => root.querySelector(`[data-viewer-${name}]`);
    this.all = (name) => [...root.querySelectorAll(`[data-viewer-${name}]`)];
    this.words = this.find("words").dataset;
    this.canvas = this.find("canvas");
    this.findings = new Findings(viewer.stage, viewer.parts, viewer.labels, this.find("panel"));
    this.keeping = new Keeping(this);
    this.listen();
    steerByPointer(this.canvas, viewer.stage.view);
    viewer.stage.onLoss(() => this.say(this.words.lost), () => this.say(""));
    viewer.measuring.told = (what, row) => this.measured(what, row);
  }

  say(text, isAlert = false) {
    const status = this.find("status");
    status.textContent = text;
    status.classList.toggle("aw-is-alert", isAlert);
  }

  async load() {
    this.root.dataset.state = "loading";
    this.say(this.words.loading);
    this.find("retry").hidden = true;
    const from = performance.now();
    const failed = await this.viewer.load();
    const isReady = failed.length === 0 && this.viewer.parts.length > 0;
    if (this.viewer.seen.length) this.arrive();
    this.root.dataset.loadMs = String(Math.round(performance.now() - from));
    if (isReady) this.say(this.words.ready);
    else this.say(this.viewer.parts.length ? `${this.words.failed} ${failed.map((part) => part.told.label).join(", ")}` : this.words.empty, true);
    this.find("retry").hidden = failed.length === 0;
    this.root.dataset.state = isReady ? "ready" : "error";
  }

  /** Once: what depends on what has come. */
  arrive() {
    const { viewer } = this;
    viewer.paint(viewer.mode);
    viewer.look("front");
    if (this.hasArrived) return;
    this.hasArrived = true;
    this.findings.show();
    this.find("colors").disabled = !viewer.parts.some((part) => part.hasColors);
    this.find("map").disabled = !viewer.canMap;
    this.find("jaw").disabled = viewer.arches().length < 2;
    this.find("full").hidden = !viewer.hasMore;
    this.sectionRange();
    this.keeping.start();
    this.press("preset", "front");
  }

  listen() {
    const on = (name, kind, act) => {
      for (const one of this.all(name)) one.addEventListener(kind, () => act(one));
    };
    on("retry", "click", () => this.load());
    on("preset", "click", (one) => this.look(one.dataset.viewerPreset));
    on("part", "change", (one) => this.show(one, { wanted: one.checked }));
    on("opacity", "input", (one) => this.show(one, { opacity: Number(one.value) / 100 }));
    on("colors", "change", () => this.recolor());
    on("map", "change", () => this.recolor());
    on("jaw", "input", (one) => this.open(Number(one.value)));
    on("jaw", "change", () => this.viewer.fit());
    on("layout", "change", (one) => this.arrange(one.value));
    on("section", "change", () => this.cut());
    on("axis", "change", () => (this.sectionRange(), this.cut()));
    on("at", "input", () => this.cut());
    on("other", "change", () => this.cut());
    on("measure", "click", (one) => this.measure(one.getAttribute("aria-pressed") !== "true"));
    on("full", "click", (one) => this.loadFull(one));
    on("snapshot", "click", () => this.snapshot());
    on("fullscreen", "click", () => this.fullscreen());
    this.find("fullscreen").hidden = !document.fullscreenEnabled;
    document.addEventListener("fullscreenchange", () => this.isFullscreen());
    this.canvas.addEventListener("keydown", (event) => this.key(event));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { measuring, stage } = this.viewer;
    if (steerByKey(event, this.canvas, stage.view)) return this.taken(event);
    if (BY_KEY[event.key]) this.look(BY_KEY[event.key]);
    else if (event.key === "Enter" && measuring.isOn) measuring.setInMiddle();
    else if (event.key === "Escape" && measuring.isOn) this.measure(false);
    else if (event.key === "Escape") this.canvas.blur();
    else return;
    this.taken(event);
  }

  /** The page's own keys must not hear what the picture has heard. */
  taken(event) {
    event.preventDefault();
    event.stopPropagation();
  }

  look(name) {
    this.viewer.look(name);
    this.press("preset", name);
    this.tickParts();
  }

  press(name, chosen) {
    for (const one of this.all(name))
      one.setAttribute("aria-pressed", String(one.getAttribute(`data-viewer-${name}`) === chosen));
  }

  show(input, change) {
    const uuid = input.dataset.viewerPart ?? input.dataset.viewerOpacity;
    if ("wanted" in change) this.viewer.before = null;
    this.viewer.show(this.viewer.parts.find((part) => part.uuid === uuid), change);
  }

  tickParts() {
    for (const part of this.viewer.parts) {
      for (const one of this.all("part")) if (one.dataset.viewerPart === part.uuid) one.checked = part.wanted;
      for (const one of this.all("opacity")) if (one.dataset.viewerOpacity === part.uuid) one.value = part.opacity * 100;
    }
  }

  async recolor() {
    const { viewer } = this;
    const isMap = this.find("map").checked;
    this.find("legend").hidden = !isMap;
    viewer.stopMapping();
    if (!isMap) {
      if (this.root.dataset.map) this.say("");
      return viewer.paint(this.find("colors").checked ? "own" : "stone");
    }
    this.root.dataset.map = "working";
    this.say(this.words.mapping);
    if (!(await viewer.map())) return;
    this.root.dataset.map = "ready";
    this.say(this.words.mapped);
  }

  open(degrees) {
    this.viewer.open(degrees);
    const number = (value) => new Intl.NumberFormat(document.documentElement.lang || undefined).format(Math.round(value));
    this.find("jaw-says").textContent = `${number(degrees)}° · ${number(openingMm(degrees))} mm`;
  }

  arrange(layout) {
    this.viewer.layout = layout;
    this.viewer.pose();
    this.viewer.fit();
  }

  sectionRange() {
    const half = { side: 40, front: 35, height: 25 }[this.find("axis").value];
    const at = this.find("at");
    [at.min, at.max, at.value] = [-half, half, 0];
  }

  cut() {
    const [isOn, at] = [this.find("section").checked, Number(this.find("at").value)];
    this.viewer.section.set({ isOn, at, axis: this.find("axis").value, isOther: this.find("other").checked });
    this.find("cut").hidden = !isOn;
    this.find("at-says").textContent = this.viewer.labels.millimetres(at);
  }

  measure(isOn) {
    this.viewer.measuring.isOn = isOn;
    this.viewer.measuring.forgetFirst();
    this.find("measure").setAttribute("aria-pressed", String(isOn));
    this.root.classList.toggle("aw-is-measuring", isOn);
    this.say(isOn ? this.words.measureFirst : "");
    if (isOn) this.canvas.focus();
  }

  measured(what, row) {
    if (what === "nothing") this.say(this.words.measureNothing);
    if (what === "first") this.say(this.words.measureSecond);
    if (what !== "done") return;
    this.say(`${this.words.distance} ${this.viewer.labels.millimetres(row.mm)}`);
    this.keeping.listMeasurement(row);
  }

  async loadFull(button) {
    button.disabled = true;
    this.say(this.words.loadingFull);
    const isAll = await this.viewer.loadFull();
    button.disabled = false;
    button.hidden = isAll;
    this.say(isAll ? this.words.full : this.words.fullFailed, !isAll);
  }

  async snapshot() {
    download(await snapshot(this.viewer.stage, this.viewer.labels), SNAPSHOT);
    this.say(this.words.snapshot);
  }

  fullscreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.root.requestFullscreen();
  }

  isFullscreen() {
    this.find("fullscreen").setAttribute("aria-pressed", String(document.fullscreenElement === this.root));
  }

  /** After a view was restored: the controls say what is shown. */
  follow() {
    const { viewer } = this;
    this.tickParts();
    const { isOn, axis, at, isOther } = viewer.section;
    this.find("axis").value = axis;
    this.sectionRange();
    Object.assign(this.find("section"), { checked: isOn });
    this.find("at").value = at;
    this.find("other").checked = isOther;
    this.cut();
    this.find("jaw").value = viewer.degrees;
    this.open(viewer.degrees);
    this.press("preset", "");
  }
}

