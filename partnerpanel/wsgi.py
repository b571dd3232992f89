"""The web application as a WSGI callable; without settings named, those of production."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerpanel.settings.production")

application = get_wsgi_application()
