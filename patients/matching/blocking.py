"""Keys under which patients are indexed, so that a misspelt name still meets its patient without reading them all.

A patient is stored under blocking_keys (one row per clinic and key). A received identity is looked up by lookup_keys,
by birth_date_variants of every birth date it can mean, and by chart_keys.
"""

from itertools import permutations, product

from patients.matching.charts import chart_keys
from patients.matching.dates import birth_date_variants
from patients.matching.identity import Identity
from patients.matching.likeness import name_groups
from patients.matching.names import PersonName, Words, core, names_of
from patients.matching.normalise import fold, skeleton

__all__ = ["MAX_KEY_LENGTH", "birth_date_variants", "blocking_keys", "chart_keys", "lookup_keys"]

MAX_KEY_LENGTH = 32
_MOST_WORDS = 5


def blocking_keys(identity: Identity) -> frozenset[str]:
    """Every key of a patient, at most MAX_KEY_LENGTH ASCII characters each.

    One word of the name by its consonants, with the beginning or the end of another: one slip in either word leaves
    one of the keys alone. Any two words in any order, nicknames by the number of their group.
    """
    return frozenset(
        key[:MAX_KEY_LENGTH]
        for name in names_of(identity)
        for key in (*_pair_keys(_indexed_words(name)), *(f"1:{part}" for part in _surname_forms(name)))
    )


def lookup_keys(identity: Identity) -> frozenset[str]:
    """The keys to search by: those of single words only where the name has no second word, for they find many."""
    keys = blocking_keys(identity)
    pairs = frozenset(key for key in keys if not key.startswith("1:"))
    return pairs or keys


def _indexed_words(name: PersonName) -> Words:
    """Words that identify, joined forms included ("Anne Marie" is also "annemarie")."""
    words = core(name.words) if not name.ordered else (*name.given, *core(name.family))
    joined = ("".join(name.given), "".join(name.family), "".join(core(name.family))) if name.ordered else ()
    return tuple(dict.fromkeys((*words[:_MOST_WORDS], *filter(None, joined))))


def _surname_forms(name: PersonName) -> set[str]:
    family = core(name.family) if name.ordered else core(name.words)
    return {skeleton(word) for word in family[:_MOST_WORDS]}


def _pair_keys(words: Words) -> set[str]:
    keys: set[str] = set()
    for one, other in permutations(words, 2):
        for form, (start, end) in product(_forms(one), _edges(other)):
            keys.update((f"a:{form}:{start}", f"z:{form}:{end}"))
    return keys


def _forms(word: str) -> set[str]:
    return {f"#{number}" for number in name_groups(word)} | {skeleton(word)}


def _edges(word: str) -> set[tuple[str, str]]:
    heard = fold(word)
    return {(heard[:1], heard[-3:])} | {(f"#{number}", f"#{number}") for number in name_groups(word)}
