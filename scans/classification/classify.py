"""The only place that weighs votes.

The ladder (`Method`, strongest first) decides each property by its strongest vote that speaks; weaker votes that
agree raise the confidence, those that disagree lower it. Three things no ladder settles, so a person does: two words
name opposite jaws (order, folder, name, what the sender stated), the shape contradicts them, and two votes put the scan
into different slots (arch, bite, pre-op, ...).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from scans.classification.set_logic import by_set
from scans.classification.verdict import (
    UNDECIDED,
    WORKING_ROLES,
    Arch,
    Category,
    Method,
    Role,
    Side,
    Verdict,
    Vote,
)

LADDER = tuple(Method)
MEANINGFUL = 0.6
"""From here on a contradiction is worth a person's time; a word that names a jaw must be surer than this, which is all
that a doubtful one is (see `by_filename.DOUBTFUL`)."""
DISSENT = 0.15
"""How much of a contradicting vote's confidence is taken off: 0.98 against 0.9 leaves 0.85, 0.92 leaves 0.79."""
CEILING = 0.99
IN_CONFLICT = 0.5
ARCHLESS = 0.5
"""A jaw whose side nobody knows."""
ASSUMED_ROLE = 0.85
"""A jaw of which nobody says that it is anything but a plain arch."""

ROLES_WITH_ARCH = WORKING_ROLES | {Role.PRE_PREPARATION, Role.SCAN_BODY}
SHAPED_AS_ARCH = WORKING_ROLES | {Role.PRE_PREPARATION}
SHAPED_AS_ANY = frozenset(
    {Role.SCAN_BODY, Role.GINGIVA, Role.WAX_UP, Role.DENTURE, Role.IMPRESSION, Role.FACE, Role.DESIGN}
)
"""Their shape may well be an arch's: geometry neither confirms nor denies them."""
JAWS = frozenset({Arch.UPPER, Arch.LOWER})

Value = TypeVar("Value", Arch, Role)


class Weighed(NamedTuple):
    confidence: float
    conflict: str


def classify(votes: Sequence[Vote]) -> Verdict:
    """One verdict from all votes on one file. A person's latest vote is final."""
    speaking = tuple(vote for vote in votes if vote.arch is not Arch.UNKNOWN or vote.role is not Role.UNKNOWN)
    persons = [vote for vote in votes if vote.method is Method.PERSON]  # "nothing of these" is an answer too
    if persons:
        last = persons[-1]
        return Verdict(last.arch, last.role, last.side, last.index, 1.0, tuple(votes))
    if not speaking:
        return replace(UNDECIDED, votes=tuple(votes))
    return _weigh(sorted(speaking, key=_rung), tuple(votes))


def classify_case(entries: Mapping[str, Sequence[Vote]]) -> dict[str, Verdict]:
    """Verdicts of all files of one case: their own votes, then what the set says of one left open."""
    first = {key: classify(votes) for key, votes in entries.items()}
    told = by_set(first)
    verdicts = {key: classify([*entries[key], told[key]]) if key in told else first[key] for key in entries}
    return _note_shared_slots(verdicts)


def _rung(vote: Vote) -> tuple[int, float]:
    return LADDER.index(vote.method), -vote.confidence


def _weigh(ranked: Sequence[Vote], votes: tuple[Vote, ...]) -> Verdict:
    role, role_weight = _role(ranked)
    arch, arch_weight = _arch(ranked, role)
    confidence = min(role_weight.confidence, arch_weight.confidence)
    if role is Role.UNKNOWN:
        role, confidence = (
            (Role.ARCH, min(confidence, ASSUMED_ROLE)) if arch in JAWS else (role, min(confidence, ARCHLESS))
        )
    conflict = "; ".join(dict.fromkeys(text for text in (arch_weight.conflict, role_weight.conflict) if text))
    side = next((vote.side for vote in ranked if vote.side is not Side.NONE), Side.NONE)
    index = next((vote.index for vote in ranked if vote.index is not None), None)
    return Verdict(arch, role, side, index, min(confidence, IN_CONFLICT) if conflict else confidence, votes, conflict)


def _arch(ranked: Sequence[Vote], role: Role) -> tuple[Arch, Weighed]:
    if role is Role.BITE:
        # A bite holds both jaws, whatever folder it lies in (TRIOS keeps "Raw Bite scan" beside an arch).
        return Arch.BOTH, Weighed(CEILING, "")
    speaking = [vote for vote in ranked if vote.arch in JAWS or (vote.arch is Arch.BOTH and vote.role is not Role.BITE)]
    if not speaking:
        return Arch.UNKNOWN, Weighed(CEILING if role in SHAPED_AS_ANY - ROLES_WITH_ARCH else ARCHLESS, "")
    chosen = speaking[0]
    weight = _weight(chosen, speaking, lambda vote: _same_arch(chosen, vote), _arch_conflict)
    return chosen.arch, weight._replace(conflict=_opposite_words(speaking) or weight.conflict)


def _opposite_words(speaking: Sequence[Vote]) -> str:
    """Two words that name opposite jaws, on whatever rungs: the weaker one may be the true one."""
    first: dict[Arch, Vote] = {}
    for vote in speaking:
        if vote.method is not Method.GEOMETRY and vote.arch in JAWS and vote.confidence > MEANINGFUL:
            first.setdefault(vote.arch, vote)
    if len(first) < len(JAWS):
        return ""
    return ", ".join(f"{_speaker(vote)} says {vote.arch}" for vote in first.values())


def _same_arch(chosen: Vote, other: Vote) -> bool | None:
    return (
        None if Arch.BOTH in (chosen.arch, other.arch) and chosen.arch is not other.arch else chosen.arch is other.arch
    )


def _role(ranked: Sequence[Vote]) -> tuple[Role, Weighed]:
    speaking = [vote for vote in ranked if vote.role is not Role.UNKNOWN]
    if not speaking:
        return Role.UNKNOWN, Weighed(CEILING, "")
    chosen = speaking[0]
    weight = _weight(chosen, speaking, lambda vote: _same_role(chosen, vote), _role_conflict)
    return _refined(chosen.role, speaking), weight


def _refined(role: Role, speaking: Sequence[Vote]) -> Role:
    """A side-car's plain "Jaw" does not deny that it is the preparation."""
    if role is not Role.ARCH:
        return role
    return next((vote.role for vote in speaking if vote.role in WORKING_ROLES and vote.role is not Role.ARCH), role)


def _same_role(chosen: Vote, other: Vote) -> bool | None:
    """None: they do not speak of the same thing."""
    if Method.GEOMETRY in (chosen.method, other.method) and chosen is not other:
        roles = {chosen.role, other.role}
        return None if roles & SHAPED_AS_ANY else roles <= SHAPED_AS_ARCH or len(roles) == 1
    if {chosen.role, other.role} <= WORKING_ROLES or chosen.role is other.role:
        return True
    # The bare word "upper" tells the jaw only; in a folder "PreOp" it denies nothing.
    return None if _is_bare_word(other) and chosen.role is not Role.BITE else False


def _is_bare_word(vote: Vote) -> bool:
    return vote.method is Method.TOKENS and vote.role is Role.ARCH


def _weight(
    chosen: Vote,
    speaking: Sequence[Vote],
    same: Callable[[Vote], bool | None],
    conflict: Callable[[Vote, Vote], str],
) -> Weighed:
    doubt, dissent, text = 1.0, 1.0, ""
    for vote in _best_of_each_method(speaking):
        agrees = same(vote)
        if agrees:
            doubt *= 1 - vote.confidence
        elif agrees is False:
            dissent *= 1 - DISSENT * vote.confidence
            text = text or conflict(chosen, vote)
    # A lone vote keeps its own confidence to the digit; only agreement is capped.
    alone = chosen.confidence if doubt == 1 - chosen.confidence else min(1 - doubt, max(CEILING, chosen.confidence))
    return Weighed(alone * dissent, text)


def _best_of_each_method(speaking: Sequence[Vote]) -> list[Vote]:
    """Two votes of one method are no two witnesses."""
    best: dict[Method, Vote] = {}
    for vote in speaking:
        best.setdefault(vote.method, vote)
    return list(best.values())


def _arch_conflict(chosen: Vote, other: Vote) -> str:
    if other.method is not Method.GEOMETRY or min(chosen.confidence, other.confidence) < MEANINGFUL:
        return ""
    return f"{_speaker(chosen)} says {chosen.arch}, the shape says {other.arch}"


def _role_conflict(chosen: Vote, other: Vote) -> str:
    if min(chosen.confidence, other.confidence) < MEANINGFUL:
        return ""
    return f"{_speaker(chosen)} says {_spoken(chosen.role)}, {_speaker(other)} says {_spoken(other.role)}"


def _spoken(role: Role) -> str:
    return str(role).replace("_", " ")


SPEAKERS = {
    Method.SIDECAR: "what was sent with it",
    Method.VENDOR: "the scanner's name",
    Method.FOLDER: "the folder",
    Method.TOKENS: "the name",
    Method.SET: "the rest of the case",
    Method.GEOMETRY: "the shape",
}


def _speaker(vote: Vote) -> str:
    return SPEAKERS.get(vote.method, str(vote.method))


def _note_shared_slots(verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """Repeats are allowed (a jaw scanned twice); without an index nobody can tell which one counts, so say it."""
    slots: dict[tuple[Category, int | None], list[str]] = defaultdict(list)
    for key, verdict in verdicts.items():
        if verdict.category in (Category.UPPER, Category.LOWER):
            slots[verdict.category, verdict.index].append(key)
    shared = {key: len(keys) for keys in slots.values() if len(keys) > 1 for key in keys}
    return {
        key: replace(verdict, notes=(*verdict.notes, _shared(verdict, shared[key]))) if key in shared else verdict
        for key, verdict in verdicts.items()
    }


def _shared(verdict: Verdict, count: int) -> str:
    return f"{count} scans of this case are the {verdict.arch} jaw and nothing tells which one counts"
