"""Shades of a colour that can be read, by the contrast of WCAG 2.2 (relative luminance, 4.5 : 1 for text)."""

from __future__ import annotations

READABLE = 4.5
WHITE, BLACK, NIGHT = "#ffffff", "#000000", "#17171c"
STEPS = 100


def contrast(one: str, other: str) -> float:
    """From 1 (equal) to 21 (black on white); colours are written `#rrggbb`."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def text_on(colour: str) -> str:
    """White or black, whichever is read better on it; one of them always reaches 4.5 : 1."""
    return max((WHITE, BLACK), key=lambda text: contrast(text, colour))


def readable(colour: str, *, on: str) -> str:
    """The colour itself where it can be read on that ground; otherwise the nearest shade that can."""
    towards = BLACK if _luminance(on) > 0.18 else WHITE
    for step in range(STEPS + 1):
        shade = _mixed(colour, towards, step)
        if contrast(shade, on) >= READABLE:
            return shade
    return towards


def _mixed(colour: str, towards: str, step: int) -> str:
    parts = zip(_channels(colour), _channels(towards), strict=True)
    return "#" + "".join(f"{(one * (STEPS - step) + other * step) // STEPS:02x}" for one, other in parts)


def _channels(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
