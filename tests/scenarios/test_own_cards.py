"""One subscription is charged to a card of its own; where that goes, to the customer's default again."""

from __future__ import annotations

from uuid import UUID

import pytest

from billing.models import PaymentAttempt
from billing.services.cards import add_card, plan_removal, remove_card, use_card, use_card_for
from partnerpanel.events.models import Event
from partnerpanel.kernel.errors import NotFound
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Subscription
from tests.scenarios.story import CARDS, Story


def kept(story: Story, card: str) -> UUID:
    """Beside the default."""
    return add_card(story.customer, gateway="sandbox", ref=CARDS[card], actor=story.world.system, now=story.now)


def chooses(story: Story, card: UUID | None) -> int:
    made = use_card_for(story.subscription, card, actor=story.world.system, now=story.now)
    story.catches_up()
    return made


def charged(story: Story) -> list[str]:
    """The cards of all attempts, oldest first."""
    with tenant(story.twin.pk):
        rows = PaymentAttempt.objects.for_partner(story.twin.pk).order_by("made_at", "pk")
        return [row.method_ref.removeprefix("sandbox_") for row in rows]


@pytest.fixture
def bought(story: Story) -> Story:
    """Paid until the end of February; the default card is one whose charges are declined."""
    return story.on("2026-01-31").starts(card="declines", paid_elsewhere=True)


def test_the_chosen_card_is_charged_and_the_others_of_the_customer_are_not(bought: Story) -> None:
    other = bought.world.subscription(customer=bought.customer, started_at=bought.now, paid_elsewhere=True)
    assert chooses(bought, kept(bought, "ok")) == 0
    bought.on("2026-02-28").expects(collection="current", until="2026-03-31", charged="30.00 EUR")
    assert sorted(charged(bought)) == ["ok", "soft_decline"]
    assert bought.world.read_subscription(other).collection == "retrying"
    with tenant(bought.twin.pk):
        event = Event.objects.for_partner(bought.twin.pk).get(kind="subscription.card_chosen")
    assert event.object_id == bought.subscription


def test_a_card_that_is_removed_leaves_it_to_the_default_again(bought: Story) -> None:
    card = kept(bought, "ok")
    chooses(bought, card)
    with tenant(bought.twin.pk):
        removal = plan_removal(bought.twin.pk, card, now=bought.now)
    assert removal.heir is not None
    assert removal.heir.gateway_ref == CARDS["declines"]
    remove_card(card, actor=bought.world.system, now=bought.now)
    bought.on("2026-02-28").expects(collection="retrying")
    assert charged(bought) == ["soft_decline"]


def test_what_is_open_is_charged_to_the_chosen_card_at_once_and_once(bought: Story) -> None:
    bought.on("2026-02-28").expects(collection="retrying")
    card = kept(bought, "ok")
    assert chooses(bought, card) == 1
    bought.expects(collection="current", charged="30.00 EUR")
    assert chooses(bought, card) == 0
    assert charged(bought) == ["soft_decline", "ok"]


def test_a_card_that_replaces_pays_what_is_open_whatever_was_chosen_for_it(story: Story) -> None:
    story.on("2026-01-31").starts(card="ok", paid_elsewhere=True)
    chooses(story, kept(story, "declines"))
    story.on("2026-02-28").expects(collection="retrying")
    story.replaces_card("declines later")
    assert charged(story) == ["soft_decline", "declines_on_renewal"]
    story.expects(collection="current", charged="30.00 EUR")
    assert story.row().card_id is None


def test_another_default_leaves_alone_what_has_a_card_of_its_own_and_owes_nothing(story: Story) -> None:
    story.on("2026-01-31").starts(card="ok", paid_elsewhere=True)
    own = kept(story, "answer lost")
    chooses(story, own)
    use_card(kept(story, "declines"), actor=story.world.system, now=story.now)
    story.on("2026-02-28")
    assert charged(story) == ["answer_lost"]


def test_choosing_the_default_or_none_follows_the_default(bought: Story) -> None:
    own = kept(bought, "ok")
    chooses(bought, own)
    chooses(bought, None)
    use_card(own, actor=bought.world.system, now=bought.now)
    chooses(bought, own)
    assert bought.row().card_id is None
    bought.on("2026-02-28")
    assert charged(bought) == ["ok"]


def test_nobody_is_charged_with_another_customers_card(bought: Story) -> None:
    stranger = bought.world.customer()
    card = add_card(stranger, gateway="sandbox", ref=CARDS["ok"], actor=bought.world.system, now=bought.now)
    with pytest.raises(NotFound):
        chooses(bought, card)
    with tenant(bought.twin.pk):
        Subscription.objects.for_partner(bought.twin.pk).update(card_id=card)
    bought.on("2026-02-28")
    assert charged(bought) == ["soft_decline"]
