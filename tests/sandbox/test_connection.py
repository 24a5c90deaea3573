"""Discovery says where to go, pairing says for whom."""

from integrations.sandbox.remote import Sandbox
from tests.sandbox.partner import Partner


def test_discovery_names_the_region_to_a_token_and_to_the_client_itself(partner: Partner) -> None:
    address = partner.sandbox.address
    expected = {"region": "eu", "baseUrl": f"{address}/eu", "oauthBase": address}
    assert partner.ask("GET", f"{address}/api/v1/discovery", headers=partner.basic()).json == expected
    assert partner.call("GET", "/discovery").json == expected


def test_discovery_is_for_partners_only(partner: Partner) -> None:
    address = f"{partner.sandbox.address}/api/v1/discovery"
    assert partner.ask("GET", address).status == 401
    assert partner.ask("GET", address, headers=partner.basic("wrong")).json["error"] == "invalid_client"
    partner.sandbox.expire_tokens()
    assert partner.call("GET", "/discovery").json["error"] == "invalid_token"


def test_the_general_address_has_no_orders(partner: Partner) -> None:
    partner.base = f"{partner.sandbox.address}/api/v1"
    assert partner.call("GET", "/orders").status == 404


def test_orders_need_a_pairing(sandbox: Sandbox) -> None:
    partner = Partner(sandbox)
    partner.exchange(partner.code())
    assert partner.call("GET", "/orders").json == {"error": "not_paired"}
    accounts = partner.call("GET", "/pairing/accounts").json["accounts"]
    assert [account["accountId"] for account in accounts] == ["1001", "1002"]
    assert all(account["name"] for account in accounts)
    assert partner.pair().status == 200
    assert partner.call("GET", "/orders").status == 200


def test_pairing_voids_the_tokens_from_before(sandbox: Sandbox) -> None:
    partner = Partner(sandbox)
    partner.exchange(partner.code())
    before = dict(partner.tokens)
    answer = partner.pair().json
    assert set(answer) == set(before)
    assert partner.call("GET", "/pairing/accounts", token=before["access_token"]).status == 401
    assert partner.refresh(before["refresh_token"]).json["error"] == "invalid_grant"


def test_an_unknown_account_changes_nothing(partner: Partner) -> None:
    assert partner.pair("9999").status == 404
    assert partner.call("GET", "/orders").status == 200


def test_after_unpairing_the_token_sees_no_orders(partner: Partner) -> None:
    assert partner.call("DELETE", "/pairing").status == 204
    assert partner.call("GET", "/orders").status == 403
    assert partner.pair().status == 200
