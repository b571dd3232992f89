"""Production refuses to start on an unsafe setting, and says which; with the example's settings it starts."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from typing import Any

import pytest

from partnerpanel.embedded.environment import EXAMPLE, filled, for_checks, variables
from partnerpanel.embedded.state import ROOT
from partnerpanel.settings.safety import problems

KEY = "YSBrZXkgb2YgZXhhY3RseSB0aGlydHktdHdvIGJ5dGU="
_READ = re.compile(r"env\.\w+\(\s*\"(\w+)\"")
APPLICATION = {"NAME": "partnerpanel", "USER": "app_user"}
SAFE: Mapping[str, Any] = {
    "DEBUG": False,
    "SECRET_KEY": "9Jq-2vX8Lw_cT4sHbNf6KzPy0RmDgUaE3iVo7Bt1MnYxQZkWrCd",
    "SECRET_RING": [f"new:{KEY}", f"old:{KEY}"],
    "ALLOWED_HOSTS": ["panel.example.com"],
    "PUBLIC_URL": "https://panel.example.com",
    "DATABASES": {"default": APPLICATION, "owner": {"USER": "app_owner"}},
    "CELERY_BROKER_URL": "redis://broker:6379/0",
    "EMAIL_HOST": "mail.example.com",
    "MAIL_PROVIDER": "",
    "ANYMAIL": {},
    "MAIL_DKIM_SELECTOR": "",
    "MAIL_DKIM_KEY": "",
    "DNS_ZONE": None,
    "SANDBOX_FAULTS": "",
    "STRIPE_URL": "",
    "STRIPE_CHARGES_A_SECOND": 25,
    "WEBHOOKS_TO_LOOPBACK": False,
    "HEALTH_TOKEN": "kW7-vZ2qL9x_Rb4nT0sYc6HdJf8GmPaE",
    "OPERATOR_EMAIL": "operator@example.com",
    "BEAT_PATIENCE_MINUTES": 5,
    "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_SECURE": True,
}


def _default(**changed: str) -> dict[str, Any]:
    return {"DATABASES": {"default": {**APPLICATION, **changed}, "owner": {"USER": "app_owner"}}}


def test_safe_settings_have_no_problem() -> None:
    assert list(problems(SAFE)) == []
    assert list(problems({**SAFE, "HEALTH_TOKEN": "", "OPERATOR_EMAIL": ""})) == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"DEBUG": True}, "DEBUG"),
        ({"SECRET_KEY": ""}, "SECRET_KEY"),
        ({"SECRET_KEY": "too short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "x" * 80}, "SECRET_KEY"),
        ({"SECRET_RING": []}, "SECRET_RING"),
        ({"SECRET_RING": ["new:c2hvcnQ="]}, "SECRET_RING"),
        ({"SECRET_RING": ["new:not base64"]}, "SECRET_RING"),
        ({"SECRET_RING": [KEY]}, "SECRET_RING"),
        ({"SECRET_RING": [f"same:{KEY}", f"same:{KEY}"]}, "SECRET_RING"),
        ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ["panel.example.com", "*"]}, "ALLOWED_HOSTS"),
        ({"PUBLIC_URL": ""}, "PUBLIC_URL"),
        ({"PUBLIC_URL": "http://panel.example.com"}, "PUBLIC_URL"),
        (_default(NAME=""), "DATABASE_URL"),
        (_default(USER=""), "DATABASE_URL"),
        (_default(USER="postgres"), "DATABASE_URL"),
        (_default(USER="app_owner"), "DATABASE_URL"),
        ({"CELERY_BROKER_URL": ""}, "REDIS_URL"),
        ({"EMAIL_HOST": ""}, "EMAIL_URL"),
        ({"MAIL_PROVIDER": "postmark"}, "ANYMAIL_WEBHOOK_SECRET"),
        ({"MAIL_DKIM_SELECTOR": "panel"}, "MAIL_DKIM_SELECTOR"),
        ({"DNS_ZONE": "dns.json"}, "DNS_ZONE"),
        ({"SANDBOX_FAULTS": "answers_lost=5"}, "SANDBOX_FAULTS"),
        ({"STRIPE_URL": "http://127.0.0.1:12111"}, "STRIPE_URL"),
        ({"STRIPE_CHARGES_A_SECOND": 0}, "STRIPE_CHARGES_A_SECOND"),
        ({"WEBHOOKS_TO_LOOPBACK": True}, "WEBHOOKS_TO_LOOPBACK"),
        ({"HEALTH_TOKEN": "too short"}, "HEALTH_TOKEN"),
        ({"HEALTH_TOKEN": "x" * 40}, "HEALTH_TOKEN"),
        ({"OPERATOR_EMAIL": "nobody"}, "OPERATOR_EMAIL"),
        ({"BEAT_PATIENCE_MINUTES": 0}, "BEAT_PATIENCE_MINUTES"),
        ({"SESSION_COOKIE_SECURE": False}, "SESSION_COOKIE_SECURE"),
        ({"CSRF_COOKIE_SECURE": False}, "CSRF_COOKIE_SECURE"),
    ],
)
def test_an_unsafe_setting_is_named(changed: dict[str, Any], named: str) -> None:
    [problem] = problems({**SAFE, **changed})
    assert problem.startswith(named)


def test_no_problem_repeats_a_secret() -> None:
    told = "\n".join(problems({**SAFE, "SECRET_KEY": "hunter2", "SECRET_RING": ["new:aHVudGVyMg=="]}))
    assert "hunter2" not in told
    assert "aHVudGVyMg" not in told


def test_production_does_not_start_without_settings() -> None:
    tried = _start({})
    assert tried.returncode == 1
    for name in ("SECRET_KEY", "SECRET_RING", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        assert f"- {name}" in tried.stderr


def test_production_starts_with_the_example_filled_in() -> None:
    assert _start(for_checks()).returncode == 0


def test_every_filling_in_is_different() -> None:
    one, other = (variables(filled(EXAMPLE.read_text())) for _ in range(2))
    for name in ("SECRET_KEY", "SECRET_RING", "POSTGRES_PASSWORD", "DATABASE_PASSWORD", "DATABASE_OWNER_PASSWORD"):
        assert one[name] != other[name]
        assert "<" not in one[name]


def test_the_example_explains_every_variable_that_production_reads() -> None:
    sources = [ROOT / "partnerpanel" / "settings" / name for name in ("base.py", "production.py")]
    read = set(_READ.findall("".join(source.read_text() for source in sources)))
    example = EXAMPLE.read_text()
    refused = {
        "DEBUG",
        "SESSION_COOKIE_SECURE",
        "CSRF_COOKIE_SECURE",
        "SANDBOX_FAULTS",
        "STRIPE_URL",
    }  # not there to be set
    assert {name for name in read if name not in example} == refused


def _start(environment: Mapping[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", "import partnerpanel.settings.production"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )
