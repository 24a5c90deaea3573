// Prints what Khronos' validator says of each GLB named, one JSON report a line.
import { readFile } from "node:fs/promises";
import validator from "gltf-validator";

for (const path of process.argv.slice(2)) {
  const report = await validator.validateBytes(new Uint8Array(await readFile(path)), { maxIssues: 0 });
  process.stdout.write(JSON.stringify(report) + "\n");
}
