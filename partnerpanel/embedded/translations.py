"""Texts to translate: `collect` them into the catalogues, `compile` those, `check` that nothing is left out.

Done with Babel alone, so neither a developer nor a fresh machine needs the gettext programs.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALES = ROOT / "partnerpanel" / "locale"
SOURCES = ("partnerpanel", "customers", "subscriptions", "billing", "notifications", "templates")
SOURCE_LANGUAGE = "en"
LANGUAGES = ("de",)
# What the pages of the customers' portal say: their own words, those of the components and states that they show, and
# how amounts came about, which the panel says, too.
PORTAL = (
    "billing/line_words.py",
    "billing/queries/explain.py",
    "billing/tax/wording.py",
    "billing/wording.py",
    "partnerpanel/actions/portal_access.py",
    "partnerpanel/panel/statuses.py",
    "partnerpanel/panel/templatetags/intervals.py",
    "partnerpanel/policy/banner_words.py",
    "partnerpanel/portal/**/*.py",
    "templates/components/changes.html",
    "templates/components/field.html",
    "templates/components/page_header.html",
    "templates/components/quote.html",
    "templates/portal/*.html",
)
# Languages that have words for a frame alone: the texts of the files of these patterns, all of them and no others. What
# such a page says beyond its frame is English, and is marked so that it reads from left to right.
FRAMES: dict[str, tuple[str, ...]] = {
    "ar": (
        "billing/printing/sheet.py",
        "templates/base.html",
        "templates/components/why.html",
        "templates/panel/credit_notes/detail.html",
        "templates/panel/invoices/facts.html",
        "templates/panel/invoices/lines.html",
        "templates/panel/invoices/received.html",
        "templates/panel/nav.html",
        "templates/panel/shell.html",
        "templates/panel/sidebar.html",
        "templates/panel/user_menu.html",
        *PORTAL,
    ),
    "hi": PORTAL,
}
# How many leading arguments of each function are text; a pair (1, "c") is a context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}


def collected() -> Catalog:
    """All texts marked for translation in Python and templates."""
    if not settings.configured:
        settings.configure(USE_I18N=True)  # templatize asks for the template engine's syntax
    catalog = Catalog(project="PartnerPanel", charset="utf-8")
    for file in sorted(_files()):
        content = file.read_text()
        if file.suffix != ".py":
            content = _as_python(templatize(content, origin=str(file)))
        for line, text, comments, context in extract(
            "python", io.BytesIO(content.encode()), KEYWORDS, ["Translators:"]
        ):
            place = (str(file.relative_to(ROOT)), line)
            flags = ("python-format",) if "%(" in "".join(text) else ()
            catalog.add(text, locations=[place], auto_comments=comments, context=context, flags=flags)
    return catalog


def wanted(texts: Catalog, language: str) -> Catalog:
    """Those of the texts that the language has words for: all, or its frame's. Raises FileNotFoundError for a pattern
    of a frame that finds no file."""
    if language not in FRAMES:
        return texts
    files = {name: {str(path.relative_to(ROOT)) for path in ROOT.glob(name)} for name in FRAMES[language]}
    gone = [name for name, found in files.items() if not found]
    if gone:
        raise FileNotFoundError(f"the frame of {language} names {', '.join(gone)}")
    held = set().union(*files.values())
    frame = Catalog(project="PartnerPanel", charset="utf-8")
    for text in texts:
        places = [place for place in text.locations if place[0] in held]
        if text.id and places:
            frame.add(text.id, locations=places, context=text.context, flags=text.flags)
    return frame


def _files() -> Iterator[Path]:
    for source in SOURCES:
        for pattern in ("*.py", "*.html", "*.txt"):
            yield from (f for f in (ROOT / source).rglob(pattern) if "node_modules" not in f.parts)


def _as_python(blanked: str) -> str:
    """Without indentation, which means nothing in a template and something in Python."""
    return "\n".join(line.lstrip() for line in blanked.splitlines())


def collect() -> None:
    """Merge what the sources say into each catalogue. Texts that are gone leave it."""
    every = collected()
    for language in (*LANGUAGES, *FRAMES):
        path, texts = _path(language), wanted(every, language)
        catalog = _read(language) if path.exists() else Catalog(locale=language, project="PartnerPanel")
        catalog.update(texts, no_fuzzy_matching=True, update_creation_date=False)
        catalog.obsolete.clear()
        catalog.revision_date = datetime(2000, 1, 1, tzinfo=UTC)  # a date that changes says nothing
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalog, width=120, sort_by_file=True, include_lineno=False, omit_header=False)


def compile_all() -> None:
    """Write the files that Django reads, where the sources are newer."""
    for language in (*LANGUAGES, *FRAMES):
        source, target = _path(language), _path(language).with_suffix(".mo")
        if source.exists() and (not target.exists() or target.stat().st_mtime < source.stat().st_mtime):
            with target.open("wb") as file:
                write_mo(file, _read(language))


def problems() -> Iterator[str]:
    """One sentence for each text that a reader of another language would see in English, and for each in a frame's
    catalogue that is not of the frame."""
    every = collected()
    for language in (*LANGUAGES, *FRAMES):
        catalog, texts = _read(language), wanted(every, language)
        if language in FRAMES:
            beyond = (text for text in catalog if text.id and texts.get(text.id, text.context) is None)
            yield from (f"{language}: not of its frame: {text.id!r}; run `make messages`" for text in beyond)
        for text in texts:
            found = catalog.get(text.id, text.context) if text.id else None
            if not text.id:
                continue
            if found is None:
                yield f"{language}: not in the catalogue: {text.id!r} ({text.locations[0][0]}); run `make messages`"
            elif found.fuzzy or not _complete(found.string):
                yield f"{language}: not translated: {text.id!r} ({text.locations[0][0]})"
        yield from (f"{language}: {error} in {message.id!r}" for message, errors in catalog.check() for error in errors)


def _complete(translation: str | tuple[str, ...] | list[str] | None) -> bool:
    forms = [translation] if isinstance(translation, str) else translation
    return bool(forms) and all(forms or ())


def _read(language: str) -> Catalog:
    with _path(language).open("rb") as file:
        return read_po(file, locale=language)


def _path(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def main(verb: str) -> int:
    if verb == "collect":
        collect()
    elif verb == "compile":
        compile_all()
    else:
        found = list(problems())
        sys.stderr.write("".join(f"{line}\n" for line in found))
        return 1 if found else 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
