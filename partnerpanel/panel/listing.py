"""The customers' list as its template reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from babel import Locale
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from customers.filters import Tab
from customers.queries import lists
from partnerpanel.kernel.clock import local_date
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.paging import COUNT_CAP
from partnerpanel.panel.list_state import TABS, ListState
from partnerpanel.panel.offered import Offer, offered
from partnerpanel.panel.page import Visit
from partnerpanel.panel.templatetags.formats import number
from subscriptions.queries.summaries import SubscriptionLine, lines_of, plan_choices
from subscriptions.rules.states import SERVED, Lifecycle

LIMIT = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A customer with what its subscriptions come to. `monthly` has one amount per currency.

    `is_due`: the day of the next billing has come and nothing was paid.
    """

    id: str
    name: str
    email: str
    country: str
    registered_at: Any
    own_number: str
    tags: Sequence[str]
    subscriptions: Sequence[SubscriptionLine]
    status: str
    next_billing_on: date | None
    is_due: bool
    monthly: Sequence[Money]
    can_suspend: bool
    can_reactivate: bool
    is_banned: bool
    is_erased: bool
    offers: Sequence[Offer]
    has_login: bool


def count_text(count: int) -> str:
    """7043 → “7,043”; beyond the cap “2,500+”."""
    cap = COUNT_CAP - 1
    return f"{number(cap)}+" if count > cap else number(count)


def country_name(code: str) -> str:
    """“DE” → “Germany”, in the page's language; the code where the language has no name for it."""
    names = Locale.parse(to_locale(get_language() or "en")).territories
    return str(names.get(code, code))


def language_name(code: str) -> str:
    """“de” → “German”, in the page's language; the code where that has no name for it."""
    names = Locale.parse(to_locale(get_language() or "en")).languages
    return str(names.get(code.partition("-")[0].lower(), code))


def rows(visit: Visit, customers: Sequence[Any]) -> list[Row]:
    """The page's customers with their subscriptions and tags, in three queries."""
    ids = [customer.pk for customer in customers]
    subscriptions = lines_of(visit.partner.pk, ids, now=visit.now)
    tags = lists.tags_of(visit.partner.pk, ids)
    today = local_date(visit.now, visit.zone)
    return [
        _row(visit, customer, subscriptions.get(customer.pk, []), tags.get(customer.pk, []), today)
        for customer in customers
    ]


def monthly(subscriptions: Sequence[SubscriptionLine]) -> list[Money]:
    """What the active ones come to in a month, per currency."""
    sums: dict[str, Money] = {}
    for line in subscriptions:
        if line.lifecycle is Lifecycle.ACTIVE:
            currency = line.monthly.currency
            sums[currency] = sums.get(currency, Money.zero(currency)) + line.monthly
    return list(sums.values())


def next_billing(subscriptions: Sequence[SubscriptionLine]) -> date | None:
    """The first day on which one of them is billed; None where none will be."""
    return min((line.next_billing_on for line in subscriptions if line.next_billing_on), default=None)


def _row(
    visit: Visit, customer: Any, subscriptions: Sequence[SubscriptionLine], tags: Sequence[str], today: date
) -> Row:
    served = [line for line in subscriptions if line.lifecycle in SERVED]
    next_billing_on = next_billing(subscriptions)
    return Row(
        id=public("cus", customer.pk),
        name=customer.name,
        email=customer.email,
        country=customer.country,
        registered_at=customer.registered_at,
        own_number=customer.external_id,
        tags=tags,
        subscriptions=subscriptions,
        status=standing_word(customer, subscriptions),
        next_billing_on=next_billing_on,
        is_due=next_billing_on is not None and next_billing_on < today,
        monthly=monthly(subscriptions),
        can_suspend=not customer.is_suspended or any(not line.is_suspended for line in served),
        can_reactivate=customer.is_suspended and not customer.is_banned,
        is_banned=customer.is_banned,
        is_erased=customer.erased_at is not None,
        offers=offered(subscriptions, visit.actor),
        has_login=any(line.service for line in subscriptions),
    )


def standing_word(customer: Any, subscriptions: Sequence[SubscriptionLine]) -> str:
    """The one status of a customer: what blocks comes first, then what is due, then what runs."""
    if customer.is_banned:
        return "banned"
    if customer.is_suspended:
        return "suspended"
    words = [line.status for line in subscriptions]
    for word in ("grace", "delinquent", "retrying", "provisioning", "cancelling", "paused", "trialing", "active"):
        if word in words:
            return word
    if customer.is_expired:
        return "expired"
    return words[0] if words else "no_subscription"


def tabs(state: ListState, counts: Mapping[Tab, int]) -> list[dict[str, Any]]:
    """The tabs with their counts; they keep sort and columns and drop the other filters' cursor."""
    return [
        {"text": TABS[tab], "url": state.query(tab=tab), "current": tab is state.tab, "count": count_text(counts[tab])}
        for tab in TABS
    ]


def filters(visit: Visit, state: ListState) -> dict[str, Any]:
    """Choices of the filter form, and a chip for each filter in force."""
    partner_id = visit.partner.pk
    plans = [(public("plan", id_), name) for id_, name in plan_choices(partner_id)]
    countries = sorted(((code, country_name(code)) for code in lists.countries(partner_id)), key=lambda pair: pair[1])
    names = dict(plans)
    chips = [
        (state.search, _("Search: %s") % state.search, {"search": ""}),
        (state.country, _("Country: %s") % country_name(state.country), {"country": ""}),
        (state.tag, _("Tag: %s") % state.tag, {"tag": ""}),
        (state.plan, _("Plan: %s") % names.get(state.plan, state.plan), {"plan": ""}),
        (state.since, _("Registered from %s") % state.since, {"since": ""}),
        (state.until, _("Registered until %s") % state.until, {"until": ""}),
    ]
    return {
        "plans": plans,
        "countries": countries,
        "tags": lists.tags(partner_id),
        "chips": [{"text": text, "remove_url": state.query(**change)} for on, text, change in chips if on],
        "in_menu": sum(bool(on) for on, _text, change in chips if "search" not in change),
        "clear_url": ListState(tab=state.tab, sort=state.sort, columns=state.columns).query(),
    }


def matching(visit: Visit, state: ListState) -> list[UUID]:
    """Ids of every customer that the state's filters match."""
    return lists.matching_ids(visit.partner.pk, state.filter(visit.partner.pk), now=visit.now, zone=visit.zone)
