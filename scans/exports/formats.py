"""Endings and names met in exports, and what each is: data, nothing else."""

MESHES = frozenset({"stl", "ply", "obj", "dcm", "hps"})
"""Read as a mesh. Which kind of .dcm it is, only its content tells."""

MATERIALS = frozenset({"mtl"})
IMAGES = frozenset({"jpg", "jpeg", "png", "bmp", "tif", "tiff", "gif", "webp"})
SIDECARS = frozenset({"xml", "dentalproject", "matrix4", "json", "csv"})
DOCUMENTS = frozenset({"html", "htm", "pdf", "txt", "rtf", "doc", "docx", "mp4", "avi", "mov", "log"})
DESIGNS = frozenset({"constructioninfo", "modelinfo", "dentalcad", "pts", "xyz"})
"""exocad's design files, and the margin lines (.pts) that Medit and exocad draw."""
ARCHIVES = frozenset({"zip", "7z", "rar", "tar", "gz"})

NATIVES = {
    "dxd": "Primescan's own format: upload it to DS Core and export it there as “exocad”.",
    "cszx": "Carestream's own format: open it in CS Imaging and use File > Export, as STL or PLY.",
    "meditmesh": "Medit's own format: open the case in Medit Link and use Export, as STL, PLY or OBJ.",
    "3ml": "3Shape's locked archive: send the .dcm files beside it, or export the scans as STL or PLY.",
    "3oxz": "3Shape's own order archive: open it in 3Shape and export the scans as STL or PLY.",
}

JUNK_NAMES = frozenset({".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", ".localized"})
JUNK_FOLDERS = frozenset({"__macosx", ".trashes", ".spotlight-v100", "$recycle.bin"})
BACKUP_FOLDERS = frozenset({"backup", "backups"})
DESIGN_FOLDERS = frozenset({"cad"})
