"""What each fault does to a call: before it is worked on, or to the answer."""

import json
import time
from collections.abc import Iterator
from typing import Any

from flask import Response, jsonify, request

from integrations.sandbox.tokens import TokenSet, TokenStore

Parameters = dict[str, Any]


def expired_token(known: TokenStore, parameters: Parameters) -> Response | None:
    """The access token of this call has just expired; the call goes on and meets that."""
    if tokens := _presented(known):
        tokens.expires_at = 0.0
    return None


def revoked_grant(known: TokenStore, parameters: Parameters) -> Response | None:
    """The doctor has just taken the consent back; the call goes on and meets that."""
    if tokens := _presented(known):
        tokens.grant.is_revoked = True
    return None


def too_many_requests(known: TokenStore, parameters: Parameters) -> Response | None:
    """retry_after: as sent, seconds or a date."""
    answer = jsonify({"error": "too_many_requests"})
    answer.status_code = 429
    answer.headers["Retry-After"] = str(parameters.get("retry_after", 1))
    return answer


def server_error(known: TokenStore, parameters: Parameters) -> Response | None:
    """status: 500 unless said otherwise."""
    answer = jsonify({"error": "server_error"})
    answer.status_code = int(parameters.get("status", 500))
    return answer


def slow_body(answer: Response, parameters: Parameters) -> Response:
    """pieces: how many, pause_s: before each of them."""
    body = answer.get_data()
    pieces, pause_s = int(parameters.get("pieces", 10)), float(parameters.get("pause_s", 0.1))
    step = max(1, -(-len(body) // pieces))
    parts = [body[start : start + step] for start in range(0, len(body), step)]
    return _streamed(answer, _slowly(parts, pause_s), len(body))


def cut_body(answer: Response, parameters: Parameters) -> Response:
    """share: how much comes before the connection is cut. What was asked for has been done all the same."""
    body = answer.get_data()
    sent = body[: int(len(body) * float(parameters.get("share", 0.5)))]
    return _streamed(answer, iter([sent]), len(body))


def wrong_length(answer: Response, parameters: Parameters) -> Response:
    """by: how much the Content-Length is off."""
    body = answer.get_data()
    return _streamed(answer, iter([body]), max(0, len(body) + int(parameters.get("by", 1000))))


def truncated_zip(answer: Response, parameters: Parameters) -> Response:
    """The file is short over there already: the length fits what comes, not what was promised."""
    body = answer.get_data()
    answer.set_data(body[: int(len(body) * float(parameters.get("share", 0.5)))])
    return answer


def broken_zip(answer: Response, parameters: Parameters) -> Response:
    """As long as promised, with nonsense in the middle."""
    body = bytearray(answer.get_data())
    third = len(body) // 3
    body[third : 2 * third] = bytes(third)
    answer.set_data(bytes(body))
    return answer


def bad_json(answer: Response, parameters: Parameters) -> Response:
    """body: what comes instead."""
    answer.set_data(str(parameters.get("body", '{"orders": [{"rxId": ')))
    return answer


def page_loop(answer: Response, parameters: Parameters) -> Response:
    """Every page says that the first one comes next."""
    return _changed(answer, nextPageToken=FIRST_PAGE)


def bad_item(answer: Response, parameters: Parameters) -> Response:
    """One more entry, first in the list, that is no order."""
    item = parameters.get("item", BAD_ITEM)
    return _changed(answer, orders=[item, *json.loads(answer.get_data())["orders"]])


def foreign_host(answer: Response, parameters: Parameters) -> Response:
    """base_url: where all later calls are to go."""
    return _changed(answer, baseUrl=parameters.get("base_url", "http://192.0.2.1/eu"))


FIRST_PAGE = "WyIxOTcwLTAxLTAxVDAwOjAwOjAwKzAwOjAwIiwgIiJd"
"""A page token for the place before all orders."""
BAD_ITEM = {"rxId": None, "updatedAt": "yesterday", "patient": {"lastName": "Quackenbush"}, "artefacts": 7}


def _presented(known: TokenStore) -> TokenSet | None:
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return known.by_access(bearer) or known.by_refresh(request.form.get("refresh_token", ""))


def _changed(answer: Response, **fields: Any) -> Response:
    if answer.status_code == 200:
        answer.set_data(json.dumps({**json.loads(answer.get_data()), **fields}))
    return answer


def _streamed(answer: Response, parts: Iterator[bytes], length: int) -> Response:
    """The connection is closed after every answer: what is short of `length` is missing."""
    answer.response = parts
    answer.headers["Content-Length"] = str(length)
    return answer


def _slowly(parts: list[bytes], pause_s: float) -> Iterator[bytes]:
    for part in parts:
        time.sleep(pause_s)
        yield part
