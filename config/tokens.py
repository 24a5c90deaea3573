"""API tokens: a user's name and password against a token that expires. Only its hash is stored."""

from typing import Any

from drf_spectacular.utils import extend_schema
from knox.views import LoginView, LogoutAllView, LogoutView
from rest_framework import serializers, status
from rest_framework.authentication import BasicAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from patients.audit import Actor, record


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField()
    expiry = serializers.DateTimeField()


class CreateToken(LoginView):
    """POST with HTTP Basic; answers token and expiry. The token carries the permissions of its user."""

    authentication_classes = [BasicAuthentication]

    @extend_schema(operation_id="create_token", request=None, responses=TokenSerializer)
    def post(self, request: Request, format: str | None = None) -> Response:
        answer: Response = super().post(request, format)
        if answer.status_code == status.HTTP_200_OK:
            _note("token.created", request)
        return answer


class RevokeToken(LogoutView):
    """POST with the token in question: it is void from now on."""

    @extend_schema(operation_id="revoke_token", request=None, responses={204: None})
    def post(self, request: Request, format: str | None = None) -> Response:
        answer: Response = super().post(request, format)
        _note("token.revoked", request)
        return answer


class RevokeAllTokens(LogoutAllView):
    """POST with one of them: all tokens of the user are void."""

    @extend_schema(operation_id="revoke_all_tokens", request=None, responses={204: None})
    def post(self, request: Request, format: str | None = None) -> Response:
        answer: Response = super().post(request, format)
        _note("tokens.revoked", request)
        return answer


def _note(verb: str, request: Request) -> None:
    record(verb, "user", None, clinic=None, actor=Actor.of(request.user))
