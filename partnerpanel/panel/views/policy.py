"""The policy of a partner, of a plan, a customer or one subscription: seen, edited with a preview, restored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from partnerpanel.actions.permission import Permission, may, permit
from partnerpanel.actions.set_policy import PolicyMoved, Proposal, level, preview_policy, set_policy
from partnerpanel.kernel.ids import parse
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.policy_explained import change_rows, explained, idle_keys
from partnerpanel.panel.policy_form import PolicyForm, name_of
from partnerpanel.panel.policy_past import past_lines
from partnerpanel.panel.policy_place import Place, place_of
from partnerpanel.panel.policy_rows import groups
from partnerpanel.panel.policy_words import PRESETS
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.policy.levels import Level, past_of, version_of
from partnerpanel.policy.queries import Scope, Stored
from partnerpanel.policy.rules.editing import changed_keys, rebased
from partnerpanel.policy.rules.errors import InvalidPolicy
from partnerpanel.policy.rules.explanation import Explanation, explain
from partnerpanel.policy.rules.presets import Preset, preset_named
from partnerpanel.policy.rules.resolution import ResolvedPolicy
from partnerpanel.policy.rules.scopes import ScopeKind
from partnerpanel.tenancy.scope import tenant

VERSIONS = 20


class PolicyPage(PanelView):
    """One level. `?preset=` and `?version=` fill the form with a preset or an old version; saving makes it count."""

    http_method_names = ["get", "head", "post"]
    reads_in_scope = False
    kind: ClassVar[ScopeKind] = ScopeKind.PARTNER
    # The word of the address, and how its id begins.
    names: ClassVar[tuple[str, str]] = ("", "")
    place: Place
    level: Level

    def get(self, request: HttpRequest, **address: str) -> HttpResponse:
        self._find(address)
        wanted = self._wanted(request)
        return self._page(self._filled(wanted), self.level.with_(wanted), wanted)

    def post(self, request: HttpRequest, **address: str) -> HttpResponse:
        permit(self.visit.actor, Permission.MANAGE_SETTINGS)
        self._find(address)
        form = PolicyForm(request.POST)
        proposal = self._proposal(form)
        if "preview" in request.GET:
            return self.page_in_scope("panel/policy/preview.html", self._preview(form, proposal))
        if proposal is None:
            return self._page(form, self.level.resolved, self.level.own, status=422)
        return self._save(form, proposal)

    def _save(self, form: PolicyForm, proposal: Proposal) -> HttpResponse:
        preset, document = form.cleaned_data["preset"] or None, form.document
        try:
            version = set_policy(
                self.level.own.scope,
                preset=preset,
                document=document,
                based_on=form.cleaned_data["based_on"],
                actor=self.visit.actor,
                now=self.visit.now,
            )
        except PolicyMoved as error:
            return self._moved(form, status=error.status)
        unchanged = version == self.level.own.version
        messages.success(self.request, _("Nothing was changed.") if unchanged else _("The policy is saved."))
        return redirect(self.request.path)

    def _moved(self, form: PolicyForm, *, status: int) -> HttpResponse:
        """What others changed meanwhile, and this edit on top of it: saving again is then right."""
        preset, scope = form.cleaned_data["preset"], self.level.own.scope
        self.level = level(scope, actor=self.visit.actor)
        newest = self.level.own
        with tenant(self.visit.partner.pk):
            base = version_of(self.visit.partner.pk, scope, form.cleaned_data["based_on"])
        document = rebased(base=base.document or {}, wanted=form.document, newest=newest.document or {})
        chosen = preset if preset != (base.preset or "") else newest.preset
        wanted = self.level.proposed(preset=chosen or None, document=document)
        moved = change_rows(self._explained(self.level.with_(base)), self._explained(self.level.resolved))
        return self._page(self._filled(wanted), self.level.with_(wanted), wanted, moved=moved, status=status)

    def _proposal(self, form: PolicyForm) -> Proposal | None:
        """What the form would do; None where something in it is wrong, which then stands at its field."""
        if not form.is_valid():
            return None
        preset = form.cleaned_data["preset"] or None
        try:
            return preview_policy(self.level.own.scope, preset=preset, document=form.document, actor=self.visit.actor)
        except InvalidPolicy as error:
            words = _("Counted from the first attempt, each day is greater than the one before.")
            name = name_of(error.field or "")
            form.add_error(name if name in form.fields else None, words if name in form.fields else error.message)
            return None

    def _find(self, address: Mapping[str, str]) -> None:
        word, prefix = self.names
        partner = self.visit.partner
        scope = Scope(self.kind, parse(prefix, address[word]) if word else partner.pk)
        self.level = level(scope, actor=self.visit.actor)
        with tenant(partner.pk):
            self.place = place_of(partner, scope, now=self.visit.now)

    def _wanted(self, request: HttpRequest) -> Stored:
        """The version that the form is filled with: the one that counts, an old one, or on another preset."""
        own = self.level.own
        if (number := request.GET.get("version", "")).isdecimal() and len(number) < 9:
            with tenant(self.visit.partner.pk):
                return version_of(self.visit.partner.pk, own.scope, int(number))
        if self.kind is ScopeKind.PARTNER and (name := request.GET.get("preset", "")):
            return self.level.proposed(preset=preset_named(name), document=own.document or {})
        return own

    def _filled(self, wanted: Stored) -> PolicyForm:
        return PolicyForm.showing(
            self.level.with_(wanted),
            own=wanted.document or {},
            based_on=self.level.own.version,
            preset=wanted.preset or "",
        )

    def _explained(self, resolved: ResolvedPolicy) -> Explanation:
        return explain(resolved, self.place.example)

    def _page(
        self,
        form: PolicyForm,
        shown: ResolvedPolicy,
        wanted: Stored,
        *,
        moved: list[dict[str, str]] | None = None,
        status: int = 200,
    ) -> HttpResponse:
        partner, own = self.visit.partner, wanted.document or {}
        without = self.level.with_(Stored(wanted.scope, wanted.version, wanted.preset))
        with tenant(partner.pk):
            past = past_lines(past_of(partner.pk, wanted.scope, limit=VERSIONS), now=self.level.own.version)
        proposal = Proposal(self.level.resolved, shown, wanted)
        context = {
            "section": self.place.section,
            "place": self.place,
            "tabs": settings_tabs(partner.slug, "settings-policy") if self.kind is ScopeKind.PARTNER else [],
            "form": form,
            "groups": groups(form, shown=self._explained(shown), without=self._explained(without), own=own),
            "presets": self._presets(wanted),
            "can_edit": may(self.visit.actor, Permission.MANAGE_SETTINGS),
            "past": past,
            "moved": moved or [],
            "is_other": wanted.version != self.level.own.version,
            **self._preview(form, proposal if not form.errors else None),
        }
        return self.page_in_scope("panel/policy/page.html", context, status=status)

    def _presets(self, wanted: Stored) -> list[dict[str, Any]]:
        if self.kind is not ScopeKind.PARTNER:
            return []
        current = wanted.preset or Preset.STANDARD
        return [
            {"name": one.value, "text": text, "note": note, "current": one is current}
            for one, (text, note) in PRESETS.items()
        ]

    def _preview(self, form: PolicyForm, proposal: Proposal | None) -> dict[str, Any]:
        """What the form would change, and the policy explained as it would be."""
        if proposal is None:
            errors = [(form.fields[name].label, found[0]) for name, found in form.errors.items() if name != "__all__"]
            return {"errors": errors, "others": form.non_field_errors(), "explained": None}
        before, after = self._explained(proposal.before), self._explained(proposal.after)
        changed = changed_keys(self.level.own.document or {}, proposal.stored.document or {})
        return {
            "errors": [],
            "changes": change_rows(before, after),
            "idle": idle_keys(changed),
            "explained": explained(after),
        }


class PlanPolicyPage(PolicyPage):
    kind = ScopeKind.PLAN
    names = ("plan", "plan")


class CustomerPolicyPage(PolicyPage):
    kind = ScopeKind.CUSTOMER
    names = ("customer", "cus")


class SubscriptionPolicyPage(PolicyPage):
    kind = ScopeKind.SUBSCRIPTION
    names = ("subscription", "sub")
