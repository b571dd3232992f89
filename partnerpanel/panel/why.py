"""Why something is as it is: of a hold, a collection and a message, in sentences.

What collection does is told from the policy that its case has pinned, with the level and version that set each day.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from billing.queries.cases import PinnedCase, cases_of
from notifications.queries import MessageLine
from notifications.rules.kinds import ONCE_A_DAY, SUSPENDED, MessageKind, subscription_of
from partnerpanel.events.queries import Entry, by_ids, of_actions_on
from partnerpanel.kernel.clock import local_date
from partnerpanel.panel.listing import language_name
from partnerpanel.panel.money_quote import FORMATS, SET_IN
from partnerpanel.panel.story import actor_text, entry_text
from partnerpanel.panel.templatetags.formats import day
from partnerpanel.panel.why_words import FATES, RELEASED, REMINDERS, TOLD_KEYS
from partnerpanel.policy.rules.course import coming, course
from partnerpanel.policy.rules.grace import GraceThen
from partnerpanel.policy.rules.resolution import Source, SourceKind
from partnerpanel.policy.wording import sentence_text
from partnerpanel.tenancy.queries import names_of
from subscriptions.queries.names import names_of_plans, zones_of
from subscriptions.queries.summaries import HoldLine, SubscriptionLine
from subscriptions.rules.states import HoldKind

Reasons: TypeAlias = tuple[str, ...]
NAMELESS = (SourceKind.PLATFORM, SourceKind.PRESET)


@dataclass(frozen=True, slots=True)
class Explained:
    """Everything that a page's reasons are told from. `placed` are events by action, `told` those by their ids."""

    cases: Sequence[PinnedCase] = ()
    placed: Mapping[UUID, Entry] = field(default_factory=dict)
    told: Mapping[UUID, Entry] = field(default_factory=dict)
    people: Mapping[UUID, str] = field(default_factory=dict)
    plans: Mapping[UUID, str] = field(default_factory=dict)
    zones: Mapping[UUID, str] = field(default_factory=dict)

    def hold(self, hold: HoldLine, subscription_id: UUID | None) -> Reasons:
        """Who or what placed it, by which rule, and what releases it; `subscription_id` is None for a wide one."""
        return tuple(self._hold(hold, subscription_id))

    def collection(self, subscription_id: UUID) -> Reasons:
        """The days of the open case and the rule of each; empty where nothing is collected."""
        case = self._open_case(subscription_id)
        return tuple(self._course(case)) if case else ()

    def coming(self, line: SubscriptionLine, now: datetime) -> Reasons:
        """What the open case still brings, dated; empty where nothing is collected, and after the deadline."""
        case = self._open_case(line.id)
        if case is None:
            return ()
        today = local_date(now, line.timezone)
        automatic, hard = case.attempts > 0 and not case.awaits_customer, case.is_hard
        found = coming(case.policy, first_on=case.first_on, today=today, is_automatic=automatic, is_hard=hard)
        return tuple(sentence_text(one, FORMATS) for one in found)

    def message(self, message: MessageLine) -> Reasons:
        """The event that it tells, the rule that chose its day, whose words it has, and what became of it."""
        return tuple(self._message(message))

    def _hold(self, hold: HoldLine, subscription_id: UUID | None) -> Iterator[str]:
        if placed := self.placed.get(hold.action_id):
            words = {"actor": actor_text(placed, self.people), "day": day(hold.placed_at)}
            yield _("It was placed by %(actor)s on %(day)s.") % words
        if hold.kind is HoldKind.NONPAYMENT and (case := self._case(hold.placed_at, subscription_id)):
            yield from self._course(case)
        yield str(RELEASED[hold.kind])
        if hold.kind not in (HoldKind.PROVISIONING, HoldKind.BAN):
            yield _("While it lies there, nothing is charged: a renewal that falls due waits for the release.")

    def _message(self, message: MessageLine) -> Iterator[str]:
        if event := self.told.get(message.event_id):
            yield _("It tells of this: %(event)s, %(day)s.") % {
                "event": entry_text(event),
                "day": day(event.occurred_at),
            }
            yield _("It was caused by %(actor)s.") % {"actor": actor_text(event, self.people)}
            yield from self._chosen(message.kind, event, _about(message, self.told))
        if message.kind in ONCE_A_DAY:
            yield _("Of this kind a subscription gets one mail a day at most.")
        if message.language:
            words = {"language": language_name(message.language)}
            if message.own_version:
                text = _("Its wording is your own, version %(n)s, in %(language)s.")
                yield text % {"n": message.own_version, **words}
            else:
                yield _("Its wording is the one that comes with PartnerPanel, in %(language)s.") % words
        yield str(FATES[message.state])

    def _chosen(self, kind: MessageKind, event: Entry, subscription_id: UUID | None) -> Iterator[str]:
        """What made this the day of the message, where a rule did."""
        if kind in REMINDERS and event.data.get("on") and subscription_id:
            yield _before(date.fromisoformat(event.data["on"]), event.occurred_at, self.zones[subscription_id])
        keys = TOLD_KEYS.get(kind, ())
        if kind in SUSPENDED and HoldKind.NONPAYMENT not in event.data.get("placed", ()):
            return
        if keys and (case := self._case(event.occurred_at, subscription_id)):
            yield from self._course(case, keys)

    def _case(self, at: datetime, subscription_id: UUID | None) -> PinnedCase | None:
        """The case that ran at that instant; of a whole account, the one that froze it."""
        ran = [one for one in self.cases if one.ran_at(at)]
        if subscription_id is None:
            return next((one for one in ran if one.policy.policy.grace.then is GraceThen.FREEZE), None)
        return next((one for one in ran if one.subscription_id == subscription_id), None)

    def _open_case(self, subscription_id: UUID) -> PinnedCase | None:
        return next((one for one in self.cases if one.subscription_id == subscription_id and not one.closed_at), None)

    def _course(self, case: PinnedCase, keys: Collection[str] = ()) -> Iterator[str]:
        """Each day with who set it; with `keys` those sentences alone that they decide."""
        for one in course(case.policy, first_on=case.first_on, is_automatic=case.attempts > 0, is_hard=case.is_hard):
            if keys and not set(keys) & set(one.keys):
                continue
            text = sentence_text(one, FORMATS)
            yield f"{text} ({self._source(case.policy.source(one.keys[0]))})" if one.keys else text
        opened = {"day": day(case.opened_at)}
        yield _("These are the rules of %(day)s; what was changed since counts from the next time on.") % opened

    def _source(self, source: Source) -> str:
        plan = self.plans.get(UUID(source.id), "") if source.kind is SourceKind.PLAN else ""
        where = str(SET_IN[source.kind] % {"plan": plan})
        if source.kind in NAMELESS:
            return where
        return _("%(where)s, version %(version)s") % {"where": where, "version": source.version}


def explain(
    partner_id: UUID,
    lines: Sequence[SubscriptionLine] = (),
    *,
    wide: Sequence[HoldLine] = (),
    messages: Sequence[MessageLine] = (),
) -> Explained:
    """For the subscriptions of one page, holds on their customers and messages: in eight queries at most."""
    holds = [*wide, *(hold for line in lines for hold in line.holds)]
    actions = {hold.action_id for hold in holds}
    placed = of_actions_on(partner_id, actions, {line.customer_id for line in lines}) if actions else []
    told = by_ids(partner_id, {one.event_id for one in messages}) if messages else {}
    about = {id_ for one in messages if (id_ := _about(one, told))}
    past = [hold.placed_at for hold in holds] + [one.occurred_at for one in told.values()]
    cases = cases_of(partner_id, about | {line.id for line in lines}, since=min(past, default=None))
    actors = {one.actor_id for one in (*placed, *told.values()) if one.actor_id}
    return Explained(
        cases=cases,
        placed={one.action_id: one for one in reversed(placed)},
        told=told,
        people=names_of(actors) if actors else {},
        plans=_plans(partner_id, cases),
        zones=zones_of(partner_id, about) if about else {},
    )


def explain_collection(partner_id: UUID, subscription_id: UUID) -> Reasons:
    """The days of the subscription's open case and the rule of each, in two queries; empty where there is none."""
    cases = cases_of(partner_id, [subscription_id])
    return Explained(cases=cases, plans=_plans(partner_id, cases)).collection(subscription_id)


def _plans(partner_id: UUID, cases: Sequence[PinnedCase]) -> dict[UUID, str]:
    """The names of those plans whose policy the cases have pinned."""
    sources = {source for case in cases for source in case.policy.sources.values()}
    return names_of_plans(partner_id, {UUID(one.id) for one in sources if one.kind is SourceKind.PLAN})


def _about(message: MessageLine, told: Mapping[UUID, Entry]) -> UUID | None:
    """The subscription that a message is about; None for one about the whole account."""
    event = told.get(message.event_id)
    return subscription_of(message.kind, event.object_id, event.data) if event else None


def _before(ends_on: date, told_at: datetime, zone: str) -> str:
    """How long before the period's end it was told."""
    days = (ends_on - local_date(told_at, zone)).days
    text = ngettext(
        "The period ends on %(day)s: %(n)s day later.", "The period ends on %(day)s: %(n)s days later.", days
    )
    return text % {"day": day(ends_on), "n": days}
