"""Where gateways tell news: an address for each partner, open to everybody, taking only what the gateway has signed."""

from __future__ import annotations

import structlog
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from prometheus_client import Counter

from billing.gateway.refusals import GatewayRefusal
from billing.incoming.receive import receive
from partnerpanel.kernel.errors import NotFound
from partnerpanel.kernel.ids import parse

log = structlog.get_logger(__name__)

WEBHOOKS = Counter("partnerpanel_gateway_webhooks", "Webhooks of gateways", ["gateway", "outcome"])
# Far more than a gateway ever sends; what is longer is not read.
LARGEST_BODY = 256 * 1024


# Exempt: the signature is the right to tell, and no cookie adds to it.
@csrf_exempt
@never_cache
@require_POST
def gateway_news(request: HttpRequest, gateway: str, partner: str) -> HttpResponse:
    """200 once it is written down, however often it comes; 400 for what is not the gateway's or not for this partner,
    in the same words whether there is such a partner or not."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return JsonResponse({"error": "too_large"}, status=413)
    try:
        is_new = receive(gateway, parse("par", partner), body=request.body, headers=request.headers)
    except NotFound:
        return _refused("signature")
    except GatewayRefusal as error:
        return _refused(error.field or "")
    WEBHOOKS.labels(gateway, "new" if is_new else "known").inc()
    return HttpResponse(status=200)


def _refused(field: str) -> HttpResponse:
    WEBHOOKS.labels("", "refused").inc()
    log.warning("webhook_refused", because=field)
    return JsonResponse({"error": "webhook_refused", "field": field}, status=400)
