// Starts the viewer of a page: finds what the template laid out, and says so where the browser cannot show it.
import { Controls } from "./controls.js";
import { webglHere } from "./scene.js";
import { Viewer } from "./viewer.js";

function start(root) {
  const find = (name) => root.querySelector(`[data-viewer-${name}]`);
  const gl = webglHere();
  if (!gl) {
    root.dataset.state = "nowebgl";
    find("nowebgl").hidden = false;
    find("stage").hidden = true;
    return;
  }
  const scene = JSON.parse(document.getElementById(root.dataset.scene).textContent);
  const viewer = new Viewer(find("canvas"), find("labels"), scene, gl, document.documentElement.lang || undefined);
  const controls = new Controls(root, viewer, scene);
  controls.load();
  addEventListener("pagehide", (event) => event.persisted || viewer.dispose());
}

for (const root of document.querySelectorAll("[data-scan-viewer]")) start(root);
