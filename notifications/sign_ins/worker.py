"""Sends the mails with which customers sign in. Each is sent once; who gets none asks for another one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from customers.queries.facts import identities
from customers.queries.portal import Login, customer_with_address, logins_at
from customers.queries.with_address import customer_at
from customers.rules.portal_roles import PortalRole
from customers.services.portal_logins import add_login
from notifications.delivery import Fate, Mailer
from notifications.letters import Letter
from notifications.looks import look_of
from notifications.rules.languages import language_for
from notifications.sign_ins import desk
from notifications.sign_ins.models import SignIn
from notifications.sign_ins.states import GOOD_FOR, SignInKind
from notifications.sign_ins.texts import LANGUAGES, text
from partnerpanel.brand.queries import partner_and_brand
from partnerpanel.kernel.ids import public
from partnerpanel.queues.purging import Purge
from partnerpanel.queues.rows import Batch
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.clocks import business_now
from partnerpanel.tenancy.hosts import at_portal
from partnerpanel.tenancy.queries import mails_nobody
from partnerpanel.tenancy.rows import TenantQuerySet
from partnerpanel.tenancy.scope import tenant

LEASE_SECONDS = 60
# A mail server that is away for longer than this has outlived what would be in the mail.
WAITS = (timedelta(seconds=20), timedelta(minutes=1), timedelta(minutes=3))
_DUE = Batch(lambda: SignIn.objects.filter(used_at=None), limit=20)


def drain_sign_ins(partner_id: UUID, now: datetime) -> int:
    """Works through one batch; in test mode nobody is mailed. `now` is the system's."""
    with tenant(partner_id):
        rows = _DUE.lease(partner_id, now, seconds=LEASE_SECONDS)
    silent = mails_nobody(partner_id)
    with Mailer() as mailer:
        for row in rows:
            _send(mailer, row, now=now, silent=silent)
    return len(rows)


def _send(mailer: Mailer, row: SignIn, *, now: datetime, silent: bool) -> None:
    """The hashes are committed before the mail is out, so that what arrives works."""
    with tenant(row.partner_id):
        receiver = _buyer_of(row) if row.kind == SignInKind.CHECKOUT else _receiver_of(row)
        if receiver is not None:
            row.customer_id = receiver.customer_id
        letter = _letter(row, receiver, at=now) if receiver is not None and not silent else None
        if letter is None:
            _done(row)
    if letter is None:
        return
    delivery = mailer.send(letter, message_id=row.pk)
    with tenant(row.partner_id):
        if delivery.fate is Fate.REFUSED and row.attempts <= len(WAITS):
            row.due_at, row.leased_until = now + WAITS[row.attempts - 1], None
            row.last_error = delivery.error[:500]
            row.save(update_fields=["due_at", "leased_until", "last_error"])
        else:
            _done(row, error=delivery.error)


def _done(row: SignIn, *, error: str = "") -> None:
    row.due_at, row.leased_until, row.last_error = None, None, error[:500]
    row.save(update_fields=["customer", "due_at", "leased_until", "last_error"])


@dataclass(frozen=True, slots=True)
class Receiver:
    """Whom a mail goes to; `customer_id` None is somebody who buys for the first time."""

    address: str
    customer_id: UUID | None


def _buyer_of(row: SignIn) -> Receiver:
    """Whoever has the address. A customer's is written as the partner wrote it, for the same reason as below."""
    customer_id = customer_at(row.partner_id, row.address)
    if customer_id is None:
        return Receiver(row.address, None)
    return Receiver(identities(row.partner_id, [customer_id])[customer_id].email, customer_id)


def _receiver_of(row: SignIn) -> Receiver | None:
    login = _login_of(row)
    return Receiver(login.email, login.customer_id) if login is not None else None


def _login_of(row: SignIn) -> Login | None:
    """Who signs in with the address. A customer's own address needs none: it makes the owner."""
    found = logins_at(row.partner_id, row.address)
    if found or row.kind != SignInKind.SIGN_IN:
        return next(iter(found), None)
    customer_id = customer_with_address(row.partner_id, row.address)
    if customer_id is None:
        return None
    now = business_now(partner_and_brand(row.partner_id)[0])
    actor = Actor.system(row.partner_id)
    # As the partner wrote it: what was typed only folds to the same, and might be another's mailbox.
    email = identities(row.partner_id, [customer_id])[customer_id].email
    add_login(customer_id, email=email, role=PortalRole.OWNER, actor=actor, now=now)
    return logins_at(row.partner_id, row.address)[0]


def _letter(row: SignIn, receiver: Receiver, *, at: datetime) -> Letter:
    partner, line = partner_and_brand(row.partner_id)
    look, customer_id = look_of(row.partner_id, line, name=partner.name), receiver.customer_id
    customer = identities(row.partner_id, [customer_id])[customer_id] if customer_id is not None else None
    asked_in = row.language or (customer.locale if customer else "")
    language = language_for(asked_in, partner.locale, among=LANGUAGES)
    token, code = desk.issue(row, at=at)
    values = {
        "customer.name": customer.name if customer else "",
        "partner.name": look.sender,
        "partner.support_email": partner.support_email,
        "sign_in.link": f"{at_portal(partner, *_page_of(row))}#{token}",
        "sign_in.code": f"{code[:4]} {code[4:]}",
    }
    return Letter(
        customer_id=customer_id or row.pk,
        look=look,
        reply_to=partner.support_email,
        to_name="",
        to_address=receiver.address,
        language=language,
        text=text(language, SignInKind(row.kind)).render(values),
    )


def _page_of(row: SignIn) -> tuple[str, ...]:
    return ("portal-link",) if row.about is None else ("portal-order-link", public("chk", row.about))


def _old(rows: TenantQuerySet[SignIn], before: datetime) -> TenantQuerySet[SignIn]:
    return rows.filter(asked_at__lt=before, due_at=None).order_by("asked_at", "pk")


# Addresses of people who may be nobody's customers: gone as soon as no link among them can still work.
OLD_SIGN_INS = Purge(name="sign-ins", model=SignIn, kept_for=GOOD_FOR[SignInKind.INVITATION], old=_old)
