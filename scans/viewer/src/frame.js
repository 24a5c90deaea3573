// How a case lies in space: scanners agree on millimetres, not on which way is up.
import { Matrix4, Vector3 } from "three";

const SNAP = Math.cos((25 * Math.PI) / 180);
const END_SHARE = 0.15;

/**
 * Takes the case's frame into ours: x to the patient's right, y to the front, z up; the origin amid the arch.
 * Up is where an upper jaw turns its back (its surface looks down, a lower's up); front is the narrow end of the arch.
 */
export function uprightFrame(geometry, transform, role) {
  const places = placed(geometry, transform);
  const up = snapped(facing(geometry.index.array, places).multiplyScalar(role === "lower" ? 1 : -1));
  const front = frontOf(places, up);
  const right = new Vector3().crossVectors(front, up);
  const turn = new Matrix4().makeBasis(right, front, up).transpose();
  const box = boxOf(places, turn);
  return new Matrix4().makeTranslation(-box.x, -box.y, -box.z).multiply(turn);
}

function placed(geometry, transform) {
  return geometry.attributes.position.clone().applyMatrix4(transform).array;
}

/** The unit sum of all triangles' areas. */
function facing(faces, places) {
  const sum = new Vector3();
  const [a, b, c] = [new Vector3(), new Vector3(), new Vector3()];
  for (let face = 0; face < faces.length; face += 3) {
    a.fromArray(places, 3 * faces[face]);
    b.fromArray(places, 3 * faces[face + 1]).sub(a);
    c.fromArray(places, 3 * faces[face + 2]).sub(a);
    sum.add(b.cross(c));
  }
  return sum.lengthSq() > 0 ? sum.normalize() : new Vector3(0, 0, -1);
}

/** Scanners lay jaws along an axis; a direction near one is that axis. */
function snapped(direction) {
  for (const axis of [0, 1, 2]) {
    const along = direction.getComponent(axis);
    if (Math.abs(along) > SNAP) return new Vector3().setComponent(axis, Math.sign(along));
  }
  return direction;
}

/** Of the directions in the plane of the arch the one whose end is narrow and whose two sides are alike. */
function frontOf(places, up) {
  const first = new Vector3(Math.abs(up.x) > 0.9 ? 0 : 1, Math.abs(up.x) > 0.9 ? 1 : 0, 0);
  first.addScaledVector(up, -first.dot(up)).normalize();
  const second = new Vector3().crossVectors(up, first);
  const steps = Math.abs(up.x) + Math.abs(up.y) + Math.abs(up.z) > 1.001 ? 36 : 4;
  let best = null;
  for (let step = 0; step < steps; step += 1) {
    const angle = (2 * Math.PI * step) / steps;
    const front = first.clone().multiplyScalar(Math.cos(angle)).addScaledVector(second, Math.sin(angle));
    const score = narrowness(places, front, up);
    if (!best || score > best.score) best = { score, front };
  }
  return best.front;
}

function narrowness(places, front, up) {
  const right = new Vector3().crossVectors(front, up);
  const rows = [];
  for (let at = 0; at < places.length; at += 3 * Math.max(1, Math.floor(places.length / 12000))) {
    const point = new Vector3().fromArray(places, at);
    rows.push([point.dot(front), point.dot(right)]);
  }
  rows.sort((one, other) => one[0] - other[0]);
  const count = Math.max(1, Math.floor(rows.length * END_SHARE));
  const middle = rows.reduce((sum, row) => sum + row[1], 0) / rows.length;
  const spread = (some) => some.reduce((sum, row) => sum + Math.abs(row[1] - middle), 0) / some.length;
  const lean = Math.abs(rows.slice(-count).reduce((sum, row) => sum + row[1] - middle, 0) / count);
  return spread(rows.slice(0, count)) - spread(rows.slice(-count)) - lean;
}

function boxOf(places, turn) {
  const low = new Vector3(Infinity, Infinity, Infinity);
  const high = new Vector3(-Infinity, -Infinity, -Infinity);
  const point = new Vector3();
  for (let at = 0; at < places.length; at += 3) {
    point.fromArray(places, at).applyMatrix4(turn);
    low.min(point);
    high.max(point);
  }
  return low.add(high).multiplyScalar(0.5);
}
