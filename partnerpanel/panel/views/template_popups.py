"""Popups of texts: a further one, its title, archive, and the product's text again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from notifications.owned.queries import TextLine
from partnerpanel.actions import templates
from partnerpanel.kernel.errors import NotFound
from partnerpanel.panel.gateway_forms import VersionForm
from partnerpanel.panel.template_forms import DescribeTextForm, NewTextForm
from partnerpanel.panel.views.settings_popup import SettingsPopup
from partnerpanel.panel.views.templates import text_of, text_url


class NewTextPopup(SettingsPopup):
    """A further text to write with."""

    def form(self, data: Any = None) -> Form:
        return NewTextForm(data)

    def preview(self) -> dict[str, Any]:
        return self.told(_("It can be chosen when you write to customers. Nobody gets it by itself."))

    def carry_out(self, form: Form) -> str:
        data = form.cleaned_data
        templates.create_text(
            title=data["title"],
            language=data["language"],
            subject=data["subject"],
            body=data["body"],
            topic=data["topic"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("The template is added.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Add a template"), "submit": _("Add template")}

    def back_url(self) -> str:
        return reverse("settings-messages", args=[self.visit.partner.slug])


class _OnText(SettingsPopup):
    line: TextLine
    id: UUID

    def prepare(self, address: Mapping[str, str]) -> None:
        self.line = text_of(self.visit.partner.pk, address["text"], address["language"])
        if self.line.id is None:
            raise NotFound(_("There is no such template."))
        self.id = self.line.id

    def form(self, data: Any = None) -> Form:
        return VersionForm(data, initial={"version": self.line.version})

    def back_url(self) -> str:
        return text_url(self.visit.partner.slug, self.line)


class DescribeTextPopup(_OnText):
    """Another title or kind of a further text."""

    def form(self, data: Any = None) -> Form:
        line = self.line
        initial = {"title": line.title, "topic": line.topic, "version": line.version}
        return DescribeTextForm(data, initial=initial)

    def preview(self) -> dict[str, Any]:
        return self.told(_("What is on its way already stays as it is."))

    def carry_out(self, form: Form) -> str:
        data = form.cleaned_data
        templates.describe_text(
            self.id,
            title=data["title"],
            topic=data["topic"],
            version=data["version"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("The template is saved.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Title and kind"), "submit": _("Save template")}


class ArchiveTextPopup(_OnText):
    """It is offered no longer; or again."""

    def preview(self) -> dict[str, Any]:
        if self.line.is_archived:
            return self.told(_("It can be chosen again when you write to customers."))
        return self.told(_("It cannot be chosen any more when you write to customers. Nothing is deleted."))

    def carry_out(self, form: Form) -> str:
        templates.describe_text(
            self.id,
            archived=not self.line.is_archived,
            version=form.cleaned_data["version"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("The template is back.") if self.line.is_archived else _("The template is archived.")

    def words(self) -> dict[str, Any]:
        if self.line.is_archived:
            return {"title": _("Bring the template back"), "submit": _("Yes, Restore")}
        return {"title": _("Archive the template"), "submit": _("Yes, Archive")}


class ResetTextPopup(_OnText):
    """The product's text again."""

    def preview(self) -> dict[str, Any]:
        return self.told(_("From the next mail on it is the text that comes with PartnerPanel. Yours stays below."))

    def carry_out(self, form: Form) -> str:
        version = form.cleaned_data["version"]
        templates.reset_text(self.id, version=version, actor=self.visit.actor, now=self.visit.now)
        return _("The text is as it comes again.")

    def words(self) -> dict[str, Any]:
        return {"title": _("Use the text that comes with PartnerPanel"), "submit": _("Yes, Reset")}
