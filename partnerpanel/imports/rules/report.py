"""The report of an import: the same for a dry run and for a real one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from partnerpanel.imports.rules.fields import Status
from partnerpanel.imports.rules.plan_subscription import said
from partnerpanel.imports.rules.problems import Problem, Problems
from partnerpanel.imports.rules.steps import ChunkPlan, NewPlan, OpeningStep, PlanKey, RowPlan, Step
from partnerpanel.kernel.money import Money
from subscriptions.rules.recurring import monthly_value


@dataclass(slots=True)
class Report:
    """Counts that grow chunk by chunk. `sums` holds what active subscriptions come to in a month, by currency."""

    dry_run: bool
    rows: int = 0
    rejected: int = 0
    customers: Counter[Step] = field(default_factory=Counter)
    subscriptions: Counter[Step] = field(default_factory=Counter)
    openings: Counter[Step] = field(default_factory=Counter)
    balances: dict[str, Money] = field(default_factory=dict)
    owed: dict[str, Money] = field(default_factory=dict)
    cards: int = 0
    plans: dict[PlanKey, NewPlan] = field(default_factory=dict)
    active: Counter[str] = field(default_factory=Counter)
    sums: dict[str, Money] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)

    def add(self, plan: ChunkPlan) -> None:
        """Counts what a chunk brings about; its rejected rows are told by `reject`."""
        self.plans |= plan.new_plans
        for row in plan.rows:
            self.customers[row.customer.step] += 1
            if row.subscription is not None:
                self.subscriptions[row.subscription.step] += 1
                self._add_price(row)
            if row.opening is not None:
                self._add_opening(row.opening)

    def reject(self, problems: list[Problem]) -> None:
        """Counts one row that is not taken."""
        self.rejected += 1
        for problem in problems:
            self.problems.add(problem)

    def monthly(self) -> list[Money]:
        """What the active subscriptions of the file come to in a month, by currency."""
        return [amount for _, amount in sorted(self.sums.items())]

    def _add_opening(self, opening: OpeningStep) -> None:
        self.openings[opening.step] += 1
        brought = opening.brought
        if opening.step is Step.LEFT_ALONE:
            return
        _grow(self.balances, brought.balance)
        _grow(self.owed, brought.invoice.amount if brought.invoice else None)
        self.cards += bool(brought.gateway_method)

    def _add_price(self, row: RowPlan) -> None:
        wanted = row.record.subscription
        price = row.subscription.price if row.subscription else None
        if wanted is None or wanted.status is Status.ENDED:
            return
        price = price or wanted.price
        self.active[wanted.currency] += 1
        nothing = Money.zero(wanted.currency)
        amount = monthly_value(price.times(wanted.quantity), wanted.interval) if price else nothing
        self.sums[wanted.currency] = self.sums.get(wanted.currency, nothing) + amount


def _grow(sums: dict[str, Money], amount: Money | None) -> None:
    if amount:
        sums[amount.currency] = sums.get(amount.currency, Money.zero(amount.currency)) + amount


def lines(report: Report) -> Iterator[str]:
    """The report as it is printed."""
    tense = "to {}" if report.dry_run else "{}d"
    if report.dry_run:
        yield "Dry run: nothing was written."
    yield f"{report.rows:,} {_rows(report.rows)} read, {report.rejected:,} rejected"
    counted = [("Customers", report.customers), ("Subscriptions", report.subscriptions)]
    counted += [("Balances, open invoices and cards", report.openings)] if report.openings else []
    for name, counts in counted:
        said_counts = [f"{counts[step]:,} {tense.format(step)}" for step in (Step.CREATE, Step.UPDATE)]
        said_counts.append(f"{counts[Step.UNCHANGED]:,} unchanged")
        if counts[Step.LEFT_ALONE]:
            said_counts.append(f"{counts[Step.LEFT_ALONE]:,} left alone (cut over already)")
        yield f"{name}: {', '.join(said_counts)}"
    yield f"Plans {'to be made' if report.dry_run else 'made'}: {len(report.plans)}"
    for plan in sorted(report.plans.values(), key=lambda one: one.key):
        yield f"  {plan.product}: {plan.name}, {plan.price} every {said(plan.interval)}"
    for total in report.monthly():
        yield f"Active subscriptions in the file: {report.active[total.currency]:,}, {_grouped(total)} a month"
    for what, sums in (("Balances", report.balances), ("Open invoices", report.owed)):
        if sums:
            yield f"{what} in the file: {', '.join(_grouped(amount) for _, amount in sorted(sums.items()))}"
    if report.cards:
        yield f"Cards in the file: {report.cards:,}; Stripe is asked for them at the cut-over"
    yield from problem_lines(report.problems)


def problem_lines(problems: Problems) -> Iterator[str]:
    """What to repair, with the first few of each kind."""
    for column, what, group in problems.largest_first():
        yield ""
        yield f"{group.count:,} {_rows(group.count)}: {column} {what}"
        for one in group.examples:
            yield f"  row {one.row}, {one.column}: found {_quoted(one.found)}, expected {one.expected}"
        if group.count > len(group.examples):
            yield f"  and {group.count - len(group.examples):,} more"


def _grouped(money: Money) -> str:
    return f"{money.major:,} {money.currency}"


def _rows(count: int) -> str:
    return "row" if count == 1 else "rows"


def _quoted(text: str) -> str:
    shown = "".join(letter if letter.isprintable() else "\ufffd" for letter in text[:80])
    return f"“{shown}”" if shown else "nothing"
