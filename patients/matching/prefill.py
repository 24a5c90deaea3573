"""Names for a form: what a scanner sent, split into first and last name as written, for a person to correct."""

from patients.matching.identity import Identity


def split_name(identity: Identity) -> tuple[str, str]:
    """(first name, last name), spelt as received. Of a single string a comma or else the last space decides."""
    if identity.first_name.strip() and identity.last_name.strip():
        return identity.first_name.strip(), identity.last_name.strip()
    whole = identity.full_name.strip() or identity.last_name.strip() or identity.first_name.strip()
    whole = " ".join(whole.replace("_", " ").replace("^", " ").split())
    last, comma, first = whole.partition(",")
    if comma:
        return first.strip(), last.strip()
    first, _, last = whole.rpartition(" ")
    return first, last
