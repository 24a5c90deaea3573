"""What the uploader does when the server is away, refuses, or is somebody else."""

from email import message_from_bytes

import pytest

from integrations.connectors.base import Outcome
from tests.integrations.threeshape.watched import order_folder, write

TAKEN = {
    "delivery": {"uuid": "1", "state": "PROCESSED", "message": "", "report": []},
    "case": {"state": "FILED"},
    "status_url": "http://inner.example/api/imaging/3d/jobs/77",
}


@pytest.fixture(autouse=True)
def an_export(pc) -> None:
    write(pc.folder, order_folder())


def test_a_server_that_is_away_is_tried_again_ever_later(pc, scripted) -> None:
    for _ in range(3):
        scripted.answer(503)
    scripted.answer(201, TAKEN)
    assert pc.upload(scripted.url) == 0
    assert pc.stop.waits[1:] == [5, 10, 20]
    assert str(Outcome.FILED) in (pc.folder / "done/4711.report.txt").read_text(encoding="utf-8")


def test_the_time_that_the_server_names_is_kept(pc, scripted) -> None:
    pc.clock.moment = pc.clock.moment.now(pc.clock.moment.tzinfo)
    scripted.answer(429, Retry_After="90")
    scripted.answer(201, TAKEN)
    assert pc.upload(scripted.url) == 0
    assert 60 < pc.stop.waits[1] <= 91


def test_a_server_that_stays_away_leaves_everything_where_it_is(pc) -> None:
    assert pc.upload("http://127.0.0.1:9") == 1
    assert len(pc.stop.waits) == 5
    assert pc.names() == sorted(order_folder())


def test_a_stop_while_waiting_ends_it(pc, scripted) -> None:
    scripted.answer(503)
    pc.stop.meanwhile = lambda: len(pc.stop.waits) > 1 and pc.stop.set()
    assert pc.upload(scripted.url) == 1
    assert len(scripted.asked) == 1


def test_a_job_is_asked_for_at_our_address_whatever_the_server_calls_itself(pc, scripted) -> None:
    scripted.answer(202, TAKEN)
    scripted.answer(200, {"state": "RUNNING"})
    scripted.answer(200, {"state": "DONE"})
    scripted.answer(200, TAKEN["delivery"])
    assert pc.upload(scripted.url) == 0
    paths = [path.removeprefix("/api/imaging/3d/") for _, path, _, _ in scripted.asked]
    assert paths == ["import", "jobs/77", "jobs/77", "deliveries/1"]


@pytest.mark.parametrize("status", [403, 404, 307])
def test_an_address_that_cannot_work_is_said_and_nothing_moves(pc, scripted, status) -> None:
    scripted.answer(status, {}, Location="http://127.0.0.1:9/elsewhere")
    assert pc.upload(scripted.url) == 2
    assert len(scripted.asked) == 1
    assert pc.names() == sorted(order_folder())


@pytest.mark.parametrize("body", [b"<html>", {"else": 1}, [1]])
def test_an_answer_that_is_not_archways_moves_nothing(pc, scripted, body) -> None:
    scripted.answer(200, body)
    assert pc.upload(scripted.url) == 1
    assert pc.names() == sorted(order_folder())


def test_a_user_of_several_clinics_is_asked_for_one(pc, scripted, caplog) -> None:
    scripted.answer(422, {"code": "which_clinic", "detail": "Please name the clinic."})
    assert pc.upload(scripted.url) == 2
    assert "--clinic" in caplog.text
    assert pc.names() == sorted(order_folder())


@pytest.mark.parametrize(
    "url", ["http://archway.example", "ftp://127.0.0.1", "archway", "https://user@archway.example"]
)
def test_a_token_is_sent_over_https_or_to_this_machine_only(pc, url) -> None:
    assert pc.upload(url) == 2


def test_the_token_stands_in_one_header_and_is_read_anew_each_time(pc, scripted) -> None:
    scripted.answer(503)
    scripted.answer(201, TAKEN)
    pc.stop.meanwhile = lambda: pc.token_file.write_text("renewed", encoding="ascii") if scripted.asked else None
    pc.upload(scripted.url)
    assert [headers["Authorization"] for _, _, headers, _ in scripted.asked] == ["Token a-token", "Token renewed"]
    assert not [path for _, path, _, content in scripted.asked if "token" in path or b"a-token" in content]


@pytest.mark.parametrize("content", ["", "two words", "line\r\nX-Header: 1"])
def test_a_file_without_a_token_is_set_up_wrong(pc, scripted, content) -> None:
    pc.token_file.write_text(content, encoding="ascii")
    assert pc.upload(scripted.url) == 2
    assert scripted.asked == []


def test_the_form_is_one_that_others_read(pc, scripted) -> None:
    write(pc.folder, {'a"\\b_upper.stl': b"mesh", "a_upper.stl": b"\r\n--mesh"})
    scripted.answer(201, TAKEN)
    assert pc.upload(scripted.url, "--clinic", "6f1c1e0e-5f0b-4b43-9d0f-3c5b1f6d1a11") == 0
    forms = [_parts(headers, content) for _, _, headers, content in scripted.asked]
    assert all(form["clinic"] == b"6f1c1e0e-5f0b-4b43-9d0f-3c5b1f6d1a11" for form in forms)
    names = {name: content for form in forms for name, content in form.items()}
    assert names["a_upper.stl"] == b"\r\n--mesh"
    assert names["a__b_upper.stl"] == b"mesh"
    assert names["4711.zip"].startswith(b"PK\x03\x04")


def _parts(headers: dict[str, str], content: bytes) -> dict[str, bytes]:
    form = message_from_bytes(f"Content-Type: {headers['Content-Type']}\r\n\r\n".encode() + content)
    return {
        str(part.get_filename() or part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
        for part in form.get_payload()
    }
