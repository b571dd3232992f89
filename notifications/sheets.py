"""The HTML around a mail's words, one for what is sent, for its preview and for the copy that was kept."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from textwrap import shorten
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from notifications.letters import Letter
from notifications.looks import Look, look_of
from notifications.queries import MessageLine
from notifications.rules.kept import kept_html
from partnerpanel.brand.queries import partner_and_brand

# Of what is said, so much is shown beside the subject.
AHEAD = 110
# Where a link leads in a mail that is only looked at.
NOWHERE = "#"
_LINK_ALONE = re.compile(r'<p><a href="([^"]*)"([^>]*)>([^<]*)</a></p>')


def sheet_of(letter: Letter, *, leaving: str = "") -> str:
    """As it is sent; `leaving` is the address to unsubscribe, empty where there is none."""
    text = letter.text
    return _sheet(letter.look, letter.language, text.subject, text.html, text.paragraphs, leaving, is_shown=False)


def preview_of(letter: Letter) -> str:
    """The same to be looked at in a frame: no link of it leads out of there."""
    text, leaving = letter.text, NOWHERE if letter.topic else ""
    return _sheet(letter.look, letter.language, text.subject, text.html, text.paragraphs, leaving, is_shown=True)


def copy_of(partner_id: UUID, line: MessageLine) -> tuple[str, Look]:
    """What was kept of a message, as its mail looks by the brand of today; to be looked at, in the open scope."""
    look = look_in_use(partner_id)
    html, leaving = kept_html(line.body), NOWHERE if line.topic else ""
    paragraphs = line.body.split("\n\n")
    return _sheet(look, line.language or "en", line.subject, html, paragraphs, leaving, is_shown=True), look


def look_in_use(partner_id: UUID) -> Look:
    """By the brand of now, in the open scope."""
    partner, line = partner_and_brand(partner_id)
    return look_of(partner_id, line, name=partner.name)


def style_source(look: Look) -> str:
    """What a page says in its Content-Security-Policy to let a mail's style in, and no other."""
    return f"'sha256-{b64encode(sha256(_style(look.accent, look.accent_at_night).encode()).digest()).decode()}'"


def with_buttons(html: str) -> str:
    """A link that is a paragraph of its own is what the mail is about. What is given in was cleaned."""
    return _LINK_ALONE.sub(r'<p class="action"><a class="button" href="\1"\2>\3</a></p>', html)


def leaving_text(language: str) -> str:
    """What the link to unsubscribe is called in marketing, in the mail's language."""
    with translation.override(language):
        return gettext("Receive no more of these mails")


def _sheet(
    look: Look, language: str, subject: str, html: str, paragraphs: Sequence[str], leaving: str, *, is_shown: bool
) -> str:
    context = {
        "look": look,
        "style": _style(look.accent, look.accent_at_night),
        "language": language,
        "is_rtl": language.partition("-")[0] in settings.LANGUAGES_BIDI,
        "subject": subject,
        "ahead": _ahead(paragraphs),
        "body": with_buttons(html),
        "leaving": leaving,
        "leaving_text": leaving_text(language),
        "is_shown": is_shown,
    }
    return render_to_string("mail/frame.html", context)


@lru_cache(maxsize=200)
def _style(accent: str, accent_at_night: str) -> str:
    return render_to_string("mail/style.css", {"look": {"accent": accent, "accent_at_night": accent_at_night}})


def _ahead(paragraphs: Sequence[str]) -> str:
    """What lists of mails show beside the subject: the first thing that is said, instead of the greeting."""
    return shorten(next(iter(paragraphs[1:] or paragraphs), ""), AHEAD, placeholder="…")
