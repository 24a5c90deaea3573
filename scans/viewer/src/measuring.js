// Distances between two points: set by click, tap or key, kept where they were set when the jaw opens.
import { BufferGeometry, Line, LineBasicMaterial, Mesh, MeshBasicMaterial, Raycaster, SphereGeometry, Vector2, Vector3 } from "three";

const COLOR = 0x0b57a4;
const DOT_MM = 0.45;
const STILL_PX = 6;

export class Measuring {
  constructor(stage, parts, section, labels) {
    Object.assign(this, { stage, parts, section, labels, isOn: false, first: null, list: [] });
    this.told = () => {};
    this.listen(stage.canvas);
  }

  /** A click that was no drag sets a point. */
  listen(canvas) {
    let from = null;
    canvas.addEventListener("pointerdown", (event) => (from = event.isPrimary ? { x: event.clientX, y: event.clientY } : null));
    canvas.addEventListener("pointerup", (event) => {
      const isStill = from && Math.hypot(event.clientX - from.x, event.clientY - from.y) < STILL_PX;
      from = null;
      if (!this.isOn || !isStill || event.button > 0) return;
      const box = canvas.getBoundingClientRect();
      this.setAt(event.clientX - box.left, event.clientY - box.top);
    });
  }

  setInMiddle() {
    this.setAt(this.stage.canvas.clientWidth / 2, this.stage.canvas.clientHeight / 2);
  }

  setAt(x, y) {
    const point = this.pick(x, y);
    if (!point) return this.told("nothing");
    if (!this.first) {
      this.first = point;
      this.dot = this.dotAt(point);
      this.told("first");
    } else {
      const points = [this.first, point];
      this.forgetFirst();
      this.told("done", this.add(points));
    }
    this.stage.draw();
  }

  /** What is seen under a pixel: its part, and where in the coordinates of the part's file. */
  pick(x, y) {
    const { clientWidth, clientHeight } = this.stage.canvas;
    const ray = new Raycaster();
    ray.setFromCamera(new Vector2((2 * x) / clientWidth - 1, 1 - (2 * y) / clientHeight), this.stage.view.camera);
    const seen = this.parts.filter((part) => part.mesh?.visible);
    const hits = ray.intersectObjects(seen.map((part) => part.mesh), false);
    const hit = hits.find((one) => !this.section.isOn || this.section.plane.distanceToPoint(one.point) >= 0);
    if (!hit) return null;
    const part = seen.find((one) => one.mesh === hit.object);
    return { part, at: hit.object.worldToLocal(hit.point.clone()) };
  }

  /** Between two parts the distance is that of the bite as scanned, however far the jaw is opened just now. */
  add(points, saved = null) {
    const [one, other] = points.map(({ part, at }) => at.clone().applyMatrix4(part.place));
    const row = { points, mm: saved ? saved.distance_mm : one.distanceTo(other), saved, dots: points.map((point) => this.dotAt(point)) };
    const look = new LineBasicMaterial({ color: COLOR, depthTest: false, transparent: true });
    row.line = new Line(new BufferGeometry(), look);
    row.line.renderOrder = 6;
    row.line.frustumCulled = false;
    this.stage.scene.add(row.line);
    row.label = this.labels.add("aw-viewer-mm", this.labels.millimetres(row.mm), () => this.middle(row));
    this.list.push(row);
    this.update();
    return row;
  }

  middle(row) {
    const [one, other] = row.points.map(worldOf);
    return row.points.every(({ part }) => part.mesh.visible) ? one.add(other).multiplyScalar(0.5) : null;
  }

  update() {
    for (const row of this.list) {
      row.line.geometry.setFromPoints(row.points.map(worldOf));
      row.line.visible = row.points.every(({ part }) => part.mesh.visible);
      row.dots.forEach((dot, index) => place(dot, row.points[index]));
    }
    if (this.first) place(this.dot, this.first);
    this.stage.draw();
  }

  dotAt(point) {
    const dot = new Mesh(new SphereGeometry(DOT_MM, 16, 12), new MeshBasicMaterial({ color: COLOR, depthTest: false, transparent: true }));
    dot.renderOrder = 7;
    place(dot, point);
    this.stage.scene.add(dot);
    return dot;
  }

  forgetFirst() {
    if (!this.first) return;
    drop(this.dot);
    this.first = this.dot = null;
    this.stage.draw();
  }

  remove(row) {
    this.list.splice(this.list.indexOf(row), 1);
    for (const one of [row.line, ...row.dots]) drop(one);
    row.label.remove();
    this.stage.draw();
  }

  dispose() {
    this.forgetFirst();
    for (const row of [...this.list]) this.remove(row);
  }
}

const worldOf = ({ part, at }) => part.mesh.localToWorld(at.clone());

function place(dot, point) {
  dot.position.copy(worldOf(point));
  dot.visible = point.part.mesh.visible;
}

function drop(object) {
  object.removeFromParent();
  object.geometry.dispose();
  object.material.dispose();
}
