// The five views of dentistry, in our frame: x to the patient's right, y to the front, z up.
import { Vector3 } from "three";

const [RIGHT, FRONT, UP] = [new Vector3(1, 0, 0), new Vector3(0, 1, 0), new Vector3(0, 0, 1)];
const opposite = (vector) => vector.clone().negate();

/**
 * along: where the camera looks. above: what stands at the top of the picture. alone: the jaw that is seen alone, as
 * the other would hide it. Occlusal views are those of photographs: the patient's right on the left, the lower's
 * front teeth at the bottom.
 */
export const PRESETS = {
  front: { along: opposite(FRONT), above: UP },
  right: { along: opposite(RIGHT), above: UP },
  left: { along: RIGHT, above: UP },
  upper: { along: UP, above: FRONT, alone: "upper" },
  lower: { along: opposite(UP), above: opposite(FRONT), alone: "lower" },
};
export const BY_KEY = { 1: "front", 2: "left", 3: "right", 4: "upper", 5: "lower" };
