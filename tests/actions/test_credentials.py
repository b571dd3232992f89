"""Credentials are looked at, renewed and mailed: by whom, when, and what it leaves behind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.core.mail import EmailMessage
from pytest_django import Settings

from notifications.models import Message
from partnerpanel.actions import credential_settings, credentials
from partnerpanel.actions.permission import Permission
from partnerpanel.events.queries import timeline
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError, Forbidden
from partnerpanel.kernel.ids import uuid7
from partnerpanel.tenancy.models import Role
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import CredentialLink, ServiceAccount
from subscriptions.provisioning.accounts import password_of
from subscriptions.provisioning.internal import may_log_in
from subscriptions.provisioning.worker import make
from subscriptions.queries.credentials import product_addresses
from subscriptions.rules.connection import InvalidAddress
from tests.actions.carry_out import everything
from tests.actions.test_permissions import MATRIX
from tests.people import Person, Team
from tests.services.test_provisioning import Service
from tests.tenancy.test_secrets import key
from tests.world import NOW, World


@pytest.fixture
def subscription(world: World) -> UUID:
    id_ = world.subscription()
    world.drain()
    return id_


def look(
    subscription: UUID, person: Person, *, confirmed_at: datetime | None = None, reason: str = "They asked."
) -> str:
    """The password that the person is shown; as confirmed just now unless told otherwise."""
    found = credentials.view(
        subscription, reason=reason, confirmed_at=confirmed_at or system_now(), actor=person.actor, now=NOW
    )
    return found.password


def reset(subscription: UUID, person: Person, number: int = 1) -> None:
    credentials.reset(subscription, number=number, actor=person.actor, now=NOW)


def send(subscription: UUID, person: Person, mode: str = "link") -> None:
    credentials.send(subscription, mode=mode, actor=person.actor, now=NOW)


def stored_password(world: World, subscription: UUID) -> str:
    with tenant(world.id):
        return password_of(ServiceAccount.objects.for_partner(world.id).get(subscription=subscription))


def opens(world: World, subscription: UUID, password: str) -> bool:
    with tenant(world.id):
        account = ServiceAccount.objects.for_partner(world.id).get(subscription=subscription)
        return may_log_in(world.id, account.username, password)


def kinds(world: World, subscription: UUID) -> list[str]:
    """What happened to the login, newest first."""
    customer = world.read_subscription(subscription).customer_id
    with tenant(world.id):
        return [one.kind for one in timeline(world.id, customer) if one.object_type == "service_account"]


def test_a_look_shows_the_password_and_leaves_who_and_why(world: World, subscription: UUID, owner: Person) -> None:
    assert look(subscription, owner) == stored_password(world, subscription)
    customer = world.read_subscription(subscription).customer_id
    with tenant(world.id):
        entry = timeline(world.id, customer)[0]
    assert (entry.kind, entry.actor_id) == ("service_account.credentials_viewed", owner.user.pk)
    assert entry.words == {"reason": "They asked."}
    assert entry.data == {"subscription": str(subscription)}


@pytest.mark.parametrize("ago", [None, timedelta(seconds=301), timedelta(days=1), timedelta(seconds=-60)])
def test_nothing_is_shown_to_somebody_who_has_not_confirmed_lately(
    world: World, subscription: UUID, owner: Person, ago: timedelta | None
) -> None:
    before = everything(world)
    confirmed_at = None if ago is None else system_now() - ago
    with pytest.raises(credentials.NotConfirmed):
        credentials.view(subscription, reason="They asked.", confirmed_at=confirmed_at, actor=owner.actor, now=NOW)
    assert everything(world) == before


@pytest.mark.parametrize("reason", ["", "  \n", "x" * 301])
def test_a_look_needs_a_reason(world: World, subscription: UUID, owner: Person, reason: str) -> None:
    before = everything(world)
    with pytest.raises(credentials.InvalidReason) as refused:
        look(subscription, owner, reason=reason)
    assert refused.value.field == "reason"
    assert everything(world) == before


@pytest.mark.parametrize("role", Role)
def test_each_role_may_what_the_matrix_says(world: World, subscription: UUID, team: Team, role: Role) -> None:
    person, before = team[role], everything(world)
    attempts: dict[Permission, Callable[[], object]] = {
        Permission.VIEW_CREDENTIALS: lambda: look(subscription, person),
        Permission.SEND_CREDENTIALS: lambda: send(subscription, person),
        Permission.RESET_CREDENTIALS: lambda: reset(subscription, person),
        Permission.MANAGE_SETTINGS: lambda: credential_settings.allow_plain_mail(actor=person.actor, now=NOW),
    }
    for permission, attempt in attempts.items():
        if role in MATRIX[permission]:
            attempt()
        else:
            with pytest.raises(Forbidden):
                attempt()
    if role is Role.READ_ONLY:
        assert everything(world) == before


def test_another_partner_finds_no_such_login(world: World, subscription: UUID, stranger: Person) -> None:
    before = everything(world)
    for id_ in (subscription, uuid7()):
        for attempt in (look, reset, send):
            with pytest.raises(credentials.NoLogin, match="no login"):
                attempt(id_, stranger)
    assert everything(world) == before


def test_a_reset_gives_a_new_strong_password_that_the_service_is_told(
    world: World, subscription: UUID, owner: Person
) -> None:
    old = stored_password(world, subscription)
    reset(subscription, owner)
    new = stored_password(world, subscription)
    assert new != old
    assert len(new) >= 20
    assert opens(world, subscription, old), "the service has not heard of it yet"
    assert world.read_account(subscription).password_pending
    world.drain()
    assert opens(world, subscription, new)
    assert not opens(world, subscription, old)
    assert not world.read_account(subscription).password_pending
    assert kinds(world, subscription)[:2] == ["service_account.password_set", "service_account.password_reset"]


def test_of_two_resets_of_the_same_password_the_second_is_refused(
    world: World, subscription: UUID, owner: Person
) -> None:
    reset(subscription, owner)
    before = everything(world)
    with pytest.raises(credentials.CredentialsMoved):
        reset(subscription, owner)
    assert everything(world) == before
    reset(subscription, owner, number=2)


def test_a_password_renewed_while_the_service_is_told_the_one_before_is_set_in_the_next_round(
    world: World, subscription: UUID, owner: Person
) -> None:
    reset(subscription, owner)
    service = Service(meanwhile=lambda: reset(subscription, owner, number=2))
    make(world.id, now=NOW, adapter=service)
    account = world.read_account(subscription)
    assert (account.password_pending, account.due_at) == (True, NOW)
    service.meanwhile = lambda: None
    assert make(world.id, now=NOW, adapter=service) == 1
    assert service.asked[-1].password == stored_password(world, subscription)
    assert world.read_account(subscription).due_at is None


def test_a_failure_of_the_password_before_does_not_put_off_the_new_one(
    world: World, subscription: UUID, owner: Person
) -> None:
    reset(subscription, owner)
    service = Service(error="no room", meanwhile=lambda: reset(subscription, owner, number=2))
    make(world.id, now=NOW, adapter=service)
    account = world.read_account(subscription)
    assert (account.due_at, account.attempts, account.leased_until) == (NOW, 0, None)


def test_resetting_a_suspended_login_does_not_open_it(world: World, owner: Person) -> None:
    id_ = world.subscription("held by hand")
    world.drain()
    reset(id_, owner)
    world.drain()
    assert world.read_account(id_).actual == "disabled"
    assert not opens(world, id_, stored_password(world, id_))


def test_after_a_rotation_of_keys_old_passwords_are_shown_and_new_ones_take_the_new_key(
    world: World, subscription: UUID, owner: Person, settings: Settings
) -> None:
    old = stored_password(world, subscription)
    settings.SECRET_RING = [key("2026", 2), *settings.SECRET_RING]
    assert look(subscription, owner) == old
    reset(subscription, owner)
    assert bytes(world.read_account(subscription).password_sealed).startswith(b"2026|")
    settings.SECRET_RING = [key("2027", 3)]
    before = everything(world)
    with pytest.raises(credentials.CredentialsUnreadable):
        look(subscription, owner)
    assert everything(world) == before, "what could not be shown was not looked at"


def test_a_password_of_another_row_does_not_open(world: World, subscription: UUID, owner: Person) -> None:
    other = world.read_account(world.subscription())
    with tenant(world.id):
        rows = ServiceAccount.objects.for_partner(world.id).filter(subscription=subscription)
        rows.update(password_sealed=bytes(other.password_sealed))
    with pytest.raises(credentials.CredentialsUnreadable):
        look(subscription, owner)


def mailed(world: World, outbox: list[EmailMessage], *, now: datetime = NOW) -> EmailMessage:
    """The one mail that the workers send now."""
    outbox.clear()
    world.drain("outbox", "mail", now=now)
    (mail,) = outbox
    return mail


def token_in(mail: EmailMessage) -> str:
    (line,) = [line for line in str(mail.body).splitlines() if "/credentials/par_" in line]
    return line.partition("#")[2]


def test_the_mail_holds_a_link_that_shows_the_credentials_once(
    world: World, subscription: UUID, owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    shown = credentials.preview_sending(subscription, actor=owner.actor)
    send(subscription, owner)
    mail = mailed(world, mailoutbox)
    password, token = stored_password(world, subscription), token_in(mail)
    assert password not in mail.body
    (foreseen,) = shown.foreseen
    assert foreseen.title == mail.subject
    assert foreseen.body == str(mail.body).replace(token, "…"), "what is sent is what was shown, but for the token"
    with tenant(world.id):
        kept = Message.objects.for_partner(world.id).get()
    assert kept.body == foreseen.body
    assert credentials.open_link(world.id, token, now=NOW).password == password
    for _ in range(2):
        with pytest.raises(credentials.LinkUnusable):
            credentials.open_link(world.id, token, now=NOW)
    assert kinds(world, subscription)[0] == "service_account.credentials_opened"


def test_sending_again_takes_the_older_link_back_at_once(
    world: World, subscription: UUID, owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    send(subscription, owner)
    older = token_in(mailed(world, mailoutbox))
    send(subscription, owner)
    with pytest.raises(credentials.LinkUnusable):
        credentials.open_link(world.id, older, now=NOW)
    newer = token_in(mailed(world, mailoutbox))
    with pytest.raises(credentials.LinkUnusable):
        credentials.open_link(world.id, older, now=NOW)
    assert credentials.open_link(world.id, newer, now=NOW).password


def test_used_expired_revoked_unknown_and_foreign_links_are_refused_alike(
    world: World, other_world: World, subscription: UUID, owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    send(subscription, owner)
    token = token_in(mailed(world, mailoutbox))
    said = set()
    for partner_id, asked in ((other_world.id, token), (world.id, "x"), (world.id, ""), (world.id, token + "x" * 999)):
        with pytest.raises(credentials.LinkUnusable) as refused:
            credentials.open_link(partner_id, asked, now=NOW)
        said.add(refused.value.message)
    with tenant(world.id):
        link = CredentialLink.objects.for_partner(world.id).get()
    assert link.expires_at - link.made_at == timedelta(hours=24)
    age(world, timedelta(hours=24))
    with pytest.raises(credentials.LinkUnusable) as refused:
        credentials.open_link(world.id, token, now=NOW)
    assert said == {refused.value.message}


def age(world: World, by: timedelta) -> None:
    """Makes the partner's links that much older; the role may not move their dates, so they are written anew."""
    with tenant(world.id):
        rows = list(CredentialLink.objects.for_partner(world.id))
        CredentialLink.objects.for_partner(world.id).delete()
        for row in rows:
            row.made_at, row.expires_at = row.made_at - by, row.expires_at - by
        CredentialLink.objects.bulk_create(rows)


def test_a_link_shows_the_password_that_holds_when_it_is_opened(
    world: World, subscription: UUID, owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    send(subscription, owner)
    token = token_in(mailed(world, mailoutbox))
    reset(subscription, owner)
    found = credentials.open_link(world.id, token, now=NOW)
    assert found.password == stored_password(world, subscription)
    assert found.login.is_pending


def test_a_link_that_cannot_be_shown_is_not_used_up(
    world: World, subscription: UUID, owner: Person, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    send(subscription, owner)
    token, ring = token_in(mailed(world, mailoutbox)), settings.SECRET_RING
    settings.SECRET_RING = [key("2027", 3)]
    with pytest.raises(credentials.CredentialsUnreadable):
        credentials.open_link(world.id, token, now=NOW)
    settings.SECRET_RING = ring
    assert credentials.open_link(world.id, token, now=NOW).password


def test_plain_text_is_mailed_only_where_the_partner_opted_in(
    world: World, subscription: UUID, owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    with pytest.raises(credentials.CredentialsMoved):
        send(subscription, owner, "plain")
    credential_settings.allow_plain_mail(actor=owner.actor, now=NOW)
    credential_settings.allow_plain_mail(actor=owner.actor, now=NOW)
    with pytest.raises(credentials.CredentialsMoved):
        send(subscription, owner, "link")
    send(subscription, owner, "plain")
    mail = mailed(world, mailoutbox)
    assert stored_password(world, subscription) in mail.body
    assert "/credentials/" not in mail.body
    with tenant(world.id):
        kept = Message.objects.for_partner(world.id).get()
    assert stored_password(world, subscription) not in kept.body
    assert "Password: ••••••••" in kept.body


def test_who_opts_out_before_the_mail_is_sent_has_a_link_sent(
    world: World, subscription: UUID, owner: Person, mailoutbox: list[EmailMessage]
) -> None:
    credential_settings.allow_plain_mail(actor=owner.actor, now=NOW)
    send(subscription, owner, "plain")
    credential_settings.forbid_plain_mail(actor=owner.actor, now=NOW)
    mail = mailed(world, mailoutbox)
    assert stored_password(world, subscription) not in mail.body
    assert credentials.open_link(world.id, token_in(mail), now=NOW).password


def test_a_password_that_does_not_open_is_not_mailed_and_the_message_says_why(
    world: World, subscription: UUID, owner: Person, settings: Settings, mailoutbox: list[EmailMessage]
) -> None:
    credential_settings.allow_plain_mail(actor=owner.actor, now=NOW)
    send(subscription, owner, "plain")
    settings.SECRET_RING = [key("2027", 3)]
    world.drain("outbox", "mail")
    assert mailoutbox == []
    with tenant(world.id):
        message = Message.objects.for_partner(world.id).get()
    assert (message.state, message.last_error) == ("queued", "The key of this secret is not in SECRET_RING.")


def test_the_address_of_the_product_stands_beside_the_credentials(
    world: World, subscription: UUID, owner: Person
) -> None:
    with tenant(world.id):
        (product,) = product_addresses(world.id)
    assert product.address == ""
    for address in ("javascript alert", "https://user:secret@pbx.example", "pbx.example:0", "pbx.example:70000", "a b"):
        with pytest.raises(InvalidAddress):
            set_address(product.product_id, address, 0, owner)
    set_address(product.product_id, " https://pbx.example:5061/login ", 0, owner)
    connection = credentials.preview_view(subscription, actor=owner.actor).connection
    assert (connection.url, connection.host, connection.port) == (
        "https://pbx.example:5061/login",
        "pbx.example",
        "5061",
    )
    for stale in (0, 2):
        with pytest.raises(DomainError, match="Somebody else"):
            set_address(product.product_id, "other.example", stale, owner)
    set_address(product.product_id, "other.example", 1, owner)
    connection = credentials.preview_view(subscription, actor=owner.actor).connection
    assert (connection.url, connection.host, connection.port) == ("", "other.example", "")


def set_address(product: UUID, address: str, version: int, person: Person) -> None:
    credential_settings.set_service_address(product, address=address, version=version, actor=person.actor, now=NOW)
