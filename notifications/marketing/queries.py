"""Who may be sent marketing, and who is left out; in the open scope."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from customers.queries.audience import customers_of
from customers.queries.facts import identities
from customers.rules.keys import email_key
from notifications.marketing.models import MailChoice, MarketingRules, Suppression
from notifications.marketing.rules.quiet import QuietHours
from notifications.marketing.rules.reasons import Answer, LeftOut, Source, Suppressed
from notifications.marketing.rules.topics import SERVICE, Topic
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.paging import Page
from partnerpanel.tenancy import keyset

NEVER_QUIET = QuietHours(0, 0)


@dataclass(frozen=True, slots=True)
class Rules:
    """How a partner sends marketing; as constructed those of one that has set nothing."""

    needs_consent: bool = False
    quiet: QuietHours = NEVER_QUIET
    in_own_zone: bool = True
    per_minute: int = 300
    version: int = 0


@dataclass(frozen=True, slots=True)
class Choices:
    """What a customer said of each topic, and when and where last; nothing was said yet where `source` is None."""

    answers: Mapping[Topic, Answer]
    source: Source | None = None
    changed_at: datetime | None = None
    version: int = 0


NOTHING_SAID = Choices(dict.fromkeys(Topic, Answer.UNSAID))


def rules_of(partner_id: UUID) -> Rules:
    """Those in force."""
    row = MarketingRules.objects.for_partner(partner_id).first()
    if row is None:
        return Rules()
    quiet = QuietHours(row.quiet_from, row.quiet_until)
    return Rules(row.needs_consent, quiet, row.in_own_zone, row.per_minute, row.version)


def with_reason(customers: QuerySet[Any], topic: str, rules: Rules) -> QuerySet[Any]:
    """Customers with `left_out`: why each gets no mail of the topic, empty where it does. The one place that says so.

    A mail of service goes to every address there is, also to one that bounced: its bounce is shown on the mail.
    """
    whens = [When(erased_at__isnull=False, then=_says(LeftOut.ERASED)), When(email="", then=_says(LeftOut.NO_ADDRESS))]
    if topic != SERVICE:
        said = MailChoice.objects.filter(partner=OuterRef("partner"), customer=OuterRef("pk"))
        whens += [
            When(is_banned=True, then=_says(LeftOut.BANNED)),
            *(When(_suppressed(one), then=_says(LeftOut(one.value))) for one in _IN_ORDER),
            When(Exists(said.filter(**{topic: Answer.NO.value})), then=_says(LeftOut.REFUSED)),
        ]
        if rules.needs_consent:
            agreed = Exists(said.filter(**{topic: Answer.YES.value}))
            whens.append(When(~agreed, then=_says(LeftOut.NO_CONSENT)))
    found: QuerySet[Any] = customers.annotate(left_out=Case(*whens, default=Value("")))
    return found


_IN_ORDER = (Suppressed.HARD_BOUNCE, Suppressed.COMPLAINT, Suppressed.BY_HAND, Suppressed.UNSUBSCRIBED)


def _says(reason: LeftOut) -> Value:
    return Value(reason.value)


def _suppressed(reason: Suppressed) -> Exists:
    rows = Suppression.objects.filter(partner=OuterRef("partner"), address_key=OuterRef("email_key"))
    return Exists(rows.filter(reason=reason.value))


def left_out(partner_id: UUID, customer_ids: Collection[UUID], topic: str) -> dict[UUID, LeftOut]:
    """Those of the customers that get no mail of the topic, and why."""
    rows = with_reason(customers_of(partner_id, customer_ids), topic, rules_of(partner_id)).exclude(left_out="")
    return {id_: LeftOut(reason) for id_, reason in rows.values_list("pk", "left_out")}


def choices_of(partner_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, Choices]:
    """For each of the customers."""
    rows = MailChoice.objects.for_partner(partner_id).filter(customer__in=list(customer_ids))
    found = {
        row.customer_id: Choices(
            {topic: Answer(getattr(row, topic.value)) for topic in Topic},
            Source(row.source),
            row.changed_at,
            row.version,
        )
        for row in rows
    }
    return {id_: found.get(id_, NOTHING_SAID) for id_ in customer_ids}


def suppressions_of(partner_id: UUID, customer_id: UUID) -> list[Suppression]:
    """Of the address that the customer has now, the oldest first."""
    found = identities(partner_id, [customer_id]).get(customer_id)
    if found is None or not found.email:
        return []
    rows = Suppression.objects.for_partner(partner_id).filter(address_key=email_key(found.email))
    return list(rows.order_by("since", "id"))


def suppression(partner_id: UUID, suppression_id: UUID) -> Suppression:
    """Raises NotFound."""
    found = Suppression.objects.for_partner(partner_id).filter(pk=suppression_id).first()
    if found is None:
        raise NotFound(_("There is no such entry."), field="id")
    return found


def suppression_page(
    partner_id: UUID, *, search: str = "", reason: str = "", cursor: str | None = None, limit: int = 50
) -> Page[Suppression]:
    """The newest first; `search` is the beginning of an address. Raises InvalidCursor."""
    return keyset.page(
        suppressions(partner_id, search=search, reason=reason),
        key="since",
        descending=True,
        cursor=cursor,
        limit=limit,
    )


def suppressions(partner_id: UUID, *, search: str = "", address: str = "", reason: str = "") -> Any:
    """All that match, in no order yet; `address` is a whole one."""
    rows = Suppression.objects.for_partner(partner_id)
    if address:
        rows = rows.filter(address_key=email_key(address))
    if wanted := email_key(search):
        # Above every letter there is, so that an index serves.
        rows = rows.filter(Q(address_key__gte=wanted) & Q(address_key__lt=wanted + "\U0010ffff"))
    return rows.filter(reason=reason) if reason in set(Suppressed) else rows


def zones_of_customers(partner_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, str]:
    """In which zone each lives."""
    return dict(customers_of(partner_id, customer_ids).annotate(zone=F("timezone")).values_list("pk", "zone"))
