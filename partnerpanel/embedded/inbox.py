"""The caught mails of an inbox folder, newest first."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

NAME = re.compile(r"\d{19}-[0-9a-f]{8}")
SHOWN = 200


@dataclass(frozen=True)
class Mail:
    """One caught mail. `html` is what its sender wrote: show it only where it can run nothing."""

    name: str
    caught_at: datetime
    sender: str
    receivers: str
    subject: str
    text: str
    html: str


def newest(inbox: Path) -> list[Mail]:
    """The newest mails; only so many, because nobody reads on."""
    return [_read(path) for path in sorted(_files(inbox), reverse=True)[:SHOWN]]


def find(inbox: Path, name: str) -> Mail | None:
    """The mail of that name; None for a name that no caught mail has."""
    path = inbox / f"{name}.eml"
    return _read(path) if NAME.fullmatch(name) and path.exists() else None


def _files(inbox: Path) -> Iterator[Path]:
    return (path for path in inbox.glob("*.eml") if NAME.fullmatch(path.stem))


def _read(path: Path) -> Mail:
    message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)
    return Mail(
        name=path.stem,
        caught_at=datetime.fromtimestamp(int(path.stem.partition("-")[0]) / 1e9, tz=UTC),
        sender=str(message["From"] or ""),
        receivers=str(message["X-Envelope-To"] or message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=_part(message, "plain"),
        html=_part(message, "html"),
    )


def _part(message: EmailMessage, kind: str) -> str:
    part = message.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""
