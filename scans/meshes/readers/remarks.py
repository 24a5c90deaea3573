"""Findings that several readers make: accepted, with a remark."""

from scans.meshes.findings import Finding, Severity


def trailing_bytes(count: int) -> Finding:
    return Finding(
        "trailing_bytes",
        Severity.WARNING,
        f"{count} bytes after the end of the scan were ignored. The scan itself is complete.",
        {"bytes": count},
    )


def no_final_newline() -> Finding:
    return Finding(
        "no_final_newline",
        Severity.WARNING,
        "The last line of this file has no line end, so its last number may be cut. "
        "If the scan looks wrong at one spot, please export it again.",
    )


def zero_normals() -> Finding:
    return Finding(
        "zero_normals",
        Severity.INFO,
        "The file gives no directions for its triangles; they are computed from the shape.",
    )


def missing_end(present: int) -> Finding:
    return Finding(
        "missing_end",
        Severity.WARNING,
        f"The end mark of this file is missing: {present} triangles were read, but some may be lacking. "
        "Please compare the scan with the scanner's screen, or export it again.",
        {"present": present},
    )


def colors_ignored(reason: str) -> Finding:
    return Finding("colors_ignored", Severity.INFO, f"The scan is shown without its colours: {reason}.")
