"""Where processes count: in memory, or, where PROMETHEUS_MULTIPROC_DIR names a folder, in files that all of them share.

Containers that share a folder number their processes alike, so a file bears the machine's name too. Nothing here is
counted per partner or person: labels are names of the code.
"""

from __future__ import annotations

import os
import re
import socket
from pathlib import Path

from prometheus_client import values


def identity() -> str:
    """Different for every process that writes into the folder."""
    # Without the sign that separates the parts of a file's name.
    return f"{re.sub('[^A-Za-z0-9.-]', '-', socket.gethostname())}-{os.getpid()}"


def share_files() -> None:
    """Called before anything is counted."""
    if folder := os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        values.ValueClass = values.MultiProcessValue(identity)  # type: ignore[no-untyped-call]
