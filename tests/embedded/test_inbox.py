"""Caught mail: taken over SMTP, listed newest first, and shown so that it can do nothing."""

import smtplib
from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from partnerpanel.embedded import inbox
from partnerpanel.embedded.ports import LOOPBACK, answers, free_port
from partnerpanel.embedded.processes import Children
from partnerpanel.embedded.smtp import start_catcher
from partnerpanel.embedded.state import State


@pytest.fixture(scope="module")
def caught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two mails in it, the second with an HTML part."""
    state = State(tmp_path_factory.mktemp("state"))
    children, port = Children(state), free_port()
    catcher = start_catcher(children, port=port, inbox=state.inbox)
    children.wait_until(lambda: answers(port), catcher, seconds=20)
    with smtplib.SMTP(LOOPBACK, port) as server:
        server.send_message(_mail("Your account is suspended"))
        server.send_message(_mail("Zurück im Geschäft", html="<p>Willkommen <script>alert(1)</script></p>"))
    children.stop()
    return state.inbox


@pytest.fixture
def browser(caught: Path, settings: Settings) -> Client:
    settings.INBOX_DIRECTORY = caught
    return Client()


def test_the_newest_mail_comes_first(caught: Path) -> None:
    newest, oldest = inbox.newest(caught)
    assert newest.subject == "Zurück im Geschäft"
    assert newest.caught_at > oldest.caught_at
    assert (oldest.sender, oldest.receivers, oldest.text.strip()) == ("us@example.com", "ada@example.com", "Hello Ada")


def test_a_name_is_no_path(caught: Path) -> None:
    (caught.parent / "secret.eml").write_text("Subject: not yours\n\n")
    assert inbox.find(caught, "../secret") is None
    assert inbox.find(caught, "secret") is None


@pytest.mark.django_db
def test_the_page_lists_what_was_caught(browser: Client) -> None:
    page = browser.get("/inbox/")
    assert page.status_code == 200
    text = page.content.decode()
    assert text.index("Zurück im Geschäft") < text.index("Your account is suspended")


@pytest.mark.django_db
def test_a_mail_shows_its_text_and_frames_its_html(browser: Client, caught: Path) -> None:
    newest, _ = inbox.newest(caught)
    page = browser.get(f"/inbox/{newest.name}/").content.decode()
    assert "Hello Ada" in page
    assert "alert(1)" not in page
    assert f'<iframe class="mail-frame" sandbox title="HTML" src="/inbox/{newest.name}/html/"' in page


def test_nothing_in_a_mail_runs(browser: Client, caught: Path) -> None:
    newest, _ = inbox.newest(caught)
    response = browser.get(f"/inbox/{newest.name}/html/")
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert policy.endswith("sandbox")
    assert "script-src" not in policy


def test_a_mail_loads_nothing_but_logos_of_here(browser: Client, caught: Path, settings: Settings) -> None:
    newest, _ = inbox.newest(caught)
    policy = browser.get(f"/inbox/{newest.name}/html/")["Content-Security-Policy"]
    [images] = [one.strip() for one in policy.split(";") if one.strip().startswith("img-src")]
    assert images == f"img-src data: {settings.PUBLIC_URL}/brand/"


def test_a_mail_that_nobody_caught_is_not_found(browser: Client) -> None:
    assert browser.get("/inbox/1700000000000000000-00000000/html/").status_code == 404


def _mail(subject: str, html: str = "") -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, "us@example.com", "ada@example.com"
    mail.set_content("Hello Ada")
    if html:
        mail.add_alternative(html, subtype="html")
    return mail
