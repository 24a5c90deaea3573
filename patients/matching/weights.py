"""What each comparison is worth and how it is told to a receptionist. Data only.

Points are bits of evidence, log2(m / u): how much more often the comparison comes out like this for one person
than for two (I. P. Fellegi, A. B. Sunter, "A Theory for Record Linkage", JASA 64 (1969) 1183-1210). They were set
from rough rates, not fitted: an equal birth date 0.9 against 1 in 20,000, rounded down to 13 because namesakes and
families are no strangers; an equal surname 0.9 against 1 in 300; one day-month swap 0.005 against 1 in 25,000;
another birth date 0.001 against nearly always, more than that in points because two dates are a warning.
"""

from patients.matching.codes import ChartCode, Code, DateCode, GivenCode, NameCode, SurnameCode

# Odds, in bits, that any one candidate found in a register of some thousands is the person.
PRIOR_POINTS = -12.0

# Evidence within families is not independent; without tempering the value would be 0 or 1 and nothing between.
TEMPERATURE = 2.0

POINTS: dict[Code, float] = {
    SurnameCode.EQUAL: 8.0,
    SurnameCode.SPELLING: 7.5,
    SurnameCode.SOUND: 6.0,
    SurnameCode.SLIP: 5.5,
    SurnameCode.PART: 5.0,
    SurnameCode.ONE_PART: 2.0,
    SurnameCode.DIFFERENT: -5.0,
    SurnameCode.MISSING: 0.0,
    GivenCode.EQUAL: 6.0,
    GivenCode.SPELLING: 5.5,
    GivenCode.SOUND: 5.0,
    GivenCode.NICKNAME: 4.5,
    GivenCode.TRANSPOSED: 4.5,
    GivenCode.SLIP: 3.0,
    GivenCode.AMBIGUOUS_NICKNAME: 3.0,
    GivenCode.MIDDLE: 2.5,
    GivenCode.LEADING: 2.5,
    GivenCode.INITIAL: 1.5,
    GivenCode.CLOSE: -1.0,
    GivenCode.DIFFERENT: -8.0,
    GivenCode.MISSING: 0.0,
    NameCode.MISSING: 0.0,
    NameCode.SWAPPED: -1.0,
    NameCode.ALIAS: -0.5,
    NameCode.MIDDLE_DIFFERENT: -4.0,
    NameCode.SUFFIX_EQUAL: 1.0,
    NameCode.SUFFIX_ONE_SIDED: -1.0,
    NameCode.SUFFIX_CONFLICT: -8.0,
    DateCode.EQUAL: 13.0,
    DateCode.ONE_READING: 12.0,
    DateCode.SWAPPED: 7.0,
    DateCode.TRANSPOSED: 4.0,
    DateCode.ONE_DIGIT: 3.0,
    DateCode.YEAR_OFF_ONE: 2.0,
    DateCode.YEAR_OFF_TEN: 2.0,
    DateCode.CENTURY: 2.0,
    DateCode.CONFLICT: -12.0,
    DateCode.MISSING: 0.0,
    ChartCode.EQUAL: 12.0,
    ChartCode.PREFIX: 11.0,
    ChartCode.SLIP: -3.0,
    ChartCode.DIFFERENT: -4.0,
    ChartCode.MISSING: 0.0,
}

SENTENCES: dict[Code, str] = {
    SurnameCode.EQUAL: "The surname is the same.",
    SurnameCode.SPELLING: "The surname is the same, spelt another way.",
    SurnameCode.SOUND: "The surname sounds the same.",
    SurnameCode.SLIP: "The surname differs by a typing slip.",
    SurnameCode.PART: "One surname has a further part.",
    SurnameCode.ONE_PART: "The surnames share only one part.",
    SurnameCode.DIFFERENT: "The surname is different.",
    SurnameCode.MISSING: "There is no surname to compare.",
    GivenCode.EQUAL: "The first name is the same.",
    GivenCode.SPELLING: "The first name is the same, spelt another way.",
    GivenCode.SOUND: "The first name sounds the same.",
    GivenCode.NICKNAME: "One first name is a form of the other.",
    GivenCode.TRANSPOSED: "Two letters of the first name are swapped.",
    GivenCode.SLIP: "The first name differs by one letter; it may be a relative's name.",
    GivenCode.AMBIGUOUS_NICKNAME: "The first name is a short form that several names have.",
    GivenCode.MIDDLE: "The first name is a middle name of the other.",
    GivenCode.LEADING: "Only the common first part of the first name agrees.",
    GivenCode.INITIAL: "Only the initial of the first name is known, and it agrees.",
    GivenCode.CLOSE: "The first names are close, but may be two different names.",
    GivenCode.DIFFERENT: "The first name is different.",
    GivenCode.MISSING: "There is no first name to compare.",
    NameCode.MISSING: "There is no name to compare.",
    NameCode.SWAPPED: "Surname and first name stand the other way round.",
    NameCode.ALIAS: "It is another name the patient is known by.",
    NameCode.MIDDLE_DIFFERENT: "The middle name is different.",
    NameCode.SUFFIX_EQUAL: "The addition to the name (Jr, Sr) is the same.",
    NameCode.SUFFIX_ONE_SIDED: "Only one of the names has an addition (Jr, Sr).",
    NameCode.SUFFIX_CONFLICT: "The addition to the name (Jr, Sr) is different.",
    DateCode.EQUAL: "The birth date is the same.",
    DateCode.ONE_READING: "The birth date is the same if day and month or the century are read that way.",
    DateCode.SWAPPED: "The birth date is the same with day and month swapped.",
    DateCode.TRANSPOSED: "Two digits of the birth date are swapped.",
    DateCode.ONE_DIGIT: "One digit of the birth date is different.",
    DateCode.YEAR_OFF_ONE: "The birth year is off by one.",
    DateCode.YEAR_OFF_TEN: "The birth year is off by ten.",
    DateCode.CENTURY: "The birth date is in another century.",
    DateCode.CONFLICT: "The birth date is different.",
    DateCode.MISSING: "There is no birth date to compare.",
    ChartCode.EQUAL: "The chart number is the same.",
    ChartCode.PREFIX: "The chart number is the same but for its letters.",
    ChartCode.SLIP: "The chart number differs by a typing slip.",
    ChartCode.DIFFERENT: "The chart number is different.",
    ChartCode.MISSING: "There is no chart number to compare.",
}
