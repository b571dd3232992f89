"""`python -m partnerpanel.embedded.health live|web|worker|beat`: ends with 0 while that process here works."""

import http.client
import os
import socket
import sys
import time
from pathlib import Path

BEAT_SCHEDULE = Path("/tmp/beat-schedule")  # noqa: S108 - a container's own memory file system
# Beat writes its schedule down every three minutes.
BEAT_PATIENCE = 600


def live(port: int = 8000) -> bool:
    """The process answers: what decides whether it is to be restarted."""
    return _answers("/livez", port)


def web(port: int = 8000) -> bool:
    """It can serve requests: what decides whether any are sent here."""
    return _answers("/readyz", port)


def _answers(path: str, port: int) -> bool:
    caller = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    caller.request("GET", path, headers={"Host": os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0]})
    return caller.getresponse().status == http.HTTPStatus.OK


def worker() -> bool:
    """Asked through the broker, so a worker that lost it is not well."""
    from partnerpanel.celery import app

    return bool(app.control.ping([f"celery@{socket.gethostname()}"], timeout=5))


def beat() -> bool:
    return time.time() - BEAT_SCHEDULE.stat().st_mtime < BEAT_PATIENCE


if __name__ == "__main__":
    sys.exit(0 if {"live": live, "web": web, "worker": worker, "beat": beat}[sys.argv[1]]() else 1)
