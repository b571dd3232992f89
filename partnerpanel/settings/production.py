"""Production: everything from the environment, and no start with an unsafe setting. `.env.example` lists all of it."""

from django.core.exceptions import ImproperlyConfigured

from partnerpanel.settings import logs, safety
from partnerpanel.settings.base import *  # noqa: F403
from partnerpanel.settings.base import DATABASE_OPTIONS, MAIL_PROVIDER, env

DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = env.str("SECRET_KEY", default="")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# Only what migrates needs to know the owner of the tables.
_OWNER = env.db_url("DATABASE_OWNER_URL", default="") if env.str("DATABASE_OWNER_URL", default="") else {}
DATABASES = {
    "default": {**(env.db_url("DATABASE_URL") if env.str("DATABASE_URL", default="") else {}), **DATABASE_OPTIONS},
    "owner": {**_OWNER, **DATABASE_OPTIONS} if _OWNER else {"ENGINE": "django.db.backends.dummy"},
}
CELERY_BROKER_URL = env.str("REDIS_URL", default="")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("CACHE_URL", default="") or CELERY_BROKER_URL,
    }
}
vars().update(env.email_url("EMAIL_URL", default="") if env.str("EMAIL_URL", default="") else {"EMAIL_HOST": ""})
if MAIL_PROVIDER:
    EMAIL_BACKEND = f"anymail.backends.{MAIL_PROVIDER}.EmailBackend"

# -- transport: TLS ends here or at a proxy that says so ---------------------------------------------------------------
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Asked from within, past the proxy. Whoever sent a token over plain HTTP has sent it, redirected or not.
SECURE_REDIRECT_EXEMPT = [r"^(livez|readyz|health|metrics|tls/ask)$"]
SECURE_HSTS_SECONDS = env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("SECURE_HSTS_INCLUDE_SUBDOMAINS", default=True)
SILENCED_SYSTEM_CHECKS = [
    "security.W019",  # the panel shows messages in sandboxed frames of its own origin
    "security.W021",  # a browser's preload list is up to whoever owns the domain, not to what runs on it
]
SESSION_COOKIE_SECURE = env.bool("SESSION_COOKIE_SECURE", default=True)
CSRF_COOKIE_SECURE = env.bool("CSRF_COOKIE_SECURE", default=True)

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
LOGGING = logs.for_machines()

if _unsafe := list(safety.problems(globals())):
    raise ImproperlyConfigured("refusing to start:\n" + "\n".join(f"- {problem}" for problem in _unsafe))
