// Writes scans/static/scans/viewer.js; the same source gives the same bytes. An argument names another file.
import { readFileSync } from "node:fs";
import { build } from "esbuild";

const here = new URL(".", import.meta.url);
const licence = (name, file) => {
  const { version } = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, here)));
  return `${name} ${version}\n${readFileSync(new URL(`node_modules/${name}/${file}`, here), "utf8").trim()}`;
};
const notice = [licence("three", "LICENSE"), licence("meshoptimizer", "LICENSE.md")].join("\n\n");

await build({
  absWorkingDir: new URL(".", here).pathname,
  entryPoints: ["src/main.js"],
  outfile: process.argv[2] ?? new URL("../static/scans/viewer.js", here).pathname,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  banner: { js: `/*! Made from scans/viewer/; do not edit. Contains:\n\n${notice}\n*/` },
});
