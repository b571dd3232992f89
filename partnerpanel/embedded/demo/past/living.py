"""Living a past day by day: what falls due comes through the engine's own handlers, people act in office hours."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from heapq import heapify, heappop, heappush

from billing.models import CollectionCase
from partnerpanel.embedded.demo.past.arriving import arrive
from partnerpanel.embedded.demo.past.chances import Deed
from partnerpanel.embedded.demo.past.doing import carry_out
from partnerpanel.embedded.demo.past.helping import catch_up, helped_along
from partnerpanel.embedded.demo.past.lives import CLOSES, OFFICE_EVERY, Life, Moment, after_a_decline
from partnerpanel.embedded.demo.past.register import Register
from partnerpanel.kernel.clock import local_date, start_of_day
from partnerpanel.queues.advance import do_what_is_due, pass_time
from partnerpanel.queues.dues import Waiting
from partnerpanel.queues.registry import all_queues
from partnerpanel.queues.wake import nobody_woken, take_untold
from partnerpanel.tenancy.moving import Hand, hand_on_clock
from partnerpanel.tenancy.prepared import own_connection, replan
from partnerpanel.tenancy.scope import hasty_commits, tenant

# Where new customers are looked at first.
OF_NEW = {"outbox", "provisioning", "subscriptions"}


@dataclass(slots=True)
class Past:
    """`first` is the day of number 0. Ends at `until`, where the clock then stands."""

    register: Register
    first: date
    until: datetime
    seed: str
    done: Counter[Deed] = field(default_factory=Counter)
    left: Counter[Deed] = field(default_factory=Counter)

    def live(self) -> None:
        """Every day in turn. Raises ClockBusy where somebody else moves this clock."""
        came: defaultdict[int, list[Life]] = defaultdict(list)
        for life in self.register.lives.values():
            came[life.day].append(life)
        # By day and minute; whatever else is the same, by the customer's number.
        ahead = [
            (one.day, one.minute, one.number, one.deed) for life in self.register.lives.values() for one in life.moments
        ]
        heapify(ahead)
        with (
            nobody_woken(),
            hasty_commits(),
            own_connection(),
            hand_on_clock(self.register.partner_id) as hand,
        ):
            with helped_along(self.register.partner_id):
                self._days(hand, ahead, came)
            # Of what was shared with a helper nothing is left then, whoever was to be told of it.
            do_what_is_due(hand)

    def _days(self, hand: Hand, ahead: list[tuple[int, int, int, Deed]], came: defaultdict[int, list[Life]]) -> None:
        stands, planned, before = None, 1, 0
        for number in self._busy(came):
            begins = self._instant(number, 0)
            # The days between pass at once: people do nothing then, and need not be asked.
            pass_time(hand, to=max(begins, hand.at), stands=stands)
            for moment in self._declined(before, number):
                heappush(ahead, (moment.day, moment.minute, moment.number, moment.deed))
            today = []
            while ahead and ahead[0][0] <= number:
                day, minute, who, deed = heappop(ahead)
                today.append(Moment(day, minute, who, deed))
            stands = self._work(hand, number, today, came[number])
            before = number
            if number > 2 * planned:
                replan()
                planned = number
        pass_time(hand, to=self.until, stands=stands)

    def _busy(self, came: Collection[int]) -> list[int]:
        """The days on which the office is open or somebody comes."""
        last = (local_date(self.until, self.register.office.days.zone) - self.first).days
        return sorted({*range(0, last + 1, OFFICE_EVERY), *(day for day in came if day <= last)})

    def _work(self, hand: Hand, number: int, today: Iterable[Moment], came: list[Life]) -> Waiting | None:
        """What people do in office hours, each at their minute; what follows is done when the office closes.

        Returns how the queues stand then; None where nothing was done.
        """
        closes = self._instant(number, CLOSES)
        is_busy = bool(came)
        if came and closes <= self.until:
            arrive(came, self.register, closes)
        catch_up()
        for moment in today:
            at = self._instant(number, moment.minute)
            if at > self.until:
                continue
            hand.move(max(at, hand.at))
            is_done = carry_out(moment, self.register, hand.at)
            (self.done if is_done else self.left)[moment.deed] += 1
            is_busy |= is_done
        if not is_busy or closes > self.until:
            return None
        hand.move(closes)
        made = take_untold() | (OF_NEW if came else set())
        return do_what_is_due(hand, [queue for queue in all_queues() if queue.name in made])

    def _declined(self, before: int, number: int) -> Iterable[Moment]:
        """What those do later who could not be charged since the day `before`."""
        since = self.first + timedelta(days=before)
        with tenant(self.register.partner_id):
            rows = CollectionCase.objects.for_partner(self.register.partner_id)
            rows = rows.filter(first_on__gt=since, first_on__lte=self.first + timedelta(days=number)).order_by("pk")
            unpaid = list(rows.values_list("subscription_id", "first_on"))
        for subscription_id, first_on in unpaid:
            day = (first_on - self.first).days
            if moment := after_a_decline(self.register.numbers[subscription_id], day, seed=self.seed):
                yield moment

    def _instant(self, number: int, minute: int) -> datetime:
        day = self.first + timedelta(days=number)
        return start_of_day(day, self.register.office.days.zone) + timedelta(minutes=minute)
