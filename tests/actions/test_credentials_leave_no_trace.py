"""Planted secrets are looked for everywhere: every column of every table, logs, quotes, jobs, mails, error messages."""

from __future__ import annotations

import json
import logging
import traceback
from contextlib import closing
from uuid import UUID

import psycopg2
import pytest
import structlog
from django.core.mail import EmailMessage
from django.db import connections
from django.test import Client
from psycopg2.sql import SQL, Identifier
from pytest_django import Settings

from partnerpanel.actions import credential_settings, credentials, door
from partnerpanel.actions.bulk import control
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import ServiceAccount
from subscriptions.provisioning.port import Wanted
from subscriptions.provisioning.worker import make
from subscriptions.rules.service_states import ServiceState
from tests.actions.carry_out import suspend
from tests.actions.test_credentials import look, mailed, reset, send, stored_password, token_in
from tests.people import Person, make_team
from tests.services.test_provisioning import Service
from tests.tenancy.test_secrets import key
from tests.world import NOW, World

pytestmark = pytest.mark.django_db(transaction=True)


def dump() -> dict[str, str]:
    """Every row of every table as text and, for bytes, as they are, read by the owner of the tables."""
    found = {}
    settings = connections["owner"].settings_dict
    with (
        closing(
            psycopg2.connect(
                dbname=settings["NAME"],
                user=settings["USER"],
                password=settings["PASSWORD"],
                host=settings["HOST"],
                port=settings["PORT"],
            )
        ) as server,
        server.cursor() as cursor,
    ):
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(SQL("SELECT * FROM {}").format(Identifier(table)))
            rows = [
                [bytes(cell).decode("latin-1") if isinstance(cell, memoryview) else str(cell) for cell in row]
                for row in cursor.fetchall()
            ]
            found[table] = json.dumps(rows, ensure_ascii=False)
    return found


def places_with(secret: str, places: dict[str, str]) -> list[str]:
    return [name for name, text in places.items() if secret in text]


def test_the_dump_finds_what_lies_there_in_the_clear() -> None:
    team = make_team("eastwind")
    World(team.partner).customer("Planted Name")
    places = dump()
    assert places_with("Planted Name", places) == ["customers_customer"]
    assert len(places) > 30


def test_passwords_and_tokens_are_found_nowhere(
    settings: Settings, mailoutbox: list[EmailMessage], caplog: pytest.LogCaptureFixture
) -> None:
    team = make_team("eastwind")
    world, owner = World(team.partner), team.owner
    subscription = world.subscription()
    customer = world.read_subscription(subscription).customer_id
    world.drain()
    passwords, tokens, places = [stored_password(world, subscription)], [], {}
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logged:
        look(subscription, owner)
        reset(subscription, owner)
        passwords.append(stored_password(world, subscription))
        make(world.id, now=NOW, adapter=Service(error="no room"))
        world.drain(now=world.read_account(subscription).due_at)
        send(subscription, owner)
        places["the preview of the mail"] = repr(credentials.preview_sending(subscription, actor=owner.actor))
        mail = mailed(world, mailoutbox)
        tokens.append(token_in(mail))
        places["the mail with a link"] = str(mail.message()).replace(tokens[-1], "")
        places["quote"] = repr(door.preview(suspend(customer), actor=owner.actor, now=NOW))
        control.start(suspend(customer), [customer], actor=owner.actor, now=NOW)
        world.drain("bulk")
        address = f"/credentials/{public('par', world.id)}/"
        Client().get(address)
        assert passwords[-1] in Client().post(address, {"code": tokens[-1]}).content.decode()
        send(subscription, owner)
        tokens.append(token_in(mailed(world, mailoutbox)))
        credential_settings.allow_plain_mail(actor=owner.actor, now=NOW)
        send(subscription, owner, "plain")
        assert passwords[-1] in mailed(world, mailoutbox).body
        places |= refusals(subscription, owner, settings)
    with tenant(world.id):
        account = ServiceAccount.objects.for_partner(world.id).get()
    wanted = Wanted(account.pk, account.username, passwords[-1], ServiceState.ENABLED)
    places |= {"log": caplog.text, "structured log": str(logged), "account": repr(account), "wanted": repr([wanted])}
    places |= dump()
    assert "request_started" in places["structured log"]
    for secret in (*passwords, *tokens):
        assert len(secret) >= 20
        assert places_with(secret, places) == []


def refusals(subscription: UUID, owner: Person, settings: Settings) -> dict[str, str]:
    """What is said, with its traceback, where a password cannot be shown or a link is of nobody."""
    ring, settings.SECRET_RING = settings.SECRET_RING, [key("2027", 3)]
    try:
        look(subscription, owner)
    except credentials.CredentialsUnreadable as error:
        return {"refusal": "".join(traceback.format_exception(error))}
    finally:
        settings.SECRET_RING = ring
    raise AssertionError("a password was shown whose key is gone")


def test_what_holds_credentials_does_not_tell_them_by_itself(owner: Person, world: World) -> None:
    subscription = world.subscription()
    world.drain()
    found = credentials.view(subscription, reason="They asked.", confirmed_at=system_now(), actor=owner.actor, now=NOW)
    assert found.password not in repr(found)
    assert found.password not in str(found)
