"""Checkout links: made, and switched off."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from uuid import UUID

from rest_framework import serializers

from partnerpanel.actions.checkout import links
from partnerpanel.actions.checkout.links import MOST, MOST_USES, NewLink
from partnerpanel.api.collections.acting import Acting
from partnerpanel.api.collections.making import Making
from partnerpanel.api.collections.subscriptions import AddonChoiceInput
from partnerpanel.wire.shapes import Flag, Instant, PublicId, Shape, Text, Whole

SCOPES = {"GET": "checkout_links:read", "POST": "checkout_links:write"}
MOST_ADDONS = 50
LONGEST_TRIAL = 730


class CheckoutLinkInput(Shape):
    """What is sold at the address. With `public` it is the plan’s own page, at the short name `key`."""

    example: ClassVar[Mapping[str, Any]] = {
        "public": True,
        "key": "basic-monthly",
        "coupon": "",
        "terms_url": "https://example.com/terms",
        "until": "2036-06-13T00:00:00Z",
    }

    plan = PublicId("plan")
    public = Flag(required=False)
    key = Text(max_length=40, required=False, help_text="Small letters, digits and dashes; of a public one alone.")
    note = Text(max_length=80, required=False, allow_blank=True)
    trial_days = Whole(min_value=0, max_value=LONGEST_TRIAL, required=False)
    trial_needs_card = Flag(required=False, help_text="True unless said.")
    most_quantity = Whole(min_value=1, max_value=MOST, required=False, help_text="1 unless said.")
    coupon = Text(max_length=40, required=False, allow_blank=True, help_text="The code of a coupon.")
    addons = serializers.ListField(child=AddonChoiceInput(), required=False, max_length=MOST_ADDONS)
    email = Text(max_length=254, required=False, allow_blank=True, help_text="What the form begins with.")
    terms_url = Text(max_length=300, required=False, allow_blank=True, help_text="Buyers have to accept them.")
    until = Instant(required=False)
    most_uses = Whole(min_value=1, max_value=MOST_USES, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("key" in attrs) != attrs.get("public", False):
            raise serializers.ValidationError({"key": ["A public one has a short name, and no other has."]})
        return attrs


class CheckoutLinks(Making):
    resource_name = "checkout_links"
    scopes: ClassVar[Mapping[str, str]] = SCOPES
    shape = CheckoutLinkInput

    def make(self, wanted: Mapping[str, Any]) -> UUID:
        new = NewLink(
            plan_id=wanted["plan"],
            is_public=wanted.get("public", False),
            key=wanted.get("key", ""),
            note=wanted.get("note", ""),
            trial_days=wanted.get("trial_days", 0),
            trial_needs_card=wanted.get("trial_needs_card", True),
            most_quantity=wanted.get("most_quantity", 1),
            coupon=wanted.get("coupon", ""),
            addons=tuple((one["addon"], one.get("quantity", 1)) for one in wanted.get("addons", ())),
            email=wanted.get("email", ""),
            terms_url=wanted.get("terms_url", ""),
            until_at=wanted.get("until"),
            most_uses=wanted.get("most_uses"),
        )
        return links.create_link(new, actor=self.caller.actor, now=self.caller.now)


class SwitchOff(Acting):
    """Nobody orders by it any more; what is ordered goes on."""

    resource_name = "checkout_links"
    verb = "switch_off"
    summary = "Switch a checkout link off"
    scopes: ClassVar[Mapping[str, str]] = SCOPES

    def act(self, id_: UUID, _wanted: Mapping[str, Any]) -> None:
        links.switch_off(id_, actor=self.caller.actor, now=self.caller.now)
