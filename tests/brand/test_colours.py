"""Whatever colour a partner likes, what is written in it can be read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partnerpanel.brand.rules.colours import NIGHT, READABLE, WHITE, contrast, readable, text_on

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#336699", "#336699") == 1


@given(COLOURS, st.sampled_from([WHITE, NIGHT]))
def test_every_colour_has_a_shade_that_can_be_read(colour: str, ground: str) -> None:
    assert contrast(readable(colour, on=ground), ground) >= READABLE


@given(COLOURS)
def test_text_on_it_can_be_read(colour: str) -> None:
    assert contrast(text_on(colour), colour) >= READABLE


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert readable("#1f4f82", on=WHITE) == "#1f4f82"
    assert readable("#ffee00", on=WHITE) != "#ffee00"
    assert readable("#ffee00", on=NIGHT) == "#ffee00"
