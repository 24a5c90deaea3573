"""`python -m config.sentences` : gathers into `scans/sentences.py` what pure code says in plain English.

Pure code knows no gettext, and much of what it says is stored. Its sentences are found in the source: every string with
more than one word that is no docstring, no log line, no pattern and not marked for gettext already.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "scans" / "sentences.py"
PLACES = [
    "scans/meshes", "scans/exports", "scans/classification", "scans/examination", "scans/completeness.py",
    "scans/bites.py", "scans/wait_reasons.py", "scans/services", "patients/matching", "patients/services.py",
    "integrations/services", "integrations/connectors", "integrations/errors.py", "integrations/http.py",
    "integrations/oauth.py", "integrations/watching.py",
]  # fmt: skip
TABLES = {"name_tables.py", "nicknames.py", "placeholder_tables.py", "vocabulary.py", "words.py", "demo.py"}
"""Words to recognise, and the names of the demo: nothing that is said."""
UNSAID = {"_", "gettext", "debug", "info", "warning", "error", "exception", "compile", "strptime", "record"}
"""Calls whose words are marked already, or read by nobody at a desk."""
NOT_FOR_PEOPLE = {
    "XmlNode | None", "Bearer {}", "job {}", "bytes {}-", "{}-{}'s Case/", "night guard", "sports guard", "not taken",
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M", "%Y-%m-%d %H:%M %Z", "{} {}: {}", "{}: {} {}",
    "{} ({}){}{}", "matrix {}", "3Shape TRIOS", "{} callback", "{} connection", "obj with texture", "scan data",
    "before treatment", "no such case any more", "no pair of jaws", "Archway, {}: {}\n{}\n", "DICOM with {} {}",
    "{}: {}; {}", "{} jaw", "Basic {}", "HPS CE", "HPS {}", "an export", "no scan to lay", " of the same case",
    " before treatment", ", placed in bite {}", "iTero's order names this file:",
}  # fmt: skip
FIELD = re.compile(r"\{\w*(?:![rs])?(?::[^{}]*)?\}")
PATTERN = re.compile(r"\(\?|\\d|\[[-_]")
SPOKEN = re.compile(
    r"[^\W\d_]{2,}.* .*[^\W\d_]|[^\W\d_].* .*[^\W\d_]{2,}|[^\W\d_]{3,} \{\}|\{\} [^\W\d_]{3,}", re.DOTALL
)

SHAPES = [
    "sidecar: {}", "vendor_rule: {}", "folder: {}", "tokens: {}", "set_logic: {}", "geometry: {}", "person: {}",
    "{} of the same case: {}; {}", "matrix {}", "before treatment", "{} before treatment", "placed in bite {}",
    "iTero's order names this file: {}",
]  # fmt: skip
"""What is put together from parts that stand in several places."""
WORDS = [
    "upper", "lower", "both", "left", "right", "arch", "bite", "left bite", "right bite", "bite {}", "left bite {}",
    "right bite {}", "preparation", "antagonist", "pre preparation", "pre_preparation", "scan body", "scan_body",
    "gingiva", "wax up", "wax_up", "denture", "impression", "face", "design", "unknown", "metres", "inches",
    "centimetres", "micrometres", "triangles", "points", "corners", "faces", "vertices", "a hole", "a spike",
    "an upper jaw", "a lower jaw", "a bite", "an upper arch", "a lower arch", "sidecar", "vendor_rule", "folder",
    "tokens", "set_logic", "geometry", "person", "entries", " and ", "accept", "reject", "skip", "OTHER",
    "upper jaw", "lower jaw", "both jaw", "jaw", "{}%",
]  # fmt: skip
"""Values that stand in the gaps of sentences."""


def gathered() -> tuple[list[str], list[str]]:
    """The sentences of the code, sorted, and the words that stand in their gaps."""
    found = {sentence for path in _files() for sentence in _said_in(ast.parse(path.read_text(encoding="utf-8")))}
    return sorted(found | set(SHAPES)), sorted(set(WORDS) - found - set(SHAPES))


def _files() -> Iterator[Path]:
    for place in PLACES:
        path = ROOT / place
        for file in [path] if path.is_file() else sorted(path.rglob("*.py")):
            if file.name not in TABLES:
                yield file


def _said_in(tree: ast.Module) -> Iterator[str]:
    unsaid = {id(part) for node in ast.walk(tree) for part in _unsaid(node)}
    for node in ast.walk(tree):
        text = _text(node) if id(node) not in unsaid else ""
        if SPOKEN.search(text) and not PATTERN.search(text) and text not in NOT_FOR_PEOPLE:
            yield text


def _unsaid(node: ast.AST) -> Iterator[ast.AST]:
    """Parts below this node that nobody reads: docstrings, log lines, what gettext has already, pieces of f-strings."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield from (part for part in node.values if isinstance(part, ast.Constant))
        formats = (part.format_spec for part in node.values if isinstance(part, ast.FormattedValue))
        yield from (spec for spec in formats if spec)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in UNSAID:
        yield from (part for argument in node.args for part in ast.walk(argument))


def _text(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return FIELD.sub("{}", node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
    return ""


def module() -> str:
    """The text of `scans/sentences.py`."""
    sentences, words = gathered()
    lines = [
        '"""What pure code says, for gettext: data only, written by `python -m config.sentences`."""',
        "",
        "from django.utils.translation import gettext_noop as _",
        "",
        "# fmt: off",
    ]
    for name, texts in (("SENTENCES", sentences), ("WORDS", words)):
        lines += [f"{name}: tuple[str, ...] = (", *(f"    _({_quoted(text)})," for text in texts), ")"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n")
    return f'"{escaped}"' if '"' not in escaped else f"'{escaped}'"


if __name__ == "__main__":
    TARGET.write_text(module(), encoding="utf-8")
