"""The upload page's addresses: who may send what, refused before a body is read; and the page itself."""

import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from patients.models import Membership
from scans.models import Case, DeliveredFile, Delivery
from tests.integrations.clouds import read_all
from tests.made import World, itero_zip, upper_stl

PAGE = "/admin/scans/pendingcase/upload/"


def _post(client: Client, name: str, body: Any = None, *args: Any, **extra: Any) -> Any:
    address = reverse(f"admin:scans_pendingcase_upload_{name}", args=args)
    return client.post(address, json.dumps(body or {}), content_type="application/json", **extra)


def _begin(client: Client, world: World, *files: tuple[str, int]) -> str:
    deliveries = [[{"name": name, "size": size} for name, size in files]]
    answer = _post(client, "begin", {"clinic": str(world.ours.uuid), "deliveries": deliveries})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["deliveries"][0]["uuid"])


def _file(delivery: str, index: int = 0) -> str:
    return reverse("admin:scans_pendingcase_upload_file", args=[delivery, index])


def _put(client: Client, delivery: str, content: bytes, index: int = 0, **extra: Any) -> Any:
    return client.put(_file(delivery, index), content, content_type="application/octet-stream", **extra)


@pytest.fixture
def desk(world: World, browse) -> Client:
    return browse(world.owner)


def test_a_zip_is_sent_and_becomes_a_case(world: World, desk: Client) -> None:
    ((name, content),) = itero_zip("4711", "Marsh, Jane").items()
    delivery = _begin(desk, world, (name, len(content)))
    assert _put(desk, delivery, content).json() == {"arrived": len(content)}
    assert _post(desk, "finish", None, delivery).json()["state"] == "RECEIVED"
    read_all()
    (state,) = _post(desk, "state", {"deliveries": [delivery]}).json()["deliveries"]
    assert state["state"] == "PROCESSED"
    assert {line["type"] for line in state["lines"] if line["verdict"] == "accept"} == {"upper", "lower"}
    assert state["case"]["address"] == f"/admin/scans/pendingcase/{Case.objects.get().uuid}/"
    assert state["case"]["words"].startswith("Waits for a person: ")


def test_what_is_here_already_says_so_and_leads_to_its_case(world: World, desk: Client) -> None:
    ((name, content),) = itero_zip("4711", "Marsh, Jane").items()
    for _ in range(2):
        delivery = _begin(desk, world, (name, len(content)))
        _put(desk, delivery, content)
        _post(desk, "finish", None, delivery)
        read_all()
    (state,) = _post(desk, "state", {"deliveries": [delivery]}).json()["deliveries"]
    assert state["state"] == "DUPLICATE"
    assert state["case"]["words"].startswith("Already here since ")
    assert str(Case.objects.get().uuid) in state["case"]["address"]


def test_nobody_else_touches_an_upload(world: World, desk: Client, browse) -> None:
    delivery = _begin(desk, world, ("upper.stl", 4))
    for who in (world.stranger, world.colleague):
        other = browse(who)
        assert _put(other, delivery, b"mine").status_code == 404
        assert _post(other, "finish", None, delivery).status_code == 404
        assert _post(other, "stop", None, delivery).status_code == 404
        assert _post(other, "state", {"deliveries": [delivery], "sending": [delivery]}).json() == {"deliveries": []}
    assert not DeliveredFile.objects.exists()
    assert Delivery.objects.get().state == "RECEIVING"


def test_a_stranger_announces_nothing_in_our_clinic(world: World, browse) -> None:
    body = {"clinic": str(world.ours.uuid), "deliveries": [[{"name": "a.stl", "size": 1}]]}
    assert _post(browse(world.stranger), "begin", body).status_code == 404
    assert not Delivery.objects.exists()


def test_nobody_is_told_to_log_in(world: World, desk: Client, browse) -> None:
    delivery = _begin(desk, world, ("upper.stl", 4))
    nobody = browse(None)
    answers = [
        _put(nobody, delivery, b"mine"),
        _post(nobody, "begin"),
        _post(nobody, "state"),
        _post(nobody, "finish", None, delivery),
        _post(nobody, "stop", None, delivery),
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(401, "not_authenticated")}
    assert nobody.get(PAGE).status_code == 302


def test_who_may_only_look_sends_nothing(world: World, desk: Client) -> None:
    delivery = _begin(desk, world, ("upper.stl", 4))
    world.owner.groups.clear()
    assert _put(desk, delivery, b"mine").status_code == 403
    assert _post(desk, "begin").status_code == 403
    assert desk.get(PAGE).status_code == 403


def test_another_site_sends_nothing(world: World, browse) -> None:
    """The header that only our own pages can set is asked for before the body is read."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.owner, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(PAGE).status_code == 200
    body = {"clinic": str(world.ours.uuid), "deliveries": [[{"name": "a.stl", "size": 1}]]}
    assert _post(client, "begin", body).status_code == 403
    token = client.cookies["csrftoken"].value
    answer = _post(client, "begin", body, headers={"x-csrftoken": token})
    delivery = answer.json()["deliveries"][0]["uuid"]
    assert _put(client, delivery, b"x").status_code == 403
    assert _put(client, delivery, b"x", headers={"x-csrftoken": token}).status_code == 200


def test_only_what_was_announced_is_taken(world: World, desk: Client) -> None:
    delivery = _begin(desk, world, ("upper.stl", 4))
    assert _put(desk, delivery, b"four", index=1).status_code == 404
    assert _put(desk, delivery, b"three"[:3]).json()["code"] == "other_size"
    assert _put(desk, delivery, b"fives").json()["code"] == "other_size"
    assert not DeliveredFile.objects.exists()


def test_a_wrong_method_is_refused(world: World, desk: Client) -> None:
    delivery = _begin(desk, world, ("upper.stl", 4))
    assert desk.get(_file(delivery)).status_code == 405
    assert desk.post(_file(delivery)).status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        b"no json",
        b"[]",
        b"{}",
        b'{"clinic": 1, "deliveries": []}',
        b'{"clinic": "CLINIC", "deliveries": [[{"name": "a", "size": -1}]]}',
        b'{"clinic": "CLINIC", "deliveries": [[{"name": "a", "size": true}]]}',
        b'{"clinic": "CLINIC", "deliveries": [[{"name": 1, "size": 1}]]}',
        b'{"clinic": "CLINIC", "deliveries": [["a"]]}',
    ],
)
def test_what_the_page_would_not_send_is_refused(world: World, desk: Client, body: bytes) -> None:
    address = reverse("admin:scans_pendingcase_upload_begin")
    body = body.replace(b"CLINIC", str(world.ours.uuid).encode())
    assert desk.post(address, body, content_type="application/json").json()["code"] == "unreadable"
    assert _post(desk, "state", {"deliveries": [1]}).json()["code"] == "unreadable"


def test_a_body_beyond_the_limit_is_refused_before_it_is_read(world: World, desk: Client, settings) -> None:
    delivery = _begin(desk, world, ("upper.stl", 4))
    settings.ARCHWAY_UPLOAD_LIMIT_BYTES = 10
    large = str(6 * 1024**2)
    assert _put(desk, delivery, b"", CONTENT_LENGTH=large).status_code == 413
    settings.ARCHWAY_UPLOAD_LIMIT_BYTES = 100 * 1024**2
    assert _put(desk, delivery, b"", CONTENT_LENGTH=large).status_code == 422, "let through, then refused by size"
    for other in ("begin", "state"):
        assert _post(desk, other, CONTENT_LENGTH=large).status_code == 413
    assert desk.post(_file(delivery), b"", content_type="x/y", CONTENT_LENGTH=large).status_code == 413


def test_a_connection_that_breaks_in_the_middle_leaves_nothing(
    live_server: LiveServer, transactional_db: None, world: World, browse
) -> None:
    """A real server on loopback, and a client that goes away after half of the file."""
    desk = browse(world.owner)
    content = upper_stl()
    delivery = _begin(desk, world, ("upper.stl", len(content)))
    token = desk.get(PAGE).wsgi_request.META["CSRF_COOKIE"]
    cookies = {"csrftoken": token, "sessionid": desk.cookies["sessionid"].value}
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": token,
        "Content-Length": str(len(content)),
        "Content-Type": "application/octet-stream",
    }

    def put(body: bytes) -> http.client.HTTPConnection:
        connection = http.client.HTTPConnection(urlsplit(live_server.url).netloc)
        connection.putrequest("PUT", _file(delivery))
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(body)
        return connection

    broken = put(content[: len(content) // 2])
    broken.sock.shutdown(1)
    assert json.loads(broken.getresponse().read())["code"] == "cut_short"
    broken.close()
    assert not DeliveredFile.objects.exists()
    whole = put(content)
    assert json.loads(whole.getresponse().read()) == {"arrived": len(content)}
    whole.close()
    assert DeliveredFile.objects.get().size == len(content)


def test_the_page_knows_what_was_sent_today_and_asks_as_often_for_many(
    world: World, desk: Client, browse, django_assert_max_num_queries
) -> None:
    for _ in range(3):
        _begin(desk, world, ("Marsh upper.stl", 4))
    with django_assert_max_num_queries(14):
        page = desk.get(PAGE).content.decode()
    assert page.count('"state": "RECEIVING"') == 3
    assert "Marsh" not in browse(world.colleague).get(PAGE).content.decode()


def test_a_clinic_is_chosen_by_whoever_works_in_several(world: World, desk: Client) -> None:
    assert '<select id="clinic"' not in desk.get(PAGE).content.decode()
    Membership.objects.create(user=world.owner, clinic=world.theirs)
    page = desk.get(PAGE).content.decode()
    assert '<select id="clinic"' in page


def test_a_member_of_no_clinic_is_told_what_is_missing(world: World, desk: Client) -> None:
    world.owner.memberships.all().delete()
    assert "You belong to no clinic" in desk.get(PAGE).content.decode()
