// Shows what the checks of a mesh found where it is: a numbered pin for each place, and its sentence in the list.
import { Vector3 } from "three";

const NEAR_MM = 10;

export class Findings {
  constructor(stage, parts, labels, list) {
    Object.assign(this, { stage, parts, labels, pins: [] });
    list.addEventListener("click", (event) => {
      const button = event.target.closest("[data-finding]");
      if (button) this.focus(this.pins[Number(button.dataset.finding)], button);
    });
    this.buttons = [...list.querySelectorAll("[data-finding]")];
  }

  /** Pins in the order of the list. */
  show() {
    for (const button of this.buttons) {
      const part = this.parts.find((one) => one.uuid === button.dataset.scan);
      const at = new Vector3(...button.dataset.place.split(",").map(Number));
      const pin = { part, at, where: () => (part.mesh?.visible ? part.mesh.localToWorld(at.clone()) : null) };
      pin.label = this.labels.add("aw-viewer-pin", button.dataset.number, pin.where);
      this.pins[Number(button.dataset.finding)] = pin;
    }
  }

  focus(pin, button) {
    const point = pin?.where();
    if (!point) return;
    for (const one of this.buttons) one.setAttribute("aria-pressed", String(one === button));
    for (const one of this.pins) one.label.element.classList.toggle("aw-is-here", one === pin);
    const { view } = this.stage;
    view.fit(point, { x: NEAR_MM, y: NEAR_MM });
  }
}
