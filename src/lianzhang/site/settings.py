"""Settings of the installation: everything a city changes comes from the environment or the catalogue."""

from __future__ import annotations

import os
from pathlib import Path

from lianzhang.kernel import logs
from lianzhang.site.environment import behind_tls, data_home, database_config, proxies, secret_key
from lianzhang.site.operations import swap

BASE_DIR = Path(__file__).resolve().parents[1]
CITY = os.environ.get("LIANZHANG_CITY", "guangzhou")
HOME = data_home(CITY)
swap.finish(HOME)  # a restore broken off after its point of no return is finished before anything is read
BACKUPS = Path(os.environ.get("LIANZHANG_BACKUPS") or HOME / "backups")
BACKUP_KEY = os.environ.get("LIANZHANG_BACKUP_KEY", "")
DEBUG = os.environ.get("LIANZHANG_DEBUG", "0") == "1"
SECRET_KEY = secret_key(HOME)
ALLOWED_HOSTS = os.environ.get("LIANZHANG_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [o for o in os.environ.get("LIANZHANG_ORIGINS", "").split(",") if o]
CRYPTO = os.environ.get("LIANZHANG_CRYPTO", "standard")
EVENT_DIGEST = os.environ.get("LIANZHANG_EVENT_DIGEST", "sha256" if CRYPTO == "standard" else "sm3")
CRYPTO_KEYS = os.environ.get("LIANZHANG_KEYS", "")
CRYPTO_DEVICE = os.environ.get("LIANZHANG_CRYPTO_DEVICE", "")
CRYPTO_DEVICE_TOKEN = os.environ.get("LIANZHANG_CRYPTO_DEVICE_TOKEN", "")
HTTPS = os.environ.get("LIANZHANG_HTTPS", "0") == "1"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "allauth.mfa",
    "lianzhang.kernel",
    "lianzhang.city",
    "lianzhang.registry",
    "lianzhang.casework",
    "lianzhang.domains.chains",
    "lianzhang.domains.indicators",
    "lianzhang.site",
]

MIDDLEWARE = [
    "lianzhang.kernel.web.requests.Requests",
    "lianzhang.kernel.web.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "lianzhang.site.probes.Probes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "lianzhang.kernel.web.middleware.Packed",
    "lianzhang.kernel.web.middleware.Language",
    "lianzhang.kernel.web.admission.Admission",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lianzhang.kernel.web.readonly.ReadOnlyMode",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lianzhang.kernel.web.middleware.Activity",
    "django_htmx.middleware.HtmxMiddleware",
    "lianzhang.kernel.web.middleware.Access",
]

ROOT_URLCONF = "lianzhang.site.urls"
WSGI_APPLICATION = "lianzhang.site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "site" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "lianzhang.kernel.web.context.shell",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "lianzhang.kernel.templatetags.ui",
            ],
        },
    }
]

DATABASES = {"default": database_config(os.environ.get("DATABASE_URL"), HOME)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 2**20
FILE_UPLOAD_TEMP_DIR = None
PICKUP_FOLDER = Path(os.environ.get("LIANZHANG_PICKUP") or HOME / "pickup")
UPLOAD_LIMIT_BYTES = int(os.environ.get("LIANZHANG_UPLOAD_MB", "200")) * 2**20
ATTACHMENT_LIMIT_BYTES = 20 * 2**20
MEDIA_ROOT = HOME / "files"

AUTH_USER_MODEL = "kernel.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "lianzhang.kernel.accounts.passwords.ProfileValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "name")}},
    {"NAME": "lianzhang.city.place_words.PlaceWords"},
]  # fmt: skip
ACCOUNT_ADAPTER = "lianzhang.kernel.accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip"}
ACCOUNT_SESSION_REMEMBER = False
USERSESSIONS_TRACK_ACTIVITY = True
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_ADAPTER = "lianzhang.kernel.accounts.second.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts have no e-mail
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "Lianzhang"
MFA_FORMS = {
    "authenticate": "lianzhang.kernel.accounts.second.CodeForm",
    "reauthenticate": "lianzhang.kernel.accounts.second.CodeAgainForm",
    "activate_totp": "lianzhang.kernel.accounts.second.EnrolForm",
}

SESSION_COOKIE_AGE = 24 * 3600  # the outer bound; the policy of accounts ends sessions earlier
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
DEFAULT_EXCEPTION_REPORTER = "lianzhang.site.errors.Reporter"
CSRF_FAILURE_VIEW = "lianzhang.site.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
if HTTPS:
    globals().update(behind_tls())
X_FRAME_OPTIONS = "DENY"
PROXIES = proxies(os.environ.get("LIANZHANG_PROXY", ""))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None

SMS = os.environ.get("LIANZHANG_SMS", "")
OUTBOUND_HOSTS = [h for h in os.environ.get("LIANZHANG_OUTBOUND", "").split(",") if h]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
POLICY_SECONDS = 5  # after which every process has seen that the rules of accounts were changed
JOB_ATTEMPTS = 3
JOB_STALE_SECONDS = 20

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "Simplified Chinese"), ("zh-hant", "Traditional Chinese"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "site" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
# `serve` lays the files out: see site/static_files.py
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": os.environ.get("LIANZHANG_STATIC", "lianzhang.site.static_files.Storage")},
}
WHITENOISE_MAX_AGE = 3600
WHITENOISE_ALLOW_ALL_ORIGINS = False
CLOCK_FILE = HOME / "clock.json"

LOG_DIR = os.environ.get("LIANZHANG_LOG_DIR")
RETENTION_DAYS = {
    "jobs": 90, "sessions": 1, "devices": 183, "logins": 183, "signins": 1095, "idempotency": 7, "uploads": 2, "temp": 1,
    "codes": 30, "deliveries": 180, "previews": 2,
    "logs": int(os.environ.get("LIANZHANG_LOG_DAYS", "1095")),
}  # fmt: skip
METRICS_TOKEN = os.environ.get("LIANZHANG_METRICS_TOKEN", "")
METRICS_ADDRESSES = {a for a in os.environ.get("LIANZHANG_METRICS_ADDRESSES", "").split(",") if a}
DISK_LEAST_BYTES = int(os.environ.get("LIANZHANG_DISK_LEAST_MB", "256")) * 2**20
BALLAST_BYTES = int(os.environ.get("LIANZHANG_BALLAST_MB", "64")) * 2**20
LOGGING = logs.configuration(
    os.environ.get("LIANZHANG_LOG_FORMAT") or ("line" if DEBUG else "json"),
    os.environ.get("LIANZHANG_LOG", "WARNING"),
    LOG_DIR,
)
