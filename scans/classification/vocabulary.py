"""The words that scanners and clinics use in names of files and folders: data, nothing else.

Phrases are compared folded (see `words.fold`): without case and accents. A phrase of several words is written
with spaces; the longest phrase at a place wins, so "pre op" is found before "op" could be.
"""

from scans.classification.verdict import Arch, Role, Side

UPPER = (
    "upper, uppers, upperjaw, upperjawscan, upperscan, upperarch, maxilla, maxillary, maxillar, maxila, maxilar,"
    "maxillaire, oben, oberkiefer, superior, superiore, superieur, superieure, üst, üst çene, 상악, 상악골,"
    "верхняя, верхний, верхней, верх, вч, haut, boven, bovenkaak, górna, 上颌, 上顎"
)
LOWER = (
    "lower, lowers, lowerjaw, lowerjawscan, lowerscan, lowerarch, mandible, mandibular, mandibula, mandibulaire,"
    "unten, unterkiefer, inferior, inferiore, inferieur, inferieure, alt çene, 하악, 하악골,"
    "нижняя, нижний, нижней, низ, нч, onderkaak, dolna, 下颌, 下顎"
)
WEAK_UPPER = "sup, up, ober, mx"
"""Also syllables, initials or English words: they need a second witness."""
WEAK_LOWER = "inf, low, unter, alt, mand, md"

ABBREVIATIONS = {"OK": Arch.UPPER, "UK": Arch.LOWER}
"""German Ober- and Unterkiefer; only in capitals, and weak: "scan_OK" also means that a scan is fine."""

ROLES = {
    Role.BITE: (
        "bite, bites, bitescan, bite scan, bite registration, occlusion, occlusal, occlusions, occlusionfirst,"
        "occlusionsecond, interocclusal, totaljaw, total jaw, schlussbiss, biss, bissnahme, mordida,"
        "registro de mordida, oclusion, oclusão, occlusione, kapanış, ısırma, прикус, 교합, 바이트, 咬合"
    ),
    Role.PREPARATION: (
        "prep, preps, prepped, preparation, preparationscan, preparation scan, preparación, preparação, präparation,"
        "stumpf, 프렙, 지대치"
    ),
    Role.ANTAGONIST: (
        "antagonist, antagonista, antagonistscan, antagonist scan, antagoniste, opposing, opponent,"
        "gegenkiefer, антагонист"
    ),
    Role.PRE_PREPARATION: (
        "preop, pre op, preoperative, pre operative, preoperational, pre operational, situ, situscan, pretreatment,"
        "pre treatment, preprep, pre prep, prepreparation, pre preparation, prepreparationscan,"
        "preextraction, pre extraction, vorpräparation, vorher"
    ),
    Role.SCAN_BODY: (
        "scanbody, scan body, scanbodies, scan bodies, scanflag, scanmarker, abutment,"
        "abutmentscan, abutment scan, abutment alignment, implantscan, implant scan, 스캔바디"
    ),
    Role.GINGIVA: "gingiva, gingivamask, gingiva mask, gingivascan, emergence, emergence profile, zahnfleisch",
    Role.WAX_UP: "waxup, wax up, wachs up, wachsup, mockup, mock up, encerado",
    Role.DENTURE: "denture, dentures, denturescan, prothese, prótesis, dentadura",
    Role.IMPRESSION: "impression, impressions, impressionscan, abdruck, impresión",
    Role.FACE: "facescan, face scan, gesichtsscan",
}

ROLE_ORDER = (
    Role.DESIGN,
    Role.FACE,
    Role.PRE_PREPARATION,
    Role.SCAN_BODY,
    Role.GINGIVA,
    Role.WAX_UP,
    Role.DENTURE,
    Role.IMPRESSION,
    Role.BITE,
    Role.PREPARATION,
    Role.ANTAGONIST,
)
"""Which role a name means when it carries several: the one that keeps a scan out of the working slot first."""

WEAK_ROLES = {
    Role.BITE: "buccal, buccals, registration, centric, vestibular",
    Role.PRE_PREPARATION: "initial, before",
    Role.SCAN_BODY: "marker, markers",
    Role.GINGIVA: "gum",
    Role.WAX_UP: "wachs",
    Role.FACE: "face, gesicht",
    Role.DESIGN: "cad, design",
}
"""Surnames and everyday words among them: beside a jaw's name they count, alone a person looks."""

SIDES = {
    Side.LEFT: (
        "left, links, izquierda, izquierdo, esquerda, esquerdo, sinistra, gauche, sol,левый, левая, слева, 좌, 좌측, l"
    ),
    Side.RIGHT: (
        "right, rechts, derecha, derecho, direita, direito, destra, droite, sağ,правый, правая, справа, 우, 우측, r"
    ),
}

ORDINALS = {"first": 1, "second": 2, "third": 3, "occlusionfirst": 1, "occlusionsecond": 2}

FILLERS = (
    "jaw, jaws, arch, arches, scan, scans, kiefer, çene, челюсть, raw, base, mesh, file, final, copy, kopie, copia,"
    "export, exported, intraoral, ios, digital, full, tooth, teeth, shell, model, v, new, rescan, trimmed, decimated,"
    "textured, colored, coloured, closed, open, hd, and, the, of, in, de, arcada, arco, arcade, machoire, 스캔, скан"
)
"""Words that tell nothing and may stand between the telling ones."""

GLUED_ENDINGS = (
    "upperjawscan",
    "lowerjawscan",
    "bitescan",
    "preparationscan",
    "antagonistscan",
    "upperjaw",
    "lowerjaw",
)
"""Endings that a vendor glues to a name in one case ("johndoeupperjawscan"); long enough to be no part of a name."""

FOLDERS = (
    "scans, scan, cad, 3scom, screenshots, raw, stl, ply, obj, dcm, export, exports, exported, mesh, meshes, model,"
    "models, images, textures, files, data, scandata, scan data, 3d, png, jpg, gallery, photos, documents, backup,"
    "bite, occlusion"
)
"""Folders that order the files of one case, and so do not start another case."""

NO_NAMES = (
    "patient, case, order, test, scan, unnamed, untitled, noname, unknown, none, null, lab, clinic, itero, trios,"
    "medit, exocad, orthocad, dental, demo, sample, example, phantom, dummy, export, import, project, mesh, model"
)
"""Words that are not a person's name even where a name would stand."""
