"""What attackers write into texts, and are called, stands in preview and mail as text: it does and loads nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from uuid import uuid4

import pytest
from django.core.mail import get_connection
from playwright.sync_api import Dialog, Page, Request, expect

from notifications.envelope import as_mail
from notifications.letters import Letter
from notifications.looks import Look
from notifications.owned.rules.texts import OWN, checked_text
from notifications.rules.template import Template
from partnerpanel.kernel.errors import DomainError
from tests.browser import no_complaints, preview
from tests.panel.conftest import Visit
from tests.people import make_team
from tests.rules.payloads import IN_TEXTS, IN_VALUES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LOOK = Look("<b>Northwind</b>", True, "#0f766e", "#378d86", "", ('"><script>alert(1)</script>', "https://a.example"))
# Whatever could act by itself, or bring something in.
ACTS = "script, img, svg, iframe, object, embed, form, input, link, video, audio, base, [style], [hx-get], [onclick]"
TYPE = """(field, text) => {
  field.value = text;
  field.dispatchEvent(new Event('change', { bubbles: true }));
}"""


def together() -> Iterator[str]:
    """Those that are taken, many to a text, since each has a paragraph of its own."""
    text = ""
    for payload in IN_TEXTS:
        try:
            checked_text(OWN, "S", payload)
            longer = f"{text}\n\n{payload}"
            checked_text(OWN, "S", longer)
        except DomainError:
            continue
        if len(longer) > 1500:
            yield longer
            longer = ""
        text = longer
    yield text


@contextmanager
def nothing_happens(page: Page) -> Iterator[None]:
    """No dialog opens, and nothing is asked for that is not the panel's own."""
    own = page.url.partition("/panel/")[0]
    happened: list[str] = []

    def opened(dialog: Dialog) -> None:
        happened.append(dialog.message)
        dialog.dismiss()

    def asked(request: Request) -> None:
        if not request.url.startswith(own):
            happened.append(request.url)

    page.on("dialog", opened)
    page.on("request", asked)
    yield
    assert happened == []


def mail_of(template: Template, name: str) -> str:
    letter = Letter(
        customer_id=uuid4(), look=LOOK, reply_to="help@northwind.example", to_name="Anna", to_address="a@example.com",
        language="en", text=template.render({"customer.name": name}), topic="offers", slug="northwind",
    )  # fmt: skip
    html = as_mail(letter, message_id=uuid4(), connection=get_connection()).alternatives[0][0]
    assert isinstance(html, str)
    return html


def test_a_hundred_payloads_are_inert_in_the_preview(visit: Visit) -> None:
    team = make_team("eastwind")
    page = visit(f"/panel/{team.partner.slug}/settings/messages/subscription_cancelled/en/", user=team.owner.user)
    shown, field = page.locator("#text-preview"), page.get_by_role("textbox", name="Text", exact=True)
    mail, texts = shown.frame_locator(".mail-frame"), list(together())
    assert len(texts) > 2
    with no_complaints(page), nothing_happens(page):
        for text in texts:
            preview(page, partial(field.evaluate, TYPE, text))
            expect(shown.get_by_role("article"), text).to_have_count(1)
            expect(mail.locator(".letter")).to_be_visible()
            assert mail.locator("body").locator(ACTS).count() == 0


def test_a_hundred_payloads_are_inert_in_the_mail(visit: Visit) -> None:
    page = visit("/accounts/login/").context.new_page()
    greeting = checked_text(OWN, "S", "Hello {{ customer.name }},\n\n**{{ customer.name }}**")
    mails = [mail_of(checked_text(OWN, "S", text), "Anna") for text in together()]
    mails += [mail_of(greeting, name) for name in IN_VALUES]
    assert len(mails) > 100
    with no_complaints(page), nothing_happens(page):
        for html in mails:
            page.set_content(html)
            assert page.locator(ACTS).count() == 0, html
            leads = page.locator("a").evaluate_all("all => all.map((one) => one.getAttribute('href'))")
            assert all(href is None or href.startswith(("http", "mailto:")) for href in leads), leads
