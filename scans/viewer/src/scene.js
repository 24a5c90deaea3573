// The stage: renderer, light, what stands on it. Draws when something has changed, never else.
import { AmbientLight, Box3, DirectionalLight, Group, Scene, Vector3, WebGLRenderer } from "three";
import { ViewCamera } from "./camera.js";

const SOFTWARE = /swiftshader|llvmpipe|basic render|softpipe/i;

export function webglHere() {
  const context = document.createElement("canvas").getContext("webgl2");
  if (!context) return null;
  const info = context.getExtension("WEBGL_debug_renderer_info");
  const name = String(context.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : context.RENDERER));
  context.getExtension("WEBGL_lose_context")?.loseContext();
  return { isSoftware: SOFTWARE.test(name) };
}

export class Stage {
  constructor(canvas, { isSoftware }) {
    this.canvas = canvas;
    this.isSoftware = isSoftware;
    this.renderer = new WebGLRenderer({ canvas, antialias: !isSoftware, alpha: true });
    this.renderer.localClippingEnabled = true;
    this.renderer.setClearColor(0x000000, 0);
    this.scene = new Scene();
    this.world = new Group();
    this.scene.add(this.world);
    this.view = new ViewCamera();
    this.view.changed = () => this.draw();
    this.light();
    this.afterDraw = [];
    this.watch = new ResizeObserver(() => this.resize());
    this.watch.observe(canvas);
    this.resize();
  }

  /** A soft light from the upper left that goes with the camera, as a dentist's lamp does, and a weak one against it. */
  light() {
    const lamp = (x, y, z, strength) => {
      const one = new DirectionalLight(0xffffff, strength);
      one.position.set(x, y, z);
      this.view.camera.add(one, one.target);
    };
    lamp(-0.5, 0.8, 1, 1.9);
    lamp(0.9, -0.2, 0.6, 0.55);
    this.scene.add(new AmbientLight(0xffffff, 1.1), this.view.camera);
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    this.renderer.setPixelRatio(this.isSoftware ? 1 : Math.min(devicePixelRatio, 2));
    this.renderer.setSize(width, height, false);
    const wasFlat = this.view.aspect;
    this.view.aspect = width / height;
    // What was seen from side to side stays seen when the picture gets narrower.
    if (this.view.aspect < wasFlat && wasFlat) this.view.radius *= Math.min(wasFlat, 1.6) / Math.min(this.view.aspect, 1.6);
    this.view.update();
  }

  draw() {
    if (this.waiting || this.isLost) return;
    this.waiting = requestAnimationFrame(() => this.drawNow());
  }

  drawNow() {
    this.waiting = 0;
    if (this.isLost) return;
    this.renderer.render(this.scene, this.view.camera);
    for (const tell of this.afterDraw) tell();
  }

  /** Half of what is seen of these objects when looked at along the camera, and its middle. */
  frame(objects) {
    const back = this.view.turn.clone().invert();
    const box = new Box3();
    const corner = new Vector3();
    for (const object of objects) {
      object.updateWorldMatrix(true, false);
      const place = object.geometry.attributes.position;
      const step = Math.max(1, Math.floor(place.count / 4000));
      for (let at = 0; at < place.count; at += step)
        box.expandByPoint(corner.fromBufferAttribute(place, at).applyMatrix4(object.matrixWorld).applyQuaternion(back));
    }
    if (box.isEmpty()) return;
    const half = box.getSize(new Vector3()).multiplyScalar(0.5);
    this.view.fit(box.getCenter(new Vector3()).applyQuaternion(this.view.turn), half);
  }

  /** A point of the world as pixels of the canvas. */
  toScreen(point) {
    const at = point.clone().project(this.view.camera);
    return { x: ((at.x + 1) / 2) * this.canvas.clientWidth, y: ((1 - at.y) / 2) * this.canvas.clientHeight };
  }

  onLoss(lost, restored) {
    this.canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault();
      this.isLost = true;
      lost();
    });
    this.canvas.addEventListener("webglcontextrestored", () => {
      this.isLost = false;
      restored();
      this.draw();
    });
  }

  dispose() {
    this.watch.disconnect();
    cancelAnimationFrame(this.waiting);
    this.renderer.dispose();
  }
}
