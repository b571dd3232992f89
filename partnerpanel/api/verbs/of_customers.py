"""Verbs on a customer with all of its subscriptions."""

from __future__ import annotations

from billing.rules.changes.banning import OpenInvoices
from partnerpanel.actions.ban import Ban, LiftBan
from partnerpanel.actions.erase import Erase
from partnerpanel.actions.message import Message
from partnerpanel.actions.tag import Tag
from partnerpanel.actions.verb import Verb
from partnerpanel.actions.verification import RequireVerification, Verified
from partnerpanel.api.verbs import inputs
from partnerpanel.api.verbs.of_subscriptions import limit, reactivate, suspend
from partnerpanel.api.verbs.spec import Targets, VerbSpec, Wanted
from subscriptions.rules.verification import VerificationPreset


def _ban(targets: Targets, wanted: Wanted) -> Verb:
    return Ban(targets, OpenInvoices(wanted.get("invoices", OpenInvoices.KEEP)), wanted["reason"])


def _verification(targets: Targets, wanted: Wanted) -> Verb:
    presets = tuple(map(VerificationPreset, wanted.get("presets", ())))
    return RequireVerification(targets, presets, wanted.get("asks", ""), wanted.get("blocks", True))


def _tags(targets: Targets, wanted: Wanted) -> Verb:
    return Tag(targets, tuple(wanted.get("add", ())), tuple(wanted.get("remove", ())))


def _message(targets: Targets, wanted: Wanted) -> Verb:
    return Message(targets, *(wanted.get(field, "") for field in ("template", "subject", "body")))


VERBS = (
    VerbSpec("suspend", "Block access to all, with a reason", inputs.SuspendInput, suspend),
    VerbSpec("reactivate", "Release holds on all", inputs.ReactivateInput, reactivate),
    VerbSpec("ban", "End everything and sell nothing more", inputs.BanInput, _ban, money=True),
    VerbSpec("lift_ban", "Allow it to buy again", inputs.ReasonInput, lambda t, w: LiftBan(t, w["reason"])),
    VerbSpec("require_verification", "Ask who it is", inputs.VerificationInput, _verification),
    VerbSpec("verified", "Close the verification", inputs.ReasonInput, lambda t, w: Verified(t, w["reason"])),
    VerbSpec("limit", "Set an allowance’s limit on each subscription", inputs.LimitInput, limit, each=True),
    VerbSpec("message", "Write to the customer", inputs.MessageInput, _message),
    VerbSpec("tags", "Add and remove tags", inputs.TagsInput, _tags),
)
# With a scope of its own: nothing brings back what it does.
ERASURE = (VerbSpec("erase", "Erase what is known of the person", inputs.NothingInput, lambda t, _w: Erase(t)),)
