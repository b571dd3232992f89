"""How this installation sends, by its settings."""

from __future__ import annotations

from email.utils import parseaddr

from django.conf import settings

from partnerpanel.hosts.senders.rules.records import Setup


def setup() -> Setup:
    return Setup(
        include=settings.MAIL_SPF_INCLUDE,
        selector=settings.MAIL_DKIM_SELECTOR,
        key=settings.MAIL_DKIM_KEY,
        is_relayed=bool(settings.MAIL_PROVIDER),
    )


def platform_address() -> str:
    """Where mails come from that come from no partner's own address."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def own_names() -> list[str]:
    """The installation's own: no partner may send from them."""
    said = setup()
    key = said.key if not said.key_is_text else ""
    public = str(settings.PUBLIC_URL).partition("://")[2].partition("/")[0].partition(":")[0]
    mail = platform_address().rpartition("@")[2]
    return [one for one in (*settings.ALLOWED_HOSTS, public, mail, said.include, key) if one and one != "*"]
