"""Every mail is found again, its copy runs nothing, and the rules say why a customer did or did not get one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from notifications.marketing.rules.reasons import LeftOut
from notifications.models import Message
from notifications.rules.states import MessageState
from notifications.rules.why import Facts, Series, Verdict, Why, verdicts
from partnerpanel.actions import campaigns, door, marketing
from partnerpanel.actions.campaigns import Audience, CampaignDraft
from partnerpanel.actions.marketing import Answer, Topic, WantedRules
from partnerpanel.actions.suspend import Suspend
from partnerpanel.actions.verb import Target
from partnerpanel.kernel.ids import public
from partnerpanel.tenancy.scope import tenant
from subscriptions.rules.states import HoldKind
from tests.panel.scriptless import text
from tests.people import Person
from tests.world import NOW, World


def at(world: World, path: str) -> str:
    return f"/panel/{world.partner.slug}/{path}"


def campaign(person: Person, *customers: UUID) -> UUID:
    draft = CampaignDraft("Spring", "offers", Audience(customers), subject="Sale", body="<b>Half</b> price")
    return campaigns.create_campaign(draft, actor=person.actor, now=NOW)


def confirmed(world: World, person: Person, *customers: UUID, many: int) -> UUID:
    id_ = campaign(person, *customers)
    campaigns.confirm_campaign(id_, recipients=many, actor=person.actor, now=NOW)
    return id_


def sent(world: World) -> None:
    for queue in ("outbox", "campaigns", "mail"):
        world.drain(queue, now=NOW + timedelta(minutes=5))


def why(world: World, person: Person, customer: UUID, **asked: str) -> str:
    path = at(world, f"customers/{public('cus', customer)}/why-mail/")
    return text(person.client().get(path, asked)).partition("Answer")[2]


def test_the_log_is_narrowed_by_state_kind_customer_and_campaign(world: World, owner: Person) -> None:
    anna, bo = world.customer("Anna"), world.customer("Bo")
    door.commit(Suspend((Target(bo),), HoldKind.MANUAL, "unpaid"), quote=None, actor=owner.actor, now=NOW)
    id_ = confirmed(world, owner, anna, many=1)
    sent(world)
    client, log = owner.client(), at(world, "messages/")
    assert "Sale" in text(client.get(log))
    for asked, is_there in (
        ({"kind": "campaign"}, True),
        ({"campaign": public("cmp", id_)}, True),
        ({"customer": public("cus", anna)}, True),
        ({"state": "sent", "kind": "campaign"}, True),
        ({"state": "failed"}, False),
        ({"customer": public("cus", bo)}, False),
    ):
        assert ("Sale</a>" in client.get(log, asked).content.decode()) is is_there


def test_a_copy_runs_and_loads_nothing(world: World, owner: Person) -> None:
    confirmed(world, owner, world.customer("<script>Anna"), many=1)
    sent(world)
    with tenant(world.id):
        row = Message.objects.for_partner(world.id).get(kind="campaign")
    page = owner.client().get(at(world, f"messages/{public('msg', row.pk)}/"))
    assert 'sandbox=""' in page.content.decode()
    copy = owner.client().get(at(world, f"messages/{public('msg', row.pk)}/copy/"))
    policy = copy["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'sha256-")
    assert policy.endswith("'; img-src 'self'; frame-ancestors 'self'")
    assert "<script>Anna" not in copy.content.decode()
    assert 'class="letter"' in copy.content.decode(), "in the frame that mails go out in"
    assert "Receive no more of these mails" in copy.content.decode()


def test_the_answer_is_the_rules(world: World, owner: Person) -> None:
    anna, bo, cy = (world.customer(name) for name in ("Anna", "Bo", "Cy"))
    marketing.choose(bo, {Topic.OFFERS: Answer.NO}, actor=owner.actor, now=NOW)
    id_ = confirmed(world, owner, anna, bo, many=1)
    asked = {"campaign": public("cmp", id_)}
    assert "its turn has not come" in why(world, owner, anna, **asked)
    sent(world)
    assert "The newest was sent" in why(world, owner, anna, **asked)
    assert "The newest was not sent: The customer wants no mails of this kind." in why(world, owner, bo, **asked)
    assert "was not among those" in why(world, owner, cy, **asked)
    assert "was not confirmed" in why(world, owner, cy, campaign=public("cmp", campaign(owner, cy)))
    assert "The series that it belongs to has not begun" in why(world, owner, cy, kind="subscription_winback")
    assert "Nothing has happened yet" in why(world, owner, cy, kind="payment_received")
    assert "It would not be sent now" in why(world, owner, bo, kind="subscription_winback")
    marketing.set_marketing_rules(WantedRules(False, 0, 23, True, 9), actor=owner.actor, now=NOW)


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (Facts(None), [Why.NEVER]),
        (Facts(None, is_without_days=True), [Why.NEVER, Why.NO_DAYS]),
        (Facts(None, series=Series("", None)), [Why.NO_STEP]),
        (Facts(None, series=Series("waiting", NOW)), [Why.STEP_DUE]),
        (Facts(None, series=Series("stopped", NOW)), [Why.STEP_STOPPED]),
        (Facts(None, series=Series("waiting", NOW), quiet_until=NOW), [Why.STEP_DUE, Why.QUIET]),
        (Facts(None, left_out=LeftOut.NO_CONSENT, quiet_until=NOW), [Why.NEVER, Why.WOULD_BE_LEFT_OUT]),
        (Facts((MessageState.SENT, NOW, None, NOW)), [Why.SENT, Why.BOUNCED]),
        (Facts((MessageState.LEFT_OUT, NOW, LeftOut.BANNED, None), left_out=LeftOut.BANNED), [Why.LEFT_OUT]),
        (Facts(None, campaign="done"), [Why.NOT_CHOSEN]),
    ],
)
def test_what_is_known_becomes_the_sentences_that_hold(facts: Facts, said: list[Why]) -> None:
    assert [one.why for one in verdicts(facts)] == said


def test_an_answer_has_its_instant() -> None:
    facts: Any = Facts((MessageState.QUEUED, NOW, None, None))
    assert verdicts(facts) == [Verdict(Why.WAITING, NOW)]
