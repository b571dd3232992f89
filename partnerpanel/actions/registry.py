"""Verbs by name, for jobs that remember one."""

from __future__ import annotations

from partnerpanel.actions.addons import AddAddon, KeepAddon, RemoveAddon
from partnerpanel.actions.announce_price import AnnouncePrice
from partnerpanel.actions.ban import Ban, LiftBan
from partnerpanel.actions.billing_dates import MoveBillingDate, SkipRenewal
from partnerpanel.actions.cancel import Cancel, Keep
from partnerpanel.actions.change_plan import ChangePlan
from partnerpanel.actions.change_quantity import ChangeQuantity
from partnerpanel.actions.coupons import ApplyCoupon, RemoveCoupon
from partnerpanel.actions.drop_change import DropChange
from partnerpanel.actions.end_trial import EndTrial
from partnerpanel.actions.extend import Extend
from partnerpanel.actions.message import Message
from partnerpanel.actions.pause import Pause, Resume
from partnerpanel.actions.reactivate import Reactivate
from partnerpanel.actions.restart import Restart
from partnerpanel.actions.rollback_plan import RollbackPlan
from partnerpanel.actions.set_limit import SetLimit
from partnerpanel.actions.subscribe import Subscribe
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.tag import Tag
from partnerpanel.actions.take_offer import TakeOffer
from partnerpanel.actions.undo import Undo
from partnerpanel.actions.verb import Verb
from partnerpanel.actions.verification import RequireVerification, Verified
from partnerpanel.actions.waive import Waive

VERBS: dict[str, type[Verb]] = {
    verb.name: verb
    for verb in (
        Suspend,
        Reactivate,
        Ban,
        LiftBan,
        RequireVerification,
        Verified,
        SetLimit,
        Undo,
        ChangePlan,
        ChangeQuantity,
        EndTrial,
        AddAddon,
        RemoveAddon,
        KeepAddon,
        ApplyCoupon,
        RemoveCoupon,
        TakeOffer,
        Restart,
        RollbackPlan,
        DropChange,
        Extend,
        Cancel,
        Keep,
        Pause,
        Resume,
        SkipRenewal,
        MoveBillingDate,
        Waive,
        AnnouncePrice,
        Subscribe,
        Message,
        Tag,
    )
}
