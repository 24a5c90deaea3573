"""A view names the scope it needs: `permission_classes = [needs(VIEW)]`."""

from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from scans.scopes import allows


def needs(*scopes: str) -> type[BasePermission]:
    """A permission class that asks for one of the scopes."""

    class NeedsScope(BasePermission):
        message = f"This needs the permission {' or '.join(scopes)}."

        def has_permission(self, request: Request, view: APIView) -> bool:
            return request.user.is_authenticated and any(allows(request.user, scope) for scope in scopes)

    NeedsScope.__name__ = f"Needs_{'_'.join(scopes).replace(':', '_')}"
    return NeedsScope
