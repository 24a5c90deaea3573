"""The Archway that exports are sent to, by its API: one export in, what became of it out."""

from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from integrations.connectors.base import Outcome, Settlement
from integrations.errors import BadAnswer, Misconfigured, Reconnect, Skip, TryLater
from integrations.http import Unauthorised, ask, open_session, require_allowed, send
from integrations.uploader.multipart import Multipart
from integrations.uploader.packing import Packed

IMPORT, JOB, DELIVERY = "/api/imaging/3d/import", "/api/imaging/3d/jobs/{}", "/api/imaging/3d/deliveries/{}"
POLLS = 240
POLL_EVERY_S = 5.0
UNDERSTOOD = (HTTPStatus.NOT_FOUND, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY)
OUTCOMES = {
    "PROCESSED": Outcome.WAITS,
    "DUPLICATE": Outcome.DUPLICATE,
    "REJECTED": Outcome.REJECTED,
    "FAILED": Outcome.FAILED,
}
MESSAGES = {
    Outcome.FILED: "Filed under its patient.",
    Outcome.WAITS: "Taken in. Archway's queue shows where it stands.",
}
NOT_ACCEPTED = (
    "The server does not accept the token: it has expired or was revoked. Have a new one made with "
    "`manage.py issue_token` and write it into the token file. Nothing was moved or lost."
)


class Server:
    """token: asked for at every call, so that a renewed file counts at once. wait: True when it is time to stop."""

    def __init__(self, url: str, *, token: Callable[[], str], clinic: str = "", wait: Callable[[float], bool]) -> None:
        self._base = url.rstrip("/")
        self._token = token
        self._fields = {"clinic": clinic} if clinic else {}
        self._wait = wait
        hosts = _hosts_of(self._base)
        self._session = open_session(hosts)
        require_allowed(self._base, hosts)

    def take(self, files: Sequence[Packed]) -> Settlement:
        """Sends one export and follows it until it was read. Sent again, it is here already: that is as good.

        Raises TryLater, Reconnect when the token is not good, Misconfigured, BadAnswer.
        """
        try:
            return self._take(files)
        except Unauthorised:
            raise Reconnect("token_refused", NOT_ACCEPTED) from None
        except (KeyError, TypeError, AttributeError):
            raise BadAnswer("not_archway", "The answer is none of Archway's. Please check the address.") from None

    def _take(self, files: Sequence[Packed]) -> Settlement:
        body = Multipart(self._fields, files)
        headers = {**self._headers(), "Content-Type": body.content_type}
        status, answer = send(self._session, f"{self._base}{IMPORT}", body, headers=headers, understood=UNDERSTOOD)
        if status == HTTPStatus.NOT_FOUND:
            raise Misconfigured("not_there", "There is no Archway at this address, or no such clinic for this user.")
        if status >= HTTPStatus.BAD_REQUEST:
            return _refused(answer)
        delivery = answer["delivery"]
        if status == HTTPStatus.ACCEPTED:
            self._follow(answer["status_url"])
            delivery = self._ask(DELIVERY.format(delivery["uuid"]))
        return _settlement(delivery, answer["case"])

    def _follow(self, status_url: str) -> None:
        """Until the job ended. Of the address only the job counts: behind a proxy a server may not know its name."""
        job = urlsplit(status_url).path.rstrip("/").rsplit("/", 1)[-1]
        for _ in range(POLLS):
            if self._ask(JOB.format(job))["state"] not in ("QUEUED", "RUNNING"):
                return
            if self._wait(POLL_EVERY_S):
                break
        raise TryLater("not_read_yet", "The server has not read the export yet. It is asked again.")

    def _ask(self, path: str) -> Any:
        try:
            return ask(self._session, "GET", f"{self._base}{path}", headers=self._headers())
        except Skip:
            raise TryLater("lost_sight", "The server does not know the export any more. It is sent again.") from None

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Token {self._token()}", "Accept": "application/json"}


def _hosts_of(url: str) -> tuple[str, ...]:
    """The one host that the token is sent to. http is for a server on this machine only, named with its port."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return ()
    is_usual = parts.scheme == "https" and port in (None, 443)
    return (host if is_usual else f"{host}:{port}",) if host else ()


def _refused(problem: Any) -> Settlement:
    if problem["code"] == "which_clinic":
        raise Misconfigured("which_clinic", "Please name the clinic with --clinic: the user belongs to several.")
    return Settlement(Outcome.REJECTED, str(problem["detail"]), _lines(problem.get("report") or ()))


def _settlement(delivery: Any, case: Any) -> Settlement:
    outcome = OUTCOMES.get(delivery["state"])
    if outcome is None:
        raise TryLater("not_read_yet", "The server has not read the export yet. It is asked again.")
    if outcome is Outcome.WAITS and case and case["state"] == "FILED":
        outcome = Outcome.FILED
    return Settlement(outcome, MESSAGES.get(outcome) or str(delivery["message"]), _lines(delivery["report"]))


def _lines(report: Sequence[Any]) -> tuple[str, ...]:
    return tuple(" ".join(filter(None, (f"{line['path']}: {line['verdict']}.", line["message"]))) for line in report)
