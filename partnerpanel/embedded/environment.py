"""`.env.example` with its secrets filled in: printed, or given to a program that is to run with it."""

import base64
import os
import re
import secrets
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent.parent / ".env.example"


def filled(example: str) -> str:
    """The example with a random value wherever it says <secret>, and a random key of 32 bytes for <key>."""
    example = re.sub("=<secret>$", lambda _: f"={secrets.token_urlsafe(48)}", example, flags=re.MULTILINE)
    key = base64.b64encode(secrets.token_bytes(32)).decode()
    return re.sub(":<key>$", f":{key}", example, flags=re.MULTILINE)


def variables(text: str) -> dict[str, str]:
    """The assignments of a file of variables."""
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return dict(line.split("=", 1) for line in lines)


def for_checks() -> dict[str, str]:
    """Production's environment as the compose file would make it, pointing nowhere."""
    found = variables(filled(EXAMPLE.read_text()))
    urls = {
        "DATABASE_URL": f"postgres://app_user:{found['DATABASE_PASSWORD']}@127.0.0.1:9/partnerpanel",
        "DATABASE_OWNER_URL": f"postgres://app_owner:{found['DATABASE_OWNER_PASSWORD']}@127.0.0.1:9/partnerpanel",
        "REDIS_URL": "redis://127.0.0.1:9/0",
    }
    return {**found, **urls, "DJANGO_SETTINGS_MODULE": "partnerpanel.settings.production"}


if __name__ == "__main__":
    program = sys.argv[2:]
    if program:
        os.execvpe(program[0], program, {**os.environ, **for_checks()})  # noqa: S606 - named by our own Makefile
    sys.stdout.write(filled(EXAMPLE.read_text()))
