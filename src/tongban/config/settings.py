"""Settings, read from the environment (12-factor); each is documented in docs/reference/settings.md.

In development everything has a default and nothing secret is needed. With ``TONGBAN_ENVIRONMENT=production`` the
process refuses to start until what makes it safe has been set (see ``tongban.config.safety``).
"""

from pathlib import Path

import environ
from django.utils.translation import gettext_lazy as _

from tongban.config.safety import (
    DEVELOPMENT_CHECKPOINT_KEY,
    DEVELOPMENT_CREDENTIAL_KEY,
    DEVELOPMENT_DATA_KEY,
    DEVELOPMENT_SECRET_KEY,
    acr_levels,
    one_of,
    refuse_unsafe,
)

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

# --- the log ---------------------------------------------------------------------------------------------------------
LEDGER_ALGORITHM = one_of("TONGBAN_HASH", env.str("TONGBAN_HASH", "sha256"), ("sha256", "sm3"))
# Base64, 32 bytes each, comma-separated; the first signs the daily checkpoints. Only `work` and `checkpoint` need them.
CHECKPOINT_KEYS = env.list("TONGBAN_CHECKPOINT_KEYS", default=[] if PRODUCTION else [DEVELOPMENT_CHECKPOINT_KEY])
# Base64, 32 bytes each, comma-separated; from the first follow the keys that sign certificates. Only `work` and
# `credentials` need them.
CREDENTIAL_KEYS = env.list("TONGBAN_CREDENTIAL_KEYS", default=[] if PRODUCTION else [DEVELOPMENT_CREDENTIAL_KEY])
# did:web names of authorities elsewhere whose certificates are checked here; nobody else is ever asked.
TRUSTED_ISSUERS = env.list("TONGBAN_TRUSTED_ISSUERS", default=[])

# --- hosts and transport ---------------------------------------------------------------------------------------------
ALLOWED_HOSTS = env.list(
    "TONGBAN_ALLOWED_HOSTS", default=[] if PRODUCTION else ["127.0.0.1", "localhost", "testserver"]
)
CSRF_TRUSTED_ORIGINS = env.list("TONGBAN_TRUSTED_ORIGINS", default=[])
SECURE_SSL_REDIRECT = env.bool("TONGBAN_HTTPS", PRODUCTION)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE_SSL_REDIRECT
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, where nobody ends TLS
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_SSL_REDIRECT
if env.bool("TONGBAN_BEHIND_PROXY", False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "tongban.apps.people.sessions"
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
    "tongban.apps.rights",
    "tongban.apps.channels",
    "tongban.apps.audits",
    "tongban.apps.insight",
    "tongban.apps.supervision",
    "tongban.apps.crossings",
    "tongban.apps.correspondence",
    "tongban.apps.intake",
    "tongban.apps.voice",
    "tongban.apps.halls",
    "tongban.apps.calls",
    "tongban.apps.desks",
    "tongban.apps.questions",
    "tongban.apps.inspections",
    "tongban.apps.payments",
    "tongban.apps.cases",
    "tongban.apps.recognition",
    "tongban.apps.evidence",
    "tongban.apps.exchange",
    "tongban.apps.neighbours",
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
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
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
    "tongban.web.installed.personal.PersonalPagesMiddleware",
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
        # Writing the log back waits for the disk: once in 40 MB of it, not in four.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=10000;"
        "PRAGMA cache_size=-64000; PRAGMA mmap_size=268435456;"
        f"PRAGMA synchronous={env.str('TONGBAN_SQLITE_SYNCHRONOUS', 'NORMAL')};",
    }
    # Opening the file anew for each request costs more than the request; closing it last writes the whole log back.
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"]["CONN_MAX_AGE"] = env.int("TONGBAN_DATABASE_CONNECTION_SECONDS", 60)
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # The statements of every step are prepared by the server; a pooler that lends connections by the transaction must
    # know how to keep such statements (PgBouncer does since 1.21), or this is switched off.
    prepared = env.bool("TONGBAN_DATABASE_PREPARED", True)
    DATABASES["default"]["OPTIONS"] = {"prepare_threshold": 5 if prepared else None}
CACHES = {"default": env.cache_url("TONGBAN_CACHE_URL", "locmemcache://")}
SILENCED_SYSTEM_CHECKS = [] if PRODUCTION else ["django_ratelimit.E003", "django_ratelimit.W001"]
FILES = Path(env.str("TONGBAN_FILES", str(VAR / "files")))
UPLOAD_MAX_MEGABYTES = env.int("TONGBAN_UPLOAD_MAX_MEGABYTES", 20)
DRAFT_DAYS = env.int("TONGBAN_DRAFT_DAYS", 90)
ORDER_SHARE_HOURS = env.int("TONGBAN_ORDER_SHARE_HOURS", 72)
# How many seconds a register has to answer, both tries together, where its service.yaml says nothing else.
REGISTER_SECONDS = env.float("TONGBAN_REGISTER_SECONDS", 3.0)
# --- signed papers ---------------------------------------------------------------------------------------------------
# PKCS #12: the key and certificate (X.509) that papers are signed with (PAdES). Development makes its own, once.
PDF_SIGNER = env.str("TONGBAN_PDF_SIGNER", "")
PDF_SIGNER_PASSWORD = env.str("TONGBAN_PDF_SIGNER_PASSWORD", "")
PDF_ROOTS = env.list("TONGBAN_PDF_ROOTS", default=[])
PDF_TIMESTAMP_URL = env.str("TONGBAN_PDF_TIMESTAMP_URL", "")
PDF_LONG_TERM = env.bool("TONGBAN_PDF_LONG_TERM", False)
SHOWING_MINUTES = env.int("TONGBAN_SHOWING_MINUTES", 10)
PDF_CHECK_MAX_MEGABYTES = env.int("TONGBAN_PDF_CHECK_MAX_MEGABYTES", 5)
# --- fees ------------------------------------------------------------------------------------------------------------
# A name for the provider that speaks signed JSON, or a class of one's own; empty: fees are paid at a counter.
PAYMENT_PROVIDER = env.str("TONGBAN_PAYMENT_PROVIDER", "")
PAYMENT_URL = env.str("TONGBAN_PAYMENT_URL", "")
PAYMENT_MERCHANT = env.str("TONGBAN_PAYMENT_MERCHANT", "")
# Base64, 32 bytes each: our own Ed25519 key, and the public one of the provider.
PAYMENT_KEY = env.str("TONGBAN_PAYMENT_KEY", "")
PAYMENT_PROVIDER_KEY = env.str("TONGBAN_PAYMENT_PROVIDER_KEY", "")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# --- how people are told; a channel is off as long as nothing is set for it ------------------------------------------
EMAIL_ON = bool(env.str("TONGBAN_EMAIL_URL", ""))
if EMAIL_ON:
    vars().update(env.email_url("TONGBAN_EMAIL_URL"))
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.str("TONGBAN_EMAIL_FROM", "tongban@localhost")
# The mailbox that people write to: imaps://user:password@host/INBOX; and its address, the sender's where it is not set.
INBOUND_MAIL = env.str("TONGBAN_INBOUND_MAIL", "")
INBOUND_MAIL_ADDRESS = env.str("TONGBAN_INBOUND_MAIL_ADDRESS", "")
SMS_URL = env.str("TONGBAN_SMS_URL", "")
SMS_KEY = env.str("TONGBAN_SMS_KEY", "")
SMS_SIGN = env.str("TONGBAN_SMS_SIGN", "")
WECHAT_URL = env.str("TONGBAN_WECHAT_URL", "https://api.weixin.qq.com")
WECHAT_OPEN_URL = env.str("TONGBAN_WECHAT_OPEN_URL", "https://open.weixin.qq.com")
WECHAT_APP_ID = env.str("TONGBAN_WECHAT_APP_ID", "")
WECHAT_SECRET = env.str("TONGBAN_WECHAT_SECRET", "")
WECHAT_TEMPLATE = env.str("TONGBAN_WECHAT_TEMPLATE", "")
# What people write to the official account comes in where the token is set; sealed only, where the key (43 letters) is.
WECHAT_TOKEN = env.str("TONGBAN_WECHAT_TOKEN", "")
WECHAT_AES_KEY = env.str("TONGBAN_WECHAT_AES_KEY", "")
# Private messages to a Weibo account: the application's secret, and the account's access token.
WEIBO_SECRET = env.str("TONGBAN_WEIBO_SECRET", "")
WEIBO_ACCESS_TOKEN = env.str("TONGBAN_WEIBO_ACCESS_TOKEN", "")
WEIBO_URL = env.str("TONGBAN_WEIBO_URL", "https://api.weibo.com")
WEIBO_UPLOAD_URL = env.str("TONGBAN_WEIBO_UPLOAD_URL", "https://upload.api.weibo.com")
# Base64url of 32 bytes: signs for the browsers' push services (VAPID).
PUSH_KEY = env.str("TONGBAN_PUSH_KEY", "")
PUSH_CONTACT = env.str("TONGBAN_PUSH_CONTACT", "")
# Hosts that may be called although they are not public, and without TLS: a gateway in our own network.
PRIVATE_TARGETS = env.list("TONGBAN_PRIVATE_TARGETS", default=[])

# --- other cities and systems ----------------------------------------------------------------------------------------
# Who they are; and what we sign with: base64 of 32 bytes, `@` and its last day, comma-separated; the first good one.
NEIGHBOURS = Path(env.str("TONGBAN_NEIGHBOURS", str(CITY / "neighbours.yaml")))
NEIGHBOUR_KEYS = env.list("TONGBAN_NEIGHBOUR_KEYS", default=[])

# --- words and time --------------------------------------------------------------------------------------------------
LANGUAGE_CODE = env.str("TONGBAN_LANGUAGE", "zh-hans")
LANGUAGES = [
    (code, {"zh-hans": _("Chinese"), "en": _("English"), "es": _("Spanish")}.get(code, code))
    for code in env.list("TONGBAN_LANGUAGES", default=["zh-hans", "en"])
]
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
ACCOUNT_FORMS = {"login": "tongban.web.signing_in.LoginForm"}
ACCOUNT_RATE_LIMITS = {"login_failed": "10/m/ip,5/5m/key", "login": "60/m/ip"}
ACCOUNT_LOGOUT_ON_GET = False
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TONGBAN_TRUSTED_PROXIES", 0)
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Tongban"
MFA_ADAPTER = "tongban.apps.people.signin.SecondFactorAdapter"
MFA_FORMS = {
    "add_webauthn": "tongban.web.signing_in.PasskeyForm",
    "edit_webauthn": "tongban.web.signing_in.PasskeyNameForm",
}
# Officials must have a second factor. The demo city switches it off so that its printed accounts work at once.
SECOND_FACTOR_FOR_OFFICIALS = env.bool("TONGBAN_SECOND_FACTOR", PRODUCTION)
# An identity provider that speaks OpenID Connect; empty: people sign in by password or passkey only.
OIDC_URL = env.str("TONGBAN_OIDC_URL", "")
OIDC_NAME = env.str("TONGBAN_OIDC_NAME", "OpenID Connect")
OIDC_PROVIDER = "identity"
# What the provider says of how surely it knows somebody (acr), and which level that is here; else it is low.
OIDC_ACR = acr_levels(env.list("TONGBAN_OIDC_ACR", default=[]))
# Claims with the identity number and the name that the provider has verified; believed at the level below and above.
OIDC_NUMBER_CLAIM = env.str("TONGBAN_OIDC_NUMBER_CLAIM", "")
OIDC_NAME_CLAIM = env.str("TONGBAN_OIDC_NAME_CLAIM", "name")
OIDC_PROOF_LEVEL = one_of("TONGBAN_OIDC_PROOF", env.str("TONGBAN_OIDC_PROOF", "high"), ("substantial", "high"))
OIDC_JOIN_HOURS = env.int("TONGBAN_OIDC_JOIN_HOURS", 72)
SOCIALACCOUNT_ADAPTER = "tongban.apps.people.providers.ProviderAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that is posted may not lead to another host (form-action 'self')
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "SCOPE": env.list("TONGBAN_OIDC_SCOPE", default=["openid"]),
        "APPS": [
            {
                "provider_id": OIDC_PROVIDER,
                "name": OIDC_NAME,
                "client_id": env.str("TONGBAN_OIDC_CLIENT", ""),
                "secret": env.str("TONGBAN_OIDC_SECRET", ""),
                "settings": {"server_url": OIDC_URL},
            }
        ]
        if OIDC_URL
        else [],
    }
}
# How surely somebody must be signed in to give, ask for or accept a mandate.
MANDATE_ASSURANCE = one_of(
    "TONGBAN_MANDATE_ASSURANCE", env.str("TONGBAN_MANDATE_ASSURANCE", "low"), ("low", "substantial", "high")
)
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
RATE_SPEAKING = env.str("TONGBAN_RATE_SPEAKING", "20/h")
RATE_SIMILAR = env.str("TONGBAN_RATE_SIMILAR", "120/m")
RATE_NOTICES = env.str("TONGBAN_RATE_NOTICES", "600/m")
RATE_MANDATES = env.str("TONGBAN_RATE_MANDATES", "20/h")
RATE_API = env.str("TONGBAN_RATE_API", "600/m")
RATE_NEIGHBOURS = env.str("TONGBAN_RATE_NEIGHBOURS", "60/m")
RATE_CORRESPONDENCE = env.str("TONGBAN_RATE_CORRESPONDENCE", "60/m")

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
        checkpoint_keys=CHECKPOINT_KEYS,
        credential_keys=CREDENTIAL_KEYS,
        allowed_hosts=ALLOWED_HOSTS,
        debug=DEBUG,
        cache=str(CACHES["default"]["BACKEND"]),
        provider=OIDC_URL,
        wechat=(WECHAT_TOKEN, WECHAT_AES_KEY),
        mailbox=INBOUND_MAIL,
        weibo=WEIBO_SECRET,
    )
