"""Every path, field, scope and page parameter of the iTero cloud, to be changed here once Align's contract is at hand.

Public pages describe the flow (authenticate, discover the region, pair with an account) and name the calls; paths and
JSON are Align's and known to partners only. What stands here is our own guess, never tried against the real cloud.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """Paths hang on the region's base address; "{order_id}" is filled in. Fields are names in JSON."""

    # OAuth 2, on the oauth base
    authorize_path: str = "/oauth/authorize"
    token_path: str = "/oauth/token"  # noqa: S105 - a path
    revoke_path: str = "/oauth/revoke"
    scopes: tuple[str, ...] = ("orders.read", "scans.read", "rx.write", "offline_access")

    # Discovery: the region's addresses, asked before pairing and before every refresh
    discovery_path: str = "/api/v1/discovery"
    region_field: str = "region"
    base_url_field: str = "baseUrl"
    oauth_base_field: str = "oauthBase"

    # Pairing: which account of the practice; answers a new set of tokens
    accounts_path: str = "/api/v1/pairing/accounts"
    accounts_field: str = "accounts"
    account_id_field: str = "accountId"
    account_name_field: str = "name"
    pairing_path: str = "/api/v1/pairing"

    # Get Orders for Practice
    orders_path: str = "/api/v1/orders"
    orders_field: str = "orders"
    since_parameter: str = "updatedSince"
    page_parameter: str = "pageToken"
    page_size_parameter: str = "pageSize"
    page_size: int = 50
    next_page_field: str = "nextPageToken"

    # Get Order by RX ID, and one order in a list
    order_path: str = "/api/v1/orders/{order_id}"
    order_id_field: str = "rxId"
    updated_field: str = "updatedAt"
    status_field: str = "status"
    ready_status: str = "Ready"
    patient_field: str = "patient"
    first_name_field: str = "firstName"
    last_name_field: str = "lastName"
    chart_number_field: str = "chartNumber"

    # Download Scan: a zip of the 3D files
    artefacts_field: str = "artefacts"
    file_name_field: str = "fileName"
    size_field: str = "size"
    sha256_field: str = "sha256"
    download_path: str = "/api/v1/orders/{order_id}/scan"

    # Scan Request: push an Rx, so that the scan comes back with our chart number
    scan_request_path: str = "/api/v1/scan-requests"
    procedure_field: str = "procedure"
    note_field: str = "note"

    # Callback Request: where we are told that a scan is complete
    callback_path: str = "/api/v1/callbacks"
    callback_url_field: str = "url"
    callback_secret_field: str = "secret"  # noqa: S105 - a field's name
    signature_header: str = "X-Callback-Signature"
    timestamp_header: str = "X-Callback-Timestamp"
    event_id_field: str = "eventId"


DEFAULT = Profile()
