// What was dropped or chosen, as parcels: each becomes one delivery. An archive is a parcel of its own, so is a folder,
// and loose files that come together are one, unless each shall be a case of its own.

const ARCHIVE = /\.(zip|7z)$/i;
const NOBODYS = /(^|\/)(\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX\/.*)$/i;

// -> [{ kind: "archive" | "folder" | "loose", name, files: [{ name, file }] }]
export function parcelsOf(entries, eachAlone) {
  const folders = new Map();
  const parcels = [];
  const loose = [];
  for (const entry of entries) {
    if (NOBODYS.test(entry.name)) continue;
    const [top, ...rest] = entry.name.split("/");
    if (ARCHIVE.test(entry.name)) parcels.push({ kind: "archive", name: entry.file.name, files: [{ ...entry, name: entry.file.name }] });
    else if (rest.length) folders.set(top, [...(folders.get(top) ?? []), entry]);
    else loose.push(entry);
  }
  for (const [name, files] of folders) parcels.push({ kind: "folder", name, files });
  if (eachAlone) for (const entry of loose) parcels.push({ kind: "loose", name: entry.name, files: [entry] });
  else if (loose.length) parcels.push({ kind: "loose", name: loose.map((one) => one.name).join(", "), files: loose });
  return parcels;
}

export function entriesOfInput(input) {
  return [...input.files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
}

// The items of a drop are only there while the event is handled: they are taken first, and read afterwards.
export function entriesOfDrop(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const roots = items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile()).filter(Boolean);
  return Promise.all(roots.map((root) => walk(root, ""))).then((found) => found.flat());
}

async function walk(entry, folder) {
  if (entry instanceof File) return [{ name: entry.name, file: entry }];
  const name = folder + entry.name;
  if (entry.isFile) return [{ name, file: await new Promise((done, failed) => entry.file(done, failed)) }];
  const found = [];
  const reader = entry.createReader();
  // A folder is read in pieces of a hundred; an empty piece is its end.
  for (;;) {
    const piece = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!piece.length) return found;
    for (const child of piece) found.push(...(await walk(child, `${name}/`)));
  }
}
