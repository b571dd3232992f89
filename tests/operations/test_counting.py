"""Processes count into one folder, web and workers of several containers alike, and one of them tells it all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from partnerpanel.embedded.state import ROOT
from partnerpanel.operations import counting

COUNTS = """
import os, sys
from partnerpanel.operations import counting
counting.share_files()
from prometheus_client import CollectorRegistry, Counter, generate_latest, multiprocess
counter = Counter("things", "Things", ["kind"])
counter.labels("small").inc(2)
if os.fork() == 0:
    counter.labels("small").inc(1)
    os._exit(0)
os.wait()
registry = CollectorRegistry()
multiprocess.MultiProcessCollector(registry)
sys.stdout.write(generate_latest(registry).decode())
"""


def count(folder: Path) -> str:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", COUNTS], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    ).stdout


def test_what_all_processes_counted_adds_up(tmp_path: Path) -> None:
    assert 'things_total{kind="small"} 3.0' in count(tmp_path / "new")
    assert 'things_total{kind="small"} 6.0' in count(tmp_path / "new")
    assert all("_" not in file.stem.removeprefix("counter_") for file in (tmp_path / "new").iterdir())


def test_two_machines_with_the_same_number_keep_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    one = counting.identity()
    monkeypatch.setattr("socket.gethostname", lambda: "another_host")
    assert counting.identity() == f"another-host-{os.getpid()}" != one
