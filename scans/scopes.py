"""The three permissions of imaging, as Django permissions and as words of the API."""

from django.contrib.auth.models import AnonymousUser, User

VIEW = "imaging:view"
CAPTURE = "imaging:capture"
ADMIN = "imaging:admin"

PERMISSIONS = {
    VIEW: "scans.imaging_view",
    CAPTURE: "scans.imaging_capture",
    ADMIN: "scans.imaging_admin",
}
"""Scope -> Django permission (declared on scans.models.Case)."""

ROLES = {
    "Front desk": (VIEW, CAPTURE),
    "Clinician": (VIEW, CAPTURE),
    "Imaging admin": (VIEW, CAPTURE, ADMIN),
}
"""Groups that `manage.py setup_archway` keeps, and what each may do."""


def allows(user: User | AnonymousUser, scope: str) -> bool:
    return user.is_active and user.has_perm(PERMISSIONS[scope])
