"""The inbox page: mails that the demo sent. Open to whoever reaches the loopback address, so routed nowhere else."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partnerpanel.embedded import inbox
from partnerpanel.embedded.inbox import Mail

# A mail may look as it likes and do nothing: no script, no form, no request, not even with the reader's cookies. All it
# may load is the logo of its sender, from here.
NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; img-src data: {logos}; frame-ancestors 'self'; sandbox"


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    columns = [{"text": text} for text in (_("Subject"), _("To"), _("From"), _("Caught"))]
    caught = inbox.newest(_folder())
    return render(request, "embedded/inbox.html", {"mails": caught, "columns": columns})


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    crumbs = [{"text": _("Inbox"), "url": reverse("inbox:mails")}]
    return render(request, "embedded/mail.html", {"mail": _found(name), "crumbs": crumbs})


@require_safe
def mail_html(_request: HttpRequest, name: str) -> HttpResponse:
    """The mail's own HTML, as the content of a sandboxed frame."""
    policy = NOTHING_RUNS.format(logos=f"{settings.PUBLIC_URL}{_logos()}")
    return HttpResponse(_found(name).html, headers={"Content-Security-Policy": policy})


def _logos() -> str:
    """The path below which logos of partners lie."""
    return reverse("brand-logo", args=["-"]).partition("-")[0]


def _folder() -> Path:
    folder: Path | None = settings.INBOX_DIRECTORY
    if folder is None:
        raise Http404
    return folder


def _found(name: str) -> Mail:
    found = inbox.find(_folder(), name)
    if found is None:
        raise Http404
    return found
