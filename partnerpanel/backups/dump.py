"""Writing a backup: one file in PostgreSQL's own format, readable by whoever made it alone."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from partnerpanel.backups.models import Backup
from partnerpanel.backups.programs import program, run
from partnerpanel.kernel.clock import system_now


class FileInTheWay(Exception):
    """A backup never replaces a file."""


def back_up(file: Path, *, now: datetime) -> int:
    """Writes everything as it stands at one instant; returns the size in bytes.

    Who owns and who may what is left out: the walls are built from the code when it is restored, for the roles that
    are there then. Under its name the file is always complete. Raises FileInTheWay, NoProgram, ProgramFailed.
    """
    pg_dump = program("pg_dump")
    if file.exists():
        raise FileInTheWay(f"{file} exists; name another file.")
    backup = Backup.objects.create(began_at=now)
    draft = file.with_name(f"{file.name}.part")
    draft.unlink(missing_ok=True)
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as output:
            run(
                pg_dump,
                ["--format=custom", "--schema=public", "--no-owner", "--no-privileges", "--enable-row-security"],
                stdout=output,
            )
            output.flush()
            os.fsync(output.fileno())
        # As a hard link, so that a file which appeared meanwhile is not replaced.
        os.link(draft, file)
    except FileExistsError as error:
        raise FileInTheWay(f"{file} exists; name another file.") from error
    finally:
        draft.unlink(missing_ok=True)
    Backup.objects.filter(pk=backup.pk).update(finished_at=system_now())
    return file.stat().st_size
