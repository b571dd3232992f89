"""gunicorn's settings: `gunicorn partnerpanel.wsgi --config python:partnerpanel.operations.gunicorn`."""

import os
from pathlib import Path
from typing import Any

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "partnerpanel.settings.production")

# gunicorn's own lines go the way of all others, through the same look for secrets.
logconfig_dict = settings.LOGGING
if Path("/dev/shm").is_dir():  # noqa: S108 - the heartbeats of its workers, which a disk would hold up
    worker_tmp_dir = "/dev/shm"  # noqa: S108


def post_worker_init(_worker: Any) -> None:
    """Each process looks after beat once the application is loaded."""
    from partnerpanel.operations.watcher import start_watcher

    start_watcher()
