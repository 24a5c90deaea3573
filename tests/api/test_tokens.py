"""Tokens: name and password against something that expires and can be taken away."""

import base64

from knox.models import AuthToken

from tests.made import World

CASES = "/api/imaging/3d/cases"


def _token(client, name: str, password: str):
    pair = base64.b64encode(f"{name}:{password}".encode()).decode()
    return client.post("/api/token", headers={"Authorization": f"Basic {pair}"})


def test_a_token_opens_what_its_user_may_see(world: World, client) -> None:
    token = _token(client, "owner", "owner-password").json()["token"]
    assert client.get(CASES, headers={"Authorization": f"Token {token}"}).status_code == 200


def test_only_a_hash_of_it_is_stored(world: World, client) -> None:
    token = _token(client, "owner", "owner-password").json()["token"]
    row = AuthToken.objects.get()
    assert token not in (row.digest, row.token_key)
    assert row.expiry is not None


def test_a_revoked_token_is_void(world: World, client) -> None:
    token = _token(client, "owner", "owner-password").json()["token"]
    header = {"Authorization": f"Token {token}"}
    assert client.post("/api/token/revoke", headers=header).status_code == 204
    assert client.get(CASES, headers=header).status_code == 401


def test_a_wrong_password_gives_no_token(world: World, client) -> None:
    answer = _token(client, "owner", "wrong")
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert not AuthToken.objects.exists()


def test_too_many_wrong_passwords_lock_the_door(world: World, client, settings) -> None:
    for _ in range(settings.AXES_FAILURE_LIMIT):
        _token(client, "owner", "wrong")
    assert _token(client, "owner", "owner-password").status_code in {401, 403, 429}
