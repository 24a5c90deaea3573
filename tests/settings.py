"""Settings of the tests: the real ones, with keys made for this run and folders that vanish."""

import os
import secrets
import tempfile

from cryptography.fernet import Fernet

os.environ.setdefault("ARCHWAY_SECRET_KEY", secrets.token_urlsafe(48))
os.environ.setdefault("ARCHWAY_ENCRYPTION_KEYS", Fernet.generate_key().decode())
os.environ.setdefault("ARCHWAY_DATA_DIR", tempfile.mkdtemp(prefix="archway-tests-"))
# As config.settings does where a cloud's address is on this machine; integrations.http keeps everything else to https.
os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")

from config.settings import *  # noqa: F403

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405
    # A file, as an installation has it: in memory, threads do not wait for each other's locks.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "tests.sqlite3"}  # noqa: F405
