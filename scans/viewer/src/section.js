// A plane that cuts the scans, and the line of the cut drawn as a band that can be seen.
import { BufferAttribute, BufferGeometry, DoubleSide, Mesh, MeshBasicMaterial, Plane, Vector3 } from "three";

const BAND_MM = 0.16;
const COLORS = { upper: 0xb3261e, lower: 0x0b57a4, bite: 0x1a7f37, other: 0x6a3d9a };
const AXES = { side: new Vector3(1, 0, 0), front: new Vector3(0, 1, 0), height: new Vector3(0, 0, 1) };

export class Section {
  constructor(stage, parts) {
    Object.assign(this, { stage, parts, isOn: false, axis: "side", at: 0, isOther: false });
    this.plane = new Plane();
    this.bands = [];
  }

  state() {
    return { isOn: this.isOn, axis: this.axis, at: this.at, isOther: this.isOther };
  }

  set(change) {
    Object.assign(this, change);
    this.update();
  }

  update() {
    this.clear();
    const normal = AXES[this.axis].clone().multiplyScalar(this.isOther ? 1 : -1);
    this.plane.set(normal, this.isOther ? -this.at : this.at);
    for (const part of this.parts) {
      if (!part.mesh) continue;
      part.mesh.material.clippingPlanes = this.isOn ? [this.plane] : null;
      if (this.isOn && part.mesh.visible) this.band(part);
    }
    this.stage.draw();
  }

  band(part) {
    const places = ribbon(part.mesh, this.plane);
    if (!places.length) return;
    const geometry = new BufferGeometry().setAttribute("position", new BufferAttribute(places, 3));
    const look = new MeshBasicMaterial({ color: COLORS[part.role], side: DoubleSide, depthTest: false, transparent: true });
    const band = new Mesh(geometry, look);
    band.renderOrder = 5;
    band.userData.part = part;
    this.stage.scene.add(band);
    this.bands.push(band);
  }

  clear() {
    for (const band of this.bands) {
      band.removeFromParent();
      band.geometry.dispose();
      band.material.dispose();
    }
    this.bands = [];
  }
}

/** Two triangles for every triangle that the plane cuts, lying in the plane. */
function ribbon(mesh, plane) {
  mesh.updateWorldMatrix(true, false);
  const place = mesh.geometry.attributes.position;
  const faces = mesh.geometry.index.array;
  const local = plane.clone().applyMatrix4(mesh.matrixWorld.clone().invert());
  const far = new Float32Array(place.count);
  const { x, y, z } = local.normal;
  for (let at = 0; at < place.count; at += 1)
    far[at] = x * place.array[3 * at] + y * place.array[3 * at + 1] + z * place.array[3 * at + 2] + local.constant;
  const found = [];
  for (let face = 0; face < faces.length; face += 3) {
    const ends = crossing(faces, face, far, place);
    if (ends) quad(found, ends[0].applyMatrix4(mesh.matrixWorld), ends[1].applyMatrix4(mesh.matrixWorld), plane.normal);
  }
  return new Float32Array(found);
}

function crossing(faces, face, far, place) {
  const ends = [];
  for (let side = 0; side < 3; side += 1) {
    const [one, other] = [faces[face + side], faces[face + ((side + 1) % 3)]];
    if (far[one] > 0 === far[other] > 0) continue;
    const share = far[one] / (far[one] - far[other]);
    const from = new Vector3().fromBufferAttribute(place, one);
    ends.push(from.lerp(new Vector3().fromBufferAttribute(place, other), share));
  }
  return ends.length === 2 ? ends : null;
}

function quad(found, one, other, normal) {
  const along = other.clone().sub(one).normalize();
  const aside = new Vector3().crossVectors(along, normal).multiplyScalar(BAND_MM);
  const [a, b] = [one.clone().addScaledVector(along, -BAND_MM / 2), other.clone().addScaledVector(along, BAND_MM / 2)];
  const [c, d] = [b.clone().add(aside), a.clone().add(aside)];
  a.sub(aside);
  b.sub(aside);
  for (const corner of [a, b, c, a, c, d]) found.push(corner.x, corner.y, corner.z);
}
