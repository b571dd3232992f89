"""Which mails of marketing a customer wants: on a page of its own, and by the link of a mail without signing in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_exempt

from notifications.marketing.links import message_of
from partnerpanel.actions import marketing
from partnerpanel.actions.marketing import Answer, Topic
from partnerpanel.portal.page import PortalView, PublicView
from partnerpanel.portal.words import TOPICS

ONE_CLICK = "One-Click"


class Mails(PortalView):
    """The account's choice, topic by topic."""

    http_method_names = ["get", "head", "post"]
    section = "account"

    def get(self, request: HttpRequest) -> HttpResponse:
        found = marketing.chosen(self.visit.customer_id, actor=self.visit.actor)
        topics = [(topic.value, *TOPICS[topic], found.answers[topic] is not Answer.NO) for topic in Topic]
        return self.page("mails", {"topics": topics, "changed_at": found.changed_at})

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = request.POST.getlist("topic")
        answers = {topic: Answer.YES if topic.value in wanted else Answer.NO for topic in Topic}
        marketing.choose(self.visit.customer_id, answers, actor=self.visit.actor, now=self.now)
        return self.go("portal-mails", said="mails-kept")


# Exempt: the signed link is the right to unsubscribe, and mail programs post without a page or a cookie.
@method_decorator(csrf_exempt, name="dispatch")
class Unsubscribe(PublicView):
    """GET asks and changes nothing, so a scanner may follow the link; POST unsubscribes, by a mail program (RFC 8058)
    or by the page. An address that was not made here is the same page for everybody."""

    http_method_names = ["get", "head", "post"]

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        message_of(token)
        return self.page("unsubscribe", self._choices())

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        asked = request.POST.get("topic", "")
        topic = Topic(asked) if asked in set(Topic) else None
        at_once = request.POST.get("List-Unsubscribe") == ONE_CLICK
        marketing.unsubscribe_by_link(self.partner.pk, token, topic=topic, at_once=at_once, now=self.now)
        return self.page("unsubscribe", {"is_done": True, "only": TOPICS[topic][0] if topic else ""})

    @staticmethod
    def _choices() -> dict[str, Any]:
        return {"is_done": False, "topics": [(topic.value, TOPICS[topic][0]) for topic in Topic]}
