"""The portal speaks Hindi and Arabic, from the mail of the sign-in to the preview of a change; the panel does not."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.utils import translation

from billing.queries.invoice_list import invoices_of
from partnerpanel.kernel.ids import public
from partnerpanel.kernel.money import Money
from partnerpanel.kernel.period import Interval, Unit
from partnerpanel.languages import own_words, spoken, spoken_language, written_language
from partnerpanel.policy.rules.sentences import Sentence
from partnerpanel.policy.wording import sentence_text
from partnerpanel.portal.words import FORMATS
from partnerpanel.tenancy.scope import tenant
from subscriptions.models import Plan
from subscriptions.services.catalogue import create_plan
from tests.people import Team
from tests.portal.guests import Guest, deliver, guest
from tests.world import World

pytestmark = pytest.mark.django_db
HINDI, ARABIC = "hi", "ar"


@pytest.fixture(autouse=True)
def today(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody was here, and the pages' clock is the world's."""
    cache.clear()
    monkeypatch.setattr("partnerpanel.portal.page.business_now", lambda _partner: world.now)


@pytest.fixture
def owner(world: World) -> Guest:
    return guest(world, world.customer("Anna's Bakery", email="anna@bakery.example"))


@pytest.fixture
def subscription(world: World, owner: Guest) -> UUID:
    plan = world.plan("Basic", price="30.00")
    started_at = world.now - timedelta(days=10)
    return world.subscription(customer=owner.customer, plan_id=plan, started_at=started_at, paid_elsewhere=True)


def reading(client: Client, language: str) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


def read(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return str(answer.content.decode()).replace("\N{NO-BREAK SPACE}", " ")


def test_the_overview_is_hindi_with_its_dates_and_amounts(owner: Guest, subscription: UUID) -> None:
    text = read(reading(owner.client(), HINDI), owner.at)
    assert '<html lang="hi" dir="ltr"' in text
    for said in ("अवलोकन", "सेटअप जारी", "अगला भुगतान", "प्रति माह", "€30.00", "5 अप्रैल 2026"):
        assert said in text, said
    assert "Next payment" not in text


def test_the_overview_is_arabic_from_the_right(owner: Guest, subscription: UUID) -> None:
    text = read(reading(owner.client(), ARABIC), owner.at)
    assert '<html lang="ar" dir="rtl"' in text
    for said in ("نظرة عامة", "قيد الإعداد", "الدفعة القادمة", "شهريًا", "2026"):
        assert said in text, said
    assert "Apr 5, 2026" not in text
    assert "Next payment" not in text


@pytest.mark.parametrize(
    ("language", "due", "unused", "days"),
    [
        (HINDI, "अभी देय", "अप्रयुक्त समय: Basic, 15 मार्च 2026", "दिन"),
        (ARABIC, "المستحق الآن", "وقت غير مستخدم: Basic، ", "من الأيام"),
    ],
)
def test_a_preview_says_how_its_amounts_came_about(
    world: World, owner: Guest, subscription: UUID, language: str, due: str, unused: str, days: str
) -> None:
    with tenant(world.id):
        [held] = Plan.objects.for_partner(world.id)
        plus = create_plan(
            product_id=held.product_id,
            name="Plus",
            interval=Interval(Unit.MONTH),
            prices=[Money.parse("60.00", world.partner.currency)],
            rank=2,
            actor=world.system,
            now=world.now,
        )
    at = f"{owner.at}plan/{public('sub', subscription)}/change/?plan={public('plan', plus)}"
    text = read(reading(owner.client(), language), at)
    assert due in text
    assert f"<span>{unused}" in text
    why = re.findall(r'<span class="explain">([^<]+)</span>', text)
    assert any(days in one for one in why), why
    assert "Unused time" not in text


def test_the_mail_of_the_sign_in_is_in_the_language_of_the_page(world: World, owner: Guest) -> None:
    for language, subject, html in (
        (HINDI, "पर आपका साइन इन", '<html lang="hi">'),
        (ARABIC, "تسجيل دخولك لدى", '<html lang="ar" dir="rtl">'),
    ):
        reading(Client(), language).post(f"{owner.at}sign-in/", {"email": "anna@bakery.example"})
        deliver(world)
        letter = mail.outbox[-1]
        assert subject in letter.subject
        assert isinstance(letter, EmailMultiAlternatives)
        assert html in str(letter.alternatives[0][0])


def test_hindi_is_offered_by_the_portal_and_by_no_other_page(world: World, team: Team, owner: Guest) -> None:
    assert 'value="hi"' in read(reading(Client(), HINDI), f"{owner.at}sign-in/")
    text = read(reading(team.owner.client(), HINDI), f"/panel/{world.partner.slug}/customers/")
    assert '<html lang="en" dir="ltr"' in text
    assert 'value="ar"' in text
    assert 'value="hi"' not in text


@pytest.mark.parametrize(
    ("language", "line", "why"),
    [
        ("en", "Basic, ", "Basic, 1 × 30.00 for "),
        (HINDI, "Basic, ", "के लिए"),
        (ARABIC, "Basic، ", "Basic، 1 × 30.00 عن"),
    ],
)
def test_an_invoice_says_what_each_line_is_for_and_how_it_came_about(
    world: World, owner: Guest, subscription: UUID, language: str, line: str, why: str
) -> None:
    world.drain("subscriptions", "charges", now=world.now + timedelta(days=26))
    with tenant(world.id):
        [invoice] = invoices_of(world.id, owner.customer, limit=1)
    text = read(reading(owner.client(), language), f"{owner.at}invoices/{public('inv', invoice.id)}/")
    assert f"<div>{line}" in text
    assert why in text


def test_a_policy_s_banner_is_in_every_language() -> None:
    until = Sentence("banner.full", {"day": date(2026, 4, 9)}, ("grace.access",))
    with translation.override(HINDI):
        assert sentence_text(until, FORMATS) == "9 अप्रैल 2026 तक आपके पास पूरी पहुँच है।"
    with translation.override(ARABIC):
        assert sentence_text(until, FORMATS).startswith("لديك وصول كامل حتى ")


def test_a_sentence_without_words_in_the_page_s_language_stays_english_and_is_marked() -> None:
    with translation.override(HINDI):
        assert (spoken_language(), written_language()) == ("en", "en")
        with own_words():
            assert (spoken_language(), written_language()) == ("en", "hi")
        assert spoken("1 < 2") == '<span lang="en" dir="auto">1 &lt; 2</span>'
        assert spoken("कर") == "कर"
    with translation.override("de"), own_words():
        assert (spoken_language(), written_language()) == ("de", "de")
        assert spoken("1 < 2") == "1 < 2"
