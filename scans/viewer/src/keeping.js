// The lists of saved views and measurements, and what their buttons do.
import { Vector3 } from "three";
import { Saved } from "./saved.js";

export class Keeping {
  constructor(controls) {
    Object.assign(this, { controls, viewer: controls.viewer, scene: controls.scene, words: controls.words });
    this.saved = new Saved(controls.find("words").dataset.csrf);
    controls.find("save-view")?.addEventListener("submit", (event) => this.saveView(event));
  }

  /** Views are kept with the scan that leads the case; measurements with the scan of their first point. */
  get lead() {
    return this.viewer.parts.find((part) => part.group === "new" && part.told.is_main) ?? this.viewer.parts[0];
  }

  async start() {
    await this.attempt(async () => {
      for (const view of await this.saved.list(this.lead.told.views)) this.listView(view);
      for (const part of this.viewer.parts)
        for (const row of await this.saved.list(part.told.measurements)) this.showMeasurement(row);
    });
    this.controls.root.dataset.kept = "ready";
  }

  async attempt(work) {
    try {
      await work();
    } catch (error) {
      this.controls.say(`${this.words.keepFailed} ${error.message}`, true);
    }
  }

  mayDelete(row) {
    return this.scene.may_save && (this.scene.may_delete_all || row.created_by === this.scene.user);
  }

  async saveView(event) {
    event.preventDefault();
    const field = event.target.elements.name;
    await this.attempt(async () => {
      const state = { ...this.viewer.state(), colors: this.controls.find("colors").checked, map: this.controls.find("map").checked };
      this.listView(await this.saved.save(this.lead.told.views, { name: field.value, state }));
      field.value = "";
      this.controls.say(this.words.viewSaved);
    });
  }

  listView(view) {
    const row = this.row("views", view.name, () => this.restore(view.state));
    if (this.mayDelete(view)) this.button(row, this.words.delete, view.name, () => this.removeView(row, view));
  }

  restore(state) {
    this.viewer.restore(state);
    this.controls.find("colors").checked = state.colors !== false;
    this.controls.find("map").checked = Boolean(state.map) && this.viewer.canMap;
    this.controls.recolor();
    this.controls.follow();
  }

  removeView(row, view) {
    return this.attempt(async () => {
      await this.saved.remove(this.lead.told.views, view.uuid);
      this.drop(row, "views");
    });
  }

  showMeasurement(saved) {
    const points = saved.points.map(({ scan, at_mm: at }) => ({
      part: this.viewer.parts.find((part) => part.uuid === scan && part.mesh),
      at: new Vector3(...at),
    }));
    if (points.every(({ part }) => part)) this.listMeasurement(this.viewer.measuring.add(points, saved));
  }

  listMeasurement(row) {
    const text = this.viewer.labels.millimetres(row.mm);
    const item = this.row("measurements", row.saved?.name ? `${text} · ${row.saved.name}` : text, null);
    if (!row.saved && this.scene.may_save) {
      const save = this.button(item, this.words.save, text, () => this.saveMeasurement(row, save));
    }
    if (!row.saved || this.mayDelete(row.saved)) this.button(item, this.words.delete, text, () => this.removeMeasurement(row, item));
  }

  saveMeasurement(row, button) {
    return this.attempt(async () => {
      const points = row.points.map(({ part, at }) => ({ scan: part.uuid, at_mm: at.toArray() }));
      row.saved = await this.saved.save(row.points[0].part.told.measurements, { points, distance_mm: row.mm });
      button.remove();
      this.controls.say(this.words.measurementSaved);
    });
  }

  removeMeasurement(row, item) {
    return this.attempt(async () => {
      if (row.saved) await this.saved.remove(row.points[0].part.told.measurements, row.saved.uuid);
      this.viewer.measuring.remove(row);
      this.drop(item, "measurements");
    });
  }

  row(list, text, act) {
    const item = document.createElement("li");
    const name = document.createElement(act ? "button" : "span");
    if (act) Object.assign(name, { type: "button", className: "aw-viewer-link", onclick: act });
    name.textContent = text;
    item.append(name);
    this.controls.find(list).append(item);
    this.controls.find(`no-${list}`).hidden = true;
    return item;
  }

  button(item, word, about, act) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "aw-viewer-small", onclick: act });
    button.textContent = word;
    button.setAttribute("aria-label", `${word}: ${about}`);
    item.append(button);
    return button;
  }

  drop(item, list) {
    item.remove();
    const isEmpty = !this.controls.find(list).children.length;
    this.controls.find(`no-${list}`).hidden = !isEmpty;
    this.controls.find(list).parentElement.querySelector("h3, h2")?.focus?.();
  }
}
