// The viewer: the parts of a scene on a stage, and everything that can be done with them. Knows no buttons.
import { Matrix4 } from "three";
import { contactMap } from "./contact.js";
import { uprightFrame } from "./frame.js";
import { hingeBehind, incisalPoint, opened } from "./jaw.js";
import { Labels } from "./labels.js";
import { Measuring } from "./measuring.js";
import { Part } from "./parts.js";
import { PRESETS } from "./presets.js";
import { Section } from "./section.js";
import { Stage } from "./scene.js";

const BESIDE_MM = 82;
const STRANGE = new Matrix4();
const rest = () => new Promise((go) => setTimeout(go));

export class Viewer {
  constructor(canvas, layer, scene, gl, language) {
    this.parts = scene.parts.map((told) => new Part(told));
    this.stage = new Stage(canvas, gl);
    this.labels = new Labels(this.stage, layer, language);
    this.section = new Section(this.stage, this.parts);
    this.measuring = new Measuring(this.stage, this.parts, this.section, this.labels);
    Object.assign(this, { mode: "own", degrees: 0, layout: "beside", frames: {}, before: null, preset: "front" });
  }

  /** Loads what is missing; answers the parts that could not be had. */
  async load() {
    const missing = this.parts.filter((part) => !part.mesh);
    const done = await Promise.allSettled(missing.map((part) => part.fetchSmall()));
    for (const part of missing) if (part.mesh) this.stage.world.add(part.holder);
    for (const group of new Set(this.parts.map((part) => part.group))) this.settle(group);
    this.pose();
    return missing.filter((_, index) => done[index].status === "rejected");
  }

  /** How the group's jaws stand in our frame, and where its hinge is. */
  settle(group) {
    const there = this.parts.filter((part) => part.group === group && part.mesh);
    const main = (role) => there.find((part) => part.role === role && part.told.is_main);
    const lead = main("upper") ?? main("lower") ?? there[0];
    if (!lead) return;
    const matrix = uprightFrame(lead.small, lead.place, lead.role);
    const lower = main("lower") ?? lead;
    const incisal = incisalPoint(lower.mesh, matrix.clone().multiply(lower.place));
    this.frames[group] = { matrix, hinge: hingeBehind(incisal) };
  }

  pose() {
    const isTwo = Object.keys(this.frames).length > 1 && this.layout === "beside";
    for (const part of this.parts) {
      const frame = this.frames[part.group];
      if (!part.mesh || !frame) continue;
      const shift = isTwo ? (part.group === "earlier" ? 0.5 : -0.5) * BESIDE_MM : 0;
      const { matrix } = part.holder;
      part.holder.matrixAutoUpdate = false;
      // Beside means to the right in the picture, whichever way the jaws are looked at.
      const aside = PRESETS[this.preset]?.along.clone().cross(PRESETS[this.preset].above).multiplyScalar(shift);
      matrix.copy(aside ? new Matrix4().makeTranslation(aside) : STRANGE);
      if (part.role === "lower") matrix.multiply(opened(frame.hinge, this.degrees));
      matrix.multiply(frame.matrix);
      part.holder.updateMatrixWorld(true);
    }
    this.measuring.update();
    this.section.update();
  }

  get seen() {
    return this.parts.filter((part) => part.mesh?.visible);
  }

  show(part, change) {
    Object.assign(part, change);
    part.show();
    this.measuring.update();
    this.section.update();
  }

  /** Occlusal views show their jaw alone; the next other view brings back what was seen before. */
  look(name) {
    const { along, above, alone } = PRESETS[name];
    this.preset = name;
    const jaws = this.parts.filter((part) => part.role === alone);
    const isAlone = alone && jaws.some((part) => part.mesh);
    if (this.before) this.restoreSeen();
    if (isAlone) {
      this.before = this.parts.map((part) => part.wanted);
      for (const part of this.parts) part.wanted = part.role === alone && part.told.is_main;
    }
    for (const part of this.parts) part.show();
    this.stage.view.lookAlong(along, above);
    this.pose();
    this.fit();
  }

  restoreSeen() {
    this.parts.forEach((part, index) => (part.wanted = this.before[index]));
    this.before = null;
  }

  fit() {
    this.stage.frame(this.seen.map((part) => part.mesh));
  }

  open(degrees) {
    this.degrees = degrees;
    this.pose();
  }

  paint(mode) {
    this.mode = mode;
    for (const part of this.parts) part.paint(mode);
    this.section.update();
  }

  arches(group = "new") {
    const main = (role) => this.parts.find((part) => part.group === group && part.role === role && part.told.is_main && part.mesh);
    return [main("upper"), main("lower")].filter(Boolean);
  }

  get canMap() {
    return this.arches().length === 2 && this.arches().every((part) => part.told.place_known);
  }

  /** Answers false when something else was asked for meanwhile. */
  async map() {
    const asked = (this.asked = {});
    const [upper, lower] = this.arches();
    for (const [one, other] of [[upper, lower], [lower, upper]])
      one.contact ??= await contactMap(one, other, rest, () => this.asked !== asked);
    if (this.asked !== asked || !upper.contact || !lower.contact) return false;
    this.paint("contact");
    return true;
  }

  stopMapping() {
    this.asked = null;
  }

  async loadFull() {
    const done = await Promise.allSettled(this.parts.map((part) => part.fetchFull()));
    this.paint(this.mode);
    return done.every((one) => one.status === "fulfilled");
  }

  get hasMore() {
    return this.parts.some((part) => part.told.full && !part.isFull);
  }

  state() {
    const parts = this.parts.map((part) => [part.uuid, { wanted: part.wanted, opacity: part.opacity }]);
    const section = this.section.state();
    const { preset, mode, degrees, layout } = this;
    return { camera: this.stage.view.state(), parts: Object.fromEntries(parts), mode, degrees, layout, preset, section };
  }

  restore(state) {
    this.before = null;
    for (const part of this.parts) if (state.parts?.[part.uuid]) this.show(part, state.parts[part.uuid]);
    Object.assign(this, { degrees: state.degrees ?? 0, layout: state.layout ?? this.layout });
    if (state.preset in PRESETS) this.preset = state.preset;
    this.section.set(state.section ?? { isOn: false });
    this.pose();
    if (state.camera) this.stage.view.restore(state.camera);
  }

  dispose() {
    this.stopMapping();
    this.measuring.dispose();
    this.section.clear();
    for (const part of this.parts) part.dispose();
    this.stage.dispose();
  }
}
