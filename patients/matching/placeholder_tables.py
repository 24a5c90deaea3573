"""Words that stand where a name should. Data only."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TEST_WORDS = _words(
    """test tests tester testing testpatient testperson testcase demo demopatient dummy dummypatient sample example
    anonymous anonymized anonymised anonymisiert anonym anonymus anonymo anonimo unknown unbekannt desconocido inconnu
    placeholder noname nobody fake asdf qwerty qwertz abc prueba probe essai prova muster mustermann musterfrau
    mustermannn deleted untitled default undefined null none"""
)
WHOLE_NAMES = frozenset(
    {
        ("patient",),
        ("new", "patient"),
        ("neuer", "patient"),
        ("nuevo", "paciente"),
        ("no", "name"),
        ("n", "n"),
        ("nn",),
        ("na",),
        ("n", "a"),
        ("name",),
        ("first", "last"),
        ("patientid",),
        ("patient", "id"),
        ("doe", "john"),
        ("doe", "jane"),
    }
)
LETTERS_THAT_MAKE_NO_NAME = frozenset("xzqjkhy")
TEST_WORDS_IN_OTHER_SCRIPTS = frozenset({"тест", "тестовый", "테스트", "テスト", "测试", "测试病人"})

# Typed in front so that the entry sorts last.
BEGINNINGS_OF_NO_NAME = ("zz", "xx")
