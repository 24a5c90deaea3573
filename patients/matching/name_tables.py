"""Tables for reading names. Data only."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TITLES = _words(
    """dr doctor prof professor mr mrs ms miss mister mx herr frau hr dipl ing med dent mag mme mlle monsieur madame
    sig signor signora dott dottssa sra srta dra señor señora pan pani dhr mevr"""
)

# Titles only where nothing else of the name stands before them: elsewhere "Sr" tells the father from the son.
LEADING_TITLES = frozenset({"sr"})

# Letters that only follow a name; in front "Md" is Mohammed.
TRAILING_TITLES = frozenset({"md", "dds", "dmd", "phd", "msc", "bsc", "mba", "rdh"})

SUFFIXES = {
    "jr": "jr",
    "jnr": "jr",
    "junior": "jr",
    "filho": "jr",
    "sr": "sr",
    "snr": "sr",
    "senior": "sr",
    "ii": "2",
    "2nd": "2",
    "iii": "3",
    "3rd": "3",
    "iv": "4",
    "4th": "4",
}

# Pairs of suffixes one man can carry.
SAME_SUFFIXES = frozenset({frozenset({"jr", "2"})})

PARTICLES = _words(
    """von vom van der den de del della di da do dos das du des la le las los el al bin bint ibn ben abu zu zum zur
    ten ter st y e und af av ap mac mc"""
)

# First names that say little when another first name follows on one side only: brothers José Luis and José Antonio.
COMMON_LEADING_NAMES = _words("maria jose juan jean mohammed muhammad mohamed mohammad mehmet abdul abd thi van")

HANGUL_COMPOUND_SURNAMES = frozenset({"남궁", "황보", "제갈", "선우", "독고", "사공", "서문"})

# As Koreans write their surnames in passports, which is not the official transliteration.
HANGUL_SURNAMES = {
    "김": "kim",
    "이": "lee",
    "박": "park",
    "최": "choi",
    "정": "jung",
    "강": "kang",
    "조": "cho",
    "윤": "yoon",
    "장": "jang",
    "임": "lim",
    "한": "han",
    "오": "oh",
    "서": "seo",
    "신": "shin",
    "권": "kwon",
    "황": "hwang",
    "안": "ahn",
    "송": "song",
    "류": "ryu",
    "유": "yoo",
    "홍": "hong",
    "전": "jeon",
    "고": "ko",
    "문": "moon",
    "양": "yang",
    "손": "son",
    "배": "bae",
    "백": "baek",
    "허": "heo",
    "남": "nam",
    "심": "shim",
    "노": "noh",
    "하": "ha",
    "곽": "kwak",
    "성": "sung",
    "차": "cha",
    "주": "joo",
    "우": "woo",
    "구": "koo",
    "민": "min",
}

# Syllables of first names where everyday spelling leaves the official transliteration.
HANGUL_SYLLABLES = {
    "현": "hyun",
    "영": "young",
    "경": "kyung",
    "우": "woo",
    "수": "soo",
    "윤": "yoon",
    "희": "hee",
    "주": "joo",
    "훈": "hoon",
    "선": "sun",
    "숙": "sook",
    "정": "jung",
    "성": "sung",
    "구": "koo",
    "규": "kyu",
    "기": "ki",
    "국": "kook",
    "병": "byung",
    "명": "myung",
    "형": "hyung",
    "철": "chul",
    "순": "soon",
    "옥": "ok",
    "덕": "duk",
    "석": "suk",
    "혁": "hyuk",
    "빈": "bin",
}

# Applied in order to plain letters.
SPELLING_RULES = (
    ("ue", "u"),
    ("oe", "o"),
    ("ae", "a"),
    ("aa", "a"),
    ("j", "i"),
    ("y", "i"),
    ("kh", "h"),
    ("x", "ks"),
)

# Applied in order to folded letters.
SOUND_RULES = (
    ("tsch", "ch"),
    ("sch", "sh"),
    ("cz", "ch"),
    ("ph", "f"),
    ("th", "t"),
    ("dt", "t"),
    ("ck", "k"),
    ("ce", "se"),
    ("ci", "si"),
    ("ch", "C"),
    ("c", "k"),
    ("q", "k"),
    ("w", "v"),
    ("tz", "z"),
    ("ts", "z"),
    ("ai", "ei"),
    ("ie", "i"),
    ("C", "ch"),
)
