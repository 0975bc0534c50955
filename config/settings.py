"""Settings, all from the environment; safe when the environment is silent. `.env.example` lists every variable."""

import base64
import sys
from pathlib import Path

import environ
from django.core.exceptions import ImproperlyConfigured

from config import demo_keys, embedded

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()
if (BASE_DIR / ".env").exists():
    env.read_env(BASE_DIR / ".env")

TESTING = "pytest" in sys.modules
DEMO = env.bool("DEMO", default=demo_keys.is_demo(VAR_DIR))
DEBUG = env.bool("DEBUG", default=False)

# The demo and the tests make their own keys; production must be given them.
_made_here = demo_keys.load(VAR_DIR) if (DEMO or TESTING) else {}


def _required(name, how):
    value = env.str(name, default="") or _made_here.get(name, "")
    if not value:
        raise ImproperlyConfigured(f"{name} is missing. {how}")
    return value


def _key_ring(text):
    """[(key id, 32 bytes)] from "id:base64,id:base64"; the first encrypts, all decrypt."""
    try:
        ring = [(name, base64.b64decode(key)) for name, key in (part.split(":", 1) for part in text.split(","))]
    except ValueError as error:
        raise ImproperlyConfigured("FIELD_KEYS must read id:base64[,id:base64…].") from error
    if any(len(key) != 32 for _name, key in ring):
        raise ImproperlyConfigured("Each key in FIELD_KEYS must be 32 bytes, base64 encoded.")
    return ring


_HOW = "Copy .env.example to .env and follow what it says, or run ./dev run for the demo."
SECRET_KEY = _required("SECRET_KEY", _HOW)
FIELD_KEYS = _key_ring(_required("FIELD_KEYS", _HOW))
INDEX_KEY = base64.b64decode(_required("INDEX_KEY", _HOW))

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if (DEMO or TESTING) else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=not (DEMO or TESTING))
HTTPS = env.bool("HTTPS", default=not (DEMO or TESTING))

INSTALLED_APPS = [
    "appraisal",
    "premises",
    "activities",
    "volunteers",
    "surveys",
    "guardianship",
    "counselling",
    "support",
    "gifts",
    "children",
    "homes",
    "reports",
    "communities",
    "records",
    "config.apps.ConfigConfig",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
]
if TESTING:
    INSTALLED_APPS.append("zeal")

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "records.headers.BrowserHeadersMiddleware",
    "records.csp.ContentSecurityPolicyMiddleware",
    "config.middleware.DatabaseTroubles",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "communities.middleware.LanguageMiddleware",
    "communities.middleware.SessionLimits",
    "communities.middleware.SecondFactor",
    "records.policy.PolicyMiddleware",
    "records.request_facts.RequestFactsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "volunteers.middleware.VolunteerMiddleware",
]

if TESTING:
    MIDDLEWARE.insert(0, "zeal.middleware.zeal_middleware")  # a relation fetched row by row is an error…
    ZEAL_ALLOWLIST = [{"model": "*", "field": "get()"}]  # …a row locked by its key is none

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.menu.menu",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static", "records.templatetags.ui"],
        },
    }
]

# Database: PostgreSQL only.
DATABASES = {"default": env.db_url_config(env.str("DATABASE_URL", default="") or embedded.database_url())}
DATABASES["default"].update(
    ENGINE="django.db.backends.postgresql",
    ATOMIC_REQUESTS=True,
    CONN_MAX_AGE=env.int("CONN_MAX_AGE", default=0 if TESTING else 600),
    CONN_HEALTH_CHECKS=True,
)
DATABASES["default"].setdefault("OPTIONS", {}).update(
    connect_timeout=5,
    options="-c statement_timeout=60000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=120000",
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
# Past so many entries a cache forgets a third of them, counts of tries at signing in among them: 300 are too few.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
if TESTING:
    CACHES["default"] |= {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}

# Sign-in.
AUTH_USER_MODEL = "communities.User"
AUTHENTICATION_BACKENDS = ["communities.sign_in.RoleBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
if TESTING:
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "communities.sign_in.AccountAdapter"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 1800
ACCOUNT_RATE_LIMITS = {
    **{"login_failed": "10/m/ip,100/15m/key", "login": "30/m/ip", "reauthenticate": "10/m/user"},
    # A school class applies from one connection, in one lesson; a district recruits on one day.
    "helper_application": "60/h/ip,1000/h/key",
    "public_look": "60/m/ip,1200/m/key",
    "calendar_feed": "120/m/ip,3000/m/key",
}
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_TOTP_ISSUER = "Small Hands"
SECOND_FACTOR_REQUIRED = not DEMO
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600

# Sessions and the browser.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_IDLE_SECONDS = 30 * 60
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
LANGUAGE_COOKIE_NAME = "__Host-language" if HTTPS else "language"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31536000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": ["'self'"],
    "img-src": ["'self'", "data:", "blob:"],
    "object-src": ["'none'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
    "frame-ancestors": ["'none'"],
}
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"

# After so many months somebody should ask again where the parents are.
STAYS_VERIFIED_MONTHS = env.int("STAYS_VERIFIED_MONTHS", default=3)

# Languages and time.
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = USE_TZ = True
TIME_ZONE = env.str("TIME_ZONE", default="Asia/Shanghai")

# Files.
STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
PRIVATE_ROOT = Path(env.str("PRIVATE_ROOT", default=str(VAR_DIR / "private")))
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": PRIVATE_ROOT},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not (DEBUG or TESTING)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG or TESTING
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 21 * 1024 * 1024  # an uploaded roster is never written to disk in clear
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

# Offers of a file to another community lapse when nobody answers.
TRANSFER_DAYS = env.int("TRANSFER_DAYS", default=30)

# Errors and logs: no personal value, no query string.
DEFAULT_EXCEPTION_REPORTER = "records.logs.SilentExceptionReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "records.logs.SilentExceptionFilter"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"no_personal_values": {"()": "records.logs.NoPersonalValues"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["no_personal_values"]}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["console"], "level": "WARNING", "propagate": False}},
}

EXPORT_ROWS_ALONE = env.int("EXPORT_ROWS_ALONE", 500)  # more rows than these need a second person

SILENCED_SYSTEM_CHECKS: list[str] = []
