"""Popups that ask a customer to verify, and that say what came of it."""

from __future__ import annotations

from typing import Any

from django.forms import Form
from django.utils.translation import gettext as _

from partnerpanel.actions import door
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.quote import Difference, Quote
from partnerpanel.actions.verb import Verb
from partnerpanel.actions.verification import RequireVerification, Verified
from partnerpanel.panel.forms import LiftBanForm, VerificationForm
from partnerpanel.panel.quote_view import shown
from partnerpanel.panel.views.access import OnTarget
from subscriptions.rules.verification import VerificationPreset

BLOCK, ASK = "block", "ask"


class RequireVerificationPopup(OnTarget):
    """What has to be sent, and whether access is blocked until then."""

    template = "panel/actions/verification.html"

    def form(self, data: Any = None, files: Any = None) -> Form:
        return VerificationForm(data, initial={"presets": [VerificationPreset.PHOTO_ID.value], "access": BLOCK})

    def verb(self, form: Form) -> Verb:
        asked = form.cleaned_data
        presets = tuple(map(VerificationPreset, asked["presets"]))
        return RequireVerification((self.target,), presets, asked["asks"], asked["access"] == BLOCK)

    def draft(self, form: Form) -> Verb | None:
        data: Any = form.data
        chosen = data.getlist("presets") if form.is_bound else form.initial["presets"]
        presets = tuple(one for one in VerificationPreset if one.value in chosen)
        asks = str(data.get("asks") or "").strip()[:500] if form.is_bound else ""
        if not presets and not asks:
            return None
        return RequireVerification((self.target,), presets, asks, not (form.is_bound and data.get("access") == ASK))

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Require verification: %(name)s") % {"name": self.facts.name},
            "subtitle": _("The customer is told what to send, and where."),
            "submit": _("Yes, Require"),
        }

    def quote_view(self, quote: Quote, moved: tuple[Difference, ...]) -> dict[str, Any]:
        blocks = any(effect.after == "blocked" for effect in quote.effects)
        text = _("The customer is asked, and blocked until somebody says that it is verified. Nothing is deleted.")
        if not blocks:
            text = _("The customer is asked, and access stays as it is. The page of the customer says so.")
        return shown(quote, moved=moved, summary=text)

    def undo_url(self, outcome: door.Outcome) -> str:
        """It ends with its answer."""
        return ""

    def said(self, outcome: door.Outcome) -> str:
        return _("%(name)s is asked to verify.") % {"name": self.facts.name}


class VerifiedPopup(OnTarget):
    """What was asked for is shown."""

    permission = Permission.RELEASE_REVIEW
    template = "panel/actions/lift_ban.html"

    def form(self, data: Any = None, files: Any = None) -> Form:
        return LiftBanForm(data)

    def verb(self, form: Form) -> Verb:
        return Verified((self.target,), form.cleaned_data["reason"])

    def draft(self, form: Form) -> Verb:
        reason = str(form.data.get("reason") or "").strip()[:500] if form.is_bound else ""
        return Verified((self.target,), reason or _("(your reason)"))

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Verified: %(name)s") % {"name": self.facts.name},
            "subtitle": _("What was asked for is shown, and the review is over."),
            "submit": _("Yes, Verified"),
        }

    def undo_url(self, outcome: door.Outcome) -> str:
        """Whoever is to be asked again is asked again."""
        return ""

    def said(self, outcome: door.Outcome) -> str:
        return _("%(name)s is verified.") % {"name": self.facts.name}
