"""Changes that a text format survives: other tokens, other blanks, lines twice or gone. Bytes at random rarely do."""

import random
import re

NUMBERS = (
    b"0 -0 1 2 3 -1 +1 007 1. .5 -.5 1.5 12.345678 0.1 99999999 123456789 12345678.12345678 0.123456789 "
    b"4503599627370497.5 1e5 1E-5 -1.5e+01 1.25e-007 2.5e+300 1e-300 1e22 1e23 8.5e21 nan inf 1,5 0x10 1_0 1e 1.2.3 "
    b"1d5 -- 1- 3.4028236e38 1e-45 1/2/3 1//2 1/1 2/ -2 -1/-1 65536 2147483648 18446744073709551616"
).split()
WORDS = (
    b"v vt vn f # usemtl mtllib o g s solid endsolid facet endfacet normal outer loop endloop vertex ply end_header "
    b"element property list uchar int float face comment format ascii 1.0 x y z vertex_indices red green blue"
).split()
BLANKS = (b" ", b"  ", b"\t", b"\n", b"\r\n", b"\r", b" \n", b"\\\n", b"\0", b"\x1a", b"\v", b"\n\n", b"")
_TOKENS = re.compile(rb"([\x00-\x20]+)")


def mutated(data: bytes, random_source: random.Random) -> bytes:
    """One to four such changes."""
    for _ in range(random_source.randint(1, 4)):
        data = random_source.choice((_other_token, _other_token, _other_token, _other_blank, _line))(
            data, random_source
        )
    return data


def _other_token(data: bytes, random_source: random.Random) -> bytes:
    pieces = _TOKENS.split(data)
    place = random_source.randrange(0, len(pieces), 2)
    is_number = pieces[place][:1] in b"+-.0123456789"
    words = NUMBERS if is_number or random_source.random() < 0.2 else WORDS
    pieces[place] = random_source.choice((*words, random_source.choice(pieces[::2])))
    return b"".join(pieces)


def _other_blank(data: bytes, random_source: random.Random) -> bytes:
    pieces = _TOKENS.split(data)
    if len(pieces) < 3:
        return data
    place = random_source.randrange(1, len(pieces), 2)
    old, new = pieces[place], random_source.choice(BLANKS)
    everywhere = random_source.random() < 0.2
    return b"".join(new if i == place or (everywhere and i % 2 and p == old) else p for i, p in enumerate(pieces))


def _line(data: bytes, random_source: random.Random) -> bytes:
    """A line twice, gone, or at another place."""
    lines = data.splitlines(keepends=True) or [b""]
    line = lines[random_source.randrange(len(lines))]
    if random_source.random() < 0.5:
        lines.remove(line)
    if random_source.random() < 0.7:
        lines.insert(random_source.randrange(len(lines) + 1), line)
    return b"".join(lines)
