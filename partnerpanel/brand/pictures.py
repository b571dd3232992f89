"""A logo that somebody uploads, made into one that is safe to keep, to print and to show.

Nothing of the upload is kept: what it shows is drawn anew as PNG. So a file that is two things at once, holds a script
or says where it was taken comes out as the picture alone.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, field

from PIL import Image, ImageOps, UnidentifiedImageError

from partnerpanel.brand.rules.checks import InvalidBrand

# SVG is a program as much as a picture, and is not among them.
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
MOST_BYTES = 2_000_000
MOST_PIXELS = 25_000_000
MOST_KEPT = 120_000
BOXES = ((600, 240), (400, 160), (280, 112), (200, 80))
SMALLEST = 16


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG and its size in pixels."""

    content: bytes = field(repr=False)
    width: int
    height: int


def picture_of(upload: bytes) -> Picture:
    """The picture, no larger than a document needs. Raises InvalidBrand naming `logo`."""
    if len(upload) > MOST_BYTES:
        raise InvalidBrand("The file is too large; 2 MB at most.", field="logo", reason="logo_too_large")
    picture = _opened(upload)
    for box in BOXES:
        made = ImageOps.contain(picture, box) if picture.width > box[0] or picture.height > box[1] else picture
        content = io.BytesIO()
        made.save(content, "PNG", optimize=True)
        if content.tell() <= MOST_KEPT:
            break
    return Picture(content.getvalue(), made.width, made.height)


def _opened(upload: bytes) -> Image.Image:
    """Upright, in colours with transparency. The size is read before the pixels are."""
    try:
        with warnings.catch_warnings():
            # Pillow warns of a picture that is suspiciously large; its size is looked at here.
            warnings.simplefilter("ignore")
            opened = Image.open(io.BytesIO(upload), formats=FORMATS)
            if opened.width * opened.height > MOST_PIXELS:
                raise InvalidBrand("The picture has too many pixels.", field="logo", reason="logo_too_many_pixels")
            picture = ImageOps.exif_transpose(opened).convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, Image.DecompressionBombError) as error:
        raise InvalidBrand("This is no PNG, JPEG, WebP or GIF.", field="logo", reason="logo_unreadable") from error
    if min(picture.size) < SMALLEST:
        raise InvalidBrand("The picture is smaller than 16 pixels.", field="logo", reason="logo_too_small")
    return picture
