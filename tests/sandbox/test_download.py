"""A scan can be fetched whole or from where an earlier attempt ended."""

import hashlib

import pytest

from tests.sandbox.partner import Partner

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def rx_id(partner: Partner) -> str:
    return partner.sandbox.add_order(content=CONTENT)


def _scan(partner: Partner, rx_id: str, **headers: str):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return partner.call("GET", f"/orders/{rx_id}/scan", headers=named)


def test_the_whole_scan_is_what_the_order_promised(partner: Partner, rx_id: str) -> None:
    promised = partner.call("GET", f"/orders/{rx_id}").json["artefacts"]
    answer = _scan(partner, rx_id)
    assert answer.body == CONTENT
    assert promised["size"] == len(CONTENT) == int(answer.headers["Content-Length"])
    assert promised["sha256"] == hashlib.sha256(CONTENT).hexdigest()
    assert answer.headers["ETag"] == f'"{promised["sha256"]}"'
    assert (answer.headers["Content-Type"], answer.headers["Accept-Ranges"]) == ("application/zip", "bytes")


def test_a_made_scan_is_what_the_order_promised(partner: Partner) -> None:
    made = partner.sandbox.add_order()
    promised = partner.call("GET", f"/orders/{made}").json["artefacts"]
    body = _scan(partner, made).body
    assert (len(body), hashlib.sha256(body).hexdigest()) == (promised["size"], promised["sha256"])


@pytest.mark.parametrize(
    ("asked", "first", "last"), [("bytes=1000-", 1000, 10239), ("bytes=0-9", 0, 9), ("bytes=-10", 10230, 10239)]
)
def test_a_range_is_just_that_part(partner: Partner, rx_id: str, asked: str, first: int, last: int) -> None:
    answer = _scan(partner, rx_id, Range=asked)
    assert answer.status == 206
    assert answer.body == CONTENT[first : last + 1]
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{len(CONTENT)}"


def test_a_range_behind_the_end_is_refused_with_the_length(partner: Partner, rx_id: str) -> None:
    answer = _scan(partner, rx_id, Range=f"bytes={len(CONTENT)}-")
    assert (answer.status, answer.headers["Content-Range"]) == (416, f"bytes */{len(CONTENT)}")


def test_after_a_rescan_the_rest_of_the_old_file_is_not_to_be_had(partner: Partner, rx_id: str) -> None:
    old = _scan(partner, rx_id).headers["ETag"]
    partner.sandbox.rescan(rx_id, CONTENT[::-1])
    answer = _scan(partner, rx_id, Range="bytes=1000-", If_Range=old)
    assert (answer.status, answer.body) == (200, CONTENT[::-1])
