"""A real process, really killed in the middle of an import, and the exit codes that a shell sees."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from customers.models import Customer
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.scope import tenant
from tests.services.importing import DATA, contents, make_partner, rows_of, run

ROWS = 3_000
HEADER = "name,email,country,plan,price,currency,interval,started_on,status,external_id,tags\n"

# The command as manage.py runs it, on the database of this test.
PROGRAM = """
import json, sys
import django
django.setup()
from django.core.management import execute_from_command_line
from django.db import connections
connections["default"].settings_dict.update(json.loads(sys.argv[1]))
execute_from_command_line(["manage.py", "import_customers", *sys.argv[2:]])
"""


@pytest.fixture
def partner(transactional_db: None) -> Partner:
    return make_partner("northwind")


def start(partner: Partner, *arguments: str) -> subprocess.Popen[str]:
    names = ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
    database = json.dumps({name: connection.settings_dict[name] for name in names})
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, database, *arguments, "--partner", partner.slug],
        cwd=settings.ROOT,
        env={"DJANGO_SETTINGS_MODULE": "partnerpanel.settings.test", "PATH": "/usr/bin:/bin"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.slow
def test_a_killed_process_keeps_whole_chunks_and_the_next_run_finishes(partner: Partner, tmp_path: Path) -> None:
    whole = make_partner("whole")
    file = tmp_path / "many.csv"
    lines = [f"P {n},p{n}@people.example,DE,Basic,9.90,EUR,month,2025-03-31,active,P-{n},vip\n" for n in range(ROWS)]
    file.write_text(HEADER + "".join(lines))
    process = start(partner, str(file), "--mapping", "generic")
    deadline = time.monotonic() + 60
    while (kept := count(partner)) == 0 and time.monotonic() < deadline:
        time.sleep(0.02)
    process.kill()
    process.communicate()
    kept = count(partner)
    assert 0 < kept < ROWS
    assert kept % 500 == 0
    assert run(partner, file).code == run(whole, file).code == 0
    assert contents(partner) == contents(whole)
    assert rows_of(partner) == rows_of(whole)


def test_a_shell_sees_whether_rows_were_rejected_or_the_file_was_unusable(partner: Partner) -> None:
    arguments = {
        1: [str(DATA / "people.csv"), "--mapping", "generic", "--dry-run"],
        2: [str(DATA / "nothing.csv"), "--mapping", "generic"],
        0: ["--cut-over"],
    }
    for code, words in arguments.items():
        process = start(partner, *words)
        output, errors = process.communicate(timeout=60)
        assert process.returncode == code, output + errors
        assert "Traceback" not in errors


def count(partner: Partner) -> int:
    with tenant(partner.pk):
        return Customer.objects.count()
