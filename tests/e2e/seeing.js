// Evaluated in a page: returns a sentence for every fault. Contrast after WCAG 2.2, 1.4.3 (4.5, large text 3).
() => {
  const faults = [];
  const content = document.querySelector("#content");
  const seen = (one) => one.checkVisibility() && one.getClientRects().length > 0;

  if (document.documentElement.scrollWidth > innerWidth) faults.push("wider than the screen");

  for (const field of content.querySelectorAll("input:not([type=hidden]), select, textarea"))
    if (!field.labels.length) faults.push(`no label: ${field.name}`);

  for (const one of content.querySelectorAll("a, button"))
    if (seen(one) && !one.textContent.trim()) faults.push("a button or link without words");

  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) faults.push(`id twice: ${id}`);

  let before = 0;
  for (const heading of content.querySelectorAll("h1, h2, h3, h4")) {
    const level = Number(heading.tagName[1]);
    if (level > before + 1) faults.push(`heading skips a level: ${heading.textContent.trim()}`);
    before = level;
  }

  const parts = (color) => color.match(/[\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const linear = [r, g, b].map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const color = parts(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const texts = document.createTreeWalker(content, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const one = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !seen(one) || one.closest(".aw-hidden")) continue;
    const style = getComputedStyle(one);
    const [light, dark] = [luminance(parts(style.color)), luminance(ground(one))].sort((a, b) => b - a);
    const ratio = (light + 0.05) / (dark + 0.05);
    const size = parseFloat(style.fontSize);
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (isLarge ? 3 : 4.5)) faults.push(`contrast ${ratio.toFixed(2)}: ${texts.currentNode.textContent.trim().slice(0, 40)}`);
  }
  return faults;
}
