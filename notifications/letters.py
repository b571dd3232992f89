"""Writing messages: the preview and the worker both write here, so what was shown is what is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from billing.rules.formats import locale_of
from customers.queries.facts import identities
from notifications.attachments import Enclosed, File, document_of
from notifications.enclosures import Enclosure, in_force, logins_of, masked
from notifications.papers import ahead_text, copied, details, lines_text, papers_of
from notifications.pay_links import pay_links_of
from notifications.rules.kinds import ON_NEW_PLAN, MessageKind, plans_of, subscription_of, told_reason
from notifications.rules.languages import language_for
from notifications.rules.template import Rendered
from notifications.rules.wordings import text_name
from notifications.texts import text
from notifications.usage import packs_offered, usage_details
from notifications.verification import asked_text
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.reads import Read
from subscriptions.queries.names import names_of_plans, plan_names


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is to be told and to whom; `object_id` is what the event is about: customer, subscription or payment."""

    kind: MessageKind
    customer_id: UUID
    object_id: UUID
    data: Mapping[str, Any]
    words: Mapping[str, str]

    @property
    def subscription_id(self) -> UUID | None:
        return subscription_of(self.kind, self.object_id, self.data)

    @property
    def plans(self) -> tuple[UUID, UUID] | None:
        return plans_of(self.kind, self.data)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it will be read, from the partner to its customer.

    Where it has an enclosure, the text holds a mask in the place of a secret.
    """

    customer_id: UUID
    from_name: str
    reply_to: str
    to_name: str
    to_address: str
    language: str
    text: Rendered
    enclosure: Enclosure | None = field(default=None, repr=False)
    document: Enclosed | None = None
    files: tuple[File, ...] = field(default=(), repr=False)


_PARTNER = Read(lambda partner_id: Partner.objects.filter(pk=partner_id).only("name", "locale", "support_email"))


def write(partner_id: UUID, occasions: Sequence[Occasion], *, begun: Mapping[UUID, UUID] | None = None) -> list[Letter]:
    """A letter for each occasion in their order, with customers and partner as they are now, in the open scope.

    `begun` are the plans of subscriptions that are not written yet. A constant number of queries. Raises
    KeyError for a customer of nobody.
    """
    [partner] = _PARTNER(partner_id)
    customers = identities(partner_id, {one.customer_id for one in occasions})
    subscriptions = {id_ for one in occasions if (id_ := one.subscription_id)}
    plans = plan_names(partner_id, subscriptions) if subscriptions else {}
    if begun:
        names = names_of_plans(partner_id, set(begun.values()))
        plans = {**{id_: names.get(plan, "") for id_, plan in begun.items()}, **plans}
    changed = names_of_plans(partner_id, {id_ for one in occasions for id_ in one.plans or ()})
    papers, copies = papers_of(partner_id, occasions), copied(partner_id, occasions)
    accounts, packs = logins_of(partner_id, occasions), packs_offered(partner_id, occasions)
    links = pay_links_of(partner_id, occasions)
    letters = []
    for one in occasions:
        data, login = in_force(partner_id, one.data), accounts.get(one.object_id)
        customer = customers[one.customer_id]
        language = language_for(customer.locale, partner.locale)
        locale = locale_of(language, customer.locale, partner.locale)
        values = {
            "customer.name": customer.name,
            "partner.name": partner.name,
            "partner.support_email": partner.support_email,
            "plan.name": plans.get(one.subscription_id, "") if one.subscription_id else "",
            **_plans(one, changed),
            "pay.link": links.get(one.subscription_id, "") if one.subscription_id else "",
            "reason": told_reason(one.kind, one.words),
            "asks": asked_text(one, language),
            **details(data, papers, locale),
            "policy.ahead": ahead_text(data, language, locale),
            **usage_details(one, packs, locale),
            "invoice.lines": lines_text(copies.get(data.get("invoice", ""), ()), language, locale),
            **(masked(partner_id, login) if login else {}),
        }
        template = text(language, text_name(one.kind, data))
        letters.append(
            Letter(
                customer_id=customer.id,
                from_name=partner.name,
                reply_to=partner.support_email,
                to_name=customer.name,
                to_address=customer.email,
                language=language,
                text=template.render(values),
                enclosure=Enclosure(login.account_id, data["mode"], template, values) if login else None,
                document=document_of(one.kind, data),
            )
        )
    return letters


def _plans(occasion: Occasion, names: Mapping[UUID, str]) -> dict[str, str]:
    """By the event, and not by what the subscription is on by now: so a preview says what will be sent."""
    if occasion.plans is None:
        return {}
    before, after = (names.get(id_, "") for id_ in occasion.plans)
    if before == after and "quantity" in occasion.data:
        before, after = (f"{many} × {after}" for many in occasion.data["quantity"])
    return {
        "plan.name": after if occasion.kind in ON_NEW_PLAN else before,
        "plan.before": before,
        "plan.after": after,
    }
