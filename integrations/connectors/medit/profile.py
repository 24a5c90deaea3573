"""Every path, header, scope, parameter and field of Medit Link, as far as its Open API is public.

Never tried against the real cloud. What is known from public use of it: hosts, paths, headers, the fields of a case and
of a file. Our own guesses: which time `start` and `end` mean, and what a case without finished scans looks like.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """Paths hang on the base address; "{id}" is filled in. Fields are names in JSON."""

    # OAuth 2, on the oauth base; the client authenticates by Basic
    authorize_path: str = "/oauth/authorize"
    token_path: str = "/oauth/token"  # noqa: S105 - a path
    scopes: tuple[str, ...] = ("CASE", "FILE", "USER", "GROUP")

    # With every call
    client_id_header: str = "x-meditlink-client-id"
    group_header: str = "x-meditlink-group-uuid"

    # Whose cases: the group (clinic) of the person who said yes
    me_path: str = "/v1/me"
    group_field: str = "group"
    group_id_field: str = "uuid"
    group_name_field: str = "name"

    # Cases of a window of time, in milliseconds since 1970
    search_path: str = "/v1/cases/search"
    size_parameter: str = "size"
    page_parameter: str = "page"
    start_parameter: str = "start"
    end_parameter: str = "end"
    page_size: int = 100
    rows_field: str = "content"

    # One case, in a list or alone
    case_path: str = "/v1/cases/{id}"
    id_field: str = "uuid"
    changed_field: str = "dateUpdated"
    created_field: str = "dateCreated"
    patient_field: str = "patient"
    patient_name_field: str = "name"
    patient_code_field: str = "code"
    files_field: str = "files"
    file_id_field: str = "uuid"
    file_name_field: str = "name"
    file_endings: tuple[str, ...] = (".general.meditmesh", ".meditmesh", ".stl", ".ply", ".obj")
    """Of scans; a case also holds photographs and designs. The first that fits is cut off."""

    # One file: where its 7z archive with an STL can be fetched, for a while and without our token
    file_path: str = "/v1/files/{id}"
    type_parameter: str = "type"
    type_value: str = "stl"
    url_field: str = "url"


DEFAULT = Profile()
