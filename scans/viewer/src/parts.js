// The scans on the stage: how each looks, whether it is seen, and how much shines through.
import { Color, DoubleSide, Group, Matrix4, Mesh, MeshPhongMaterial } from "three";
import { load } from "./loading.js";

const STONE = { upper: 0xe6d8bd, lower: 0xded3c4, bite: 0xb9cbd8, other: 0xd9d4cc };
const EARLIER = 0x9fb6cf;

export class Part {
  constructor(told) {
    Object.assign(this, { told, role: told.role, group: told.group, uuid: told.uuid });
    this.wanted = told.is_shown;
    this.opacity = 1;
    this.place = new Matrix4().set(...told.transform);
    this.holder = new Group();
    this.mesh = null;
    this.isFull = false;
  }

  async fetchSmall() {
    this.small = await load(this.told.small);
    this.mesh = new Mesh(this.small, material(this));
    this.mesh.matrixAutoUpdate = false;
    this.mesh.matrix.copy(this.place);
    this.mesh.renderOrder = this.role === "bite" ? 1 : 0;
    this.holder.add(this.mesh);
    this.show();
  }

  async fetchFull() {
    if (this.isFull || !this.told.full || !this.mesh) return;
    this.full = await load(this.told.full);
    this.isFull = true;
    this.mesh.geometry = this.full;
  }

  get hasColors() {
    return Boolean(this.small?.attributes.color);
  }

  show() {
    if (!this.mesh) return;
    const { material: look } = this.mesh;
    this.mesh.visible = this.wanted && this.opacity > 0;
    look.opacity = this.opacity;
    look.transparent = this.opacity < 1;
    look.depthWrite = this.opacity > 0.6;
  }

  /** mode: own colours, stone, or the contact map's. */
  paint(mode) {
    if (!this.mesh) return;
    const { mesh } = this;
    const map = mode === "contact" ? this.contact : null;
    mesh.geometry = map || !this.full ? this.small : this.full;
    if (map) mesh.geometry = map;
    const own = mode === "own" && mesh.geometry.attributes.color;
    mesh.material.vertexColors = Boolean(own || map);
    mesh.material.color.copy(mesh.material.vertexColors ? new Color(0xffffff) : stone(this));
    mesh.material.needsUpdate = true;
  }

  dispose() {
    for (const one of [this.small, this.full, this.contact, this.mesh?.material]) one?.dispose();
    this.holder.removeFromParent();
  }
}

const stone = (part) => new Color(part.group === "earlier" ? EARLIER : STONE[part.role]);

function material(part) {
  const colors = part.hasColors;
  return new MeshPhongMaterial({
    color: colors ? new Color(0xffffff) : stone(part),
    vertexColors: colors,
    specular: 0x2a2a2a,
    shininess: 34,
    side: DoubleSide,
    // A bite lies on the jaws' sides: it is drawn a little in front, so that both do not flicker.
    polygonOffset: part.role === "bite",
    polygonOffsetFactor: -1,
    polygonOffsetUnits: -1,
  });
}
