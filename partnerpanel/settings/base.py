"""What every way of running shares. A value that differs between machines comes from the environment."""

import logging
import os
from pathlib import Path

import environ
import noto_cjk_sans_jp_bold
import noto_cjk_sans_otc
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from partnerpanel.operations import counting

env = environ.Env()
counting.share_files()

ROOT = Path(__file__).resolve().parent.parent.parent
ROOT_URLCONF = "partnerpanel.urls"
WSGI_APPLICATION = "partnerpanel.wsgi.application"
AUTH_USER_MODEL = "tenancy.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DEBUG = False

INSTALLED_APPS = [
    "partnerpanel.tenancy.operator.apps.OperatorAdminConfig",
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
    "django_htmx",
    "django_structlog",
    "rest_framework",
    "drf_spectacular",
    "partnerpanel.tenancy",
    "partnerpanel.queues",
    "partnerpanel.invariants",
    "partnerpanel.events",
    "partnerpanel.policy",
    "partnerpanel.brand",
    "partnerpanel.idempotency",
    "customers",
    "subscriptions",
    "billing",
    "partnerpanel.offers",
    "partnerpanel.loyalty",
    "notifications",
    "partnerpanel.imports",
    "partnerpanel.platform",
    "partnerpanel.retention",
    "partnerpanel.support",
    "partnerpanel.alerts",
    "partnerpanel.actions",
    "partnerpanel.backups",
    "partnerpanel.story",
    "partnerpanel.panel",
    "partnerpanel.portal",
    "partnerpanel.api",
    "partnerpanel.operations",
    "partnerpanel.embedded",
]

MIDDLEWARE = [
    "partnerpanel.operations.meters.MeterMiddleware",
    "partnerpanel.portal.own_hosts.OwnHosts",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "partnerpanel.portal.languages.Languages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    }
]

# -- languages and time: stored in UTC, shown in the partner's zone ------------------------------------------------
LANGUAGE_CODE = "en"
# Arabic has words for the customers' portal and for the frame of pages and documents, Hindi for the portal alone; the
# rest is English there.
LANGUAGES = [("en", _("English")), ("de", _("German")), ("ar", _("Arabic")), ("hi", _("Hindi"))]
FRAMED_LANGUAGES = frozenset({"ar", "hi"})
PORTAL_LANGUAGES = frozenset({"hi"})
LOCALE_PATHS = [ROOT / "partnerpanel" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# -- static files: built by npm into assets/dist, collected into static --------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "static"
STATICFILES_DIRS = [ROOT / "partnerpanel" / "assets" / "dist"]
# What invoices are set in. Fonts of the system are left alone, so that a document is the same on every machine.
# Chinese, Japanese and Korean come as Python packages: one file has them all, and another has them bold.
DOCUMENT_FONTS = [
    ROOT / "partnerpanel" / "assets" / "dist" / "fonts" / "documents",
    Path(noto_cjk_sans_otc.__file__).parent,
    Path(noto_cjk_sans_jp_bold.__file__).parent,
]

# -- databases: `default` is the role that row-level security binds; `owner` migrates ------------------------------
DATABASE_OPTIONS = {
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
    "DISABLE_SERVER_SIDE_CURSORS": True,
    "ATOMIC_REQUESTS": False,
}
DATABASE_ROUTERS = ["partnerpanel.tenancy.database.OwnerMigrates"]

# -- sign-in ------------------------------------------------------------------------------------------------------
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_ADAPTER = "partnerpanel.tenancy.accounts.InvitedOnly"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
ACCOUNT_LOGOUT_ON_GET = False
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "PartnerPanel"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
USERSESSIONS_TRACK_ACTIVITY = False

# -- browser security ---------------------------------------------------------------------------------------------
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
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "manifest-src": [SELF],
    }
}
X_FRAME_OPTIONS = "SAMEORIGIN"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

# -- work in the background ----------------------------------------------------------------------------------------
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 60
CELERY_TASK_SOFT_TIME_LIMIT = 30
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    # Without these a dead broker holds up whoever wakes a worker for six seconds.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULER = "partnerpanel.operations.scheduler.HeartbeatScheduler"
CELERY_TIMEZONE = "UTC"

# -- what is written about a run -------------------------------------------------------------------------------------
# A woken task's lines bear the id of the request that woke it. Ticks come every few seconds: only trouble is written.
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_CELERY_TASK_SUCCESS_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG

# -- mail ----------------------------------------------------------------------------------------------------------
EMAIL_TIMEOUT = 15
# One of anymail's providers, such as postmark, instead of a mail server; what it needs is in ANYMAIL_…
MAIL_PROVIDER = env.str("MAIL_PROVIDER", default="")
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="PartnerPanel <no-reply@partnerpanel.invalid>")

# So that partners' mails may come from addresses of their own: what their SPF records include, and the DKIM key that
# mails are signed with, as the host that has it or the key itself. Empty, there is none to prove.
MAIL_SPF_INCLUDE = env.str("MAIL_SPF_INCLUDE", default="").lower()
MAIL_DKIM_SELECTOR = env.str("MAIL_DKIM_SELECTOR", default="").lower()
MAIL_DKIM_KEY = env.str("MAIL_DKIM_KEY", default="")
# A file of records that stand in for the DNS; only the demo and the tests have one.
DNS_ZONE: Path | None = None

# -- the API -------------------------------------------------------------------------------------------------------
REST_FRAMEWORK = {"DEFAULT_SCHEMA_CLASS": "partnerpanel.api.schema.Schema", "UNAUTHENTICATED_USER": None}
SPECTACULAR_SETTINGS = {
    "TITLE": "PartnerPanel",
    "DESCRIPTION": "What partners do in their panel, for programs: customers, subscriptions, and exact money.",
    "OAS_VERSION": "3.1.0",
    "SERVERS": [{"url": "/"}],
    "POSTPROCESSING_HOOKS": ["partnerpanel.api.schema.finished"],
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "SERVE_URLCONF": "partnerpanel.api.described",
}

# -- this product ----------------------------------------------------------------------------------------------------
# The newest key encrypts, every key decrypts: "name:base64 of 32 bytes", comma separated, newest first.
SECRET_RING = env.list("SECRET_RING", default=[])
# Stops all charging of the installation at once; a partner has a switch of its own.
CHARGING_STOPPED = env.bool("CHARGING_STOPPED", default=False)
# Opens /health and /metrics, as `Authorization: Bearer …`; empty, there are no such pages.
HEALTH_TOKEN = env.str("HEALTH_TOKEN", default="")
# Who is mailed when beat is silent for BEAT_PATIENCE_MINUTES, and when it is back; empty, nobody.
OPERATOR_EMAIL = env.str("OPERATOR_EMAIL", default="")
BEAT_PATIENCE_MINUTES = env.int("BEAT_PATIENCE_MINUTES", default=5)
# Where people reach this installation, without a slash at the end: links in mails begin with it.
PUBLIC_URL = env.str("PUBLIC_URL", default="").rstrip("/")
# Shows caught mail under /inbox/; only the demo and the tests set it.
INBOX_DIRECTORY: Path | None = None
# Only where Stripe is not at its own address: its double, in the demo and the tests.
STRIPE_URL = env.str("STRIPE_URL", default="").rstrip("/")
# How many charges of one partner a worker begins in a second; Stripe hears 100 of a live account, 25 of a test account.
STRIPE_CHARGES_A_SECOND = env.int("STRIPE_CHARGES_A_SECOND", default=25)
# To which ports webhooks are sent; and whether an endpoint may be this very machine, which only demo and tests allow.
WEBHOOK_PORTS = env.list("WEBHOOK_PORTS", cast=int, default=[443, 80])
WEBHOOKS_TO_LOOPBACK = False
# How many of our own proxies stand in front and add to X-Forwarded-For; 0, and the header is not believed.
TRUSTED_PROXIES = env.int("TRUSTED_PROXIES", default=0)
# Requests a minute: of one API key, of all keys of a partner, and of an address that sends keys that are none.
API_KEY_REQUESTS_A_MINUTE = env.int("API_KEY_REQUESTS_A_MINUTE", default=1_200)
API_PARTNER_REQUESTS_A_MINUTE = env.int("API_PARTNER_REQUESTS_A_MINUTE", default=3_000)
API_STRANGER_REQUESTS_A_MINUTE = env.int("API_STRANGER_REQUESTS_A_MINUTE", default=60)
# Whether customers may choose the sandbox's cards, which move no money, in the portal; a test mode always lets them.
SANDBOX_FOR_CUSTOMERS = False
# Things that go wrong on purpose at the sandbox gateway, for the tests of failure; docs/sandbox.md lists them.
SANDBOX_FAULTS = env.str("SANDBOX_FAULTS", default="")
