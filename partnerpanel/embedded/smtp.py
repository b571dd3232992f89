"""A mail catcher: takes what it is given on a loopback port and writes each mail into a folder as an .eml file."""

import asyncio
import signal
import sys
import time
from pathlib import Path
from secrets import token_hex

from aiosmtpd.smtp import SMTP, Envelope, Session

from partnerpanel.embedded.ports import LOOPBACK
from partnerpanel.embedded.processes import Child, Children

BIGGEST = 30 * 1024 * 1024


class Catcher:
    """Handler of aiosmtpd. A file appears whole, under a name that sorts by the time it came."""

    def __init__(self, inbox: Path) -> None:
        self.inbox = inbox

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        receivers = ", ".join(envelope.rcpt_tos)
        content = envelope.content if isinstance(envelope.content, bytes) else (envelope.content or "").encode()
        name = f"{time.time_ns()}-{token_hex(4)}"
        draft = self.inbox / f".{name}"
        draft.write_bytes(f"X-Envelope-To: {receivers}\r\n".encode() + content)
        draft.replace(self.inbox / f"{name}.eml")
        return "250 Caught"


async def serve(port: int, inbox: Path) -> None:
    """Catch mail until asked to stop."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for ask in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(ask, stopped.set)
    catcher = Catcher(inbox)
    server = await loop.create_server(
        lambda: SMTP(catcher, hostname="localhost", data_size_limit=BIGGEST, loop=loop), LOOPBACK, port
    )
    async with server:
        await stopped.wait()


def start_catcher(children: Children, *, port: int, inbox: Path) -> Child:
    """The catcher as a child process."""
    return children.start("smtp", [sys.executable, "-m", "partnerpanel.embedded.smtp", str(port), inbox])


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), Path(sys.argv[2])))
