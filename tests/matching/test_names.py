"""A name is read the same however it was written down."""

import pytest

from patients.matching.codes import GivenCode, NameCode, NameStrength, SurnameCode
from patients.matching.identity import Identity
from patients.matching.name_compare import compare_given_names, compare_names, compare_surnames
from patients.matching.names import names_of


def compared(one: Identity, other: Identity) -> tuple[str, ...]:
    return compare_names(names_of(one), names_of(other)).codes


@pytest.mark.parametrize(
    ("identity", "given", "family", "suffix"),
    [
        (Identity("Anna Maria", "Müller"), ("anna", "maria"), ("muller",), ""),
        (Identity(full_name="Müller, Anna Maria"), ("anna", "maria"), ("muller",), ""),
        (Identity(full_name="Müller^Anna^Maria^Dr.^Jr"), ("anna", "maria"), ("muller",), "jr"),
        (Identity(full_name="Kim^Minjun=김^민준"), ("minjun",), ("kim",), ""),
        (Identity(full_name="김민준"), ("minjun",), ("kim",), ""),
        (Identity(full_name="남궁민수"), ("minsoo",), ("namgung",), ""),
        (Identity("John", "Smith, Sr."), ("john",), ("smith",), "sr"),
        (Identity("John", "John Smith"), ("john",), ("smith",), ""),
        (Identity("Dr. med. Hans-Peter", "von der Heide"), ("hans", "peter"), ("von", "der", "heide"), ""),
        (Identity("Sr. Juan", "de la Cruz"), ("juan",), ("de", "la", "cruz"), ""),
        (Identity("Amartya", "Sen"), ("amartya",), ("sen",), ""),
        (Identity("Karl", "Huber sen."), ("karl",), ("huber",), "sr"),
        (Identity("John (Johnny)", "O'Brien 2"), ("john",), ("obrien",), ""),
        (Identity("Md. Rahim", "Khan MD"), ("md", "rahim"), ("khan",), ""),
    ],
)
def test_parts(identity: Identity, given: tuple[str, ...], family: tuple[str, ...], suffix: str) -> None:
    (name,) = names_of(identity)
    assert (name.given, name.family, name.suffix) == (given, family, suffix)
    assert name.ordered


def test_one_string_without_a_comma_is_read_every_way() -> None:
    (name,) = names_of(Identity(last_name="Anna Maria Berg"))
    assert (("anna", "maria"), ("berg",)) in name.readings
    assert (("berg",), ("anna", "maria")) in name.readings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Müller", "Mueller"),
        ("Groß", "Gross"),
        ("Sørensen", "Soerensen"),
        ("Åberg", "Aaberg"),
        ("Щербаков", "Shcherbakov"),
        ("Фёдоров", "Fedorov"),
        ("Παπαδόπουλος", "Papadopoulos"),
        ("Łukasik", "Lukasik"),
    ],
)
def test_scripts_and_spellings_of_one_surname_are_equal(one: str, other: str) -> None:
    (code, *_) = compared(Identity("A", one), Identity("A", other))
    assert code in {SurnameCode.EQUAL, SurnameCode.SPELLING}


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        (("de", "la", "cruz"), ("delacruz",), SurnameCode.EQUAL),
        (("von", "berg"), ("berg",), SurnameCode.EQUAL),
        (("garcia", "marquez"), ("garcia",), SurnameCode.PART),
        (("garcia", "marquez"), ("garcia", "lopez"), SurnameCode.ONE_PART),
        (("meyer",), ("maier",), SurnameCode.SOUND),
        (("schneider",), ("schnieder",), SurnameCode.SLIP),
        (("berg",), ("huber",), SurnameCode.DIFFERENT),
        ((), ("huber",), SurnameCode.MISSING),
    ],
)
def test_surnames(one: tuple[str, ...], other: tuple[str, ...], code: SurnameCode) -> None:
    assert compare_surnames(one, other) is compare_surnames(other, one) is code


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        (("anne", "marie"), ("annemarie",), GivenCode.EQUAL),
        (("william",), ("bill",), GivenCode.NICKNAME),
        (("francisco",), ("paco",), GivenCode.NICKNAME),
        (("alexandra",), ("alex",), GivenCode.AMBIGUOUS_NICKNAME),
        (("philip",), ("filip",), GivenCode.SOUND),
        (("brandon",), ("barndon",), GivenCode.TRANSPOSED),
        (("brandon",), ("brndon",), GivenCode.SLIP),
        (("anna",), ("hanna",), GivenCode.CLOSE),
        (("christian",), ("christina",), GivenCode.CLOSE),
        (("maria", "carmen"), ("carmen",), GivenCode.MIDDLE),
        (("maria", "carmen"), ("carmen", "maria"), GivenCode.MIDDLE),
        (("soo", "min"), ("sung", "min"), GivenCode.DIFFERENT),
        (("jose",), ("jose", "luis"), GivenCode.LEADING),
        (("j",), ("jose",), GivenCode.INITIAL),
        (("clara",), ("oskar",), GivenCode.DIFFERENT),
    ],
)
def test_first_names(one: tuple[str, ...], other: tuple[str, ...], code: GivenCode) -> None:
    assert compare_given_names(one, other) == compare_given_names(other, one) == (code, False)


def test_contradicting_middle_names_leave_doubt() -> None:
    found = compare_names(names_of(Identity("John A.", "Smith")), names_of(Identity("John Brian", "Smith")))
    assert NameCode.MIDDLE_DIFFERENT in found.codes
    assert found.strength is NameStrength.COMPATIBLE


def test_swapped_fields_are_told() -> None:
    assert NameCode.SWAPPED in compared(Identity("Berg", "Clara"), Identity("Clara", "Berg"))
