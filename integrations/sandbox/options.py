"""What a sandbox is started with, and the made-up things that everybody may know."""

from dataclasses import dataclass, field

CLIENT_ID = "archway-sandbox"
CLIENT_SECRET = "not-a-secret-of-the-sandbox"  # noqa: S105 - opens nothing but made-up scans on this machine
USER_NAME = "dr.example"
PASSWORD = "sandbox"  # noqa: S105 - as above; the login page shows it
SCOPES = ("orders.read", "scans.read", "rx.write", "offline_access")
ACCOUNTS = {
    "1001": "Sandbox Dental, Main Street",
    "1002": "Sandbox Dental, Harbour Road (a practice without orders)",
}
FIRST_ACCOUNT = "1001"
LOOPBACK = "127.0.0.1"
FACES = 24_000
MOST_ORDERS = 200
"""No more come by themselves: a demonstration that runs for a week must not fill the disk."""


@dataclass(frozen=True, slots=True)
class Options:
    """port: 0 takes a free one. orders: how many are there from the start. new_every_s: 0 for never.

    faces: of an arch. lifetime_s: of an access token. state_folder: keeps all over a restart; "" for none.
    """

    port: int = 0
    redirect_uris: tuple[str, ...] = ()
    orders: int = 0
    new_every_s: float = 0
    faces: int = FACES
    lifetime_s: int = 3600
    client_id: str = CLIENT_ID
    client_secret: str = field(default=CLIENT_SECRET, repr=False)
    state_folder: str = ""
