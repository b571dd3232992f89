"""Writing to one customer, or to several."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.owned.queries import further_texts
from partnerpanel.actions import door
from partnerpanel.actions.message import Message
from partnerpanel.actions.permission import Permission
from partnerpanel.actions.quote import Difference, Quote
from partnerpanel.actions.verb import Verb
from partnerpanel.kernel.errors import DomainError
from partnerpanel.panel.message_forms import MessageForm
from partnerpanel.panel.quote_view import shown
from partnerpanel.panel.refusals import refusal_of
from partnerpanel.panel.views.access import OnTarget
from partnerpanel.panel.views.bulk import BulkForm
from partnerpanel.tenancy.scope import tenant


class MessagePopup(OnTarget):
    """A mail to one customer, which is shown as it will be read."""

    permission = Permission.MESSAGE
    template = "panel/actions/message.html"
    part = "panel/actions/message_part.html"

    def form(self, data: Any = None, files: Any = None) -> Form:
        return MessageForm(data, templates=template_choices(self.visit.partner.pk))

    def verb(self, form: Form) -> Verb:
        return Message((self.target,), **form.cleaned_data)

    def draft(self, form: Form) -> Verb | None:
        """While something is wrong with the words there is nothing to show; what it is stands at its field."""
        if not form.is_bound or not form.is_valid():
            return None
        verb = Message((self.target,), **form.cleaned_data)
        with tenant(self.visit.partner.pk):
            try:
                verb.plan(partner_id=self.visit.partner.pk, now=self.visit.now, lock=False)
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, refusal_of(error))
                return None
        return verb

    def words(self) -> dict[str, Any]:
        return {
            "title": _("Write to %(name)s") % {"name": self.facts.name},
            "subtitle": _("In the customer’s language, where the template has it."),
            "submit": _("Yes, Send"),
        }

    def quote_view(self, quote: Quote, moved: tuple[Difference, ...]) -> dict[str, Any]:
        return shown(quote, moved=moved, summary=_("The customer gets this mail."))

    def undo_url(self, outcome: door.Outcome) -> str:
        """What is sent is sent."""
        return ""

    def said(self, outcome: door.Outcome) -> str:
        return _("The mail to %(name)s is on its way.") % {"name": self.facts.name}


class BulkMessage(BulkForm):
    title = gettext_lazy("Write to several customers")
    hint = gettext_lazy("Each gets a mail of its own, in its language where the template has it.")

    def form(self, data: QueryDict | None) -> Form:
        return MessageForm(data, templates=template_choices(self.visit.partner.pk))

    def verb(self, form: Form) -> Verb:
        return Message((), **form.cleaned_data)


def template_choices(partner_id: UUID) -> list[tuple[str, str]]:
    """The further texts that one can write with, by title."""
    with tenant(partner_id):
        return list({one.name: one.title for one in further_texts(partner_id)}.items())
