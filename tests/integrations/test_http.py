"""The one HTTP client: only where it may, never without limits, and nothing of an address or a body in what it says."""

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from integrations import http
from integrations.errors import BadAnswer, ConnectorError, Misconfigured, Skip, TryLater
from integrations.http import Unauthorised, ask, download, is_allowed, open_session, retry_at
from tests.integrations.loopback import dripping, sending, serving

SECRET = "Quackenbush-token"


def _ask(address: str, path: str = f"/?token={SECRET}"):
    with open_session([address.removeprefix("http://")]) as session:
        return ask(session, "GET", f"{address}{path}")


def _download(address: str, place: Path, *, cap: int) -> None:
    with open_session([address.removeprefix("http://")]) as session:
        download(session, f"{address}/f", place, cap=cap)


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://api.example/x", True),
        ("https://api.example:443/x", True),
        ("https://API.EXAMPLE/x", True),
        ("https://eu.clinic.example/x", True),
        ("http://127.0.0.1:8765/x", True),
        ("http://api.example/x", False),
        ("https://api.example:8443/x", False),
        ("https://api.example.evil.example/x", False),
        ("https://evilclinic.example/x", False),
        ("https://api.example@evil.example/x", False),
        ("https://user:word@api.example/x", False),
        ("http://127.0.0.1:1/x", False),
        ("http://localhost.evil.example:8765/x", False),
        ("file:///etc/passwd", False),
        ("https:///x", False),
        ("https://api.example:port/x", False),
        ("", False),
    ],
)
def test_only_hosts_of_the_list(url: str, allowed: bool) -> None:
    assert is_allowed(url, ["api.example", ".clinic.example", "127.0.0.1:8765"]) is allowed


def test_a_redirect_does_not_lead_off_the_list() -> None:
    with (
        serving(sending(b"{}")) as other,
        serving(sending(status=302, Location=f"{other}/stolen")) as address,
        pytest.raises(Misconfigured) as error,
    ):
        _ask(address)
    assert error.value.code == "host_not_allowed"


def test_a_circle_of_redirects_ends() -> None:
    with serving(sending(status=302, Location="/again")) as address, pytest.raises(BadAnswer) as error:
        _ask(address)
    assert error.value.code == "too_many_redirects"


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [
        (401, Unauthorised, "unauthorised"),
        (403, Misconfigured, "forbidden"),
        (404, Skip, "not_there"),
        (410, Skip, "not_there"),
        (408, TryLater, "cloud_fault"),
        (429, TryLater, "too_many_calls"),
        (500, TryLater, "cloud_fault"),
        (503, TryLater, "cloud_fault"),
        (418, BadAnswer, "refused"),
    ],
)
def test_every_status_has_a_meaning(status: int, kind: type[ConnectorError], code: str) -> None:
    with serving(sending(SECRET.encode(), status)) as address, pytest.raises(kind) as error:
        _ask(address)
    assert error.value.code == code
    assert SECRET not in f"{error.value} {error.value!r} {error.value.__cause__} {error.value.__context__}"


def test_nobody_there_is_later() -> None:
    with serving(sending()) as address:
        gone = address
    with pytest.raises(TryLater) as error:
        _ask(gone)
    assert SECRET not in str(error.value)


def test_who_never_answers_is_given_up(monkeypatch) -> None:
    release = threading.Event()
    monkeypatch.setattr(http, "TIMEOUT_S", (1.0, 0.2))
    with serving(lambda handler: release.wait(30) and None) as address:
        with pytest.raises(TryLater) as error:
            _ask(address)
        release.set()
    assert error.value.code == "no_answer"


def test_an_endless_answer_is_cut(monkeypatch) -> None:
    monkeypatch.setattr(http, "ANSWER_LIMIT_BYTES", 1000)
    with serving(sending(b"[" + b" " * 600_000 + b"]")) as address, pytest.raises(BadAnswer) as error:
        _ask(address)
    assert error.value.code == "answer_too_large"


def test_what_is_no_json_is_not_repeated() -> None:
    with serving(sending(f"<html>{SECRET}".encode())) as address, pytest.raises(BadAnswer) as error:
        _ask(address)
    assert (error.value.code, SECRET in str(error.value)) == ("no_json", False)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30", 30), ("0", 0), ("999999999", 86400), ("9" * 5000, 86400), ("Mon, 01 Jan 2001 00:00:00 GMT", 0)],
    ids=["soon", "now", "weeks", "thousands of digits", "gone by"],
)
def test_a_time_to_come_back(text: str, seconds: int) -> None:
    wait = retry_at(text) - datetime.now(UTC)
    assert timedelta(seconds=seconds - 2) <= wait <= timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "soon", "-5", "²"])
def test_no_time_is_no_time(text: str) -> None:
    assert retry_at(text) is None


def test_a_download_stops_at_its_cap(tmp_path: Path) -> None:
    with serving(sending(b"x" * 5000)) as address, pytest.raises(Skip) as error:
        _download(address, tmp_path / "part", cap=1000)
    assert error.value.code == "too_large"


def test_a_download_that_drips_is_given_up_and_kept(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(http, "DOWNLOAD_LIMIT_S", -1.0)
    with serving(sending(b"x" * 5000)) as address, pytest.raises(TryLater) as error:
        _download(address, tmp_path / "part", cap=10_000)
    assert error.value.code == "too_slow"
    assert (tmp_path / "part").stat().st_size > 0


def test_a_server_without_ranges_sends_it_whole(tmp_path: Path) -> None:
    place = tmp_path / "part"
    place.write_bytes(b"y" * 100)
    with serving(sending(b"x" * 500)) as address:
        _download(address, place, cap=1000)
    assert place.read_bytes() == b"x" * 500


def test_a_part_that_fits_no_more_is_thrown_away(tmp_path: Path) -> None:
    place = tmp_path / "part"
    place.write_bytes(b"y" * 100)
    with serving(sending(status=416)) as address, pytest.raises(TryLater) as error:
        _download(address, place, cap=1000)
    assert (error.value.code, place.exists()) == ("stale_part", False)


def test_an_answer_that_drips_is_given_up(monkeypatch) -> None:
    monkeypatch.setattr(http, "ANSWER_LIMIT_S", 0.2)
    with dripping() as address, pytest.raises(TryLater) as error:
        _ask(address)
    assert error.value.code == "too_slow"


def test_a_redirect_that_drips_is_given_up(monkeypatch) -> None:
    monkeypatch.setattr(http, "ANSWER_LIMIT_S", 0.2)
    head = b"HTTP/1.1 302 Found\r\nLocation: /on\r\nContent-Length: 100000\r\n\r\n"
    with dripping(head) as address, pytest.raises(TryLater) as error:
        _ask(address)
    assert error.value.code == "too_slow"


def test_an_answer_read_by_the_library_keeps_the_limits_too(monkeypatch) -> None:
    monkeypatch.setattr(http, "ANSWER_LIMIT_S", 0.2)
    with (
        dripping() as address,
        open_session([address.removeprefix("http://")]) as session,
        pytest.raises(TryLater) as error,
    ):
        session.get(address)
    assert error.value.code == "too_slow"


def test_a_download_of_single_bytes_is_given_up_and_kept(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(http, "DOWNLOAD_LIMIT_S", 0.2)
    with dripping() as address, pytest.raises(TryLater) as error:
        _download(address, tmp_path / "part", cap=1_000_000)
    assert error.value.code == "too_slow"
    assert 0 < (tmp_path / "part").stat().st_size < 1000


def test_an_announced_size_beyond_the_cap_is_skipped_before_the_first_byte(tmp_path: Path) -> None:
    with serving(sending(b"x" * 5000)) as address, pytest.raises(Skip) as error:
        _download(address, tmp_path / "part", cap=1000)
    assert (error.value.code, (tmp_path / "part").exists()) == ("too_large", False)


def test_no_room_at_all_is_said_in_a_sentence_without_a_number(tmp_path: Path) -> None:
    with pytest.raises(Skip) as error:
        _download("http://127.0.0.1:1", tmp_path / "part", cap=0)
    assert error.value.message == "The files of this order together are larger than what is taken."


def test_json_nested_without_end_is_no_json() -> None:
    with serving(sending(b"[" * 60_000)) as address, pytest.raises(BadAnswer) as error:
        _ask(address)
    assert error.value.code == "no_json"
