"""Settings, read from the environment (12-factor); each is documented in docs/reference/settings.md.

In development everything has a default and nothing secret is needed. With ``TONGBAN_ENVIRONMENT=production`` the
process refuses to start until what makes it safe has been set (see ``tongban.config.safety``).
"""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from tongban.config.safety import DEVELOPMENT_DATA_KEY, DEVELOPMENT_SECRET_KEY, refuse_unsafe

env = environ.Env()

ROOT = Path(__file__).resolve().parents[3]
ENVIRONMENT = env.str("TONGBAN_ENVIRONMENT", "development")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = env.bool("TONGBAN_DEBUG", False)

VAR = Path(env.str("TONGBAN_VAR", str(ROOT / "var")))
VAR.mkdir(parents=True, exist_ok=True)
CITY = Path(env.str("TONGBAN_CITY", str(ROOT / "cities" / "mingchuan")))
BASE_URL = env.str("TONGBAN_BASE_URL", "http://127.0.0.1:8000")

# --- secrets ---------------------------------------------------------------------------------------------------------
SECRET_KEY = env.str("TONGBAN_SECRET_KEY", "" if PRODUCTION else DEVELOPMENT_SECRET_KEY)
# Base64, 32 bytes each, comma-separated; the first seals, all of them open (so that keys can be rotated).
DATA_KEYS = env.list("TONGBAN_DATA_KEYS", default=[] if PRODUCTION else [DEVELOPMENT_DATA_KEY])
# Base64, 32 bytes: keyed hashes by which sealed numbers are found again. It cannot be rotated without re-indexing.
LOOKUP_KEY = env.str("TONGBAN_LOOKUP_KEY", "" if PRODUCTION else DEVELOPMENT_DATA_KEY)

# --- hosts and transport ---------------------------------------------------------------------------------------------
ALLOWED_HOSTS = env.list(
    "TONGBAN_ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("TONGBAN_TRUSTED_ORIGINS", default=[])
SECURE_SSL_REDIRECT = env.bool("TONGBAN_HTTPS", PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL_REDIRECT
if env.bool("TONGBAN_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = env.int("TONGBAN_SESSION_SECONDS", 8 * 3600)
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- the application -------------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "tongban.config",
    "tongban.web",
    "tongban.api.v1",
    "tongban.apps.insight",
    "tongban.apps.intake",
    "tongban.apps.cases",
    "tongban.apps.evidence",
    "tongban.apps.catalog",
    "tongban.apps.people",
    "tongban.apps.ledger",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "tongban.web.access.AccessMiddleware",
    "tongban.web.problems.ProblemMiddleware",
]
ROOT_URLCONF = "tongban.config.urls"
WSGI_APPLICATION = "tongban.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tongban.web.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "tongban.web.templatetags.tongban_ui",
            ],
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- data ------------------------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("TONGBAN_DATABASE_URL", f"sqlite:///{VAR / 'tongban.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # SQLite has no row locks: a writer takes its place in the queue when its transaction begins.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456;"
        f"PRAGMA synchronous={env.str('TONGBAN_SQLITE_SYNCHRONOUS', 'NORMAL')};",
    }
    # Opening the file anew for each request costs more than the request; closing it last writes the whole log back.
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("TONGBAN_DATABASE_CONNECTION_SECONDS", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
CACHES = {"default": env.cache_url("TONGBAN_CACHE_URL", "locmemcache://")}
SILENCED_SYSTEM_CHECKS = [] if PRODUCTION else ["django_ratelimit.E003", "django_ratelimit.W001"]
FILES = Path(env.str("TONGBAN_FILES", str(VAR / "files")))
UPLOAD_MAX_MEGABYTES = env.int("TONGBAN_UPLOAD_MAX_MEGABYTES", 20)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- words and time --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = env.str("TONGBAN_LANGUAGE", "zh-hans")
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [Path(__file__).resolve().parents[1] / "web" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = env.str("TONGBAN_TIME_ZONE", "Asia/Shanghai")

# --- static files ----------------------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
if not PRODUCTION:
    STATIC_ROOT.mkdir(exist_ok=True)  # in production `collectstatic` makes it, and its absence should be seen
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if env.bool("TONGBAN_HASHED_STATIC", PRODUCTION)
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION

# --- signing in ------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/welcome"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "tongban.apps.people.signin.AccountAdapter"
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "60/m/ip"}
ACCOUNT_LOGOUT_ON_GET = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TONGBAN_TRUSTED_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Tongban"
# Officials must have a second factor. The demo city switches it off so that its printed accounts work at once.
SECOND_FACTOR_FOR_OFFICIALS = env.bool("TONGBAN_SECOND_FACTOR", PRODUCTION)
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# --- limits on who asks how often (django-ratelimit's rates) ---------------------------------------------------------
RATE_TRACKING = env.str("TONGBAN_RATE_TRACKING", "20/m")
RATE_VERIFICATION = env.str("TONGBAN_RATE_VERIFICATION", "60/m")
RATE_API = env.str("TONGBAN_RATE_API", "600/m")

# --- logs: never bodies, never personal data -------------------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("TONGBAN_LOG_LEVEL", "INFO")},
    "loggers": {"django.request": {"level": "ERROR"}, "fontTools": {"level": "WARNING"}},
}

if PRODUCTION:
    refuse_unsafe(
        secret_key=SECRET_KEY,
        data_keys=DATA_KEYS,
        lookup_key=LOOKUP_KEY,
        allowed_hosts=ALLOWED_HOSTS,
        debug=DEBUG,
        cache=str(CACHES["default"]["BACKEND"]),
    )
