"""Every address of the API, made from its resources and verbs, so that none has a preview but no verb."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, path
from rest_framework.views import APIView

from partnerpanel.api.collections import (
    campaigns,
    checkouts,
    clock_moves,
    credentials,
    events,
    exports,
    invoices,
    jobs,
    mail_sender,
    marketing,
    offers,
    policies,
    series,
    template_trials,
    templates,
    test_clock,
    tickets,
)
from partnerpanel.api.collections.acting import Acting
from partnerpanel.api.collections.addons import Addon, Addons, Coupon, Coupons
from partnerpanel.api.collections.catalogue import Plan, Plans, Product, Products
from partnerpanel.api.collections.customers import Customer, Customers
from partnerpanel.api.collections.payment_methods import (
    MakeDefault,
    PayLink,
    PaymentMethod,
    PaymentMethods,
    SetPaymentMethod,
)
from partnerpanel.api.collections.payments import Payments, PreviewRenew, Renew
from partnerpanel.api.collections.personal_data import ExportPerson
from partnerpanel.api.collections.portal_logins import PortalLogin, PortalLogins
from partnerpanel.api.collections.portal_sessions import PortalSession
from partnerpanel.api.collections.subscriptions import PreviewSubscription, Subscriptions
from partnerpanel.api.collections.tax_rates import NewPercent, TaxRate, TaxRates
from partnerpanel.api.collections.usage_records import UsageRecords
from partnerpanel.api.collections.webhooks import (
    Replay,
    ReplaySpan,
    RotateSecret,
    SendTest,
    WebhookDelivery,
    WebhookEndpoint,
    WebhookEndpoints,
)
from partnerpanel.api.me import Me
from partnerpanel.api.objects import Detail, Listing, OfResource
from partnerpanel.api.verbs import of_customers, of_documents, of_subscriptions
from partnerpanel.api.verbs.spec import VerbSpec
from partnerpanel.api.verbs.views import Confirming, Previewing

# Lists and objects of their own; the other resources are read alone.
LISTS: dict[str, type[Listing]] = {
    "products": Products,
    "plans": Plans,
    "customers": Customers,
    "subscriptions": Subscriptions,
    "webhook_endpoints": WebhookEndpoints,
    "addons": Addons,
    "coupons": Coupons,
    "offer_rules": offers.OfferRules,
    "payments": Payments,
    "payment_methods": PaymentMethods,
    "portal_logins": PortalLogins,
    "tax_rates": TaxRates,
    "templates": templates.Templates,
    "campaigns": campaigns.Campaigns,
    "series": series.SeriesList,
    "suppressions": marketing.Suppressions,
    "usage_records": UsageRecords,
    "jobs": jobs.Jobs,
    "tickets": tickets.Tickets,
    "checkout_links": checkouts.CheckoutLinks,
}
OBJECTS: dict[str, type[Detail]] = {
    "products": Product,
    "plans": Plan,
    "customers": Customer,
    "webhook_endpoints": WebhookEndpoint,
    "webhook_deliveries": WebhookDelivery,
    "addons": Addon,
    "coupons": Coupon,
    "offer_rules": offers.OfferRule,
    "payment_methods": PaymentMethod,
    "portal_logins": PortalLogin,
    "tax_rates": TaxRate,
    "templates": templates.Template,
    "campaigns": campaigns.Campaign,
    "series": series.Series,
}
READ_ONLY = (
    "checkouts",
    "offers",
    "invoices",
    "credit_notes",
    "refunds",
    "disputes",
    "ledger_entries",
    "service_accounts",
    "holds",
    "events",
    "webhook_deliveries",
)
# Verbs by their resource, and the scope that they ask for.
VERBS = (
    ("subscriptions", "subscriptions:write", of_subscriptions.VERBS),
    ("customers", "customers:write", of_customers.VERBS),
    ("customers", "customers:erase", of_customers.ERASURE),
    ("invoices", "invoices:write", of_documents.OF_INVOICES),
    ("payments", "refunds:create", of_documents.OF_PAYMENTS),
)
ACTS: tuple[type[Acting], ...] = (
    Renew,
    MakeDefault,
    SetPaymentMethod,
    invoices.Pay,
    invoices.Mail,
    NewPercent,
    templates.Reset,
    templates.Restore,
    jobs.Confirm,
    jobs.Pause,
    jobs.Resume,
    jobs.Cancel,
    campaigns.Schedule,
    campaigns.Recall,
    campaigns.Stop,
    campaigns.Resume,
    campaigns.Cancel,
    tickets.Reply,
    tickets.Close,
    checkouts.SwitchOff,
)
ONE = "<str:public_id>"
OTHERS: list[tuple[str, type[APIView]]] = [
    ("me", Me),
    ("subscriptions/preview", PreviewSubscription),
    (f"subscriptions/{ONE}/renew/preview", PreviewRenew),
    (f"subscriptions/{ONE}/credentials/reveal", credentials.Reveal),
    (f"subscriptions/{ONE}/credentials/reset", credentials.Reset),
    (f"subscriptions/{ONE}/credentials/send", credentials.Send),
    (f"customers/{ONE}/pay_link", PayLink),
    (f"customers/{ONE}/portal_session", PortalSession),
    (f"customers/{ONE}/export", ExportPerson),
    (f"customers/{ONE}/marketing", marketing.Marketing),
    (f"campaigns/{ONE}/preview", campaigns.PreviewCampaign),
    (f"suppressions/{ONE}/remove", marketing.RemoveSuppression),
    (f"invoices/{ONE}/pdf", invoices.Pdf),
    (f"invoices/{ONE}/explain", invoices.Explain),
    (f"events/{ONE}/undo", events.UndoEvent),
    (f"events/{ONE}/undo/preview", events.PreviewUndo),
    (f"jobs/{ONE}/results", jobs.Results),
    (f"policies/{ONE}", policies.Policy),
    (f"policies/{ONE}/preview", policies.PreviewPolicy),
    ("templates/preview", template_trials.Preview),
    (f"templates/{ONE}/test", template_trials.SendTest),
    (f"webhook_endpoints/{ONE}/test", SendTest),
    (f"webhook_endpoints/{ONE}/rotate_secret", RotateSecret),
    (f"webhook_endpoints/{ONE}/replay", ReplaySpan),
    (f"webhook_deliveries/{ONE}/replay", Replay),
    ("exports", exports.Exports),
    ("exports/<str:name>", exports.Export),
    ("mail_sender", mail_sender.Sender),
    ("mail_sender/check", mail_sender.Check),
    ("test_clock", test_clock.Clock),
    ("test_clock/advance", clock_moves.Advance),
    (f"test_clock/advances/{ONE}", clock_moves.OneAdvance),
    (f"test_clock/advances/{ONE}/story", clock_moves.Story),
    ("test_clock/stop", test_clock.StopClock),
    ("test_clock/reset", test_clock.ResetClock),
]


def resource_names() -> list[str]:
    """All that have a list."""
    return [*LISTS, *READ_ONLY]


def patterns() -> list[URLPattern]:
    """Those without an id first: a word is no id."""
    return [path(address, view.as_view(), name=_name(address)) for address, view in _views()]


def _name(address: str) -> str:
    return "-".join(["api", *address.replace(ONE, "one").replace("<str:name>", "one").split("/")])


def _views() -> Iterator[tuple[str, type[APIView]]]:
    yield from OTHERS
    yield "policies", _of(Listing, "policies", resource_name="policies", scopes={"GET": "policies:read"})
    for name in resource_names():
        scopes = {"GET": f"{name}:read"}
        yield name, LISTS.get(name) or _of(Listing, name, resource_name=name, scopes=scopes)
        yield f"{name}/{ONE}", OBJECTS.get(name) or _of(Detail, name, resource_name=name, scopes=scopes)
    for act in ACTS:
        yield f"{act.resource_name}/{ONE}/{act.verb}", act
    for name, scope, specs in VERBS:
        for spec in specs:
            yield from _verb(name, scope, spec)


def _verb(name: str, scope: str, spec: VerbSpec) -> Iterator[tuple[str, type[APIView]]]:
    own = {"resource_name": name, "spec": spec, "scopes": {"POST": scope}}
    at = f"{name}/{ONE}/{spec.path}"
    yield at, _of(Confirming, f"{name}_{spec.path}", needs_key=spec.money, **own)
    yield f"{at}/preview", _of(Previewing, f"{name}_{spec.path}", **own)


def _of(base: type[OfResource], name: str, **attributes: object) -> type[APIView]:
    """A view of this kind for one resource or verb."""
    return type(f"{base.__name__}_{name}", (base,), {**attributes, "__doc__": base.__doc__})
