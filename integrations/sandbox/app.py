"""The cloud as a web application."""

import secrets

from flask import Flask, Response, g, jsonify, request
from werkzeug.exceptions import HTTPException

from integrations.sandbox import connection, control, orders_api, pages, requests_api
from integrations.sandbox.cloud import EXTENSION, Cloud
from integrations.sandbox.faults import Active
from integrations.sandbox.oauth import OAuth
from integrations.sandbox.operations import operation_of
from integrations.sandbox.options import LOOPBACK
from integrations.sandbox.protection import OAUTH


def create_app(cloud: Cloud) -> Flask:
    app = Flask(__name__)
    # Other names than this machine's are refused: a page of the internet must not reach in by renaming itself.
    app.config.update(SECRET_KEY=secrets.token_bytes(32), TRUSTED_HOSTS=[LOOPBACK, "localhost"])
    app.config.update(SESSION_COOKIE_NAME="itero_sandbox", SESSION_COOKIE_SAMESITE="Lax")
    app.extensions[EXTENSION] = cloud
    app.extensions[OAUTH] = OAuth(app, cloud.options, cloud.tokens)
    for part in (pages, connection, orders_api, requests_api, control):
        app.register_blueprint(part.blueprint)
    app.before_request(lambda: _before(cloud))
    app.after_request(lambda answer: _after(answer, cloud))
    app.register_error_handler(HTTPException, _in_json)
    return app


def _before(cloud: Cloud) -> Response | None:
    """Count the call, and take the fault that was ordered for it, if any."""
    operation = operation_of(request)
    g.fault = None
    if not operation:
        return None
    cloud.count(operation)
    g.fault = cloud.faults.take(operation)
    return g.fault.before(cloud.tokens) if g.fault else None


def _after(answer: Response, cloud: Cloud) -> Response:
    if request.method != "GET":
        cloud.save()
    answer.headers["X-Frame-Options"] = "DENY"
    fault: Active | None = g.get("fault")
    answer = fault.after(answer) if fault else answer
    if operation_of(request) == "download":
        answer.response = cloud.counted(answer.response)
    return answer


def _in_json(error: HTTPException) -> Response | HTTPException:
    """What was raised with an answer of its own goes out as it is."""
    if error.response is not None:
        return error
    answer = jsonify({"error": (error.name or "error").lower().replace(" ", "_")})
    answer.status_code = error.code or 500
    for name, value in error.get_headers():
        if name != "Content-Type":
            answer.headers[name] = value
    return answer
