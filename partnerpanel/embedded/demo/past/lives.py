"""Who comes when, and what becomes of them: pure and drawn from one seed, so the same seed gives the same lives."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from customers.rules.profile import Profile
from partnerpanel.embedded.demo.drafts import profile_of
from partnerpanel.embedded.demo.past.chances import AFTER_A_DECLINE, FIRST_CARDS, FOLLOWS, MONTHLY, Deed, Follow
from partnerpanel.embedded.demo.shapes import Blueprint, Country, PlanIdea

MONTH = 30
# Office hours, in minutes of the day. What people want is done on the next day on which the office is open.
OPENS, CLOSES = 9 * 60, 18 * 60
OFFICE_EVERY = 3
# How many of a hundred are there on the first days, so that the first month has renewals.
OF_THE_BEGINNING, BEGINNING = 15, 20


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that somebody does on the day of this number, at that minute; `number` is the customer's."""

    day: int
    minute: int
    number: int
    deed: Deed


@dataclass(frozen=True, slots=True)
class Life:
    """One customer: when they come, what they buy, and what they do on which day."""

    number: int
    profile: Profile
    day: int
    plan: str
    currency: str
    card: str
    moments: tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """So many days; customers come on those of `comes`, the first of which is the first of all. What they do is so many
    `times` as likely as the chances say."""

    days: int
    comes: Sequence[int]
    times: int = 1


def lives_of(
    blueprint: Blueprint, numbers: range, stage: Stage, *, seed: str, taken: Collection[str] = ()
) -> Iterator[Life]:
    """One for each number, in their order; their addresses are not among those `taken`."""
    emails = set(taken)
    for number in numbers:
        dice = Random(f"{seed} {number}")  # noqa: S311 - it has to be the same every time
        country = dice.choices(blueprint.countries, [one.weight for one in blueprint.countries])[0]
        profile = profile_of(blueprint, country, number, dice, emails)
        early = dice.random() * 100 < OF_THE_BEGINNING
        day = dice.randrange(min(BEGINNING, stage.days) if early else stage.days)
        day = stage.comes[bisect_right(stage.comes, day) - 1]
        plan = _plan(blueprint, country, dice)
        moments = tuple(_moments(number, day, stage, dice))
        yield Life(number, profile, day, plan.name, country.currency, _drawn(FIRST_CARDS, dice), moments)


def after_a_decline(number: int, day: int, *, seed: str) -> Moment | None:
    """What this customer does who could not be charged on that day; None does nothing."""
    dice = Random(f"{seed} {number} declined {day}")  # noqa: S311
    follow = dice.choices(list(AFTER_A_DECLINE), list(AFTER_A_DECLINE.values()))[0]
    return None if follow is None else _follow(follow, number, day, dice)


def _plan(blueprint: Blueprint, country: Country, dice: Random) -> PlanIdea:
    plans = [one for one in blueprint.plans if country.currency in one.prices and not one.is_archived]
    return dice.choices(plans, [one.weight for one in plans])[0]


def _moments(number: int, came: int, stage: Stage, dice: Random) -> Iterator[Moment]:
    for month in range(came + 1, stage.days, MONTH):
        for deed, of_hundred in MONTHLY.items():
            if dice.random() * 100 >= of_hundred * stage.times:
                continue
            moment = Moment(_open(month + dice.randrange(MONTH)), _minute(dice), number, deed)
            follows = [_follow(one, number, moment.day, dice) for one in FOLLOWS.get(deed, ()) if _happens(one, dice)]
            yield from (one for one in (moment, *follows) if one.day < stage.days)


def _follow(follow: Follow, number: int, day: int, dice: Random) -> Moment:
    return Moment(_open(day + dice.randint(follow.first, follow.last)), _minute(dice), number, follow.deed)


def _open(day: int) -> int:
    return -(-day // OFFICE_EVERY) * OFFICE_EVERY


def _happens(follow: Follow, dice: Random) -> bool:
    return dice.random() * 100 < follow.of_hundred


def _minute(dice: Random) -> int:
    return dice.randrange(OPENS, CLOSES)


def _drawn(chances: Mapping[str, int], dice: Random) -> str:
    return dice.choices(list(chances), list(chances.values()))[0]
