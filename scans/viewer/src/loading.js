// Fetches a part of the scene and makes a mesh of it.
import { BufferAttribute, BufferGeometry } from "three";
import { readGlb } from "./glb.js";

/** A geometry in the scan's own millimetres, with normals. Throws when the file cannot be had or read. */
export async function load(address) {
  const answer = await fetch(address, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const { places, faces, colors } = await readGlb(await answer.arrayBuffer());
  const geometry = new BufferGeometry();
  geometry.setIndex(new BufferAttribute(faces, 1));
  geometry.setAttribute("position", new BufferAttribute(places, 3));
  if (colors) geometry.setAttribute("color", new BufferAttribute(colors, 3));
  geometry.computeVertexNormals();
  geometry.computeBoundingBox();
  geometry.computeBoundingSphere();
  return geometry;
}
