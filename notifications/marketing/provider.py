"""What the installation's mail provider tells of mails that it took: checked and put into one form by anymail."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from anymail import urls as anymail_urls
from anymail.signals import EventType, RejectReason
from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

from notifications.marketing.services.feedback import Heard, heard
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.clocks import business_now
from partnerpanel.tenancy.queries import partner_at
from partnerpanel.tenancy.scope import tenant

# A mail that is refused for one of these says that its address takes none. A full mailbox, a block or a late answer
# says nothing about the next mail.
FOR_GOOD = frozenset({RejectReason.INVALID, RejectReason.BOUNCED, None})
TOLD = {
    EventType.DELIVERED: Heard.DELIVERED,
    EventType.COMPLAINED: Heard.COMPLAINED,
    EventType.UNSUBSCRIBED: Heard.UNSUBSCRIBED,
}


# Exempt: the provider proves itself by the secret, and by its signature where it has one.
@csrf_exempt
def mail_events(request: HttpRequest) -> HttpResponseBase:
    """`POST /webhooks/mail/`. There is no such page without a provider and a secret that it sends along."""
    provider = settings.MAIL_PROVIDER
    if not provider or not settings.ANYMAIL.get("WEBHOOK_SECRET"):
        raise Http404
    names = (f"{provider}_tracking_webhook", f"{provider}_webhook")
    view: Any = next(one.callback for one in anymail_urls.urlpatterns if one.name in names)
    answer: HttpResponseBase = view(request)
    return answer


def hear(event: Any, **_: Any) -> None:
    """Receiver of anymail's signal. A mail of nobody, or one that was not sent from here, is no error: the provider
    would only tell it again."""
    what, about = _what(event), event.metadata or {}
    if what is None:
        return
    try:
        partner, message_id = partner_at(str(about.get("partner", ""))), UUID(str(about.get("message", "")))
    except (NotFound, ValueError):
        return
    detail = event.mta_response or event.description or ""
    with tenant(partner.pk):
        heard(partner.pk, message_id, what, detail=str(detail), now=business_now(partner))


def _what(event: Any) -> Heard | None:
    if event.event_type in (EventType.BOUNCED, EventType.REJECTED):
        return Heard.BOUNCED if event.reject_reason in FOR_GOOD else Heard.RETURNED
    return TOLD.get(event.event_type)
