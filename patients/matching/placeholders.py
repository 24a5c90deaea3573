"""Names that name nobody: what is typed to try a scanner out."""

import re

from patients.matching.identity import Identity
from patients.matching.name_tables import SUFFIXES
from patients.matching.names import names_of
from patients.matching.normalise import plain
from patients.matching.placeholder_tables import (
    BEGINNINGS_OF_NO_NAME,
    LETTERS_THAT_MAKE_NO_NAME,
    TEST_WORDS,
    TEST_WORDS_IN_OTHER_SCRIPTS,
    WHOLE_NAMES,
)

_ONE_LETTER_REPEATED = re.compile(r"([a-z])\1+")
_RAW_WORDS = re.compile(r"[^\W\d_]+")


def is_test_identity(identity: Identity) -> bool:
    """Whether the name is a placeholder ("Test", "zz", "Anonymous", "PatientId 0").

    Whole words only: "Testa" is a name. A patient who bears such a name is filed by a person: no scan is lost.
    """
    raw = " ".join((identity.first_name, identity.last_name, identity.full_name))
    if TEST_WORDS_IN_OTHER_SCRIPTS.intersection(_RAW_WORDS.findall(raw.lower())):
        return True
    words = [plain(word) for word in _RAW_WORDS.findall(raw)]
    return any(_is_test_word(word) for word in words) or any(
        tuple(sorted(name.words)) in _SORTED_WHOLE_NAMES for name in names_of(identity)[:1]
    )


def _is_test_word(word: str) -> bool:
    if word in TEST_WORDS or word.startswith(BEGINNINGS_OF_NO_NAME):
        return True
    if word in SUFFIXES:
        return False
    found = _ONE_LETTER_REPEATED.fullmatch(word)
    return found is not None and (len(word) > 2 or found[1] in LETTERS_THAT_MAKE_NO_NAME)


_SORTED_WHOLE_NAMES = frozenset(tuple(sorted(name)) for name in WHOLE_NAMES)
