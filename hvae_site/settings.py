"""Settings of the site. An operator chooses by environment variables (docs/operations.md).

SITE_MODE=local (the default) serves plain HTTP to this machine only. SITE_MODE=production needs
SECRET_KEY, ALLOWED_HOSTS and DATABASE_URL, and expects to stand behind HTTPS.
"""

from pathlib import Path

import dj_database_url
import structlog
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from hvae_site import api_settings, environment
from hvae_site.log_privacy import hide_people

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = Path(environment.text("VAR_DIR", str(BASE_DIR / "var")))

SITE_MODE = environment.choice("SITE_MODE", "local", ("local", "production"))
PRODUCTION = SITE_MODE == "production"
DEBUG = environment.boolean("DEBUG", False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("SITE_MODE=production and DEBUG=1 exclude each other.")

if PRODUCTION:
    for required in ("SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL"):
        if not environment.text(required):
            raise ImproperlyConfigured(
                f"SITE_MODE=production needs {required} (docs/operations.md)."
            )
    SECRET_KEY = environment.text("SECRET_KEY")
else:
    SECRET_KEY = environment.kept_secret("SECRET_KEY", VAR_DIR / "secret-key")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "hvae_site",
    "webhooks",
    "api",
    "analysis",
    "annotations",
    "evaluations",
    "accounts",
    "hvae_site.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_htmx",
    "django_structlog",
    "django_tasks",
    "django_tasks_db",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "hvae_site.doors.DoorsMiddleware",
    "accounts.acting.ActingMiddleware",
    "hvae_site.language.LanguageMiddleware",
    "annotations.taking_part.framing.FramedPartMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.own_account.second_factor.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

METRICS_TOKEN = environment.text("METRICS_TOKEN")
if METRICS_TOKEN:
    MIDDLEWARE = [
        "django_prometheus.middleware.PrometheusBeforeMiddleware",
        *MIDDLEWARE,
        "django_prometheus.middleware.PrometheusAfterMiddleware",
    ]

ROOT_URLCONF = "hvae_site.urls"
WSGI_APPLICATION = "hvae_site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates", BASE_DIR / "templates" / "of_allauth"],
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

# --- database ------------------------------------------------------------------------------------


def database() -> dict:
    """The database of DATABASE_URL, with what makes each kind safe under concurrent writers."""
    url = environment.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'valuecheck.sqlite3'}")
    config: dict = dict(dj_database_url.parse(url))
    options = config.setdefault("OPTIONS", {})
    if config["ENGINE"].endswith("sqlite3"):
        # A deferred transaction that turns into a write fails at once under concurrency
        # ('database is locked'); IMMEDIATE waits its turn.
        options.update(
            transaction_mode="IMMEDIATE",
            timeout=30,
            # What is mapped counts as memory of each process, and large files are read as fast
            # without: 16 MB hold a small site whole.
            init_command=(
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;"
                " PRAGMA foreign_keys=ON; PRAGMA mmap_size=16777216; PRAGMA cache_size=-32000"
            ),
        )
        # One held connection a thread saves opening the file and its PRAGMAs at each request.
        config["CONN_MAX_AGE"] = None
    else:
        config["CONN_MAX_AGE"] = 0
        config["CONN_HEALTH_CHECKS"] = True
        options["pool"] = {"min_size": 1, "max_size": environment.integer("DATABASE_POOL_SIZE", 16)}
        # The same few statements run all day: planned once a connection, not at each exchange.
        if environment.boolean("DATABASE_PREPARED_STATEMENTS", True):
            options.update(server_side_binding=True, prepare_threshold=2)
    return config


DATABASES = {"default": database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- people --------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
SIGNUP_OPEN = environment.boolean("SIGNUP_OPEN", False)
# The mail to an address without an account invites to sign up: none where that is closed.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = SIGNUP_OPEN
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
MFA_TOTP_ISSUER = "Valuecheck"
# Whoever came by an invitation or was made by a command has an address that no mail has proved; a
# site that asks for a second factor must not wait for mail that it may not be able to send.
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Who has to set up a second factor (accounts/own_account/second_factor.py).
SECOND_FACTOR_REQUIRED_OF = environment.choices(
    "SECOND_FACTOR_REQUIRED_OF", ("staff", "administrator", "researcher", "reviewer", "rater")
)
USERSESSIONS_ADAPTER = "accounts.own_account.sessions.SessionsAdapter"
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if environment.text("EMAIL_HOST")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_HOST = environment.text("EMAIL_HOST", "localhost")
EMAIL_PORT = environment.integer("EMAIL_PORT", 25)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD")
EMAIL_USE_TLS = environment.boolean("EMAIL_USE_TLS", False)
EMAIL_TIMEOUT = 10  # seconds; a page that mails must not hang with the mail server
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", "valuecheck@localhost")

# --- security ------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = PRODUCTION
# Whatever watches over the site asks the process itself, behind what ends HTTPS.
SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics$"]
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
BEHIND_TLS_PROXY = environment.boolean("BEHIND_TLS_PROXY", False)
if BEHIND_TLS_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Whose X-Forwarded-For is believed (accounts/client_address.py).
TRUSTED_PROXIES = environment.networks(
    "TRUSTED_PROXIES", "127.0.0.1,::1" if BEHIND_TLS_PROXY else ""
)

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- cache, sessions, background work ------------------------------------------------------------

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": environment.text("REDIS_URL"),
    }
    if environment.text("REDIS_URL")
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "hvae_site_cache",
    }
}
# A session cached in one process would outlive a sign-out handled by another: share it or not.
SESSION_ENGINE = (
    "django.contrib.sessions.backends.cached_db"
    if environment.text("REDIS_URL")
    else "django.contrib.sessions.backends.db"
)
# Background tasks wait in the database, or with a broker's address in Redis, taken out by Celery.
CELERY_BROKER_URL = environment.text("CELERY_BROKER_URL")
TASKS = {
    "default": {
        "BACKEND": "evaluations.background.celery_queue.CeleryBackend"
        if CELERY_BROKER_URL
        else "django_tasks_db.DatabaseBackend"
    }
}

# --- programs (api/) ------------------------------------------------------------------------------

REST_FRAMEWORK = api_settings.REST_FRAMEWORK
SPECTACULAR_SETTINGS = api_settings.SPECTACULAR_SETTINGS
# How many requests a token has a minute.
API_REQUESTS_PER_MINUTE = environment.integer("API_REQUESTS_PER_MINUTE", 600)
API_LARGEST_BODY = 16 * 2**20
"""Bytes of one body in JSON, which is held in memory."""

# --- files from browsers (annotations/studies/imports) --------------------------------------------

UPLOAD_LARGEST = environment.integer("UPLOAD_LARGEST_MB", 512) * 2**20
"""Bytes of one file; it waits in the database in pieces."""

# --- models (evaluations/respondents/key_policy.py) -----------------------------------------------

# Variables that hold keys, each bound to the hosts it may be sent to: NAME@host|host,NAME2@host
LLM_KEY_VARIABLES = environment.words("LLM_KEY_VARIABLES")
# Whether models at loopback and private addresses may be called; a public server should not.
LLM_ALLOW_PRIVATE_ADDRESSES = environment.boolean("LLM_ALLOW_PRIVATE_ADDRESSES", not PRODUCTION)

# --- crowd platforms (annotations/taking_part/platforms.py) ---------------------------------------

# Origins that may stand in for Mechanical Turk, such as http://127.0.0.1:9000; for tests only.
MTURK_TEST_ORIGINS = environment.words("MTURK_TEST_ORIGINS")

# --- language, files -----------------------------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("en", "English"),
    ("es", "Español"),
    ("zh-hans", "简体中文"),
    ("ar", "العربية"),
]
"""What raters can read; each by its own name, so that everybody finds theirs."""
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = PRODUCTION
TIME_ZONE = environment.text("TIME_ZONE", "UTC")
USE_TZ = True
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]

STATIC_URL = "static/"
STATIC_ROOT = environment.text("STATIC_ROOT", str(VAR_DIR / "static"))
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = not PRODUCTION
WHITENOISE_ALLOW_ALL_ORIGINS = False

# --- logs ----------------------------------------------------------------------------------------

# Who asks stands in no line of the log (hvae_site/log_privacy.py, docs/privacy.md).
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": structlog.stdlib.ProcessorFormatter,
            # Last of all, whoever logged: nothing reaches a handler that leads to a person.
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                hide_people,
                structlog.processors.JSONRenderer()
                if PRODUCTION
                else structlog.dev.ConsoleRenderer(
                    colors=False, exception_formatter=structlog.dev.plain_traceback
                ),
            ],
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.processors.TimeStamper(fmt="iso"),
                structlog.stdlib.add_logger_name,
                structlog.stdlib.add_log_level,
            ],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    # Django's own handlers (runserver's lines, mails to administrators) would write around it.
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET", "propagate": True},
        # On their lowest level these quote what a page is made from, and rows.
        "django.template": {"level": "INFO"},
        "django.db.backends": {"level": "INFO"},
        "django.server": {"handlers": ["console"], "level": "INFO", "propagate": False},
    },
    "root": {"handlers": ["console"], "level": environment.text("LOG_LEVEL", "WARNING")},
}
structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.filter_by_level,
        structlog.processors.TimeStamper(fmt="iso"),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
