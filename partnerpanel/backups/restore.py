"""Reading a backup in: the tables, then the stop of all charging, then the walls and whatever migrations came since."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path

from django.core.management import call_command
from django.db import connections, transaction
from psycopg2 import sql

from billing.collection.halt import halt
from partnerpanel.backups.models import Backup
from partnerpanel.backups.programs import ProgramFailed, program, run
from partnerpanel.tenancy.database import OWNER

# Roles, grants and policies come from the code; the extensions were made with the database.
LEFT_OUT = (" POLICY ", " ACL ", " EXTENSION ", " COMMENT ", " SCHEMA ", " DEFAULT ACL ")


class NotEmpty(Exception):
    """There are tables already."""


class NoBackup(Exception):
    """The file is no backup of this product."""


def contents_of(file: Path) -> list[str]:
    """The backup's table of contents. Raises NoBackup for anything else, NoProgram."""
    pg_restore = program("pg_restore")
    if not file.is_file():
        raise NoBackup(f"There is no file {file}.")
    try:
        contents = run(pg_restore, ["--list", file]).decode().splitlines()
    except ProgramFailed as error:
        raise NoBackup(f"{file} is no backup: {error}") from error
    if not any(" TABLE public backups_backup " in line for line in contents):
        raise NoBackup(f"{file} is no backup of this product.")
    return contents


def restore(file: Path, *, now: datetime) -> datetime:
    """Fills an empty database; returns the instant at which the backup began.

    Until the walls stand again the application's role may do nothing there, and when it may, charging is halted. Raises
    NotEmpty, NoBackup, NoProgram, ProgramFailed; after the last the database is as empty as before.
    """
    contents = contents_of(file)
    if tables():
        raise NotEmpty("The database has tables. Say --replace to drop everything that is in it.")
    with tempfile.NamedTemporaryFile("w", suffix=".list") as wanted:
        wanted.write("\n".join(line for line in contents if not any(kind in line for kind in LEFT_OUT)))
        wanted.flush()
        connections[OWNER].close()
        run(
            program("pg_restore"),
            [
                "--dbname=" + str(connections[OWNER].settings_dict["NAME"]),
                "--single-transaction",
                "--exit-on-error",
                "--no-owner",
                "--no-privileges",
                f"--use-list={wanted.name}",
                file,
            ],
        )
    began_at: datetime = Backup.objects.using(OWNER).latest("began_at").began_at
    halt(since=began_at, now=now, using=OWNER)
    call_command("migrate", database=OWNER, interactive=False, verbosity=0)
    return began_at


def tables() -> list[str]:
    """The tables that are there."""
    with connections[OWNER].cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        return [name for (name,) in cursor.fetchall()]


def empty() -> None:
    """Drops every table and function of the product, in one transaction; extensions stay."""
    with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '20s'")
        for name in tables():
            cursor.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(sql.Identifier(name)))
        cursor.execute(
            "SELECT p.oid::regprocedure::text FROM pg_proc AS p WHERE p.pronamespace = 'public'::regnamespace"
            " AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.objid = p.oid AND d.deptype = 'e')"
        )
        for (signature,) in cursor.fetchall():
            # The server itself wrote it, quoted.
            cursor.execute(sql.SQL("DROP FUNCTION {}").format(sql.SQL(signature)))
