// Reads the GLB files that scans/meshes/previews/glb.py writes: one mesh, quantised, compressed or not.
import { MeshoptDecoder } from "../node_modules/meshoptimizer/meshopt_decoder_reference.js";

const MAGIC = 0x46546c67;
const COMPRESSED = "EXT_meshopt_compression";

/** Places in the millimetres of the scan's file, triangles, and linear colours where the scan has any. */
export async function readGlb(buffer) {
  await MeshoptDecoder.ready;
  const head = new DataView(buffer);
  if (head.byteLength < 28 || head.getUint32(0, true) !== MAGIC) throw new Error("not a GLB file");
  const length = head.getUint32(12, true);
  const tree = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 20, length)));
  const payload = new Uint8Array(buffer, 28 + length);
  const primitive = tree.meshes[0].primitives[0];
  const { translation = [0, 0, 0], scale = [1, 1, 1] } = tree.nodes[0];
  const faces = indicesOf(tree, payload, primitive.indices);
  const raw = rowsOf(tree, payload, primitive.attributes.POSITION);
  const places = raw.map3((value, axis) => value * scale[axis] + translation[axis]);
  const light = primitive.attributes.COLOR_0;
  const colors = light === undefined ? null : rowsOf(tree, payload, light).map3((value) => value / 65535);
  return { places, faces, colors };
}

function bytesOf(tree, payload, accessor) {
  const view = tree.bufferViews[accessor.bufferView];
  const packed = view.extensions?.[COMPRESSED];
  if (!packed) return payload.slice(view.byteOffset ?? 0, (view.byteOffset ?? 0) + view.byteLength);
  const target = new Uint8Array(packed.count * packed.byteStride);
  const source = payload.subarray(packed.byteOffset ?? 0, (packed.byteOffset ?? 0) + packed.byteLength);
  MeshoptDecoder.decodeGltfBuffer(target, packed.count, packed.byteStride, source, packed.mode, packed.filter);
  return target;
}

function indicesOf(tree, payload, number) {
  const accessor = tree.accessors[number];
  return new Uint32Array(bytesOf(tree, payload, accessor).buffer, 0, accessor.count);
}

/** Rows of 16-bit numbers, four to a row, the fourth of which only fills. */
function rowsOf(tree, payload, number) {
  const accessor = tree.accessors[number];
  const values = new Uint16Array(bytesOf(tree, payload, accessor).buffer);
  return {
    map3(change) {
      const result = new Float32Array(accessor.count * 3);
      for (let row = 0; row < accessor.count; row += 1)
        for (let axis = 0; axis < 3; axis += 1) result[3 * row + axis] = change(values[4 * row + axis], axis);
      return result;
    },
  };
}
