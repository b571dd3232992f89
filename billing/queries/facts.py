"""Loading what the engine decides with, in a constant number of queries for any number of subscriptions."""

from __future__ import annotations

from collections.abc import Collection as Many
from collections.abc import Mapping
from datetime import datetime
from itertools import repeat
from uuid import UUID

from django.db.models import Q

from billing.charging.states import AttemptStatus
from billing.collection.switch import Standstill
from billing.documents.states import InvoiceKind, InvoiceStatus
from billing.methods.models import shown
from billing.models import Invoice, PaymentMethod
from billing.queries.presence import PRESENT, balances_left, open_attempts, open_cases, open_renewals, present
from billing.rules.facts import BillingFacts, CaseFacts, Fallback, InvoiceFacts, MethodFacts, TermFacts
from billing.tax.queries import taxations_of, taxes_ahead
from billing.tax.rules.amounts import net_share
from billing.tax.rules.places import UNTAXED, Taxation
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Period
from partnerpanel.policy.queries import Target, policies_ahead, resolve
from partnerpanel.policy.rules.grace import GraceThen
from partnerpanel.policy.rules.resolution import PLATFORMS, ResolvedPolicy
from partnerpanel.tenancy.ahead import Asked
from partnerpanel.tenancy.reads import Read
from subscriptions.queries.addons import addons_ahead, held_addons
from subscriptions.queries.changes import changes_ahead, deals, open_changes, plans_at
from subscriptions.queries.coupons import coupons_ahead, held_coupons
from subscriptions.queries.terms import Contract, contracts, contracts_ahead
from subscriptions.rules.addons import HeldAddon
from subscriptions.rules.changes import Deal, OpenChange
from subscriptions.rules.coupons import HeldCoupon
from subscriptions.rules.recurring import WHOLE

# So many subscriptions are a page's.
A_FEW = 20


def load(
    partner_id: UUID, subscription_ids: Many[UUID], *, now: datetime, lock: bool = False
) -> dict[UUID, BillingFacts]:
    """The subscriptions that exist, by id; `lock` as in `contracts`."""
    found = contracts(partner_id, subscription_ids, now=now, lock=lock)
    customers = {one.customer_id for one in found.values()}
    targets = [Target(one.plan_id, one.customer_id, one.id) for one in found.values()]
    there = present(partner_id, found, customers)
    policies = dict(zip(found, resolve(partner_id, targets) if there.policies else repeat(PLATFORMS), strict=False))
    methods = _methods(partner_id, customers)
    cases = _open_cases(partner_id, found) if there.cases else {}
    changes = open_changes(partner_id, found) if there.changes else {}
    invoices = _open_renewals(partner_id, found) if there.renewals else {}
    waited_for: dict[UUID, InvoiceFacts] = {}
    for id_, invoice in _other_open_invoices(partner_id, found, {*cases, *changes}):
        change = changes.get(id_)
        # A change that happened before it was paid is collected like a renewal.
        (waited_for if change and change.id == invoice.change_id else invoices)[id_] = invoice
    charging: dict[UUID, str] = dict(_CHARGING(partner_id, found)) if there.charges else {}
    balances = _balances(partner_id, customers) if there.balances else {}
    fallbacks = _fallbacks(partner_id, policies | {id_: case.policy for id_, case in cases.items()})
    addons = held_addons(partner_id, found) if there.addons else {}
    coupons = held_coupons(partner_id, found) if there.coupons else {}
    taxations = taxations_of(partner_id, customers) if there.registered else {}
    return {
        id_: _facts(
            one,
            policies[id_],
            methods=methods,
            invoice=invoices.get(id_),
            case=cases.get(id_),
            charging=charging.get(id_),
            balance=balances.get((one.customer_id, one.price.currency)),
            still=there.still,
            change=changes.get(id_),
            change_invoice=waited_for.get(id_),
            fallback=fallbacks.get(id_),
            tax=taxations.get(one.customer_id, UNTAXED),
            now=now,
            addons=addons.get(id_, ()),
            coupon=coupons.get(id_),
        )
        for id_, one in found.items()
    }


def facts_ahead(
    partner_id: UUID, subscription_ids: Many[UUID], *, plans: Many[UUID], customers: Many[UUID]
) -> list[Asked]:
    """What `load` asks first; the plans are those that the subscriptions are on, and the customers have them."""
    of_both = Asked(PRESENT, (partner_id, subscription_ids, customers))
    return [
        *contracts_ahead(partner_id, subscription_ids),
        of_both,
        policies_ahead(partner_id, plans=plans, customers=customers, subscriptions=subscription_ids),
        *(Asked(read, (partner_id, customers)) for read in (_METHODS, _BALANCES)),
        *(Asked(read, (partner_id, subscription_ids)) for read in (_RENEWALS, _OTHERS, _CASES, _CHARGING)),
        *changes_ahead(partner_id, subscription_ids),
        addons_ahead(partner_id, subscription_ids),
        coupons_ahead(partner_id, subscription_ids),
        *taxes_ahead(partner_id, customers),
    ]


def _facts(
    one: Contract,
    policy: ResolvedPolicy,
    *,
    methods: Mapping[tuple[UUID, UUID | None], MethodFacts],
    invoice: InvoiceFacts | None,
    case: CaseFacts | None,
    charging: str | None,
    balance: Money | None,
    still: Standstill,
    change: OpenChange | None,
    change_invoice: InvoiceFacts | None,
    fallback: Fallback | None,
    tax: Taxation,
    now: datetime,
    addons: tuple[HeldAddon, ...],
    coupon: HeldCoupon | None,
) -> BillingFacts:
    own = methods.get((one.customer_id, one.card_id)) if one.card_id else None
    term = TermFacts(one.term.number, one.term.period, one.term.ends_at) if one.term else None
    return BillingFacts(
        subscription_id=one.id,
        customer_id=one.customer_id,
        version=one.version,
        plan_id=one.plan_id,
        plan_name=one.plan_name,
        interval=one.interval,
        quantity=one.quantity,
        price=one.price,
        lifecycle=one.lifecycle,
        collection=one.collection,
        zone=one.zone,
        anchor_on=one.anchor_on,
        term=term,
        auto_renew=one.auto_renew,
        cancel_at_period_end=one.cancel_at_period_end,
        is_paused=one.is_paused,
        is_held=one.is_held,
        renewal_waits=one.renewal_waits,
        reminded_on=one.reminded_on,
        recurring=one.recurring,
        net_share=net_share(tax.on(local_date(now, one.zone))) if tax.rates else WHOLE,
        policy=policy,
        method=own or methods.get((one.customer_id, None)),
        has_own_card=own is not None,
        balance=balance,
        invoice=invoice,
        case=case,
        is_charging=charging is not None,
        awaits_customer=charging == AttemptStatus.ACTION_REQUIRED,
        charging_stopped=still.stopped,
        partner_frozen=still.frozen,
        change=change,
        change_invoice=change_invoice,
        fallback=fallback,
        awaits_cut_over=one.awaits_cut_over,
        paused_from=one.paused_from,
        paused_until=one.paused_until,
        access=one.access,
        is_being_set_up=one.is_being_set_up,
        next_price=one.next_price,
        starts_at=one.starts_at,
        trial_ends_at=one.trial_ends_at,
        tax=tax,
        addons=addons,
        coupon=coupon,
        ended_before=one.ended_before,
        ended_at=one.ended_at,
    )


def _fallbacks(partner_id: UUID, policies: Mapping[UUID, ResolvedPolicy]) -> dict[UUID, Fallback]:
    """For those that end on a free plan where they are not paid, the lowest of the product that is sold and is free."""
    wanted = [id_ for id_, one in policies.items() if one.policy.grace.then is GraceThen.DOWNGRADE_TO_FREE]
    if not wanted:
        return {}
    found: dict[UUID, Fallback] = {}
    on = deals(partner_id, wanted)
    for currency in {deal.plan.price.currency for deal in on.values()}:
        free = [plan for plan in plans_at(partner_id, currency) if plan.is_sellable and not plan.price]
        for id_, deal in on.items():
            of_product = [plan for plan in free if plan.product_id == deal.plan.product_id and plan != deal.plan]
            if of_product and deal.plan.price.currency == currency:
                found[id_] = Fallback(deal, Deal(of_product[0], deal.quantity, is_agreed=False))
    return found


def _methods(partner_id: UUID, customer_ids: Many[UUID]) -> dict[tuple[UUID, UUID | None], MethodFacts]:
    """Those that can be charged, by customer and id; without an id the customer's default."""
    found: dict[tuple[UUID, UUID | None], MethodFacts] = {}
    for customer_id, id_, gateway, ref, brand, last4, is_default in _METHODS(partner_id, customer_ids):
        method = found[customer_id, id_] = MethodFacts(id_, gateway, ref, shown(brand, last4))
        if is_default:
            found[customer_id, None] = method
    return found


_METHODS = Read(
    lambda partner_id, customer_ids: (
        PaymentMethod.objects.for_partner(partner_id)
        .filter(customer__among=customer_ids, replaced_at=None)
        .values_list("customer_id", "pk", "gateway", "gateway_ref", "brand", "last4", "is_default")
    )
)
_RENEWALS, _CASES, _BALANCES = Read(open_renewals), Read(open_cases), Read(balances_left)
_CHARGING = Read(lambda partner_id, ids: open_attempts(partner_id, ids).values_list("subscription_id", "status"))


def _open_renewals(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, InvoiceFacts]:
    rows = _RENEWALS(partner_id, subscription_ids)
    return {row.subscription_id: invoice_facts(row) for row in rows if row.subscription_id}


def _other_open_invoices(
    partner_id: UUID, subscription_ids: Many[UUID], wanted: Many[UUID]
) -> list[tuple[UUID, InvoiceFacts]]:
    """Of those that are wanted; a few are asked for all, which a page has read ahead."""
    if not wanted:
        return []
    rows = _OTHERS(partner_id, subscription_ids if len(subscription_ids) <= A_FEW else wanted)
    return [(row.subscription_id, invoice_facts(row)) for row in rows if row.subscription_id in wanted]


_OTHERS = Read(
    lambda partner_id, ids: Invoice.objects.for_partner(partner_id).filter(
        ~Q(kind=InvoiceKind.RENEWAL), subscription__among=ids, status=InvoiceStatus.OPEN
    )
)


def invoice_facts(row: Invoice) -> InvoiceFacts:
    """An invoice of a term. Raises ValueError for one without a period."""
    if row.period_starts_on is None or row.period_ends_on is None or row.term_number is None:
        raise ValueError("this invoice is for no term")
    period = Period(row.period_starts_on, row.period_ends_on)
    credit = Money(row.credit_amount, row.currency)
    return InvoiceFacts(
        id=row.pk,
        label=row.label,
        term_number=row.term_number,
        period=period,
        due=row.due,
        version=row.version,
        credit=credit or None,
        kind=InvoiceKind(row.kind),
        change_id=row.change_id,
        paid=Money(row.paid_amount, row.currency) if row.paid_amount else None,
    )


def _open_cases(partner_id: UUID, subscription_ids: Many[UUID]) -> dict[UUID, CaseFacts]:
    return {
        row.subscription_id: CaseFacts(
            id=row.pk,
            first_on=row.first_on,
            attempts=row.attempts,
            last_attempt_on=row.last_attempt_on,
            is_hard=row.is_hard,
            in_grace=row.in_grace_from is not None,
            warned=row.warned_on is not None,
            over=row.over_on is not None,
            policy=ResolvedPolicy.from_snapshot(row.policy),
        )
        for row in _CASES(partner_id, subscription_ids)
    }


def _balances(partner_id: UUID, customer_ids: Many[UUID]) -> dict[tuple[UUID, str], Money]:
    rows = _BALANCES(partner_id, customer_ids)
    return {(row.customer_id, row.currency): Money(row.amount, row.currency) for row in rows}
