"""The one HTTP client: allowed hosts only, limits on time and size, and every failure as one of our errors.

Nothing that goes wrong carries an address, a header or a body further: they may hold a token or a name.
"""

import io
import ipaddress
import json
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import requests  # noqa: TID251 - this is the one place
from requests.adapters import HTTPAdapter  # noqa: TID251
from urllib3.exceptions import DecodeError, HTTPError

from integrations.errors import BadAnswer, ConnectorError, Misconfigured, Skip, TryLater

TIMEOUT_S = (10.0, 30.0)
"""To connect, and between two pieces of an answer."""
SENDING_TIMEOUT_S = (10.0, 300.0)
"""What was sent may be read before it is answered."""
ANSWER_LIMIT_S = 60.0
"""For the whole of an answer, however it drips."""
DOWNLOAD_LIMIT_S = 900.0
"""A file that takes longer is given up for now; what has come stays, and the next attempt goes on there."""
ANSWER_LIMIT_BYTES = 8 * 1024**2
CHUNK = 256 * 1024
MAX_REDIRECTS = 3
LONGEST_WAIT = timedelta(hours=24)
MOST_DIGITS = 12
"""Of a number of seconds; Python refuses to read one of thousands."""


RequestFailed = requests.RequestException


class Unauthorised(ConnectorError):
    """401: the token is not, or no longer, good. The caller renews it once, or says Reconnect."""


class _Guard(HTTPAdapter):
    """Sends to allowed hosts only, also after a redirect, and never without limits on time and size.

    Whoever asks for a stream keeps the limits on the body; of a redirect nobody reads the body but the library.
    """

    def __init__(self, hosts: Collection[str]) -> None:
        super().__init__()
        self._hosts = hosts

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        require_allowed(request.url or "", self._hosts)
        kwargs["timeout"] = kwargs.get("timeout") or TIMEOUT_S
        answer = super().send(request, *args, **kwargs)
        if answer.is_redirect or not kwargs.get("stream"):
            _keep_read(answer)
        return answer


def guard(session: requests.Session, hosts: Collection[str]) -> None:
    """Bind a session to the allowed hosts, whoever made it.

    hosts: names as they stand in an address; ".name" allows every host below it. http is for loopback alone, named
    with its port.
    """
    session.trust_env = False  # no proxy and no password file of the machine
    session.max_redirects = MAX_REDIRECTS
    adapter = _Guard(hosts)
    session.mount("https://", adapter)
    session.mount("http://", adapter)


def open_session(hosts: Collection[str]) -> requests.Session:
    session = requests.Session()
    guard(session, hosts)
    return session


def require_allowed(url: str, hosts: Collection[str]) -> None:
    """Raises Misconfigured for an address that is not of the list."""
    if not is_allowed(url, hosts):
        raise Misconfigured("host_not_allowed", "This address is not of a host that the installation allows.")


def is_allowed(url: str, hosts: Collection[str]) -> bool:
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if parts.username or not host:
        return False
    if parts.scheme == "http":
        return _is_loopback(host) and f"{host}:{port}" in hosts
    named = host if port in (None, 443) else f"{host}:{port}"
    return parts.scheme == "https" and any(_matches(named, entry.lower()) for entry in hosts)


def _matches(host: str, entry: str) -> bool:
    return host.endswith(entry) if entry.startswith(".") else host == entry


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _keep_read(answer: requests.Response) -> None:
    """Read within the limits now what the library would read without any."""
    try:
        content = _read_whole(answer)
    except (ConnectorError, requests.RequestException):
        answer.close()
        raise
    answer.raw = io.BytesIO(content)


def ask(
    session: requests.Session,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    params: Mapping[str, str] | None = None,
    body: Any = None,
) -> Any:
    """One call and its JSON answer; None where the answer is empty. Raises Unauthorised and our errors."""
    try:
        with session.request(method, url, headers=dict(headers or {}), params=params, json=body, stream=True) as answer:
            require_good(answer)
            return _json(_read_whole(answer))
    except requests.RequestException as error:
        raise translated(error) from None


def send(
    session: requests.Session, url: str, body: Any, *, headers: Mapping[str, str], understood: Collection[int] = ()
) -> tuple[int, Any]:
    """POST a body piece by piece: an iterable of bytes with a length. Status and JSON of the answer.

    understood: refusals that the caller reads by itself; any other raises as in `ask`. A redirect is not followed:
    the body would go somewhere else.
    """
    try:
        with session.post(
            url, data=body, headers=dict(headers), stream=True, allow_redirects=False, timeout=SENDING_TIMEOUT_S
        ) as answer:
            if answer.is_redirect:
                raise Misconfigured("moved", "The server answers at another address. Please correct the address.")
            if answer.status_code not in understood:
                require_good(answer)
            return answer.status_code, _json(_read_whole(answer))
    except requests.RequestException as error:
        raise translated(error) from None


def translated(error: requests.RequestException) -> ConnectorError:
    """What a failed exchange means. The library's own message holds the address: it goes no further."""
    if isinstance(error, requests.TooManyRedirects):
        return BadAnswer("too_many_redirects", "The cloud sends us from address to address.")
    if isinstance(error, requests.exceptions.SSLError):
        return Misconfigured("tls_failed", "The cloud's certificate cannot be verified.")
    if isinstance(error, requests.Timeout):
        return TryLater("no_answer", "The cloud does not answer in time.")
    if isinstance(error, (requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        return TryLater("no_connection", "The cloud cannot be reached, or the connection broke.")
    return BadAnswer("bad_exchange", "The cloud's answer breaks the rules of HTTP.")


def require_good(answer: requests.Response) -> None:
    status = answer.status_code
    if status < HTTPStatus.BAD_REQUEST:
        return
    if status == HTTPStatus.UNAUTHORIZED:
        raise Unauthorised("unauthorised", "The cloud does not accept our token.")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise TryLater("too_many_calls", "The cloud asks us to call less often.", retry_at=_retry_at(answer))
    if status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TryLater("cloud_fault", "The cloud has a fault of its own.", retry_at=_retry_at(answer))
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE):
        raise Skip("not_there", "The cloud knows no such thing, or no longer.")
    if status == HTTPStatus.FORBIDDEN:
        raise Misconfigured("forbidden", "The cloud forbids this call: the account lacks a right that we need.")
    raise BadAnswer("refused", f"The cloud refuses our call (HTTP {status}).")


def _retry_at(answer: requests.Response) -> datetime | None:
    return retry_at(answer.headers.get("Retry-After", ""))


def retry_at(text: str) -> datetime | None:
    """When a Retry-After header lets us come back: seconds or a date (RFC 9110, 10.2.3); at most a day from now."""
    now = datetime.now(UTC)
    seconds = text.strip()
    if seconds.isdecimal():
        wait = int(seconds) if len(seconds) < MOST_DIGITS else LONGEST_WAIT.total_seconds()
        return now + timedelta(seconds=min(wait, LONGEST_WAIT.total_seconds()))
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment, now), now + LONGEST_WAIT)


def _read_whole(answer: requests.Response) -> bytes:
    content = bytearray()
    deadline = time.monotonic() + ANSWER_LIMIT_S
    for piece in _pieces(answer):
        content += piece
        if len(content) > ANSWER_LIMIT_BYTES:
            raise BadAnswer("answer_too_large", "The cloud's answer is larger than any list of orders.")
        if time.monotonic() > deadline:
            raise TryLater("too_slow", "The cloud's answer comes too slowly.")
    return bytes(content)


def _pieces(answer: requests.Response) -> Iterator[bytes]:
    """The body as it comes. `iter_content` waits for a full piece: to whoever drips nobody would look at the clock."""
    try:
        while piece := answer.raw.read1(CHUNK, decode_content=True):
            yield piece
    except DecodeError:
        raise requests.exceptions.ContentDecodingError from None
    except HTTPError:
        raise requests.exceptions.ChunkedEncodingError from None


def _json(content: bytes) -> Any:
    if not content:
        return None
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise BadAnswer("no_json", "The cloud's answer is no JSON.") from None


def download(
    session: requests.Session,
    url: str,
    place: Path,
    *,
    headers: Mapping[str, str] | None = None,
    cap: int,
    on_chunk: Callable[[], None] = lambda: None,
) -> None:
    """Bring a file to `place`, going on behind the bytes that are there already if the other side lets us.

    Raises Skip beyond `cap` bytes, TryLater when the answer breaks off (what came stays), Unauthorised on 401.
    """
    if cap <= 0:
        raise too_large(cap)
    deadline = time.monotonic() + DOWNLOAD_LIMIT_S
    start = place.stat().st_size if place.exists() else 0
    wanted = {**(headers or {}), "Accept-Encoding": "identity", **({"Range": f"bytes={start}-"} if start else {})}
    try:
        with session.get(url, headers=wanted, stream=True) as answer:
            if answer.status_code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
                place.unlink(missing_ok=True)
                raise TryLater("stale_part", "What had come of this file does not fit any more; it is fetched anew.")
            require_good(answer)
            _append(answer, place, start if _goes_on(answer, start) else 0, cap, deadline, on_chunk)
    except requests.RequestException as error:
        raise translated(error) from None


def _goes_on(answer: requests.Response, start: int) -> bool:
    said = answer.headers.get("Content-Range", "")
    return answer.status_code == HTTPStatus.PARTIAL_CONTENT and said.startswith(f"bytes {start}-")


def too_large(cap: int) -> Skip:
    """cap: what was left of what is taken of one order."""
    if cap < 1024**2:
        return Skip("too_large", "The files of this order together are larger than what is taken.")
    return Skip("too_large", f"The file is larger than {cap // 1024**2} MB, the most that is taken.")


def _append(
    answer: requests.Response, place: Path, start: int, cap: int, deadline: float, on_chunk: Callable[[], None]
) -> None:
    size = start
    if size + _announced(answer) > cap:
        raise too_large(cap)
    with place.open("ab" if start else "wb") as target:
        for piece in _pieces(answer):
            size += len(piece)
            if size > cap:
                raise too_large(cap)
            target.write(piece)
            on_chunk()
            if time.monotonic() > deadline:
                raise TryLater("too_slow", "The file came too slowly; the next attempt goes on where this one ended.")


def _announced(answer: requests.Response) -> int:
    """How many bytes are said to come; 0 where it is not said."""
    said = answer.headers.get("Content-Length", "").strip()
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 20 else 0
