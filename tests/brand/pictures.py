"""Uploads: pictures as people have them, and files that only look like one."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image


def png(width: int = 300, height: int = 120, colour: str = "#cc3300") -> bytes:
    return _saved(Image.new("RGB", (width, height), colour), "PNG")


def noise(width: int, height: int) -> bytes:
    """A picture that no format makes small."""
    return _saved(Image.effect_noise((width, height), 90).convert("RGB"), "PNG")


def jpeg_with_a_place() -> bytes:
    """A photograph that says where it was taken, and lies on its side."""
    picture = Image.new("RGB", (200, 100), "#336699")
    exif = picture.getexif()
    exif[0x0112] = 6
    exif[0x010E] = "Home of Ada Lovelace"
    content = io.BytesIO()
    picture.save(content, "JPEG", exif=exif)
    return content.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of some bytes that says it has 3.6 billion pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(b"\0" * 1000)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def _saved(picture: Image.Image, kind: str) -> bytes:
    content = io.BytesIO()
    picture.save(content, kind)
    return content.getvalue()


SCRIPT = b"<script>alert(document.cookie)</script>"
HOSTILE: dict[str, bytes] = {
    "an SVG with a script": b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
    "a page": b"<!doctype html>" + SCRIPT,
    "nothing": b"",
    "a PNG that stops": png()[:60],
    "a PNG with noise in it": png()[:40] + b"\xff" * 400,
    "a picture of 3.6 billion pixels": bomb(),
    "a picture of 8 pixels": png(8, 8),
    "a file of 3 MB": png() + b"\0" * 3_000_000,
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(x) run",
    "a PDF": b"%PDF-1.7\n1 0 obj<</OpenAction 2 0 R>>endobj",
}
