"""Writing messages: the preview and the worker both write here, so what was shown is what is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from billing.rules.formats import locale_of
from customers.queries.facts import identities
from notifications.attachments import Enclosed, File, documents_of
from notifications.enclosures import Enclosure, in_force, logins_of, masked
from notifications.looks import Look, look_of
from notifications.marketing.rules.topics import SERVICE, topic_of
from notifications.offers import discounts_of, offer_details
from notifications.owned.queries import InForce, own_templates
from notifications.owned.wording import WORDS_ERASED, template_in
from notifications.papers import ahead_text, copied, details, lines_text, papers_of
from notifications.pay_links import pay_links_of
from notifications.rules.kinds import (
    IN_OWN_WORDS,
    ON_NEW_PLAN,
    TO_STAFF,
    MessageKind,
    plans_of,
    subscription_of,
    told_reason,
)
from notifications.rules.languages import LANGUAGES, language_for
from notifications.rules.template import Rendered, Template, TextTooLong
from notifications.rules.wordings import text_name
from notifications.texts import text
from notifications.tickets import ticket_details
from notifications.usage import packs_offered, usage_details
from notifications.verification import asked_text
from notifications.welcome import BEGUN, LINK_NAME, carried_by
from partnerpanel.brand.queries import partner_and_brand
from subscriptions.queries.credentials import Login
from subscriptions.queries.names import names_of_plans, plan_names
from subscriptions.services.credentials import LINK


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

    Where it has an enclosure, the text holds a mask in the place of a secret. `own_version` is that of the partner's
    own text, 0 where the words are the product's. `topic` is that of marketing; `slug` names the partner in addresses.
    """

    customer_id: UUID
    look: Look
    reply_to: str
    to_name: str
    to_address: str
    language: str
    text: Rendered
    enclosure: Enclosure | None = field(default=None, repr=False)
    documents: tuple[Enclosed, ...] = ()
    files: tuple[File, ...] = field(default=(), repr=False)
    own_version: int = 0
    topic: str = SERVICE
    slug: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A text that is tried out: every letter is in it, and in its language."""

    language: str
    template: Template


def write(
    partner_id: UUID,
    occasions: Sequence[Occasion],
    *,
    begun: Mapping[UUID, UUID] | None = None,
    draft: Draft | None = None,
) -> list[Letter]:
    """A letter for each occasion in their order, with customers and partner as they are now, in the open scope.

    `begun` are the plans of subscriptions that are not written yet. A constant number of queries. Raises
    KeyError for a customer of nobody; with a draft, TextTooLong.
    """
    partner, line = partner_and_brand(partner_id)
    look = look_of(partner_id, line, name=partner.name)
    customers = identities(partner_id, {one.customer_id for one in occasions})
    subscriptions = {id_ for one in occasions if (id_ := one.subscription_id)}
    plans = plan_names(partner_id, subscriptions) if subscriptions else {}
    if begun:
        names = names_of_plans(partner_id, set(begun.values()))
        plans = {**{id_: names.get(plan, "") for id_, plan in begun.items()}, **plans}
    changed = names_of_plans(partner_id, {id_ for one in occasions for id_ in one.plans or ()})
    papers, copies = papers_of(partner_id, occasions), copied(partner_id, occasions)
    accounts, packs = logins_of(partner_id, occasions), packs_offered(partner_id, occasions)
    carried = carried_by(partner_id, occasions)
    links, discounts = pay_links_of(partner_id, occasions), discounts_of(partner_id, occasions)
    said = [in_force(partner_id, one.data) for one in occasions]
    wanted = {text_name(one.kind, data) for one, data in zip(occasions, said, strict=True)}
    own = own_templates(partner_id, wanted) if wanted and not draft else {}
    letters = []
    for one, data in zip(occasions, said, strict=True):
        login = accounts.get(one.object_id) or carried.get(one.object_id)
        customer = customers[one.customer_id]
        to_staff = one.kind in TO_STAFF
        spoken = language_for(partner.locale if to_staff else customer.locale, partner.locale)
        language = draft.language if draft else spoken
        locale = locale_of(language, customer.locale, partner.locale)
        values = {
            "customer.name": customer.name,
            "partner.name": look.sender,
            "partner.support_email": partner.support_email,
            "plan.name": plans.get(one.subscription_id, "") if one.subscription_id else "",
            **_plans(one, changed),
            "pay.link": links.get(one.subscription_id, "") if one.subscription_id else "",
            "reason": told_reason(one.kind, one.words),
            "asks": asked_text(one, language),
            **ticket_details(one, partner.slug),
            **details(data, papers, locale),
            "policy.ahead": ahead_text(data, language, locale),
            **usage_details(one, packs, locale),
            **offer_details(one, discounts, partner.slug, locale),
            "invoice.lines": lines_text(copies.get(data.get("invoice", ""), ()), language, locale),
            **(masked(partner_id, login) if login else {"credentials.link": ""}),
        }
        if one.kind in IN_OWN_WORDS:
            language, template = template_in(one.words, language, *LANGUAGES) or (language, WORDS_ERASED)
            rendered, version = template.render(values), 0
        elif draft:
            template, rendered, version = draft.template, draft.template.render(values), 0
        else:
            template, rendered, version = _worded(text_name(one.kind, data), language, values, own)
        letters.append(
            Letter(
                customer_id=customer.id,
                look=look,
                reply_to=partner.support_email,
                to_name=look.sender if to_staff else customer.name,
                to_address=partner.support_email if to_staff else customer.email,
                language=language,
                text=rendered,
                enclosure=_enclosure(one, login, template, values, data),
                documents=documents_of(one.kind, data),
                own_version=version,
                topic=topic_of(one.kind, data),
                slug=partner.slug,
            )
        )
    return letters


def _enclosure(
    occasion: Occasion, login: Login | None, template: Template, values: Mapping[str, str], data: Mapping[str, Any]
) -> Enclosure | None:
    """What is put in when it is sent. A text that has no place for the link of a welcome carries none."""
    if login is None or (occasion.kind in BEGUN and LINK_NAME not in template.names):
        return None
    return Enclosure(login.account_id, data.get("mode", LINK), template, values)


def _worded(
    name: str, language: str, values: Mapping[str, str], own: Mapping[tuple[str, str], InForce]
) -> tuple[Template, Rendered, int]:
    """In the partner's words where it has any of its own, with their version, unless its values make those too long to
    be sent; the version of the product's is 0."""
    if chosen := own.get((language, name)):
        with suppress(TextTooLong):
            return chosen.template, chosen.template.render(values), chosen.version
    template = text(language, name)
    return template, template.render(values), 0


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
