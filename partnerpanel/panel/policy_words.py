"""What the keys of a policy are called in Settings, what each takes, and who said a value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerpanel.policy.rules.kinds import Amount, Kind, Order, Whole, Wholes
from partnerpanel.policy.rules.presets import Preset
from partnerpanel.policy.rules.resolution import Source, SourceKind
from partnerpanel.policy.words import SENTENCES

LABELS: Mapping[str, Any] = {
    "renewal.reminders_days": _("Reminders, days before the period ends"),
    "renewal.reminders_days_yearly": _("Reminders on yearly plans, days before"),
    "retry.offsets_days": _("Charged again after days"),
    "retry.counted_from": _("Days are counted from"),
    "grace.starts": _("When grace starts"),
    "grace.days": _("Days until the deadline"),
    "grace.counted_from": _("Deadline is counted from"),
    "grace.then": _("At the deadline"),
    "grace.access": _("Access during grace"),
    "grace.renew_inside": _("A payment during grace"),
    "grace.renew_after.percent": _("Fee for renewing after the deadline, in percent"),
    "grace.renew_after.basis": _("Percent of what"),
    "grace.renew_after.cap": _("Most that the fee may be"),
    "grace.renew_after.waivable": _("Waiving the fee"),
    "change.upgrade.when": _("When an upgrade takes effect"),
    "change.upgrade.anchor": _("Period after an upgrade"),
    "change.downgrade": _("When a downgrade takes effect"),
    "change.lateral": _("Change of equal rank and price"),
    "change.unpaid": _("A change that costs something"),
    "change.rollback.money": _("Money of a rollback"),
    "change.direction_by": _("What counts as up or down"),
    "change.measure": _("How a period is used up"),
    "refund.window_hours": _("Hours for refunds after the payment"),
    "refund.access": _("Access after a refund"),
    "addon.month": _("End of a monthly add-on"),
    "addon.on_renewal": _("Recurring add-ons at renewal"),
    "catchup": _("Periods missed in an outage"),
    "retention.days_after_end": _("Days until personal data is erased"),
    "winback.days_before_end": _("Days before the end of the offer to those who leave"),
    "welcome.days": _("Days of the welcome mails"),
    "loyalty.enabled": _("Bonus months"),
    "loyalty.every_months": _("Paid months for a bonus"),
    "loyalty.bonus_months": _("Free months each time"),
    "sla.hours.critical": _("Hours to the first answer: critical"),
    "sla.hours.important": _("Hours to the first answer: important"),
    "sla.hours.general": _("Hours to the first answer: general"),
    "sla.hours.feature": _("Hours to the first answer: feature request"),
}
# A group's heading, and how its keys begin.
GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("renewal", _("Before and at the renewal"), ("renewal.", "catchup")),
    ("retry", _("When a charge fails"), ("retry.",)),
    ("grace", _("Grace and deadline"), ("grace.starts", "grace.days", "grace.counted", "grace.then", "grace.access")),
    ("late", _("Paying late"), ("grace.renew_",)),
    ("change", _("Changes of plan"), ("change.",)),
    ("refund", _("Refunds"), ("refund.",)),
    ("addon", _("Add-ons"), ("addon.",)),
    ("data", _("Leaving and data"), ("winback.", "retention.")),
    ("care", _("Welcome and loyalty"), ("welcome.", "loyalty.")),
    ("support", _("Support"), ("sla.",)),
)
# Choices that share a sentence with another key.
CHOICES: Mapping[str, Any] = {
    "retry.counted_from.first_attempt": _("The first attempt"),
    "retry.counted_from.previous": _("The attempt before"),
    "grace.counted_from.due_date": _("The first attempt’s day"),
    "grace.counted_from.last_retry": _("The day of the last planned attempt"),
    "grace.renew_after.basis.prorata": _("Of the price of the days of grace"),
    "grace.renew_after.basis.flat": _("Of the whole price"),
    "grace.renew_after.waivable.true": SENTENCES["grace.renew_after.waivable"],
    "grace.renew_after.waivable.false": SENTENCES["grace.renew_after.not_waivable"],
    "loyalty.enabled.true": _("Free months for those who stay."),
    "loyalty.enabled.false": SENTENCES["loyalty.off"],
}
PRESETS: Mapping[Preset, tuple[Any, Any]] = {
    Preset.STANDARD: (_("Standard"), _("Three retries, 7 days, then the subscription is suspended.")),
    Preset.EXTENDED: (_("Extended"), _("15 days of grace, then the customer is frozen; renewing late costs a fee.")),
    Preset.STRICT: (_("Strict"), _("Two retries, 3 days with limited access.")),
    Preset.LENIENT: (_("Lenient"), _("Five retries within 10 days, 30 days of grace.")),
}


def choice_text(key: str, value: str) -> Any:
    """One choice of a key, as the sentence that it makes true."""
    code = f"{key}.{value}"
    return CHOICES[code] if code in CHOICES else SENTENCES[code]


def allowed_text(kind: Kind) -> str:
    """What a key of this kind takes: its help, and what an error says."""
    match kind:
        case Whole(least, most, or_never):
            words = {"least": least, "most": most}
            if or_never:
                return gettext("A whole number from %(least)s to %(most)s; empty means never.") % words
            return gettext("A whole number from %(least)s to %(most)s.") % words
        case Wholes(least, most, entries, order, fewest):
            words = {"least": least, "most": most, "entries": entries}
            if fewest == entries:
                said = gettext("%(entries)s whole numbers from %(least)s to %(most)s with commas between") % words
            else:
                said = gettext("Up to %(entries)s whole numbers from %(least)s to %(most)s with commas between") % words
            return said + _ordered(order)
        case Amount():
            return gettext("An amount above zero and its currency; it binds prices in that currency. Empty means none.")
    return gettext("Choose one of these.")


def source_text(source: Source, *, own: bool) -> str:
    """Who said a value."""
    if own:
        return gettext("Set here")
    match source.kind:
        case SourceKind.PRESET:
            return gettext("From the preset “%(name)s”") % {"name": PRESETS[Preset(source.id)][0]}
        case SourceKind.PARTNER:
            return gettext("From your policy")
        case SourceKind.PLAN:
            return gettext("From the plan")
        case SourceKind.CUSTOMER:
            return gettext("From the customer")
    return gettext("From the platform")


def _ordered(order: Order) -> str:
    if order is Order.RISING:
        return gettext(", each greater than the one before.")
    if order is Order.FALLING:
        return gettext(", each smaller than the one before.")
    return "."
