"""The stable codes of every comparison: stored with a match, shown with a sentence, judged by decide."""

from enum import IntEnum, StrEnum


class SurnameCode(StrEnum):
    EQUAL = "SURNAME_EQUAL"
    SPELLING = "SURNAME_SPELLING"
    SOUND = "SURNAME_SOUNDS_ALIKE"
    SLIP = "SURNAME_TYPING_SLIP"
    PART = "SURNAME_PART_MISSING"
    ONE_PART = "SURNAME_ONE_PART_SHARED"
    DIFFERENT = "SURNAME_DIFFERENT"
    MISSING = "SURNAME_MISSING"


class GivenCode(StrEnum):
    EQUAL = "FIRST_NAME_EQUAL"
    SPELLING = "FIRST_NAME_SPELLING"
    SOUND = "FIRST_NAME_SOUNDS_ALIKE"
    NICKNAME = "FIRST_NAME_NICKNAME"
    TRANSPOSED = "FIRST_NAME_LETTERS_SWAPPED"
    SLIP = "FIRST_NAME_TYPING_SLIP"
    AMBIGUOUS_NICKNAME = "FIRST_NAME_AMBIGUOUS_NICKNAME"
    MIDDLE = "FIRST_NAME_IS_MIDDLE_NAME"
    LEADING = "FIRST_NAME_COMMON_PART"
    INITIAL = "FIRST_NAME_INITIAL"
    CLOSE = "FIRST_NAME_CLOSE"
    DIFFERENT = "FIRST_NAME_DIFFERENT"
    MISSING = "FIRST_NAME_MISSING"


class NameCode(StrEnum):
    """What else there is to say about two names."""

    MISSING = "NAME_MISSING"
    SWAPPED = "NAME_ORDER_SWAPPED"
    ALIAS = "NAME_ALIAS"
    MIDDLE_DIFFERENT = "MIDDLE_NAME_DIFFERENT"
    SUFFIX_EQUAL = "SUFFIX_EQUAL"
    SUFFIX_ONE_SIDED = "SUFFIX_ONE_SIDED"
    SUFFIX_CONFLICT = "SUFFIX_CONFLICT"


class DateCode(StrEnum):
    EQUAL = "BIRTH_DATE_EQUAL"
    ONE_READING = "BIRTH_DATE_ONE_READING"
    SWAPPED = "BIRTH_DATE_DAY_MONTH_SWAPPED"
    TRANSPOSED = "BIRTH_DATE_DIGITS_SWAPPED"
    ONE_DIGIT = "BIRTH_DATE_ONE_DIGIT"
    YEAR_OFF_ONE = "BIRTH_DATE_YEAR_OFF_BY_ONE"
    YEAR_OFF_TEN = "BIRTH_DATE_YEAR_OFF_BY_TEN"
    CENTURY = "BIRTH_DATE_CENTURY"
    CONFLICT = "BIRTH_DATE_CONFLICT"
    MISSING = "BIRTH_DATE_MISSING"


class ChartCode(StrEnum):
    EQUAL = "CHART_NUMBER_EQUAL"
    PREFIX = "CHART_NUMBER_EQUAL_BUT_PREFIX"
    SLIP = "CHART_NUMBER_TYPING_SLIP"
    DIFFERENT = "CHART_NUMBER_DIFFERENT"
    MISSING = "CHART_NUMBER_MISSING"


Code = SurnameCode | GivenCode | NameCode | DateCode | ChartCode


class NameStrength(IntEnum):
    """What a name is worth as evidence.

    STRONG: surname and first name agree. COMPATIBLE: may well be the same person, yet a brother or a sister or a
    stranger could fit too (an initial, a changed surname). WEAK: no help.
    """

    WEAK = 0
    COMPATIBLE = 1
    STRONG = 2
