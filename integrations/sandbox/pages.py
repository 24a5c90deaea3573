"""What a doctor sees: login and consent; and a page that says what this is."""

import secrets
from contextlib import suppress
from typing import Any

from authlib.oauth2 import OAuth2Error
from flask import Blueprint, Response, redirect, render_template, request, session, url_for

from integrations.sandbox.cloud import cloud
from integrations.sandbox.options import PASSWORD, USER_NAME
from integrations.sandbox.orders import NoSuchOrder
from integrations.sandbox.protection import oauth

blueprint = Blueprint("pages", __name__)


@blueprint.get("/")
def start() -> str:
    running = cloud()
    return render_template("start.html", options=running.options, orders=running.orders.all(), form=_form_token())


@blueprint.post("/")
def change() -> Any:
    """What a person who looks at a demonstration wants to see happen."""
    wanted, rx_id = request.form.get("do"), request.form.get("rx_id", "")
    if _is_from_here():
        with suppress(NoSuchOrder):
            if wanted == "new":
                cloud().new_order()
            elif wanted == "rescan":
                cloud().rescan(rx_id)
            elif wanted == "complete":
                cloud().complete(rx_id)
    return redirect(url_for("pages.start"))


@blueprint.get("/oauth/authorize")
def consent() -> Any:
    try:
        grant = oauth().server.get_consent_grant(end_user=session.get("user"))
    except OAuth2Error as error:
        return _refused(error)
    if "user" not in session:
        return redirect(_with_query("pages.login"))
    return render_template(
        "consent.html",
        user=session["user"],
        client_id=grant.client.get_client_id() if grant.client else "",
        scopes=(grant.request.scope or "").split(),
        form=_form_token(),
        query=request.query_string.decode(),
    )


@blueprint.post("/oauth/authorize")
def decide() -> Any:
    user = session.get("user")
    if not user or not _is_from_here():
        return redirect(_with_query("pages.consent"))
    server = oauth().server
    try:
        grant = server.get_consent_grant(end_user=user)
    except OAuth2Error as error:
        return _refused(error)
    said_yes = request.form.get("answer") == "yes"
    return server.create_authorization_response(request, grant_user=user if said_yes else None, grant=grant)


@blueprint.get("/oauth/login")
def login() -> str:
    return _login_page("")


@blueprint.post("/oauth/login")
def log_in() -> Any:
    if (request.form.get("user"), request.form.get("password")) != (USER_NAME, PASSWORD):
        return _login_page("This user name and password do not belong together."), 403
    session["user"] = USER_NAME
    return redirect(_with_query("pages.consent"))


def _form_token() -> str:
    token: str = session.setdefault("form", secrets.token_urlsafe())
    return token


def _is_from_here() -> bool:
    """Whether the form was one of our own pages'."""
    expected = session.get("form", "")
    return bool(expected) and secrets.compare_digest(request.form.get("form", "").encode(), expected.encode())


def _login_page(problem: str) -> str:
    query = request.query_string.decode()
    return render_template("login.html", query=query, problem=problem, user=USER_NAME, password=PASSWORD)


def _with_query(endpoint: str) -> str:
    return f"{url_for(endpoint)}?{request.query_string.decode()}"


def _refused(error: OAuth2Error) -> Any:
    """Back to the partner where its address is beyond doubt; else a page, never a redirect."""
    if getattr(error, "redirect_uri", None):
        return oauth().server.handle_error_response(None, error)
    return Response(render_template("refused.html", error=error.error, words=error.description), 400)
