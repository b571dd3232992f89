"""A logo is drawn anew: whatever was uploaded, what is kept is a small PNG and nothing else of the file."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from partnerpanel.brand.pictures import MOST_KEPT, picture_of
from partnerpanel.brand.rules.checks import InvalidBrand
from tests.brand.pictures import HOSTILE, SCRIPT, jpeg_with_a_place, noise, png


def test_a_picture_keeps_its_shape_and_fits() -> None:
    assert (picture_of(png(300, 120)).width, picture_of(png(300, 120)).height) == (300, 120)
    large = picture_of(png(3000, 600))
    assert (large.width, large.height) == (600, 120)


def test_a_photograph_is_turned_upright_and_says_no_more_where_it_was_taken() -> None:
    made = picture_of(jpeg_with_a_place())
    assert (made.width, made.height) == (100, 200)
    assert b"Ada Lovelace" not in made.content
    assert not Image.open(io.BytesIO(made.content)).getexif()


def test_what_was_hidden_behind_a_picture_is_gone() -> None:
    made = picture_of(png() + SCRIPT)
    assert b"script" not in made.content
    assert Image.open(io.BytesIO(made.content)).format == "PNG"


def test_a_picture_that_packs_badly_is_made_smaller() -> None:
    assert len(picture_of(noise(900, 360)).content) <= MOST_KEPT


@pytest.mark.parametrize("upload", HOSTILE.values(), ids=HOSTILE.keys())
def test_anything_else_is_refused_by_name(upload: bytes) -> None:
    with pytest.raises(InvalidBrand) as refusal:
        picture_of(upload)
    assert refusal.value.field == "logo"
    assert refusal.value.details["reason"].startswith("logo_")
