"""`make demo`: the embedded servers unless others are named, demo data, caught mail."""

from partnerpanel.embedded.connection import connection
from partnerpanel.settings import logs
from partnerpanel.settings.base import *  # noqa: F403
from partnerpanel.settings.base import DATABASE_OPTIONS, STRIPE_URL, env

_servers = connection()

SECRET_KEY = _servers.secret_key
SECRET_RING = _servers.secret_ring
PUBLIC_URL = _servers.public_url
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]

DATABASES = {
    "default": {**env.db_url_config(_servers.database_url), **DATABASE_OPTIONS},
    "owner": {**env.db_url_config(_servers.owner_url), **DATABASE_OPTIONS},
}
CELERY_BROKER_URL = _servers.redis_url
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": _servers.cache_url}}

EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = _servers.smtp_port
INBOX_DIRECTORY = _servers.inbox
# Partners' own addresses are proved by a file beside it, as `.example` is in no DNS.
DNS_ZONE = INBOX_DIRECTORY.parent / "dns.json"
MAIL_SPF_INCLUDE = "spf.panel.example"
MAIL_DKIM_SELECTOR = "panel"
MAIL_DKIM_KEY = "panel._domainkey.panel.example"
# Whoever names another Stripe means it; else the demo has a double of its own.
STRIPE_URL = STRIPE_URL or _servers.stripe_url

# Whoever tries the demo pays with cards that move no money.
SANDBOX_FOR_CUSTOMERS = True

# An integrator tries webhooks out with a server beside the demo.
WEBHOOKS_TO_LOOPBACK = True

# Static files come straight from where the build left them.
WHITENOISE_USE_FINDERS = True
LOGGING = logs.for_people()
