"""From a blueprint to its customers: pure and seeded, so one day always gives the same ones."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from stdnum.iso7064 import mod_11_10

from customers.rules.keys import search_key
from customers.rules.profile import Profile
from partnerpanel.embedded.demo.cards import card_for
from partnerpanel.embedded.demo.cases import Case, cases_for
from partnerpanel.embedded.demo.days import Days
from partnerpanel.embedded.demo.sales import Sales
from partnerpanel.embedded.demo.shapes import Blueprint, Country, CustomerDraft

MAILBOXES = ("post.example", "mail.example", "inbox.example", "web.example")
# Letters that have no accent to take off.
PLAIN = str.maketrans({"ł": "l", "ı": "i", "ø": "o", "đ": "d"})
FIRMS_OF_HUNDRED, TAGGED_OF_HUNDRED, NOTED_OF_HUNDRED = 38, 40, 12


def customers_of(blueprint: Blueprint, days: Days) -> list[CustomerDraft]:
    """Every customer but those who lived, in no order; addresses and own numbers are unique. As many of the simply
    active are left out."""
    dice = Random(blueprint.seed)  # noqa: S311 - it has to be the same every time
    sales = Sales(blueprint, days, dice)
    emails: set[str] = set()
    found = []
    for number, case in enumerate(cases_for(blueprint.customers)[: blueprint.customers - blueprint.lived], start=1):
        country = dice.choices(blueprint.countries, [one.weight for one in blueprint.countries])[0]
        profile = profile_of(blueprint, country, number, dice, emails)
        subscriptions = sales.of(case, country)
        first_day = max(one.days_ago for one in subscriptions)
        came = first_day + dice.randint(200, 900) if case is Case.CUT_OVER else first_day
        found.append(
            CustomerDraft(
                case=case,
                profile=profile,
                days_ago=first_day,
                registered_at=days.at(came, dice.randint(7, 15), dice.randint(0, 59)),
                subscriptions=subscriptions,
                tags=_tags(blueprint.tags, dice),
                note=dice.choice(blueprint.notes) if dice.randint(1, 100) <= NOTED_OF_HUNDRED else "",
                card=card_for(case),
            )
        )
    return found


def profile_of(blueprint: Blueprint, country: Country, number: int, dice: Random, emails: set[str]) -> Profile:
    """Somebody of that country, with an address that is not among `emails` yet and an own number."""
    is_firm = bool(country.firms) and dice.randint(1, 100) <= FIRMS_OF_HUNDRED
    name, email = _firm(country, dice) if is_firm else _person(country, dice)
    while email in emails:
        name, email = _person(country, dice)
        email = email.replace("@", f"{dice.randint(2, 99)}@")
    emails.add(email)
    tax_id = _german_tax_id(number) if is_firm and country.code == "DE" and number % 2 else ""
    return Profile(
        name=name,
        email=email,
        country=country.code,
        timezone=country.timezone,
        locale=country.locale,
        tax_id=tax_id,
        external_id=f"{blueprint.seed[:2].upper()}-{10_000 + number * 7}",
    )


def _person(country: Country, dice: Random) -> tuple[str, str]:
    given, family = dice.choice(country.given), dice.choice(country.family)
    name = f"{family} {given}" if country.family_first else f"{given} {family}"
    return name, f"{_ascii(given)}.{_ascii(family)}@{dice.choice(MAILBOXES)}"


def _firm(country: Country, dice: Random) -> tuple[str, str]:
    name = dice.choice(country.firms).format(dice.choice(country.family))
    return name, f"{dice.choice(('info', 'office', 'hello'))}@{_ascii(name, '-')}.example"


def _ascii(text: str, gap: str = "") -> str:
    letters = search_key(text).translate(PLAIN)
    return gap.join("".join(c if c.isascii() and c.isalnum() else " " for c in letters).split())


def _german_tax_id(number: int) -> str:
    """A number whose check digit is right, from a range that no tax office gives out."""
    digits = f"999{number:05d}"
    return f"DE{digits}{mod_11_10.calc_check_digit(digits)}"


def _tags(tags: Sequence[str], dice: Random) -> tuple[str, ...]:
    if dice.randint(1, 100) > TAGGED_OF_HUNDRED:
        return ()
    return tuple(sorted(dice.sample(list(tags), dice.choice((1, 1, 1, 2)))))
