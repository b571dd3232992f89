"""Takes away what an interrupted seed left, so that the next one begins with nothing."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import IntegrityError, connections, transaction
from psycopg2 import sql

from partnerpanel.tenancy.database import OWNER
from partnerpanel.tenancy.models import Partner
from partnerpanel.tenancy.walls import tenant_rows


def remove_unfinished(slugs: Iterable[str]) -> None:
    """Deletes partners of these names that have no members yet, with their twins: members are written last."""
    for partner in Partner.objects.filter(slug__in=slugs, memberships=None):
        for one in (*Partner.objects.filter(twin_of=partner), partner):
            _delete_rows(one)
            one.delete()


def _delete_rows(partner: Partner) -> None:
    """As the owner, since the application may not delete most of them; those that others refer to come later."""
    tables = [model._meta.db_table for model in tenant_rows()]
    while tables:
        left = [table for table in tables if not _deleted(table, partner)]
        if left == tables:
            raise RuntimeError(f"rows in {', '.join(left)} refer to one another")
        tables = left


def _deleted(table: str, partner: Partner) -> bool:
    statement = sql.SQL("DELETE FROM {} WHERE partner_id = %s").format(sql.Identifier(table))
    try:
        with transaction.atomic(using=OWNER), connections[OWNER].cursor() as cursor:
            cursor.execute(statement, [partner.pk])
    except IntegrityError:
        return False
    return True
