// The picture as a PNG, with the distances that stand on it. The file's name says nothing of whose it is.
export function snapshot(stage, labels) {
  const { canvas } = stage;
  stage.drawNow();
  const copy = document.createElement("canvas");
  [copy.width, copy.height] = [canvas.width, canvas.height];
  const pen = copy.getContext("2d");
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, copy.width, copy.height);
  pen.drawImage(canvas, 0, 0);
  const ratio = canvas.width / canvas.clientWidth;
  pen.font = `600 ${14 * ratio}px sans-serif`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (const { where, text } of labels.all) {
    const point = where();
    if (point) write(pen, text, stage.toScreen(point), ratio);
  }
  return new Promise((done) => copy.toBlob(done, "image/png"));
}

function write(pen, text, at, ratio) {
  pen.lineWidth = 4 * ratio;
  pen.strokeStyle = "#ffffff";
  pen.strokeText(text, at.x * ratio, at.y * ratio);
  pen.fillStyle = "#12324a";
  pen.fillText(text, at.x * ratio, at.y * ratio);
}

export function download(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
