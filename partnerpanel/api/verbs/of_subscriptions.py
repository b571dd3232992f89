"""Verbs on a subscription."""

from __future__ import annotations

from typing import Any

from billing.rules.changes.cancelling import CancelReason, CancelWhen
from billing.rules.changes.extension import OutsidePayment
from billing.rules.changes.pausing import PauseWhen
from billing.rules.subscribing import FirstPayment
from partnerpanel.actions.addons import AddAddon, KeepAddon, RemoveAddon
from partnerpanel.actions.billing_dates import MoveBillingDate, SkipRenewal
from partnerpanel.actions.cancel import Cancel, Keep
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.change_quantity import ChangeQuantity
from partnerpanel.actions.coupons import ApplyCoupon, RemoveCoupon
from partnerpanel.actions.drop_change import DropChange
from partnerpanel.actions.end_trial import EndTrial
from partnerpanel.actions.extend import Extend
from partnerpanel.actions.pause import Pause, Resume
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.restart import Restart
from partnerpanel.actions.rollback_plan import RollbackPlan
from partnerpanel.actions.set_limit import SetLimit
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Verb
from partnerpanel.actions.waive import Waive
from partnerpanel.api.verbs import inputs
from partnerpanel.api.verbs.spec import Targets, VerbSpec, Wanted
from partnerpanel.policy.rules.change import Anchor, RollbackMoney, Unpaid, When
from subscriptions.rules.states import HoldKind
from subscriptions.services.access import Evidence

_WHEN = {"now": When.IMMEDIATE, "period_end": When.PERIOD_END}


def _terms(wanted: Wanted) -> dict[str, Any]:
    return {
        "when": _WHEN[wanted["when"]] if "when" in wanted else None,
        "anchor": Anchor(wanted["anchor"]) if "anchor" in wanted else None,
        "unpaid": Unpaid(wanted["unpaid"]) if "unpaid" in wanted else None,
    }


def _change_plan(targets: Targets, wanted: Wanted) -> Verb:
    return ChangePlan(targets, wanted["plan"], **_terms(wanted))


def _change_quantity(targets: Targets, wanted: Wanted) -> Verb:
    return ChangeQuantity(targets, wanted["quantity"], **_terms(wanted))


def _rollback(targets: Targets, wanted: Wanted) -> Verb:
    money = RollbackMoney(wanted["money"]) if "money" in wanted else None
    return RollbackPlan(targets, wanted.get("plan"), money)


def suspend(targets: Targets, wanted: Wanted) -> Verb:
    evidence = Evidence(note=wanted.get("evidence", ""))
    return Suspend(targets, HoldKind(wanted["kind"]), wanted["reason"], evidence)


def reactivate(targets: Targets, wanted: Wanted) -> Verb:
    kinds = frozenset(map(HoldKind, wanted.get("kinds", (HoldKind.MANUAL, HoldKind.ABUSE))))
    return Reactivate(targets, kinds, wanted.get("reason", ""))


def _extend(targets: Targets, wanted: Wanted) -> Verb:
    paid = wanted.get("payment")
    payment = OutsidePayment(**paid) if paid else None
    return Extend(targets, wanted["note"], wanted.get("months", 0), wanted.get("days", 0), payment)


def _cancel(targets: Targets, wanted: Wanted) -> Verb:
    why = wanted.get("reason", CancelReason.OTHER)
    note, credit = wanted.get("note", ""), wanted.get("credit_unused", False)
    return Cancel(targets, CancelWhen(wanted["when"]), why, note, credit)


def _pause(targets: Targets, wanted: Wanted) -> Verb:
    return Pause(targets, PauseWhen(wanted["when"]), wanted.get("until"), wanted.get("note", ""))


def _addons(targets: Targets, wanted: Wanted) -> Verb:
    if "remove" in wanted:
        return RemoveAddon(targets, wanted["remove"])
    if "keep" in wanted:
        return KeepAddon(targets, wanted["keep"])
    unpaid = Unpaid(wanted["unpaid"]) if "unpaid" in wanted else None
    return AddAddon(targets, wanted["add"], wanted.get("quantity", 1), unpaid)


def _coupon(targets: Targets, wanted: Wanted) -> Verb:
    code = wanted["code"]
    return RemoveCoupon(targets) if code is None else ApplyCoupon(targets, code)


def limit(targets: Targets, wanted: Wanted) -> Verb:
    return SetLimit(targets, wanted["allowance"], wanted["value"], wanted["reason"])


def _restart(targets: Targets, wanted: Wanted) -> Verb:
    return Restart(targets, FirstPayment(wanted.get("payment", FirstPayment.CARD)))


def _simple(verb: Any) -> Any:
    return lambda targets, _wanted: verb(targets)


def _noted(verb: Any) -> Any:
    return lambda targets, wanted: verb(targets, wanted["note"])


VERBS = (
    VerbSpec("change_plan", "Change the plan", inputs.ChangePlanInput, _change_plan, money=True),
    VerbSpec("change_quantity", "Change how many", inputs.ChangeQuantityInput, _change_quantity, money=True),
    VerbSpec("rollback", "Take the newest change of plan back", inputs.RollbackInput, _rollback, money=True),
    VerbSpec("drop_change", "Drop a change that waits", inputs.NothingInput, _simple(DropChange)),
    VerbSpec("suspend", "Block access, with a reason", inputs.SuspendInput, suspend),
    VerbSpec("reactivate", "Release holds", inputs.ReactivateInput, reactivate),
    VerbSpec("extend", "Give time, or sell it", inputs.ExtendInput, _extend, money=True),
    VerbSpec("cancel", "End it, now or with its period", inputs.CancelInput, _cancel, money=True),
    VerbSpec("keep", "Take a cancellation back", inputs.NothingInput, _simple(Keep)),
    VerbSpec("pause", "Stop billing for a while", inputs.PauseInput, _pause),
    VerbSpec("resume", "End a pause", inputs.NothingInput, _simple(Resume), money=True),
    VerbSpec("skip_renewal", "Give a period for free", inputs.NoteInput, _noted(SkipRenewal), money=True),
    VerbSpec(
        "move_billing_date",
        "Bill on another day",
        inputs.MoveBillingDateInput,
        lambda targets, wanted: MoveBillingDate(targets, wanted["on"]),
        money=True,
    ),
    VerbSpec("addons", "Add, remove or keep an add-on", inputs.HeldAddonsInput, _addons, money=True),
    VerbSpec("coupon", "Redeem a coupon, or take it away", inputs.RedeemedCouponInput, _coupon, money=True),
    VerbSpec("end_trial", "Begin the paid time now", inputs.NothingInput, _simple(EndTrial), money=True),
    VerbSpec("restart", "Take up again what has ended", inputs.RestartInput, _restart, money=True),
    VerbSpec("waive", "Forgive what is owed", inputs.NoteInput, _noted(Waive), money=True),
    VerbSpec("limit", "Set an allowance’s limit by hand", inputs.LimitInput, limit),
)
