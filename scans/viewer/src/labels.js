// Words that stand on the picture and follow their place in space.
export class Labels {
  constructor(stage, layer, language) {
    Object.assign(this, { stage, layer, all: new Set() });
    this.numbers = new Intl.NumberFormat(language, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    stage.afterDraw.push(() => this.place());
  }

  millimetres(value) {
    return `${this.numbers.format(value)} mm`;
  }

  /** where: answers a point of the world, or null while there is nothing to point at. */
  add(kind, text, where) {
    const element = document.createElement("span");
    element.className = kind;
    element.textContent = text;
    this.layer.append(element);
    const label = { element, where, text, remove: () => this.remove(label) };
    this.all.add(label);
    return label;
  }

  place() {
    for (const { element, where } of this.all) {
      const point = where();
      element.hidden = !point;
      if (!point) continue;
      const { x, y } = this.stage.toScreen(point);
      element.style.transform = `translate(-50%, -50%) translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
    }
  }

  remove(label) {
    label.element.remove();
    this.all.delete(label);
  }
}
