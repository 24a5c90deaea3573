// The contact map: how far each point of an arch is from the surface of the other, as a colour.
import { BufferAttribute, Matrix4, Vector3, Triangle } from "three";

const CELL_MM = 1;
const FAR_MM = 1.6;
const SLICE_MS = 12;

/** Colours of Okabe and Ito, told apart with every common colour blindness; the limits in mm are the legend's. */
export const BANDS = [
  { name: "through", below: 0, color: 0x6a3d9a },
  { name: "contact", below: 0.2, color: 0xd55e00 },
  { name: "close", below: 0.5, color: 0xf0e442 },
  { name: "near", below: 1, color: 0x56b4e9 },
  { name: "far", below: Infinity, color: 0xd8d2c6 },
];

/**
 * A geometry of `part` with the map's colours. Distance: from a vertex to the nearest point of the other's triangles;
 * negative where the vertex lies behind the surface that it meets. `rest` lets the page go on between slices of work.
 */
export async function contactMap(part, other, rest, cancelled) {
  const toOther = new Matrix4().copy(other.place).invert().multiply(part.place);
  const grid = new Grid(other.small);
  const place = part.small.attributes.position;
  const colors = new Float32Array(place.count * 3);
  const point = new Vector3();
  let until = performance.now() + SLICE_MS;
  for (let at = 0; at < place.count; at += 1) {
    const mm = grid.distance(point.fromBufferAttribute(place, at).applyMatrix4(toOther));
    linear((BANDS.find((band) => mm < band.below) ?? BANDS.at(-1)).color, colors, 3 * at);
    if (performance.now() < until) continue;
    await rest();
    if (cancelled()) return null;
    until = performance.now() + SLICE_MS;
  }
  const map = part.small.clone();
  map.setAttribute("color", new BufferAttribute(colors, 3));
  return map;
}

function linear(color, target, at) {
  for (const [axis, shift] of [16, 8, 0].entries()) {
    const value = ((color >> shift) & 255) / 255;
    target[at + axis] = value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }
}

/** Triangles by the cells that their boxes touch. */
class Grid {
  constructor(geometry) {
    this.place = geometry.attributes.position;
    this.faces = geometry.index.array;
    this.cells = new Map();
    for (let face = 0; face < this.faces.length; face += 3) this.add(face);
    this.triangle = new Triangle();
    this.nearest = new Vector3();
    this.normal = new Vector3();
  }

  add(face) {
    const { place, faces } = this;
    const [low, high] = [[], []];
    for (let axis = 0; axis < 3; axis += 1) {
      const values = [0, 1, 2].map((corner) => place.array[3 * faces[face + corner] + axis]);
      low.push(Math.floor(Math.min(...values) / CELL_MM));
      high.push(Math.floor(Math.max(...values) / CELL_MM));
    }
    for (let x = low[0]; x <= high[0]; x += 1)
      for (let y = low[1]; y <= high[1]; y += 1)
        for (let z = low[2]; z <= high[2]; z += 1) {
          const key = keyOf(x, y, z);
          const cell = this.cells.get(key);
          if (cell) cell.push(face);
          else this.cells.set(key, [face]);
        }
  }

  /** In mm, negative behind the surface; Infinity beyond FAR_MM. */
  distance(point) {
    const [x, y, z] = [point.x, point.y, point.z].map((value) => Math.floor(value / CELL_MM));
    const best = { far: FAR_MM, facing: -1 };
    for (let ring = 0; ring <= Math.ceil(FAR_MM / CELL_MM); ring += 1) {
      if (best.far < (ring - 1) * CELL_MM) break;
      for (let a = -ring; a <= ring; a += 1)
        for (let b = -ring; b <= ring; b += 1) {
          const isEdge = Math.abs(a) === ring || Math.abs(b) === ring;
          for (let c = -ring; c <= ring; c += isEdge || ring === 0 ? 1 : 2 * ring) this.look(keyOf(x + a, y + b, z + c), point, best);
        }
    }
    if (best.far >= FAR_MM) return Infinity;
    return best.behind ? -best.far : best.far;
  }

  look(key, point, best) {
    const cell = this.cells.get(key);
    if (!cell) return;
    const { place, faces, triangle, nearest, normal } = this;
    for (const face of cell) {
      triangle.a.fromBufferAttribute(place, faces[face]);
      triangle.b.fromBufferAttribute(place, faces[face + 1]);
      triangle.c.fromBufferAttribute(place, faces[face + 2]);
      triangle.closestPointToPoint(point, nearest);
      const far = nearest.distanceTo(point);
      if (far > best.far + 1e-5) continue;
      triangle.getNormal(normal);
      // At an edge two triangles are equally near: the one that the point stands on most squarely decides.
      const side = far > 0 ? normal.dot(nearest.sub(point)) / far : 0;
      if (far < best.far - 1e-5 || Math.abs(side) > Math.abs(best.facing)) Object.assign(best, { facing: side, behind: side > 0 });
      best.far = Math.min(far, best.far);
    }
  }
}

const keyOf = (x, y, z) => ((x + 1024) * 2048 + (y + 1024)) * 2048 + (z + 1024);
