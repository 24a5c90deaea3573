"""What the endpoints are called when calls are counted and faults are ordered."""

from flask import Request

OPERATIONS = {
    "connection.discovery": "discovery",
    "connection.regional_discovery": "discovery",
    "connection.accounts": "pairing",
    "connection.pair": "pairing",
    "connection.unpair": "unpair",
    "connection.revoke": "revoke",
    "orders.listing": "list",
    "orders.one": "order",
    "orders.scan": "download",
    "requests.push": "push",
    "requests.withdraw": "withdraw",
    "requests.set_callback": "callback",
    "requests.remove_callback": "callback",
}
TOKEN_ENDPOINT = "connection.token"  # noqa: S105 - an endpoint's name


def operation_of(request: Request) -> str:
    """Empty for what is no call of a partner: pages for people, the control address."""
    if request.endpoint == TOKEN_ENDPOINT:
        return "refresh" if request.form.get("grant_type") == "refresh_token" else "exchange"
    return OPERATIONS.get(request.endpoint or "", "")
