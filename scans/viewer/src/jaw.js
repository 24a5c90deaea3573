// Opens the jaw around an estimated hinge axis.
import { Matrix4, Vector3 } from "three";

// Bonwill's triangle: the condyles and the lower incisal point lie about 101.6 mm (4 inches) from each other; Balkwill's
// angle: that triangle stands about 26 degrees on the occlusal plane, the condyles above it. (Bonwill 1858, Balkwill
// 1866, as articulators with mean values use them.) An estimate for looking, nothing to plan with.
const SIDE_MM = 101.6;
const BALKWILL = (26 * Math.PI) / 180;
const HEIGHT_MM = (SIDE_MM * Math.sqrt(3)) / 2;

/** incisal: the foremost point of the lower's teeth, in our frame. Answers the middle of the hinge axis. */
export function hingeBehind(incisal) {
  const back = HEIGHT_MM * Math.cos(BALKWILL);
  const up = HEIGHT_MM * Math.sin(BALKWILL);
  return new Vector3(0, incisal.y - back, incisal.z + up);
}

export function opened(hinge, degrees) {
  const turn = new Matrix4().makeRotationX((-degrees * Math.PI) / 180);
  const there = new Matrix4().makeTranslation(hinge.x, hinge.y, hinge.z);
  const back = new Matrix4().makeTranslation(-hinge.x, -hinge.y, -hinge.z);
  return there.multiply(turn).multiply(back);
}

/** How far the incisors are apart then: the chord of the turn. */
export function openingMm(degrees) {
  return 2 * HEIGHT_MM * Math.sin((degrees * Math.PI) / 360);
}

/** The foremost of the highest points of the lower arch, in our frame: between the incisors. */
export function incisalPoint(mesh, matrix) {
  const place = mesh.geometry.attributes.position;
  const point = new Vector3();
  let best = null;
  for (let at = 0; at < place.count; at += 1) {
    point.fromBufferAttribute(place, at).applyMatrix4(matrix);
    if (Math.abs(point.x) < 8 && (!best || point.y + point.z > best.y + best.z)) best = point.clone();
  }
  return best ?? new Vector3(0, 30, 0);
}
