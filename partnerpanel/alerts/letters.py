"""The mail to one of the partner's people."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from notifications.envelope import header_id
from partnerpanel.alerts.sections import Section
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.queries import Colleague


def mail_to(
    person: Colleague, partner: Partner, sections: Sequence[Section], *, just_now: int, mail_id: UUID
) -> EmailMultiAlternatives:
    """In the language in force. `just_now` of what it tells happened since the last mail."""
    values = {
        "partner": partner.name,
        "sections": sections,
        "choices_url": f"{settings.PUBLIC_URL}{reverse('settings-alerts', args=[partner.slug])}",
        "language": get_language(),
    }
    mail = EmailMultiAlternatives(
        subject=_subject(partner, sections, just_now),
        body=render_to_string("mail/alerts.txt", values),
        to=[person.email],
        headers={"Message-ID": header_id(mail_id), "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(render_to_string("mail/alerts.html", values), "text/html")
    return mail


def _subject(partner: Partner, sections: Sequence[Section], just_now: int) -> str:
    name = " ".join(partner.name.split())
    if just_now == 1:
        return f"{name}: {sections[0].lines[0]}"
    if just_now:
        said = ngettext("%(n)s thing happened", "%(n)s things happened", just_now) % {"n": just_now}
        return f"{name}: {said}"
    return _("%(partner)s: what needs doing") % {"partner": name}
