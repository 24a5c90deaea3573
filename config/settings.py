"""One settings file, driven by the environment. README.md has the table; config/checks.py refuses bad combinations."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url
from cryptography.fernet import Fernet
from csp.constants import NONE, SELF

from config import env
from config.logging import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
MEGABYTE = 1024 * 1024

# --- where things live ---------------------------------------------------------------------------------------------
DATA_DIR = env.path("ARCHWAY_DATA_DIR", BASE_DIR / "var")
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
DEBUG = env.flag("ARCHWAY_DEBUG")
# Beside the checkout keys are made on the first start; an installation with a data folder of its own brings its keys.
IS_LOCAL = not env.text("ARCHWAY_DATA_DIR")
SECRET_KEY = env.secret(
    "ARCHWAY_SECRET_KEY", DATA_DIR / "keys" / "secret", (lambda: secrets.token_urlsafe(48)) if IS_LOCAL else None
)
ALLOWED_HOSTS = [*env.words("ARCHWAY_ALLOWED_HOSTS"), "localhost", "127.0.0.1"]  # a supervisor asks from here
CSRF_TRUSTED_ORIGINS = env.words("ARCHWAY_TRUSTED_ORIGINS")

# --- what Archway decides by ---------------------------------------------------------------------------------------
ARCHWAY_INLINE_LIMIT_BYTES = env.number("ARCHWAY_INLINE_LIMIT_MB", 50) * MEGABYTE
ARCHWAY_UPLOAD_LIMIT_BYTES = env.number("ARCHWAY_UPLOAD_LIMIT_MB", 2048) * MEGABYTE
ARCHWAY_CHILD_MEMORY_BYTES = env.number("ARCHWAY_CHILD_MEMORY_MB", 6144) * MEGABYTE
ARCHWAY_CHILD_SECONDS = env.number("ARCHWAY_CHILD_SECONDS", 120)
ARCHWAY_JOB_ATTEMPTS = 3
ARCHWAY_LEASE_SECONDS = env.number("ARCHWAY_LEASE_SECONDS", 60)
ARCHWAY_HPS_KEYS = "integrations.services.keys.hps_key_for"

# --- scanners ------------------------------------------------------------------------------------------------------
# Where browsers and clouds reach this installation: part of the redirect address that a cloud has on its list.
ARCHWAY_PUBLIC_URL = env.text("ARCHWAY_PUBLIC_URL", "http://127.0.0.1:8000").rstrip("/")
ARCHWAY_CLOUDS = {
    scanner: {
        "base_url": env.text(f"ARCHWAY_{name}_URL").rstrip("/"),
        "oauth_base": env.text(f"ARCHWAY_{name}_OAUTH_URL", env.text(f"ARCHWAY_{name}_URL")).rstrip("/"),
        "hosts": env.words(f"ARCHWAY_{name}_HOSTS"),
    }
    for scanner, name in {"ITERO": "ITERO", "MEDIT": "MEDIT"}.items()
}

if any(str(cloud["base_url"]).startswith("http://") for cloud in ARCHWAY_CLOUDS.values()):
    # The OAuth library refuses http altogether; `integrations.http` lets it through to this machine alone.
    os.environ.setdefault("OAUTHLIB_INSECURE_TRANSPORT", "1")

# --- the application -----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "patients",
    "scans",
    "integrations",
    "config",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_q",
    "axes",
    "csp",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.BodySizeLimit",
    "config.middleware.ApiAnswersAreNotKept",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

# --- database ------------------------------------------------------------------------------------------------------
DATABASES = {
    "default": dj_database_url.parse(
        env.text("DATABASE_URL", f"sqlite:///{DATA_DIR / 'archway.sqlite3'}"), conn_max_age=60, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Web and worker write side by side: WAL lets readers go on, IMMEDIATE takes the write lock where waiting works.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

# --- files: originals by content, pictures made from them ----------------------------------------------------------
_BUCKET = env.text("ARCHWAY_S3_BUCKET")


def _storage(folder: str) -> dict[str, object]:
    if _BUCKET:
        options = {
            "bucket_name": _BUCKET,
            "location": folder,
            "endpoint_url": env.text("ARCHWAY_S3_ENDPOINT") or None,
            "file_overwrite": False,
            "default_acl": None,
            "querystring_auth": True,
        }
        return {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": options}
    return {"BACKEND": "scans.storage.DurableFileSystemStorage", "OPTIONS": {"location": DATA_DIR / folder}}


STORAGES = {
    "default": _storage("files"),
    "originals": _storage("originals"),
    "derived": _storage("derived"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"

# --- uploads -------------------------------------------------------------------------------------------------------
FILE_UPLOAD_HANDLERS = ["config.uploads.NeutralUploadHandler"]
FILE_UPLOAD_TEMP_DIR = env.text("ARCHWAY_TEMP_DIR") or None
DATA_UPLOAD_MAX_NUMBER_FILES = 2000

# --- the queue: a hint to wake a worker; the Job rows are the truth -------------------------------------------------
Q_CLUSTER = {
    "name": "archway",
    "label": "Background queue",
    "orm": "default",
    "workers": env.number("ARCHWAY_WORKERS", 2),
    "timeout": env.number("ARCHWAY_QUEUE_TIMEOUT", 1800),
    "retry": env.number("ARCHWAY_QUEUE_RETRY", 2100),
    "poll": 0.5,
    "max_attempts": 1,
    "ack_failures": True,
    "save_limit": 100,
    "catch_up": False,
}

# --- who may come in -----------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "admin:login"
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False
_ENCRYPTION_KEYS = env.secret(
    "ARCHWAY_ENCRYPTION_KEYS",
    DATA_DIR / "keys" / "encryption",
    (lambda: Fernet.generate_key().decode()) if IS_LOCAL else None,
)
FIELD_ENCRYPTION_KEY = [key.strip() for key in _ENCRYPTION_KEYS.split(",") if key.strip()]

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "config.api.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.api.problem_handler",
    "PAGE_SIZE": 50,
}
REST_KNOX = {"TOKEN_TTL": timedelta(hours=10), "TOKEN_LIMIT_PER_USER": 10}
SPECTACULAR_SETTINGS = {
    "TITLE": "Archway",
    "DESCRIPTION": "Intraoral scans: import, what they are, whose they are.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "CaseStateEnum": "scans.models.Case.State",
        "ScanStateEnum": "scans.models.Scan.State",
        "DeliveryStateEnum": "scans.models.Delivery.State",
        "JobStateEnum": "scans.models.Job.State",
    },
}

# --- what a browser may do with our pages --------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
HTTPS = env.flag("ARCHWAY_HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^livez$", r"^readyz$"]
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("ARCHWAY_BEHIND_PROXY") else None
SESSION_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # "Filed under …" belongs in no cookie
SESSION_COOKIE_AGE = 12 * 3600

# --- words, dates --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = env.text("ARCHWAY_LANGUAGE", "en-us").lower()
# Days of birth must not change their order with the browser: a language is offered in the clinic's own variant alone.
LANGUAGES = [
    (LANGUAGE_CODE if LANGUAGE_CODE.startswith(prefix) else fallback, name)
    for prefix, fallback, name in (("en", "en-gb", "English"), ("de", "de", "Deutsch"))
]
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
TIME_ZONE = env.text("ARCHWAY_TIME_ZONE", "UTC")
USE_I18N = True
USE_TZ = True

LOGGING = logging_config(debug=DEBUG)
