"""A view names the scope it needs: `permission_classes = [needs(VIEW)]`."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from scans.scopes import allows


def needs(scope: str) -> type[BasePermission]:
    class NeedsScope(BasePermission):
        message = f"This needs the permission {scope}."

        def has_permission(self, request: Request, view: APIView) -> bool:
            return bool(request.user and request.user.is_authenticated and allows(request.user, scope))

    NeedsScope.__name__ = f"Needs_{scope.replace(':', '_')}"
    return NeedsScope
