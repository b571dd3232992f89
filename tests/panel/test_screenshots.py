"""The command that takes pictures signs in as the demo prints it."""

from __future__ import annotations

from partnerpanel.embedded.demo import people
from tests import screenshots
from tests.panel import pages


def test_it_knows_the_demos_people() -> None:
    assert screenshots.PASSWORD == people.PASSWORD
    assert people.OPERATOR[1] == screenshots.OPERATOR


def test_every_id_in_an_address_is_one_that_it_looks_for() -> None:
    found = pages.panel("northwind", dict.fromkeys(screenshots.FIRST, "x"))
    assert found.keys() == pages.PANEL.keys()
