// An orthographic camera that turns freely around what it looks at, by mouse, finger or key.
import { OrthographicCamera, Quaternion, Vector3 } from "three";

const DISTANCE = 400;
const TURN_PER_PIXEL = 0.007;
const KEY_TURN = 0.12;
const KEY_ZOOM = 1.15;
const ZOOM = { least: 0.3, most: 20 };

export class ViewCamera {
  constructor() {
    this.camera = new OrthographicCamera(-1, 1, 1, -1, 1, 2 * DISTANCE);
    this.target = new Vector3();
    this.turn = new Quaternion();
    this.zoom = 1;
    this.radius = 40;
    this.aspect = 1;
    this.changed = () => {};
  }

  /** half: half width and half height of what must be seen, in mm, as it stands in the picture. */
  fit(target, half) {
    this.target.copy(target);
    this.radius = Math.max(half.y, half.x / this.aspect, 1) * 1.12;
    this.zoom = 1;
    this.update();
  }

  update() {
    const { camera, radius, aspect } = this;
    camera.left = -radius * aspect;
    camera.right = radius * aspect;
    camera.top = radius;
    camera.bottom = -radius;
    camera.zoom = this.zoom;
    camera.quaternion.copy(this.turn);
    camera.position.set(0, 0, DISTANCE).applyQuaternion(this.turn).add(this.target);
    camera.updateProjectionMatrix();
    camera.updateMatrixWorld();
    this.changed();
  }

  lookAlong(direction, up) {
    const back = direction.clone().negate().normalize();
    const right = new Vector3().crossVectors(up, back).normalize();
    const above = new Vector3().crossVectors(back, right);
    const matrix = this.camera.matrix.clone().makeBasis(right, above, back);
    this.turn.setFromRotationMatrix(matrix);
  }

  rotate(x, y) {
    const change = new Quaternion().setFromAxisAngle(new Vector3(0, 1, 0), -x);
    change.multiply(new Quaternion().setFromAxisAngle(new Vector3(1, 0, 0), -y));
    this.turn.multiply(change).normalize();
    this.update();
  }

  pan(x, y, height) {
    const mm = (2 * this.radius) / this.zoom / height;
    this.target.add(new Vector3(-x * mm, y * mm, 0).applyQuaternion(this.turn));
    this.update();
  }

  magnify(factor) {
    this.zoom = Math.min(ZOOM.most, Math.max(ZOOM.least, this.zoom * factor));
    this.update();
  }

  state() {
    return { turn: this.turn.toArray(), target: this.target.toArray(), zoom: this.zoom, radius: this.radius };
  }

  restore(state) {
    this.turn.fromArray(state.turn).normalize();
    this.target.fromArray(state.target);
    this.zoom = state.zoom;
    this.radius = state.radius;
    this.update();
  }
}

/** One finger or the left button turns, two fingers or another button (or Shift) move and zoom, the wheel zooms. */
export function steerByPointer(canvas, view) {
  const fingers = new Map();
  const pair = () => {
    const [one, other] = [...fingers.values()];
    return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2, far: Math.hypot(one.x - other.x, one.y - other.y) };
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const two = fingers.size === 2 ? pair() : null;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const [x, y] = [event.clientX - before.x, event.clientY - before.y];
    if (two) {
      const now = pair();
      view.pan(now.x - two.x, now.y - two.y, canvas.clientHeight);
      if (two.far > 0) view.magnify(now.far / two.far);
    } else if (event.buttons > 1 || event.shiftKey) view.pan(x, y, canvas.clientHeight);
    else view.rotate(x * TURN_PER_PIXEL, y * TURN_PER_PIXEL);
  });
  for (const name of ["pointerup", "pointercancel"])
    canvas.addEventListener(name, (event) => fingers.delete(event.pointerId));
  canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      view.magnify(Math.exp(-Math.max(-200, Math.min(200, event.deltaY)) * 0.0015));
    },
    { passive: false },
  );
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** Arrows turn (with Shift they move), + and - zoom. Answers whether the key was one of ours. */
export function steerByKey(event, canvas, view) {
  const arrow = ARROWS[event.key];
  if (arrow && event.shiftKey) view.pan(-24 * arrow[0], -24 * arrow[1], canvas.clientHeight);
  else if (arrow) view.rotate(KEY_TURN * arrow[0], KEY_TURN * arrow[1]);
  else if (event.key === "+" || event.key === "=") view.magnify(KEY_ZOOM);
  else if (event.key === "-") view.magnify(1 / KEY_ZOOM);
  else return false;
  return true;
}
