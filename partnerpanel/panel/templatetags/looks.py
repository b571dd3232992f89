"""The small marks that appear by the hundred on a page, rendered without a template of their own."""

from __future__ import annotations

from functools import cache
from zlib import crc32

from django.conf import settings
from django.http import HttpRequest
from django.template import Context, Library
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from partnerpanel.languages import spoken_marks
from partnerpanel.panel.statuses import look

register = Library()

THEMES = ("auto", "light", "dark")
_DECORATION = SafeString('aria-hidden="true"')
_TONES = ("blue", "violet", "green", "amber", "gray")


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """An icon of the sprite. Without a label it is decoration, and the text beside it speaks."""
    heard = format_html('role="img" aria-label="{}"', label) if label else _DECORATION
    classes = f"icon {css}".strip()
    return format_html('<svg class="{}" {}><use href="{}#{}"></use></svg>', classes, heard, _sprite(), name)


@cache
def _sprite() -> str:
    """The sprite's address, found once: a list has 300 icons."""
    return static("icons.svg")


@register.simple_tag
def badge(text: object, tone: str = "gray", name: str = "") -> SafeString:
    """A short word with a tone and, with `name`, an icon."""
    mark = icon(name) if name else ""
    return format_html('<span class="badge tone-{}">{}{}</span>', tone, mark, text)


@register.simple_tag
def status(code: str) -> SafeString:
    """The badge of a state by its code: word, icon and tone."""
    shown = look(code)
    return badge(shown.text, shown.tone, shown.icon)


@register.simple_tag
def spoken(sentence: object) -> SafeString:
    """The attributes of the element that holds this sentence: where the page's language has no words for it, it is
    English."""
    return spoken_marks(str(sentence))


@register.simple_tag
def panel_languages() -> list[tuple[str, str]]:
    """Those that pages outside of the portal can be read in: code and name."""
    return [(code, str(name)) for code, name in settings.LANGUAGES if code not in settings.PORTAL_LANGUAGES]


@register.filter
def initials(name: str) -> str:
    """“Anna Meyer-Lüdke” → “AM”; an address gives its first two letters."""
    words = [word for word in name.replace("@", " ").replace(".", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


@register.simple_tag
def avatar(name: str, css: str = "") -> SafeString:
    """Initials on a tone that stays the same for the same name; decoration beside the written name."""
    tone = _TONES[crc32(name.encode()) % len(_TONES)]
    classes = f"avatar tone-{tone} {css}".strip()
    return format_html('<span class="{}" aria-hidden="true">{}</span>', classes, initials(name))


_BROWSERS = (("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def browser(agent: str) -> str:
    """“Firefox · Linux” of a browser's long name for itself; that name, shortened, where it is none we know."""
    parts = [next((name for mark, name in known if mark in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(part for part in parts if part) or agent[:60]


@register.simple_tag(takes_context=True)
def theme(context: Context) -> str:
    """light, dark or auto, from the cookie that the toggle sets: rendered by the server, so no page flashes."""
    request = context.get("request")
    chosen = request.COOKIES.get("theme", "") if isinstance(request, HttpRequest) else ""
    return chosen if chosen in THEMES else "auto"
