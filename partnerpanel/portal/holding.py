"""What a customer has: each subscription with its standing in words, its use, and what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.methods.queries import Method, default_method_of, kept_methods, methods_ahead
from billing.queries.facts import facts_ahead, load
from billing.queries.papers import confirmations_of
from billing.rules.facts import BillingFacts
from billing.rules.next_charge import NextCharge, deadline_of, next_charge
from billing.services.pay import NothingToPay, owed
from customers.queries.banned import unsellable_ahead
from customers.queries.facts import identities_ahead
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.languages import spoken
from partnerpanel.policy.rules.banner import banner
from partnerpanel.policy.wording import sentence_text
from partnerpanel.portal.words import FORMATS, day, number, without
from partnerpanel.tenancy.ahead import Asked, ahead
from subscriptions.queries.changes import changes_ahead
from subscriptions.queries.facts import customers_ahead, of_customer_ahead
from subscriptions.queries.names import names_ahead
from subscriptions.queries.summaries import HoldLine, SubscriptionLine, lines_ahead, lines_of, owned_by
from subscriptions.queries.usage import usage_ahead, usage_of
from subscriptions.rules.states import HoldKind, Lifecycle
from subscriptions.rules.usage import AllowanceUse

TONES = {0: "blue", 80: "amber", 100: "red"}
# Why it is blocked and what lifts that, in the order in which it matters most.
HELD: Mapping[HoldKind, Any] = {
    HoldKind.NONPAYMENT: gettext_lazy("It is blocked because a payment is missing. Pay, and it opens at once."),
    HoldKind.ABUSE: gettext_lazy(
        "It is blocked because of how it was used. Write to us; nothing is deleted meanwhile."
    ),
    HoldKind.FRAUD_REVIEW: gettext_lazy(
        "It is blocked while we check your account. Write to us if we asked for papers."
    ),
    HoldKind.BAN: gettext_lazy("Your account is closed. Write to us if you think that this is a mistake."),
    HoldKind.MANUAL: gettext_lazy("It is blocked. Write to us; nothing is deleted meanwhile."),
}


@dataclass(frozen=True, slots=True)
class Use:
    """One allowance; the parameters of the usage component."""

    name: str
    text: str
    note: str
    percent: int
    shown: int
    tone: str
    is_near: bool


@dataclass(frozen=True, slots=True)
class Holding:
    """One subscription. `said` tells its standing beyond the one word, `coming` what is charged next; `due` is what
    paying now would cost, None where nothing is owed. `holds` say why it is blocked. `confirm_url`: where
    the customer confirms a charge that waits for it. `card` is charged for it, one of its own or the default."""

    id: str
    line: SubscriptionLine
    facts: BillingFacts | None
    said: tuple[str, ...]
    coming: NextCharge | None
    without: str
    due: Money | None
    holds: tuple[str, ...]
    confirm_url: str = ""
    uses: tuple[Use, ...] = ()
    card: Method | None = None

    @property
    def is_over(self) -> bool:
        return self.line.lifecycle is Lifecycle.ENDED

    @property
    def may_return(self) -> bool:
        """Whether it has ended and can be taken up again, as far as a page knows."""
        return self.is_over and self.line.term_ends_on is not None and not self.line.awaits_cut_over

    @property
    def is_used_up(self) -> bool:
        """An allowance is used up."""
        return any(use.percent >= 100 for use in self.uses)

    @property
    def may_pay(self) -> bool:
        """Whether paying now is something that the customer can do: only a missing payment is in the way."""
        wide = {hold.kind for hold in self.line.holds} - {HoldKind.NONPAYMENT, HoldKind.PROVISIONING}
        return self.due is not None and not wide


def holdings(
    partner_id: UUID, customer_id: UUID, *, now: datetime, uses: bool = False, only: UUID | None = None
) -> tuple[list[Holding], Method | None]:
    """In the open scope, newest first, those that have ended last; and the card that is charged. `only` leaves the
    others out."""
    _read_ahead(partner_id, customer_id, uses=uses, only=only)
    lines = lines_of(partner_id, [customer_id], now=now).get(customer_id, [])
    lines = [line for line in lines if only in (None, line.id)]
    running = [line.id for line in lines if line.lifecycle is not Lifecycle.ENDED]
    found = load(partner_id, running, now=now) if running else {}
    used = usage_of(partner_id, running) if uses and running else {}
    waiting = [id_ for id_, facts in found.items() if facts.awaits_customer]
    confirming = confirmations_of(partner_id, waiting) if waiting else {}
    card = default_method_of(partner_id, [customer_id]).get(customer_id)
    own = any(facts.has_own_card for facts in found.values())
    kept = {one.id: one for one in kept_methods(partner_id, customer_id)} if own else {}
    shown = [_holding(line, found.get(line.id), used.get(line.id, ()), now) for line in lines]
    return [
        replace(one, confirm_url=confirming.get(one.line.id, ""), card=_card(one.facts, kept, card)) for one in shown
    ], card


def _card(facts: BillingFacts | None, kept: Mapping[UUID, Method], default: Method | None) -> Method | None:
    return kept.get(facts.method.id) if facts and facts.method and facts.has_own_card else default


def _read_ahead(partner_id: UUID, customer_id: UUID, *, uses: bool, only: UUID | None) -> None:
    own, customers = owned_by(partner_id, customer_id), [customer_id]
    running = [id_ for id_, _plan, lifecycle in own if lifecycle is not Lifecycle.ENDED and only in (None, id_)]
    plans = {plan_id for id_, plan_id, _lifecycle in own if id_ in running}
    ahead(
        *lines_ahead(partner_id, customers, [id_ for id_, *_ in own]),
        *facts_ahead(partner_id, running, plans=plans, customers=customers),
        *changes_ahead(partner_id, running, past=True),
        *methods_ahead(partner_id, customers),
        *(usage_ahead(partner_id, running) if uses or only else ()),
        *(_quoted(partner_id, customer_id, running) if only else ()),
    )


def read_charges_ahead(partner_id: UUID, customer_id: UUID) -> None:
    """What asking for all that a card would be charged for reads; in the open scope."""
    own = owned_by(partner_id, customer_id)
    ids, plans = [id_ for id_, *_ in own], {plan_id for _, plan_id, _ in own}
    ahead(
        *facts_ahead(partner_id, ids, plans=plans, customers=[customer_id]),
        *methods_ahead(partner_id, [customer_id]),
        of_customer_ahead(partner_id, customer_id),
    )


def _quoted(partner_id: UUID, customer_id: UUID, ids: list[UUID]) -> Iterator[Asked]:
    """What a preview asks besides."""
    yield identities_ahead(partner_id, [customer_id])
    yield unsellable_ahead(partner_id, [customer_id])
    yield customers_ahead(partner_id, ids)
    yield names_ahead(partner_id, ids)


def _holding(
    line: SubscriptionLine, facts: BillingFacts | None, used: Collection[AllowanceUse], now: datetime
) -> Holding:
    coming = next_charge(facts, now=now) if facts else None
    return Holding(
        id=public("sub", line.id),
        line=line,
        facts=facts,
        said=tuple(_said(line, facts, now)),
        coming=coming,
        without=without(coming.without.value) if coming and coming.without else "",
        due=_due(facts, now) if facts else None,
        holds=_holds(line.holds),
        uses=tuple(map(_use, used)),
    )


def _said(line: SubscriptionLine, facts: BillingFacts | None, now: datetime) -> Iterator[str]:
    if line.lifecycle is Lifecycle.TRIALING and line.trial_ends_at:
        yield _("Your trial runs until %(day)s.") % {"day": day(_local(line.trial_ends_at, line))}
    if facts and facts.awaits_customer:
        yield _("Your bank asks you to confirm the payment. Nothing is charged before you have.")
    if facts and facts.case is not None and facts.lifecycle is Lifecycle.INCOMPLETE:
        text = _("It begins when it is paid. If nobody pays before %(day)s, nothing is owed.")
        yield text % {"day": day(deadline_of(facts.case))}
    elif facts and facts.case is not None:
        case = facts.case
        asks_again = facts.method is not None and not case.is_hard and not facts.awaits_customer
        for one in banner(case.policy, first_on=case.first_on, today=facts.today(now), asks_again=asks_again):
            yield spoken(sentence_text(one, FORMATS))
    if line.cancel_at_period_end and line.term_ends_on and line.lifecycle is not Lifecycle.ENDED:
        yield _("It ends on %(day)s. Until then everything works.") % {"day": day(line.term_ends_on)}
    if facts and facts.paused_from is not None:
        until = facts.paused_until
        if until is None:
            yield _("It is paused until you resume it.")
        else:
            yield _("It is paused until %(day)s.") % {"day": day(_local(until, line))}


def _local(instant: datetime, line: SubscriptionLine) -> date:
    return local_date(instant, line.timezone)


def _due(facts: BillingFacts, now: datetime) -> Money | None:
    """What paying now costs: what is open, or after the deadline a new period with its fee."""
    if facts.is_charging or (facts.invoice is None and facts.change_invoice is None and facts.case is None):
        return None
    try:
        return owed(facts, now=now)[0].due
    except NothingToPay:
        return None


def _holds(holds: Sequence[HoldLine]) -> tuple[str, ...]:
    kinds = {hold.kind for hold in holds}
    return tuple(str(text) for kind, text in HELD.items() if kind in kinds)


def _use(use: AllowanceUse) -> Use:
    packs = use.from_packs + use.pack_left
    parts = [_("%(packs)s from packs") % {"packs": number(packs)}] if packs else []
    if use.over:
        parts.append(_("%(over)s over") % {"over": number(use.over)})
    else:
        parts.append(_("%(left)s left") % {"left": number(use.left)})
    return Use(
        name=use.name,
        text=_("%(used)s of %(limit)s") % {"used": number(use.used), "limit": number(use.limit)},
        note=" · ".join(parts),
        percent=use.percent,
        shown=min(use.percent, 100),
        tone=TONES[use.level],
        is_near=use.level > 0,
    )
