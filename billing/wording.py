"""Derivations as plain sentences: “60.00 credit = 100.00 × 18/30 days unused”.

The currency is left to the page, which shows it beside the amount. A new rule adds its sentence to `SENTENCES`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import gettext as _
from django.utils.translation import to_locale

from billing.line_words import date_text
from billing.rules.addons import PRICE_FOR_PERIOD
from billing.rules.changes.lines import REVERSAL
from billing.rules.coupons import COUPON
from billing.rules.explain import money_in
from billing.rules.opening import MOVED_IN
from billing.rules.proration import PRICE_OF_DAYS, SPLIT_BY_DAYS, UNUSED_ALLOWANCE, UNUSED_VALUE
from billing.rules.refunds.correcting import CORRECTED
from billing.rules.refunds.lines import SHARE_OF_DOCUMENT
from billing.rules.taxing import NET_OF_PRICE
from billing.tax.rules.amounts import TAX_ADDED, TAX_CONTAINED, TAX_TAKEN_BACK
from billing.tax.rules.places import TAX_EXEMPT, TAX_EXPORT, TAX_NO_RATE, TAX_REVERSE_CHARGE
from partnerpanel.kernel.derivation import Derivation
from partnerpanel.kernel.money import Money
from partnerpanel.languages import sentence_language
from partnerpanel.policy.rules.grace import FeeBasis
from partnerpanel.policy.rules.late_fee import LATE_FEE


def sentence(value: Money | Sequence[Money], why: Derivation) -> str:
    """How `value` came about, in the active language. Raises KeyError for a rule that has no sentence."""
    values = [value] if isinstance(value, Money) else list(value)
    text = SENTENCES[why.rule](values, why)
    return _("%(sentence)s, rounded") % {"sentence": text} if why.inputs.get("rounding") == "half_up" else text


def plain(amount: Money) -> str:
    """The number as people of the active language write it, with all of the currency's decimals."""
    pattern = "#,##0" + ("." + "0" * amount.exponent if amount.exponent else "")
    return str(format_decimal(amount.major, format=pattern, locale=to_locale(sentence_language())))


def _unused_value(values: Sequence[Money], why: Derivation) -> str:
    charged, credited = money_in(why, "charged"), money_in(why, "credited")
    words = {
        # A credit is below zero where it is to be paid, and above on a credit note.
        "value": plain(_size(values[0])),
        "charged": plain(charged),
        "credited": plain(credited),
        "unused": why.inputs["unused_days"],
        "days": why.inputs["period_days"],
    }
    if not charged:
        return _("No credit: nothing was charged for this period") % words
    if why.inputs["limit"] == "none":
        return _("%(value)s credit = %(charged)s × %(unused)s/%(days)s days unused") % words
    return _("%(value)s credit = what is left of %(charged)s after earlier credits of %(credited)s") % words


def _unused_allowance(values: Sequence[Money], why: Derivation) -> str:
    charged, credited = money_in(why, "charged"), money_in(why, "credited")
    words = {**why.inputs, "value": plain(_size(values[0])), "charged": plain(charged), "credited": plain(credited)}
    if why.inputs["limit"] == "none":
        return _("%(value)s credit = %(charged)s × %(unused)s/%(included)s %(allowance)s unused") % words
    return _("%(value)s credit = what is left of %(charged)s after earlier credits of %(credited)s") % words


def _price_of_days(values: Sequence[Money], why: Derivation) -> str:
    words = {
        "value": plain(values[0]),
        "price": plain(money_in(why, "price")),
        "part": why.inputs["days"],
        "days": why.inputs["period_days"],
        "percent": why.inputs["percent"],
    }
    if why.parts:
        words["derived"] = sentence(money_in(why, "price"), why.parts[0])
        return _("%(value)s = %(price)s × %(part)s/%(days)s days; %(derived)s") % words
    if why.inputs["percent"] == "100":
        return _("%(value)s = %(price)s × %(part)s/%(days)s days") % words
    return _("%(value)s = %(price)s × %(part)s/%(days)s days × %(percent)s %%") % words


def _split_by_days(values: Sequence[Money], why: Derivation) -> str:
    return _("%(amount)s over %(days)s days = %(parts)s") % {
        "amount": plain(money_in(why, "amount")),
        "days": " + ".join(why.inputs["days"].split()),
        "parts": " + ".join(map(plain, values)),
    }


def _price_for_period(values: Sequence[Money], why: Derivation) -> str:
    quantity = int(why.inputs["quantity"])
    total = money_in(why, "price")
    words = {
        "value": plain(values[0]),
        "plan": why.inputs["plan"],
        "quantity": quantity,
        "price": plain(Money(total.amount // quantity, total.currency) if total.amount % quantity == 0 else total),
        "from": _day(why.inputs["from"]),
        "to": _day(why.inputs["to"]),
    }
    if total.amount % quantity:
        text = _("%(value)s = %(plan)s for %(from)s – %(to)s") % words
    else:
        text = _("%(value)s = %(plan)s, %(quantity)s × %(price)s for %(from)s – %(to)s") % words
    if "since" not in why.inputs:
        return text
    days = {"text": text, "since": _day(why.inputs["since"]), "announced": _day(why.inputs["announced"])}
    return _("%(text)s; price since %(since)s, announced on %(announced)s") % days


def _coupon(values: Sequence[Money], why: Derivation) -> str:
    inputs, price = why.inputs, money_in(why, "price")
    words = {
        "value": plain(values[0]),
        "price": plain(price),
        "off": plain(money_in(why, "off")),
        "code": inputs["code"],
        "percent": inputs.get("percent", ""),
    }
    if "percent" in inputs:
        text = _("%(value)s = %(price)s − %(off)s, %(percent)s %% off with the coupon %(code)s") % words
    else:
        text = _("%(value)s = %(price)s − %(off)s off with the coupon %(code)s") % words
    if int(inputs.get("periods", "1")) > 1:
        counted = {"text": text, "place": inputs["place"], "periods": inputs["periods"]}
        text = _("%(text)s, period %(place)s of %(periods)s") % counted
    if not why.parts:
        return text
    return _("%(text)s; %(derived)s") % {"text": text, "derived": sentence(price, why.parts[0])}


def _reversal(values: Sequence[Money], why: Derivation) -> str:
    amount, left = money_in(why, "amount"), money_in(why, "left")
    words = {
        "value": plain(_size(values[0])),
        "amount": plain(_size(amount)),
        "document": why.inputs["document"],
    }
    if amount.amount < 0:
        return _("%(value)s = the credit of %(document)s, taken back") % words
    if left < amount:
        return _("%(value)s credit = what is left of %(amount)s on %(document)s after earlier credits") % words
    return _("%(value)s credit = all of it on %(document)s") % words


def _corrected(values: Sequence[Money], why: Derivation) -> str:
    words = {"value": plain(values[0]), "document": why.inputs["document"]}
    if not why.parts:
        return _("%(value)s = what was left of it on %(document)s, which is corrected by this") % words
    words["derived"] = sentence(values, why.parts[0])
    return _("%(derived)s; as on %(document)s, which is corrected by this") % words


def _share_of_document(values: Sequence[Money], why: Derivation) -> str:
    amount, part, left = (money_in(why, name) for name in ("amount", "part", "left"))
    words = {
        "value": plain(_size(values[0])),
        "amount": plain(amount),
        "left": plain(left),
        "document": why.inputs["document"],
    }
    if part != amount:
        return _("%(value)s credit = this line’s share of %(amount)s, of %(left)s left on %(document)s") % words
    if amount == left:
        return _("%(value)s credit = all that was left on %(document)s") % words
    return _("%(value)s credit, of %(left)s left on %(document)s") % words


def _late_fee(values: Sequence[Money], why: Derivation) -> str:
    words = {
        "value": plain(values[0]),
        "price": plain(money_in(why, "price")),
        "grace": why.inputs["grace_days"],
        "days": why.inputs["period_days"],
        "percent": why.inputs["percent"],
    }
    if "cap" in why.inputs:
        return _("%(value)s for renewing after the deadline: never more than that") % words
    if why.inputs["basis"] == FeeBasis.FLAT:
        return _("%(value)s for renewing after the deadline = %(price)s × %(percent)s %%") % words
    if why.inputs["percent"] == "100":
        return _("%(value)s for %(grace)s days of grace = %(price)s × %(grace)s/%(days)s days") % words
    return _("%(value)s for %(grace)s days of grace = %(price)s × %(grace)s/%(days)s days × %(percent)s %%") % words


def _net_of_price(values: Sequence[Money], why: Derivation) -> str:
    price = money_in(why, "price")
    words = {
        "value": plain(values[0]),
        "price": plain(price),
        "tax": plain(money_in(why, "tax")),
        "derived": sentence(price, why.parts[0]),
    }
    return _("%(value)s = %(price)s less the tax of %(tax)s in it; %(derived)s") % words


def _tax_added(values: Sequence[Money], why: Derivation) -> str:
    words = {"value": plain(values[0]), "percent": _percent(why), "net": plain(money_in(why, "net"))}
    return _("%(value)s = %(percent)s %% of %(net)s") % words


def _tax_contained(values: Sequence[Money], why: Derivation) -> str:
    words = {
        "value": plain(values[0]),
        "percent": _percent(why),
        "price": plain(money_in(why, "price")),
        "net": plain(money_in(why, "net")),
    }
    return _("%(value)s = %(percent)s %% of %(net)s, contained in %(price)s") % words


def _tax_taken_back(values: Sequence[Money], why: Derivation) -> str:
    words = {
        "value": plain(_size(values[0])),
        "tax": plain(money_in(why, "tax")),
        "net": plain(money_in(why, "net")),
        "charged": plain(money_in(why, "charged")),
    }
    if "presumed" in why.inputs:
        return _("%(value)s = the tax of %(tax)s × %(net)s/%(charged)s, as a sale of %(day)s here would have had") % {
            **words,
            "day": _day(why.inputs["presumed"]),
        }
    if why.inputs["limit"] == "rest":
        return _("%(value)s = what is left of the tax of %(tax)s after earlier credits") % words
    return _("%(value)s = the tax of %(tax)s × %(net)s/%(charged)s given back") % words


def _reverse_charge(_values: Sequence[Money], why: Derivation) -> str:
    words = {"tax_id": why.inputs["tax_id"], "buyer": why.inputs["buyer"]}
    return _("No tax: a business in %(buyer)s with the tax id %(tax_id)s accounts for it itself") % words


def _exempt(_values: Sequence[Money], why: Derivation) -> str:
    return _("No tax: the customer is exempt (%(reason)s)") % {"reason": why.inputs["reason"]}


def _export(_values: Sequence[Money], why: Derivation) -> str:
    return _("No tax: the customer is in %(buyer)s, where the seller has no tax to collect") % why.inputs


def _no_rate(_values: Sequence[Money], why: Derivation) -> str:
    return _("No tax: no rate is set for %(place)s on that day") % why.inputs


def percent_text(percent: Decimal) -> str:
    """A rate as people of the active language write it: “8.875”."""
    return str(format_decimal(percent, format="#,##0.####", locale=to_locale(sentence_language())))


def _percent(why: Derivation) -> str:
    return percent_text(Decimal(why.inputs["percent"]))


def _size(amount: Money) -> Money:
    return max(amount, -amount)


def _day(text: str) -> str:
    return date_text(date.fromisoformat(text))


def _moved_in(values: Sequence[Money], why: Derivation) -> str:
    on = date_text(date.fromisoformat(why.inputs["on"]))
    words = {"value": plain(values[0]), "number": why.inputs["invoice"], "day": on}
    return _("%(value)s unpaid of invoice %(number)s of %(day)s, its tax included") % words


SENTENCES: Mapping[str, Callable[[Sequence[Money], Derivation], str]] = {
    UNUSED_VALUE: _unused_value,
    UNUSED_ALLOWANCE: _unused_allowance,
    PRICE_OF_DAYS: _price_of_days,
    SPLIT_BY_DAYS: _split_by_days,
    PRICE_FOR_PERIOD: _price_for_period,
    COUPON: _coupon,
    REVERSAL: _reversal,
    CORRECTED: _corrected,
    SHARE_OF_DOCUMENT: _share_of_document,
    LATE_FEE: _late_fee,
    NET_OF_PRICE: _net_of_price,
    TAX_ADDED: _tax_added,
    TAX_CONTAINED: _tax_contained,
    TAX_TAKEN_BACK: _tax_taken_back,
    TAX_REVERSE_CHARGE: _reverse_charge,
    TAX_EXEMPT: _exempt,
    TAX_EXPORT: _export,
    TAX_NO_RATE: _no_rate,
    MOVED_IN: _moved_in,
}
