"""Example values for the component page: every component in every state, and no row of any table."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace as Sample
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerpanel.kernel.money import Money
from partnerpanel.panel.statuses import LOOKS
from partnerpanel.panel.usage_lines import usage_rows
from subscriptions.rules.usage import AllowanceUse

NOW = datetime(2026, 5, 14, 14, 3, tzinfo=ZoneInfo("Europe/Berlin"))


class SampleForm(forms.Form):
    """One field of each kind."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Hold"), choices=[("manual", gettext_lazy("By hand")), ("abuse", gettext_lazy("Abuse"))]
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), help_text=gettext_lazy("The customer reads this in the mail.")
    )
    note = forms.CharField(label=gettext_lazy("Evidence"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    confirmed = forms.BooleanField(label=gettext_lazy("I have spoken to the customer"), required=False)


def _suspension(**changed: Any) -> Sample:
    return Sample(
        **{
            "summary": _("Anna Meyer and her 2 subscriptions are blocked at once. Nothing is deleted; no date moves."),
            "warnings": [_("Cloud Telephony renews on 19 May: the renewal waits until the account is reactivated.")],
            "changes": [
                Sample(label="Cloud Telephony", was=_("Open"), will=_("Blocked: abuse")),
                Sample(label="Fibre 500", was=_("Open"), will=_("Blocked: abuse")),
            ],
            "mails": [
                Sample(
                    to="anna.meyer@example.com",
                    subject=_("Your account has been suspended"),
                    body=_(
                        "Hello Anna Meyer,\n\nwe have suspended your account. Reason: reported spam calls.\n\nNorthwind"
                    ),
                )
            ],
            "steps": [_("Disable the login am-20481 at the service"), _("Disable the login am-20482 at the service")],
            "webhooks": ["customer.suspended"],
        }
        | changed
    )


def _upgrade() -> Sample:
    return Sample(
        summary=_("Anna Meyer moves from Basic to Business today and pays the difference."),
        changes=[
            Sample(label=_("Plan"), was="Basic", will="Business"),
            Sample(label=_("Period"), was="2 May \N{EN DASH} 1 Jun 2026", will="14 May \N{EN DASH} 13 Jun 2026"),
        ],
        lines=[
            Sample(text="Business, 14 May \N{EN DASH} 13 Jun 2026", amount=Money(15000, "EUR"), explain=""),
            Sample(
                text=_("Unused time of Basic"),
                amount=Money(-6000, "EUR"),
                explain=_("60.00 credit = 100.00 \N{MULTIPLICATION SIGN} 18/30 days unused"),
            ),
            Sample(text=_("Tax 18 %"), amount=Money(1620, "EUR"), explain=""),
        ],
        due_now=Money(10620, "EUR"),
        next_invoice=Sample(at=date(2026, 6, 13), amount=Money(17700, "EUR")),
        no_mail=_("Nobody is mailed: the customer chose this in the portal."),
    )


def _events() -> list[Sample]:
    return [
        Sample(
            text=_("Account suspended: abuse"),
            at=NOW,
            actor="Olga Owner",
            icon="lock",
            tone="red",
            note=_("Reported spam calls."),
        ),
        Sample(
            text=_("Payment received"), at=NOW - timedelta(days=12), actor=_("the system"), icon="coin", tone="green"
        ),
        Sample(
            text=_("Customer created"), at=NOW - timedelta(days=400), actor=_("import"), icon="user-plus", tone="blue"
        ),
    ]


def _rows() -> list[Sample]:
    return [
        Sample(
            id="cus_1",
            name="Anna Meyer",
            email="anna.meyer@example.com",
            status="suspended",
            mrr=Money(5990, "EUR"),
            since=date(2025, 4, 9),
        ),
        Sample(
            id="cus_2",
            name="Bakery Zum Goldenen Brezel Inhaberin Friederike Wagenknecht",
            email="friederike.wagenknecht@goldener-brezel.example.com",
            status="active",
            mrr=Money(129900, "EUR"),
            since=date(2024, 1, 31),
        ),
        Sample(
            id="cus_3",
            name="山田 太郎",
            email="taro@example.jp",
            status="grace",
            mrr=Money(3000, "JPY"),
            since=date(2026, 5, 2),
        ),
        Sample(
            id="cus_4",
            name="Said bin Nasser",
            email="said@example.om",
            status="trialing",
            mrr=Money(12500, "OMR"),
            since=date(2026, 5, 12),
        ),
    ]


def component_page() -> dict[str, Any]:
    """The whole context of the component page."""
    return {
        "now": NOW,
        "statuses": list(LOOKS),
        "amounts": [Money(123456, "EUR"), Money(-990, "USD"), Money(3000, "JPY"), Money(1500, "BHD")],
        "tabs": [
            Sample(text=_("All"), url="#tabs", current=False, count="7,043"),
            Sample(text=_("Active"), url="#tabs", current=True, count="5,174"),
            Sample(text=_("Suspended"), url="#tabs", current=False, count=0),
            Sample(text=_("New this month"), url="#tabs", current=False, count=None),
        ],
        "chips": [
            Sample(text=_("Country: Germany"), remove_url="#chips"),
            Sample(text=_("Tag: reseller"), remove_url="#chips"),
        ],
        "columns": [
            Sample(text=_("Customer")),
            Sample(text=_("Status")),
            Sample(text=_("Since")),
            Sample(text=_("Monthly"), end=True),
            Sample(text="", hidden_text=_("Actions")),
        ],
        "rows": _rows(),
        "usage": usage_rows([AllowanceUse("calls", 100, used) for used in (40, 85, 120)], {}, "UTC"),
        "facts": [
            Sample(label=_("E-mail"), value="anna.meyer@example.com"),
            Sample(label=_("Country"), value=_("Germany")),
            Sample(label=_("Tax id"), value=""),
        ],
        "events": _events(),
        "reasons": [_("Only a person releases it."), _("Reported spam calls.")],
        "form": SampleForm(auto_id="sample_%s"),
        "popup_form": SampleForm(auto_id="popup_%s"),
        "invalid_form": SampleForm({"kind": "manual", "reason": ""}, auto_id="invalid_%s"),
        "suspension": _suspension(),
        "moved": _suspension(moved=[Sample(label=_("Subscriptions"), was="2", will="3")]),
        "upgrade": _upgrade(),
        "crumbs": [Sample(text=_("Customers"), url="#page-header")],
    }
