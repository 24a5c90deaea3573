"""Encrypted JSON that fails closed: a wrong or missing key is an error, never ciphertext taken for data.

Built on django-encrypted-model-fields, whose own fields return the ciphertext when the key is wrong, and on the next
save encrypt it once more, which destroys the secret.
"""

import json
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import models
from encrypted_model_fields.fields import decrypt_str, encrypt_str


class CannotDecrypt(Exception):
    """No configured key opens what is stored. Nothing was changed."""


CANNOT_OPEN = "Stored credentials cannot be opened with the configured keys: set ARCHWAY_ENCRYPTION_KEYS right."


class Sealed(dict[str, Any]):
    """An opened secret: values as in any dict, but no representation shows them."""

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__


class EncryptedJSONField(models.TextField):
    """A JSON value, encrypted at rest with the newest of settings.FIELD_ENCRYPTION_KEY; older keys still read."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = False  # never in a form, so never on a page
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: str | None, *_: Any) -> Any:
        if value is None:
            return None
        try:
            return _sealed(json.loads(decrypt_str(value)))
        except (InvalidToken, ValueError):
            raise CannotDecrypt(CANNOT_OPEN) from None

    def to_python(self, value: Any) -> Any:
        return value

    def get_prep_value(self, value: Any) -> Any:
        return value

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value is None:
            return None
        if hasattr(value, "resolve_expression"):
            raise TypeError("An encrypted field takes values only: an expression would be stored as its SQL text.")
        return encrypt_str(json.dumps(value)).decode()

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        raise TypeError("Encrypted values cannot be searched.")

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError("Encrypted values are not exported: a dump would hold them in the clear.")


def _sealed(value: Any) -> Any:
    return Sealed(value) if isinstance(value, dict) else value
