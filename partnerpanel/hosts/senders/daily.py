"""Every day the records of each sender are looked for: who lost them sends from the installation's address at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import structlog

from partnerpanel.hosts.senders.looking import look
from partnerpanel.hosts.senders.rules.records import Found, Record
from partnerpanel.hosts.senders.services import settle
from partnerpanel.hosts.senders.setup import setup
from partnerpanel.kernel.clock import system_now
from partnerpanel.kernel.errors import DomainError
from partnerpanel.tenancy.actor import Actor
from partnerpanel.tenancy.mail_senders import all_senders
from partnerpanel.tenancy.models import MailSender
from partnerpanel.tenancy.scope import tenant

log = structlog.get_logger(__name__)
AT_ONCE = 8


def check_senders() -> int:
    """Looks at every sender; how many are proved. Opens scopes of its own. Names are asked for side by side."""
    proved, said = 0, setup()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        asked = [(one, pool.submit(partial(look, one.domain, one.token, setup=said))) for one in all_senders()]
        for sender, found in asked:
            try:
                proved += _settled(sender, found.result())
            except DomainError as error:
                log.info("sender_not_settled", sender_id=str(sender.pk), code=error.code)
            except Exception:
                log.exception("sender_not_checked", sender_id=str(sender.pk))
    return proved


def _settled(sender: MailSender, found: dict[Record, Found]) -> bool:
    actor = Actor.system(sender.partner_id)
    with tenant(sender.partner_id):
        after = settle(sender.pk, found, setup=setup(), actor=actor, now=system_now())
    return after.proved_at is not None
