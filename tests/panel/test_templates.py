"""What holds for every template: nothing inline, only icons that exist, every text also in German."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template

from partnerpanel.embedded import translations
from partnerpanel.panel.statuses import LOOKS

ROOT: Path = settings.ROOT
ASSETS = ROOT / "partnerpanel" / "assets"
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
INLINE = re.compile(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]*\ssrc=)|javascript:|hx-on", re.IGNORECASE)
# A letter brings its style along, and like a page nothing that runs.
RUNS = re.compile(r"\son[a-z]+=|<script|javascript:|hx-on", re.IGNORECASE)
ICON = re.compile(r"""(?:icon\s+|icon=|icon\|default:)"([a-z][a-z0-9-]+)\"""")


def named(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_a_template_compiles_and_holds_nothing_inline(path: Path) -> None:
    refused = RUNS if named(path).startswith("mail/") else INLINE
    assert not refused.search(path.read_text()), "the content policy of the pages would block this"
    get_template(named(path))


def test_every_icon_that_a_page_names_is_in_the_sprite() -> None:
    built = set((ASSETS / "icons.txt").read_text().split())
    asked = {look.icon for look in LOOKS.values()}
    for path in TEMPLATES:
        asked |= set(ICON.findall(path.read_text()))
    assert asked - built == set()


def test_every_component_says_what_it_takes() -> None:
    for path in (ROOT / "templates" / "components").glob("*.html"):
        assert path.read_text().startswith(f"{{% comment %}}\n{path.stem}"), f"{path.name} has no list of parameters"


def test_every_text_is_also_german() -> None:
    assert list(translations.problems()) == []


def test_the_lock_file_names_no_registry() -> None:
    packages = json.loads((ASSETS / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in packages.items() if name)
