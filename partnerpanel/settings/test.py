"""Tests: the servers' addresses come from `tests/conftest.py`, so these settings load without any server."""

from pathlib import Path
from tempfile import gettempdir

import structlog

from partnerpanel.settings.base import *  # noqa: F403
from partnerpanel.settings.base import DATABASE_OPTIONS

SECRET_KEY = "a key that signs nothing outside the tests, long enough for every check"  # noqa: S105
SECRET_RING = ["test:dGVzdHMgb25seSwgMzIgYnl0ZXMgaW4gbGVuZ3RoISE="]
PUBLIC_URL = "http://testserver"
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]

_NOWHERE = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "unset",
    "HOST": "127.0.0.1",
    "PORT": 9,
    **DATABASE_OPTIONS,
}
DATABASES = {"default": {**_NOWHERE, "USER": "app_user"}, "owner": {**_NOWHERE, "USER": "app_owner"}}

# Whoever reaches Stripe in a test does so at its double; this is nobody's address.
STRIPE_URL = "http://127.0.0.1:9"

# Publishing is cheap and reaches nobody; a test of the real broker asks for the fixture `broker`.
CELERY_BROKER_URL = "memory://"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
MAIL_SPF_INCLUDE = "spf.panel.example"
MAIL_DKIM_SELECTOR = "panel"
MAIL_DKIM_KEY = "panel._domainkey.panel.example"
INBOX_DIRECTORY = Path(gettempdir()) / "partnerpanel-inbox"
SANDBOX_FOR_CUSTOMERS = True

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True

# A test that listens to what is logged hears also the loggers that spoke before it. What fails on purpose is logged as
# in earnest: without the values of variables, which take seconds to draw.
structlog.configure(
    cache_logger_on_first_use=False,
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ],
)
