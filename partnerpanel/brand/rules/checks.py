"""What a brand may say."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from partnerpanel.kernel.errors import DomainError

ACCENT = "#1f4f82"
ADDRESS_LINES, ID_LINES, FOOTER_LINES = 6, 4, 4
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_PREFIX = re.compile(r"[A-Z0-9]{1,8}(-[A-Z0-9]{1,4})?")
_ADDRESS = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:[0-9]{1,5})?([/?#][!#-;=?-\[\]_a-z~]*)?")
LONGEST_ADDRESS = 300
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029]")


class InvalidBrand(DomainError):
    """Something in it cannot be printed, shown or numbered by; the field says what."""

    code = "invalid_brand"


@dataclass(frozen=True, slots=True)
class Brand:
    """Texts and colour; an empty name is the partner's own.

    `printed_name`, `address`, `ids` (such as a trade register's number, one a line) and `footer` stand on documents;
    `sender_name` on mails and pages. `number_prefix` begins the numbers of documents: `NW` makes `NW-INV-000001`. The
    addresses of terms, privacy, imprint and help stand below pages, those that the law asks for below mails, too.
    """

    printed_name: str = ""
    address: str = ""
    ids: str = ""
    footer: str = ""
    sender_name: str = ""
    accent: str = ACCENT
    number_prefix: str = ""
    terms_url: str = ""
    privacy_url: str = ""
    imprint_url: str = ""
    support_url: str = ""


def checked_brand(brand: Brand) -> Brand:
    """In the form in which it is kept. Raises InvalidBrand naming the field."""
    accent, prefix = brand.accent.strip().lower(), brand.number_prefix.strip().upper()
    if not _COLOUR.fullmatch(accent):
        raise InvalidBrand("Write a colour as #1f4f82.", field="accent")
    if prefix and not _PREFIX.fullmatch(prefix):
        message = "A prefix has 1 to 8 letters A to Z or digits, and perhaps a dash and 1 to 4 more."
        raise InvalidBrand(message, field="number_prefix")
    return replace(
        brand,
        printed_name=_line(brand.printed_name, 120, "printed_name"),
        sender_name=_line(brand.sender_name, 80, "sender_name"),
        address=_lines(brand.address, ADDRESS_LINES, 80, "address"),
        ids=_lines(brand.ids, ID_LINES, 80, "ids"),
        footer=_lines(brand.footer, FOOTER_LINES, 90, "footer"),
        accent=accent,
        number_prefix=prefix,
        terms_url=_address(brand.terms_url, "terms_url"),
        privacy_url=_address(brand.privacy_url, "privacy_url"),
        imprint_url=_address(brand.imprint_url, "imprint_url"),
        support_url=_address(brand.support_url, "support_url"),
    )


def series_of(prefix: str, kind: str) -> str:
    """The series that a document's number is of: `NW` and `INV` → `NW-INV`. No two kinds ever share one."""
    return f"{prefix}-{kind}" if prefix else kind


def _address(text: str, field: str) -> str:
    """Of a page that is encrypted, without a name or password in it."""
    text = text.strip()
    if text and (len(text) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(text)):
        raise InvalidBrand("Write an address such as https://example.com/terms.", field=field, reason="not_https")
    return text


def _line(text: str, most: int, field: str) -> str:
    text = " ".join(text.split())
    if len(text) > most or _CONTROL.search(text):
        raise InvalidBrand(f"A name has at most {most} letters.", field=field)
    return text


def _lines(text: str, most: int, width: int, field: str) -> str:
    lines = [" ".join(line.split()) for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    lines = [line for line in lines if line]
    if len(lines) > most or any(len(line) > width or _CONTROL.search(line) for line in lines):
        raise InvalidBrand(f"At most {most} lines of {width} letters.", field=field)
    return "\n".join(lines)
