"""What a cloud's connector is given from outside: where, as whom, and where tokens come from."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Access:
    """token(rejected): an access token; another one where `rejected` is what was refused just now.

    It may raise Reconnect or TryLater. base_url: of the region, without a slash at its end. account: whose orders.
    """

    hosts: tuple[str, ...]
    base_url: str
    account: str
    client_id: str
    token: Callable[[str], str] = field(repr=False)
