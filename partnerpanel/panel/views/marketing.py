"""Popups about marketing: what one customer said of it, and the partner's rules."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from customers.queries import detail
from notifications.marketing.queries import choices_of, rules_of
from partnerpanel.actions import marketing
from partnerpanel.actions.permission import Permission
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.marketing_forms import ChoiceForm, RulesForm
from partnerpanel.panel.views.money_popup import MoneyPopup
from partnerpanel.panel.views.settings_popup import SettingsPopup
from partnerpanel.tenancy.scope import tenant


class MailChoicePopup(MoneyPopup):
    """What a customer told somebody of the team."""

    permission = Permission.EDIT_CUSTOMERS
    customer_id: UUID
    name: str
    said: Any

    def prepare(self, address: Mapping[str, str]) -> None:
        self.customer_id = parse("cus", address["customer"])
        with tenant(self.visit.partner.pk):
            self.name = detail.customer(self.visit.partner.pk, self.customer_id).name
            self.said = choices_of(self.visit.partner.pk, [self.customer_id])[self.customer_id]

    def form(self, data: Any = None) -> Form:
        return ChoiceForm(data, initial={topic.value: answer.value for topic, answer in self.said.answers.items()})

    def preview(self) -> dict[str, Any]:
        return {
            "summary": _("Mails about the subscription, such as receipts and reminders, are always sent."),
            "warnings": [_("Whoever refuses a kind gets none of it from now on, also of what waits to be sent.")],
            "no_mail": _("Nobody is mailed by this."),
        }

    def carry_out(self, form: Form) -> str:
        wanted = cast(ChoiceForm, form)
        marketing.choose(
            self.customer_id,
            wanted.answers(),
            source=marketing.Source(form.cleaned_data["source"]),
            note=form.cleaned_data["note"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("The choice of mails is saved.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Choice of marketing mails"), "subtitle": self.name, "submit": _("Save")}

    def back_url(self) -> str:
        return reverse("customer", args=[self.visit.partner.slug, public("cus", self.customer_id)])


class MarketingRulesPopup(SettingsPopup):
    """Consent, quiet hours and pace."""

    def form(self, data: Any = None) -> Form:
        if data is not None:
            return RulesForm(data)
        with tenant(self.visit.partner.pk):
            found = rules_of(self.visit.partner.pk)
        return RulesForm(
            initial={
                "needs_consent": found.needs_consent,
                "quiet_from": found.quiet.begins,
                "quiet_until": found.quiet.ends,
                "in_own_zone": found.in_own_zone,
                "per_minute": found.per_minute,
                "version": found.version,
            }
        )

    def preview(self) -> dict[str, Any]:
        return self.told(
            _("It holds for offers, tips and feedback: series, campaigns and what you write with such a template."),
            _("Receipts, reminders and whatever else customers must get is sent at any hour."),
        )

    def carry_out(self, form: Form) -> str:
        wanted = cast(RulesForm, form).wanted()
        version = form.cleaned_data["version"]
        marketing.set_marketing_rules(wanted, version=version, actor=self.visit.actor, now=self.visit.now)
        return _("The rules are saved.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Rules of marketing"), "submit": _("Save rules")}

    def back_url(self) -> str:
        return reverse("settings-messages", args=[self.visit.partner.slug])
