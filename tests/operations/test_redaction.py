"""What is secret does not stand in the log, whoever wrote the line and wherever in it the secret was."""

from __future__ import annotations

import json
import logging
import logging.config
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

import pytest
import structlog
from celery import shared_task
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import Settings

from partnerpanel.operations.rules.redaction import MASK, redacted, redacted_text
from partnerpanel.settings import logs

SECRETS = [
    "pp_live_4f9aXq81Zz",
    "pp_test_4f9aXq81Zz",
    "sk_live_51HxAbCdEf",
    "whsec_bG9uZyBzZWNyZXQ=",
    "Bearer eyJhbGciOi.J9.xyz-1",
    "Basic dXNlcjpodW50ZXIy",
    "password=hunter2hunter2",
    '"password": "two words"',
    "{'api_key': 'hunter2'}",
    "token=9f86d081884c7d65",
    "csrfmiddlewaretoken=9f86d081884c",
    "SECRET_KEY=9f86d081884c",
    "Cookie: sessionid=abc123; csrftoken=def456",
    "Authorization: Digest username=anna",
    "postgres://app_user:hunter2@db:5432/panel",
    "redis://:hunter2@cache:6379/0",
    "4242424242424242",
    "4242 4242 4242 4242",
    "3782-822463-10005",
    "/accounts/password/reset/key/1a-cn8xyz-9f86d0/",
    "/credentials/par_01hq/#Zk3vT9wQ",
    "anna.müller+x@mail.example.com",
    "/panel/x/customers/?q=anna%40mail.example.com",
]
# The part of each that must be gone.
HEARTS = {secret: secret for secret in SECRETS} | {
    "postgres://app_user:hunter2@db:5432/panel": "hunter2",
    "redis://:hunter2@cache:6379/0": "hunter2",
    "/accounts/password/reset/key/1a-cn8xyz-9f86d0/": "cn8xyz",
    "/credentials/par_01hq/#Zk3vT9wQ": "Zk3vT9wQ",
    "/panel/x/customers/?q=anna%40mail.example.com": "anna",
}


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize("around", ["{}", "before {} after", "line\n{}\nline", "b'{}'"])
def test_a_secret_is_masked_wherever_it_stands(secret: str, around: str) -> None:
    assert HEARTS[secret] not in redacted_text(around.format(secret))


@pytest.mark.parametrize(
    "text",
    [
        "GET /panel/eastwind/customers/cus_01hq3v5m8e9abcdefghjkmnpqr/",
        "0199a5b2-7c3d-7e4f-8a9b-0c1d2e3f4a5b",
        "2026-11-29T00:24:23.123456Z",
        "renewed 4242 of 10000 in 12.5 s",
        "1764375863124",
        "invoice RE-2026-000123 over 1234567 EUR",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert redacted_text(text) == text


def test_fields_are_masked_by_their_names_and_by_what_they_hold() -> None:
    class Odd:
        def __str__(self) -> str:
            return "token=9f86d081884c"

    found = redacted(
        {
            "HTTP_AUTHORIZATION": "anything",
            "nested": [{"password": "hunter2"}, ("Cookie", "a=b"), b"sk_live_51HxAbCdEf"],
            "number": 4242424242424242,
            "odd": Odd(),
            "error": ValueError("pp_live_4f9aXq81Zz"),
            "count": 3,
            "empty": None,
            "token": "",
        }
    )
    assert found["HTTP_AUTHORIZATION"] == found["number"] == MASK
    assert found["nested"] == [{"password": MASK}, ["Cookie", MASK], f"sk_live_{MASK}"]
    assert found["odd"] == f"token={MASK}"
    assert found["error"] == f"ValueError('pp_live_{MASK}')"
    assert (found["count"], found["empty"], found["token"]) == (3, None, "")


def test_a_long_line_is_looked_through_in_one_go() -> None:
    assert redacted_text("a" * 200_000 + " sk_live_51HxAbCdEf").endswith(MASK)


# -- the same through the real logging of production, and through what people read in the demo ----------------------

Read = Callable[[], str]


@pytest.fixture(params=[logs.for_machines, logs.for_people])
def written(request: pytest.FixtureRequest) -> Iterator[Read]:
    """Everything that was written since."""
    yield from _written(request.param)


@pytest.fixture
def json_written() -> Iterator[Read]:
    yield from _written(logs.for_machines)


def _written(make: Callable[[], dict[str, Any]]) -> Iterator[Read]:
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    out = StringIO()
    config = make()
    # Loggers that speak here would go on speaking this way in all tests after it.
    structlog.configure(cache_logger_on_first_use=False)
    config["handlers"]["console"]["stream"] = out
    logging.config.dictConfig(config)
    yield out.getvalue
    root.handlers[:], root.level = handlers, level
    root.setLevel(level)
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()


def hold_no_secret(text: str) -> None:
    assert text
    for secret in SECRETS:
        assert HEARTS[secret] not in text
    for word in ("hunter2", "two words", "9f86d081884c", "Zk3vT9wQ"):
        assert word not in text


def test_library_loggers_are_looked_through(written: Read) -> None:
    for secret in SECRETS:
        logging.getLogger("urllib3.connectionpool").warning("sent %s to %r", secret, {"password": "hunter2"})
        logging.getLogger("stripe").error(f"answer: {secret}", extra={"token": secret})
    hold_no_secret(written())


def test_our_own_fields_are_looked_through(written: Read) -> None:
    log = structlog.stdlib.get_logger("ours")
    for secret in SECRETS:
        log.warning(f"event {secret}", detail=secret, headers={"Authorization": secret}, listed=[secret], n=1)
    hold_no_secret(written())


def test_exceptions_and_their_causes_are_looked_through(written: Read) -> None:
    for secret in SECRETS:
        try:
            try:
                raise KeyError(secret)
            except KeyError as error:
                raise ValueError(f"wrong: {secret}") from error
        except ValueError:
            structlog.stdlib.get_logger("ours").exception("failed")
            logging.getLogger("celery.worker").exception("failed too")
    assert "ValueError" in written()
    hold_no_secret(written())


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError(f"{request.META['HTTP_AUTHORIZATION']} {request.META['HTTP_COOKIE']} {request.POST!r}")


urlpatterns = [path("broken/", broken)]


def test_a_request_that_breaks_gives_nothing_away(db: None, written: Read, settings: Settings) -> None:
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "9f86d081884c"
    headers = {"Authorization": "Bearer eyJhbGciOi.J9.xyz-1", "User-Agent": "pp_live_4f9aXq81Zz"}
    answer = client.post("/broken/?token=9f86d081884c", {"password": "hunter2"}, headers=headers)
    assert answer.status_code == 500
    assert "request_failed" in written()
    hold_no_secret(written())


@shared_task
def fail(*, secret: str) -> None:
    raise ValueError(secret)


def test_a_task_that_fails_gives_nothing_away(written: Read) -> None:
    for secret in SECRETS:
        fail.apply(kwargs={"secret": secret})
        logging.getLogger("celery.app.trace").error("Task failed: %s kwargs: %s", secret, {"secret": secret})
    hold_no_secret(written())


def test_production_writes_one_json_object_a_line(json_written: Read) -> None:
    logging.getLogger("a.library").warning("two\nlines %s", RequestFactory().get("/?password=hunter2"))
    structlog.stdlib.get_logger("ours").info("said", partner_id="p1")
    lines = [json.loads(line) for line in json_written().splitlines()]
    assert [line["message"] for line in lines][1] == "said"
    assert all({"timestamp", "level", "logger"} <= set(line) for line in lines)
    assert "hunter2" not in json_written()
