"""Settings › Messages: the texts of mails, and the editor of one of them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.owned.queries import TextLine, changed_texts, further_texts, text_in_use, versions_of
from notifications.owned.rules.texts import allowed_in
from notifications.rules.languages import LANGUAGES
from notifications.sheets import look_in_use, preview_of
from partnerpanel.actions import templates
from partnerpanel.actions.permission import Permission, permit
from partnerpanel.events.queries import of_object
from partnerpanel.kernel.errors import DomainError, NotFound
from partnerpanel.kernel.ids import parse
from partnerpanel.panel.catalogue_words import history
from partnerpanel.panel.listing import language_name
from partnerpanel.panel.mail_frames import around
from partnerpanel.panel.marketing_words import TOPICS
from partnerpanel.panel.page import PanelView
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.settings_tabs import settings_tabs
from partnerpanel.panel.template_forms import TextForm
from partnerpanel.panel.template_words import VALUES, text_groups, text_label
from partnerpanel.tenancy.scope import tenant

VERSIONS = 20


class TemplateSettings(PanelView):
    """All texts: the product's by what they are about, and the partner's further ones."""

    http_method_names = ["get", "head"]

    def get(self, request: HttpRequest) -> HttpResponse:
        partner = self.visit.partner
        changed, further = changed_texts(partner.pk), further_texts(partner.pk, archived=True)
        own: dict[str, dict[str, Any]] = {}
        for one in further:
            row = own.setdefault(one.name, {"line": one, "kind": TOPICS.get(one.topic, ""), "languages": []})
            row["languages"].append((one.language, language_name(one.language)))
        context = {
            "section": "settings",
            "tabs": settings_tabs(partner.slug, "settings-messages"),
            "own": list(own.values()),
            "groups": [(title, [self._row(name, changed) for name in names]) for title, names in text_groups()],
        }
        return self.page("panel/templates/list.html", context)

    @staticmethod
    def _row(name: str, changed: set[tuple[str, str]]) -> dict[str, Any]:
        languages = [(one, language_name(one), (name, one) in changed) for one in LANGUAGES]
        return {"name": name, "label": text_label(name), "languages": languages}


class TemplatePage(PanelView):
    """One text in one language. `?version=` fills the editor with an earlier one; saving makes it count.

    A POST with `preview` answers with the preview alone, one with `test` sends the text as it stands there to whoever
    asks, and any other saves.
    """

    http_method_names = ["get", "head", "post"]
    reads_in_scope = False

    def get(self, request: HttpRequest, text: str, language: str) -> HttpResponse:
        line = self._line(text, language)
        subject, body = self._wanted(line, request.GET)
        data = {"subject": subject, "body": body, "version": line.version, "customer": request.GET.get("customer", "")}
        return self._page(line, TextForm(initial=data), data)

    def post(self, request: HttpRequest, text: str, language: str) -> HttpResponse:
        line = self._line(text, language)
        form = TextForm(request.POST)
        if "preview" in request.GET:
            return self.page_in_scope("panel/templates/preview.html", self._preview(line, request.POST.dict()))
        permit(self.visit.actor, Permission.MANAGE_SETTINGS)
        if not form.is_valid():
            return self._page(line, form, request.POST.dict(), status=422)
        try:
            said = self._test(line, form) if "test" in request.POST else self._save(line, form)
        except NotFound:
            raise
        except DomainError as error:
            form.add_error(error.field if error.field in ("subject", "body") else None, refusal_of(error))
            return self._page(line, form, request.POST.dict(), status=error.status)
        if "test" in request.POST:
            return self._page(line, form, request.POST.dict(), said=said)
        messages.success(request, said)
        return redirect("message-text", self.visit.partner.slug, text, language)

    def _save(self, line: TextLine, form: TextForm) -> str:
        data = form.cleaned_data
        templates.save_text(
            line.name,
            line.language,
            subject=data["subject"],
            body=data["body"],
            version=data["version"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("The text is saved. It is used from the next mail on.")

    def _test(self, line: TextLine, form: TextForm) -> str:
        user: Any = self.request.user
        templates.send_test(
            line.name,
            line.language,
            subject=form.cleaned_data["subject"],
            body=form.cleaned_data["body"],
            to_name=str(user),
            to=user.email,
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("A test is sent to %(address)s.") % {"address": user.email}

    def _line(self, text: str, language: str) -> TextLine:
        with tenant(self.visit.partner.pk):
            return text_in_use(self.visit.partner.pk, text, language)

    def _wanted(self, line: TextLine, asked: QueryDict) -> tuple[str, str]:
        number = asked.get("version", "")
        if line.id is None or not (number.isdecimal() and len(number) < 9):
            return line.subject, line.body
        with tenant(self.visit.partner.pk):
            past = versions_of(self.visit.partner.pk, line.id, limit=VERSIONS)
        found = next((one for one in past if one.number == int(number) and not one.is_default), None)
        return (found.subject, found.body) if found else (line.subject, line.body)

    def _preview(self, line: TextLine, data: dict[str, Any]) -> dict[str, Any]:
        """What the mail would look like, or what is wrong with the text."""
        wanted = str(data.get("customer", "")).strip()
        try:
            customer = parse("cus", wanted) if wanted else None
        except NotFound:
            return {"wrong": _("There is no such customer.")}
        try:
            found = templates.preview_text(
                line.name,
                line.language,
                subject=str(data.get("subject", "")),
                body=str(data.get("body", "")),
                customer_id=customer,
                actor=self.visit.actor,
                now=self.visit.now,
            )
        except DomainError as error:
            return {"wrong": refusal_of(error)}
        return {
            "letter": found.letter,
            "mail": preview_of(found.letter),
            "is_real": found.is_real,
            "left_out": [(name, VALUES.get(name, "")) for name in found.left_out],
        }

    def _page(
        self, line: TextLine, form: TextForm, data: dict[str, Any], *, said: str = "", status: int = 200
    ) -> HttpResponse:
        partner = self.visit.partner
        with tenant(partner.pk):
            past = versions_of(partner.pk, line.id, limit=VERSIONS) if line.id else []
            events = history(of_object(partner.pk, "template", line.id, limit=VERSIONS)) if line.id else []
        context = {
            "section": "settings",
            "crumbs": [{"text": _("Messages"), "url": reverse("settings-messages", args=[partner.slug])}],
            "line": line,
            "title": line.title or text_label(line.name),
            "languages": [_language(partner.slug, line, one) for one in LANGUAGES],
            "form": form,
            "said": said,
            "values": [(name, VALUES.get(name, "")) for name in sorted(allowed_in(line.name))],
            "versions": [one for one in past if one.number != line.version],
            "events": events,
            **self._preview(line, data),
        }
        with tenant(partner.pk):
            look = look_in_use(partner.pk)
        return around(self.page_in_scope("panel/templates/text.html", context, status=status), look)


def _language(slug: str, line: TextLine, language: str) -> dict[str, Any]:
    url = reverse("message-text", args=[slug, line.name, language])
    return {"text": language_name(language), "url": url, "current": language == line.language}


def text_url(slug: str, line: TextLine) -> str:
    return reverse("message-text", args=[slug, line.name, line.language])


def text_of(partner_id: UUID, text: str, language: str) -> TextLine:
    """In a scope of its own. Raises NotFound."""
    with tenant(partner_id):
        return text_in_use(partner_id, text, language)
