"""`python -m partnerpanel.embedded.stripe PORT FILE`: the double by itself, for the demo.

It tells the application's endpoints what happens, until they have heard it, and keeps what it knows in the file.
"""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path
from types import FrameType

from partnerpanel.embedded.stripe.memory import remember, written
from partnerpanel.embedded.stripe.post import Post, by_http
from partnerpanel.embedded.stripe.server import Double, serving

LOOK_SECONDS = 0.5
# What was refused is put again after so many looks.
AGAIN_AFTER = 20


def main(port: int, file: Path) -> None:
    signal.signal(signal.SIGTERM, _end)
    signal.signal(signal.SIGINT, _end)
    with serving(port) as double:
        if file.exists():
            remember(double, file.read_text())
        kept, looks, post = "", 0, Post(by_http)
        try:
            while True:
                looks += 1
                _tell(double, post, again=looks % AGAIN_AFTER == 0)
                kept = _keep(double, file, kept)
                time.sleep(LOOK_SECONDS)
        finally:
            _keep(double, file, kept)


def _tell(double: Double, post: Post, *, again: bool) -> None:
    for account in list(double.accounts.values()):
        post.deliver(account)
    if again:
        post.deliver_again()


def _keep(double: Double, file: Path, kept: str) -> str:
    text = written(double)
    if text != kept:
        draft = file.with_suffix(".draft")
        draft.write_text(text)
        draft.replace(file)
    return text


def _end(_number: int, _frame: FrameType | None) -> None:
    sys.exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
