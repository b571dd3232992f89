"""Every address of the product and who gets what there. A route that is missing here fails the build.

Panel routes are listed one by one; those of libraries are grouped by what they begin with, each group with assertions
of its own in `test_route_matrix.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

from partnerpanel.actions.permission import Permission

VIEW, EDIT, SUSPEND = Permission.VIEW, Permission.EDIT_CUSTOMERS, Permission.SUSPEND
RELEASE = Permission.RELEASE_REVIEW
BULK, EXPORT, RUN = Permission.BULK, Permission.EXPORT, Permission.RUN_PROVISIONING

RECORD, CHARGE = Permission.RECORD_PAYMENT, Permission.CHARGE
LOOK, RESET, SEND = Permission.VIEW_CREDENTIALS, Permission.RESET_CREDENTIALS, Permission.SEND_CREDENTIALS
SETTINGS, CAMPAIGN = Permission.MANAGE_SETTINGS, Permission.CAMPAIGN
LOGINS = Permission.MANAGE_LOGINS
CARD, STOP = Permission.REPLACE_CARD, Permission.STOP_CHARGING
TEST = Permission.RUN_TEST_MODE
CATALOGUE = Permission.EDIT_CATALOGUE
CHANGE, EXTEND, CANCEL = Permission.CHANGE_PLAN, Permission.EXTEND, Permission.CANCEL
SUBSCRIBE = Permission.SUBSCRIBE
OWN = Permission.OWN_SUBSCRIPTION
TAXES = Permission.EDIT_TAXES
ERASE, ANSWER = Permission.ERASE, Permission.ANSWER_TICKETS
TICKET = {"subject": "No sound", "topic": "technical", "text": "Restart it."}
PAUSE, WAIVE = Permission.PAUSE, Permission.WAIVE
REFUND, CREDIT, VOID = Permission.REFUND, Permission.CREDIT, Permission.VOID_INVOICES
CORRECT = Permission.CORRECT_INVOICES


@dataclass(frozen=True)
class PanelRoute:
    """A route below `/panel/<slug>/`: the permission that each method needs; what is not named is not allowed."""

    path: str
    get: Permission | None = None
    post: Permission | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    query: str = ""

    @property
    def objects(self) -> list[str]:
        """The kinds of objects that the address names."""
        return [part[5:-1] for part in self.path.split("/") if part.startswith("<str:")]

    @property
    def methods(self) -> dict[str, Permission]:
        found = {"GET": self.get, "HEAD": self.get, "POST": self.post}
        return {method: permission for method, permission in found.items() if permission is not None}


PANEL = [
    PanelRoute("", get=VIEW),
    PanelRoute("palette/", get=VIEW),
    PanelRoute("accounts/<str:account>/retry/", post=RUN),
    PanelRoute("charges/<str:attempt>/retry/", post=CHARGE),
    PanelRoute("refunds/<str:refund>/retry/", post=REFUND),
    PanelRoute("gateway-news/<str:news>/retry/", post=CHARGE),
    PanelRoute("subscriptions/<str:subscription>/retry/", post=CHARGE),
    PanelRoute("messages/<str:message>/retry/", post=EDIT),
    PanelRoute("deliveries/<str:delivery>/retry/", post=RUN),
    PanelRoute("jobs/<str:job>/retry/", post=BULK),
    PanelRoute("retentions/<str:retention>/retry/", post=ERASE),
    PanelRoute("customers/", get=VIEW),
    PanelRoute("customers/export.csv", get=EXPORT),
    PanelRoute("customers/<str:customer>/", get=VIEW),
    PanelRoute("customers/<str:customer>/timeline/", get=VIEW, query="?before=" + str(UUID(int=0))),
    PanelRoute("customers/<str:customer>/notes/", post=EDIT, data={"text": "Called."}),
    PanelRoute("customers/<str:customer>/tags/", post=EDIT, data={"tags": "vip"}),
    PanelRoute("customers/<str:customer>/suspend/", get=SUSPEND, post=SUSPEND),
    PanelRoute("customers/<str:customer>/reactivate/", get=SUSPEND, post=SUSPEND),
    PanelRoute("customers/<str:customer>/require-verification/", get=SUSPEND, post=SUSPEND),
    PanelRoute("customers/<str:customer>/verified/", get=RELEASE, post=RELEASE),
    PanelRoute("customers/<str:customer>/new-ticket/", get=ANSWER, post=ANSWER, data=TICKET),
    PanelRoute("tickets/", get=VIEW),
    PanelRoute("tickets/<str:ticket>/", get=VIEW),
    PanelRoute("tickets/<str:ticket>/reply/", post=ANSWER, data={"text": "Restart it."}),
    PanelRoute("tickets/<str:ticket>/close/", post=ANSWER),
    PanelRoute("customers/<str:customer>/erase/", get=ERASE, post=ERASE),
    PanelRoute("customers/<str:customer>/personal-data/", post=EXPORT, data={"as": "json"}),
    PanelRoute("customers/<str:customer>/message/", get=Permission.MESSAGE, post=Permission.MESSAGE),
    PanelRoute("customers/<str:customer>/ban/", get=SUSPEND, post=SUSPEND),
    PanelRoute("customers/<str:customer>/lift-ban/", get=RELEASE, post=RELEASE),
    PanelRoute("subscriptions/<str:subscription>/suspend/", get=SUSPEND, post=SUSPEND),
    PanelRoute("subscriptions/<str:subscription>/reactivate/", get=SUSPEND, post=SUSPEND),
    PanelRoute("customers/<str:customer>/card/", get=CARD, post=CARD),
    PanelRoute("customers/<str:customer>/card/another/", get=CARD, post=CARD),
    PanelRoute("subscriptions/<str:subscription>/card/", get=CARD, post=CARD),
    PanelRoute("payment-methods/<str:method>/use/", get=CARD, post=CARD),
    PanelRoute("payment-methods/<str:method>/remove/", get=CARD, post=CARD),
    PanelRoute(
        "customers/<str:customer>/logins/new/",
        get=LOGINS,
        post=LOGINS,
        data={"email": "anna@example.com", "role": "owner"},
    ),
    PanelRoute("portal-logins/<str:login>/invite/", get=LOGINS, post=LOGINS),
    PanelRoute("portal-logins/<str:login>/remove/", get=LOGINS, post=LOGINS),
    PanelRoute("customers/<str:customer>/credentials/", get=LOOK),
    PanelRoute("customers/<str:customer>/credentials/reset/", get=RESET),
    PanelRoute("customers/<str:customer>/credentials/send/", get=SEND),
    PanelRoute("subscriptions/<str:subscription>/credentials/", get=LOOK, post=LOOK, data={"reason": "They asked."}),
    PanelRoute("subscriptions/<str:subscription>/credentials/reset/", get=RESET, post=RESET),
    PanelRoute("subscriptions/<str:subscription>/credentials/send/", get=SEND, post=SEND),
    PanelRoute("settings/policy/", get=VIEW, post=SETTINGS),
    PanelRoute("plans/<str:plan>/policy/", get=VIEW, post=SETTINGS),
    PanelRoute("customers/<str:customer>/policy/", get=VIEW, post=SETTINGS),
    PanelRoute("subscriptions/<str:subscription>/policy/", get=VIEW, post=SETTINGS),
    PanelRoute("settings/alerts/", get=VIEW),
    PanelRoute(
        "settings/alerts/edit/",
        get=VIEW,
        post=VIEW,
        data={"payments": "daily", "disputes": "at_once", "service": "not", "tickets": "not", "work": "daily"},
    ),
    PanelRoute("settings/domain/", get=VIEW),
    PanelRoute("settings/domain/new/", get=SETTINGS, post=SETTINGS, data={"name": "account.shop.de"}),
    PanelRoute("hosts/<str:host>/check/", get=SETTINGS, post=SETTINGS),
    PanelRoute("hosts/<str:host>/primary/", get=SETTINGS, post=SETTINGS),
    PanelRoute("hosts/<str:host>/remove/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/sender/", get=VIEW),
    PanelRoute("settings/sender/edit/", get=SETTINGS, post=SETTINGS, data={"address": "billing@shop.de"}),
    PanelRoute("settings/sender/check/", post=SETTINGS),
    PanelRoute("settings/sender/remove/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/brand/", get=VIEW),
    PanelRoute("settings/brand/edit/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/brand/logo/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/brand/logo/remove/", get=SETTINGS, post=SETTINGS, data={"version": "0"}),
    PanelRoute("settings/messages/", get=VIEW),
    PanelRoute("settings/messages/new/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/messages/<slug:text>/<slug:language>/", get=VIEW, post=SETTINGS),
    PanelRoute("settings/messages/<slug:text>/<slug:language>/about/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/messages/rules/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/messages/suppressed/", get=VIEW),
    PanelRoute("settings/messages/suppressed/export.csv", get=EXPORT),
    PanelRoute("settings/messages/suppressed/add/", get=CAMPAIGN, post=CAMPAIGN, data={"address": "x@example.com"}),
    PanelRoute(
        "settings/messages/suppressed/<str:suppression>/remove/", get=CAMPAIGN, post=CAMPAIGN, data={"note": "works"}
    ),
    PanelRoute(
        "customers/<str:customer>/mails/",
        get=EDIT,
        post=EDIT,
        data={"offers": "yes", "tips": "no", "feedback": "unsaid", "source": "staff"},
    ),
    PanelRoute("settings/messages/<slug:text>/<slug:language>/archive/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/messages/<slug:text>/<slug:language>/reset/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/credentials/", get=VIEW),
    PanelRoute("settings/credentials/plain/allow/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/credentials/plain/forbid/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/credentials/<str:product>/address/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/api-keys/", get=VIEW),
    PanelRoute("settings/api-keys/new/", get=SETTINGS, post=SETTINGS, data={"name": "A program", "access": "read"}),
    PanelRoute("settings/api-keys/<str:key>/rotate/", get=SETTINGS, post=SETTINGS, data={"overlap": "1"}),
    PanelRoute("settings/api-keys/<str:key>/revoke/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/webhooks/", get=VIEW),
    PanelRoute("settings/webhooks/new/", get=SETTINGS, post=SETTINGS, data={"url": "https://example.com/hook"}),
    PanelRoute("settings/webhooks/deliveries/<str:sent>/", get=VIEW),
    PanelRoute("settings/webhooks/deliveries/<str:sent>/replay/", post=SETTINGS),
    PanelRoute("settings/webhooks/<str:webhook>/", get=VIEW),
    PanelRoute(
        "settings/webhooks/<str:webhook>/edit/", get=SETTINGS, post=SETTINGS, data={"url": "https://example.com/hook"}
    ),
    PanelRoute("settings/webhooks/<str:webhook>/rotate/", get=SETTINGS, post=SETTINGS, data={"overlap": "24"}),
    PanelRoute("settings/webhooks/<str:webhook>/off/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/webhooks/<str:webhook>/on/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/webhooks/<str:webhook>/test/", post=SETTINGS),
    PanelRoute(
        "settings/webhooks/<str:webhook>/replay/",
        get=SETTINGS,
        post=SETTINGS,
        data={"since": "2026-01-01T00:00", "until": "2026-01-02T00:00"},
    ),
    PanelRoute("settings/webhooks/<str:webhook>/remove/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/coupons/", get=VIEW),
    PanelRoute("settings/coupons/new/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("settings/coupons/<str:coupon>/", get=VIEW),
    PanelRoute(
        "settings/coupons/<str:coupon>/edit/", get=CATALOGUE, post=CATALOGUE, data={"most": "5", "version": "1"}
    ),
    PanelRoute("settings/coupons/<str:coupon>/archive/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("settings/coupons/<str:coupon>/restore/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("reports/leaving/", get=VIEW),
    PanelRoute("reports/leaving/cancelled/", get=VIEW),
    PanelRoute("reports/leaving/offers/", get=VIEW),
    PanelRoute("reports/leaving/cancelled.csv", get=EXPORT),
    PanelRoute("reports/leaving/offers.csv", get=EXPORT),
    PanelRoute("settings/offers/", get=VIEW),
    PanelRoute("settings/offers/new/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/offers/<str:offer>/", get=VIEW),
    PanelRoute("settings/offers/<str:offer>/edit/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/offers/<str:offer>/switch/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/offers/reasons/new/", get=SETTINGS, post=SETTINGS, data={"label_en": "We moved"}),
    PanelRoute("settings/offers/reasons/<slug:reason>/", get=SETTINGS, post=SETTINGS, data={"is_on": "on"}),
    PanelRoute("settings/payments/", get=VIEW),
    PanelRoute("settings/payments/connect/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/payments/try/", post=SETTINGS),
    PanelRoute("settings/payments/endpoint/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/payments/secret/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/payments/disconnect/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/tax/", get=VIEW),
    PanelRoute("settings/tax/registration/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/tax/rates/new/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/tax/rates/<str:rate>/version/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/tax/rates/<str:rate>/archive/", get=SETTINGS, post=SETTINGS),
    PanelRoute("settings/tax/rates/<str:rate>/restore/", get=SETTINGS, post=SETTINGS),
    PanelRoute("customers/<str:customer>/tax/", get=TAXES, post=TAXES),
    PanelRoute("subscriptions/<str:subscription>/payment/", get=RECORD, post=RECORD),
    PanelRoute("subscriptions/<str:subscription>/charge/", get=CHARGE, post=CHARGE),
    PanelRoute("subscriptions/<str:subscription>/change-plan/", get=CHANGE, post=CHANGE),
    PanelRoute("customers/<str:customer>/change-plan/", get=CHANGE),
    PanelRoute("subscriptions/<str:subscription>/change-quantity/", get=CHANGE, post=CHANGE),
    PanelRoute("customers/<str:customer>/change-quantity/", get=CHANGE),
    PanelRoute("subscriptions/<str:subscription>/add-addon/", get=CHANGE, post=CHANGE),
    PanelRoute("customers/<str:customer>/add-addon/", get=CHANGE),
    PanelRoute("subscriptions/<str:subscription>/remove-addon/", get=CHANGE, post=CHANGE),
    PanelRoute("customers/<str:customer>/remove-addon/", get=CHANGE),
    PanelRoute("subscriptions/<str:subscription>/keep-addon/", get=CHANGE, post=CHANGE),
    PanelRoute("customers/<str:customer>/keep-addon/", get=CHANGE),
    PanelRoute("subscriptions/<str:subscription>/apply-coupon/", get=CHANGE, post=CHANGE),
    PanelRoute("customers/<str:customer>/apply-coupon/", get=CHANGE),
    PanelRoute("subscriptions/<str:subscription>/remove-coupon/", get=CHANGE, post=CHANGE),
    PanelRoute("customers/<str:customer>/remove-coupon/", get=CHANGE),
    PanelRoute("subscriptions/<str:subscription>/set-limit/", get=SUSPEND, post=SUSPEND),
    PanelRoute("customers/<str:customer>/set-limit/", get=SUSPEND),
    PanelRoute("subscriptions/<str:subscription>/end-trial/", get=CHARGE, post=CHARGE),
    PanelRoute("customers/<str:customer>/end-trial/", get=CHARGE),
    PanelRoute("subscriptions/<str:subscription>/restart/", get=CHANGE, post=CHANGE),
    PanelRoute("customers/<str:customer>/restart/", get=CHANGE),
    PanelRoute("customers/<str:customer>/new-subscription/", get=SUBSCRIBE, post=SUBSCRIBE),
    PanelRoute("subscriptions/<str:subscription>/drop-change/", get=CHANGE, post=CHANGE),
    PanelRoute("customers/<str:customer>/drop-change/", get=CHANGE),
    PanelRoute("subscriptions/<str:subscription>/rollback-plan/", get=CHANGE, post=CHANGE),
    PanelRoute("customers/<str:customer>/rollback-plan/", get=CHANGE),
    PanelRoute("subscriptions/<str:subscription>/extend/", get=EXTEND, post=EXTEND),
    PanelRoute("customers/<str:customer>/extend/", get=EXTEND),
    PanelRoute("subscriptions/<str:subscription>/cancel/", get=CANCEL, post=CANCEL),
    PanelRoute("customers/<str:customer>/cancel/", get=CANCEL),
    PanelRoute("subscriptions/<str:subscription>/keep/", get=CANCEL, post=CANCEL),
    PanelRoute("customers/<str:customer>/keep/", get=CANCEL),
    PanelRoute("subscriptions/<str:subscription>/pause/", get=PAUSE, post=PAUSE),
    PanelRoute("customers/<str:customer>/pause/", get=PAUSE),
    PanelRoute("subscriptions/<str:subscription>/resume/", get=PAUSE, post=PAUSE),
    PanelRoute("customers/<str:customer>/resume/", get=PAUSE),
    PanelRoute("subscriptions/<str:subscription>/skip-renewal/", get=EXTEND, post=EXTEND),
    PanelRoute("customers/<str:customer>/skip-renewal/", get=EXTEND),
    PanelRoute("subscriptions/<str:subscription>/billing-date/", get=CHANGE, post=CHANGE),
    PanelRoute("customers/<str:customer>/billing-date/", get=CHANGE),
    PanelRoute("subscriptions/<str:subscription>/waive/", get=WAIVE, post=WAIVE),
    PanelRoute("customers/<str:customer>/waive/", get=WAIVE),
    PanelRoute("payments/<str:payment>/refund/", get=REFUND, post=REFUND),
    PanelRoute("invoices/<str:invoice>/pay-link/", get=CARD, post=CARD),
    PanelRoute("invoices/<str:invoice>/credit/", get=CREDIT, post=CREDIT),
    PanelRoute("invoices/<str:invoice>/correct/", get=CORRECT, post=CORRECT),
    PanelRoute("invoices/<str:invoice>/void/", get=VOID, post=VOID),
    PanelRoute("invoices/<str:invoice>/give-up/", get=VOID, post=VOID),
    PanelRoute("invoices/<str:invoice>/recover/", get=RECORD, post=RECORD),
    PanelRoute("customers/<str:customer>/balance/", get=VIEW),
    PanelRoute("customers/<str:customer>/credit/", get=CREDIT, post=CREDIT),
    PanelRoute("credits/<str:credit>/take-back/", get=CREDIT, post=CREDIT),
    PanelRoute("customers/<str:customer>/payout/", get=REFUND, post=REFUND),
    PanelRoute("refunds/", get=VIEW),
    PanelRoute("disputes/", get=VIEW),
    PanelRoute("disputes/<str:dispute>/outcome/", get=REFUND, post=REFUND),
    PanelRoute("payments/", get=VIEW),
    PanelRoute("payments/export.csv", get=EXPORT),
    PanelRoute("payments/<str:payment>/receipt.pdf", get=VIEW),
    PanelRoute("payments/<str:payment>/mail/", post=Permission.MAIL_INVOICE),
    PanelRoute("invoices/export.csv", get=EXPORT),
    PanelRoute("credit-notes/export.csv", get=EXPORT),
    PanelRoute("credit-notes/<str:credit_note>/mail/", post=Permission.MAIL_INVOICE),
    PanelRoute("invoices/", get=VIEW),
    PanelRoute("invoices/<str:invoice>/", get=VIEW),
    PanelRoute("invoices/<str:invoice>/invoice.pdf", get=VIEW),
    PanelRoute("invoices/<str:invoice>/mail/", post=Permission.MAIL_INVOICE),
    PanelRoute("credit-notes/", get=VIEW),
    PanelRoute("credit-notes/<str:credit_note>/", get=VIEW),
    PanelRoute("credit-notes/<str:credit_note>/credit-note.pdf", get=VIEW),
    PanelRoute("products/", get=VIEW),
    PanelRoute("products/new/", get=CATALOGUE, post=CATALOGUE, data={"name": "Hosting"}),
    PanelRoute("products/<str:product>/", get=VIEW),
    PanelRoute("products/<str:product>/edit/", get=CATALOGUE, post=CATALOGUE, data={"name": "Mail", "version": "1"}),
    PanelRoute("products/<str:product>/archive/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("products/<str:product>/restore/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("products/<str:product>/addons/new/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("addons/<str:addon>/edit/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("addons/<str:addon>/archive/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("addons/<str:addon>/restore/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("plans/new/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("plans/<str:plan>/", get=VIEW),
    PanelRoute("plans/<str:plan>/edit/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("plans/<str:plan>/prices/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("plans/<str:plan>/new-price/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("plans/<str:plan>/archive/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("plans/<str:plan>/links/new/", get=CATALOGUE, post=CATALOGUE, data={"found_by": "link"}),
    PanelRoute("checkout-links/<str:link>/off/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("plans/<str:plan>/restore/", get=CATALOGUE, post=CATALOGUE),
    PanelRoute("orders/", get=VIEW),
    PanelRoute("orders/export.csv", get=EXPORT),
    PanelRoute("charging/stop/", get=STOP, post=STOP),
    PanelRoute("charging/resume/", get=STOP, post=STOP),
    PanelRoute("your-subscription/", get=VIEW),
    PanelRoute("your-subscription/plan/", get=OWN, post=OWN),
    PanelRoute("your-subscription/drop-change/", get=OWN, post=OWN),
    PanelRoute("your-subscription/cancel/", get=OWN, post=OWN),
    PanelRoute("your-subscription/keep/", get=OWN, post=OWN),
    PanelRoute("your-subscription/pay/", get=OWN, post=OWN),
    PanelRoute("your-subscription/card/", get=OWN, post=OWN),
    PanelRoute("your-subscription/invoices/<str:bill>/", get=VIEW),
    PanelRoute("your-subscription/invoices/<str:bill>/mail/", post=OWN),
    PanelRoute("your-subscription/invoices/<str:bill>/invoice.pdf", get=VIEW),
    PanelRoute("test-mode/", get=VIEW),
    PanelRoute("test-mode/open/", post=TEST),
    PanelRoute("test-mode/advance/", post=TEST),
    PanelRoute("test-mode/go-on/", post=TEST),
    PanelRoute("test-mode/stop/", post=TEST),
    PanelRoute("test-mode/example/", get=TEST, post=TEST),
    PanelRoute("test-mode/reset/", get=TEST, post=TEST),
    PanelRoute("actions/<str:action>/undo/", get=SUSPEND, post=SUSPEND),
    PanelRoute("bulk/suspend/", post=BULK),
    PanelRoute("bulk/reactivate/", post=BULK),
    PanelRoute("bulk/extend/", post=BULK),
    PanelRoute("bulk/change-plan/", post=BULK),
    PanelRoute("bulk/cancel/", post=BULK),
    PanelRoute("bulk/apply-coupon/", post=BULK),
    PanelRoute("bulk/tag/", post=BULK),
    PanelRoute("bulk/message/", post=BULK),
    PanelRoute("bulk/set-limit/", post=BULK),
    PanelRoute("messages/", get=VIEW),
    PanelRoute("messages/<str:message>/", get=VIEW),
    PanelRoute("messages/<str:message>/copy/", get=VIEW),
    PanelRoute("customers/<str:customer>/why-mail/", get=VIEW, query="?kind=subscription_winback"),
    PanelRoute("series/", get=VIEW),
    PanelRoute("series/new/", get=CAMPAIGN, post=CAMPAIGN),
    PanelRoute("series/<str:series>/edit/", get=CAMPAIGN, post=CAMPAIGN),
    PanelRoute("series/<str:series>/on/", get=CAMPAIGN, post=CAMPAIGN),
    PanelRoute("series/<str:series>/off/", get=CAMPAIGN, post=CAMPAIGN),
    PanelRoute("campaigns/", get=VIEW),
    PanelRoute("campaigns/new/", get=CAMPAIGN, post=CAMPAIGN),
    PanelRoute("campaigns/<str:campaign>/", get=VIEW),
    PanelRoute("campaigns/<str:campaign>/edit/", get=CAMPAIGN, post=CAMPAIGN),
    PanelRoute("campaigns/<str:campaign>/test/", post=CAMPAIGN),
    PanelRoute("campaigns/<str:campaign>/confirm/", post=CAMPAIGN, data={"recipients": "1", "version": "1"}),
    PanelRoute("campaigns/<str:campaign>/recall/", post=CAMPAIGN),
    PanelRoute("campaigns/<str:campaign>/stop/", post=CAMPAIGN),
    PanelRoute("campaigns/<str:campaign>/resume/", post=CAMPAIGN),
    PanelRoute("campaigns/<str:campaign>/cancel/", post=CAMPAIGN),
    PanelRoute("campaigns/<str:campaign>/results.csv", get=EXPORT),
    PanelRoute("jobs/", get=BULK),
    PanelRoute("jobs/<str:job>/", get=BULK),
    PanelRoute("jobs/<str:job>/confirm/", post=BULK),
    PanelRoute("jobs/<str:job>/pause/", post=BULK),
    PanelRoute("jobs/<str:job>/resume/", post=BULK),
    PanelRoute("jobs/<str:job>/cancel/", post=BULK),
    PanelRoute("jobs/<str:job>/undo/", post=BULK),
    PanelRoute("jobs/<str:job>/results.csv", get=BULK),
]


@dataclass(frozen=True)
class PortalRoute:
    """A route below `/p/<slug>/`: what a log-in has to be meant for, by method; `public` ones ask for none."""

    path: str
    get: Permission | None = None
    post: Permission | None = None
    data: Mapping[str, str] = field(default_factory=dict)
    public: frozenset[str] = frozenset()

    @property
    def objects(self) -> list[str]:
        """The kinds of objects that the address names."""
        return [part[5:-1] for part in self.path.split("/") if part.startswith("<str:")]

    @property
    def methods(self) -> dict[str, Permission]:
        found = {"GET": self.get, "POST": self.post}
        return {method: permission for method, permission in found.items() if permission is not None}


EVERYBODY = frozenset({"GET", "POST"})
PORTAL_AT = "p/<slug:slug>/"
PORTAL = [
    PortalRoute("", get=VIEW),
    PortalRoute("sign-in/", public=EVERYBODY),
    PortalRoute("sign-in/code/", public=EVERYBODY),
    PortalRoute("sign-in/link/", public=EVERYBODY),
    PortalRoute("sign-in/sso/", public=EVERYBODY),
    PortalRoute("sign-in/passkey/", public=frozenset({"POST"})),
    PortalRoute("sign-in/passkey/asked/", public=frozenset({"POST"})),
    PortalRoute("sign-out/", post=VIEW),
    PortalRoute("buy/<str:link>/", public=EVERYBODY),
    PortalRoute("order/<str:order>/", public=EVERYBODY),
    PortalRoute("order/<str:order>/code/", public=frozenset({"POST"})),
    PortalRoute("order/<str:order>/link/", public=EVERYBODY),
    PortalRoute("order/<str:order>/mail/", public=frozenset({"POST"})),
    PortalRoute("order/<str:order>/card/", public=EVERYBODY),
    PortalRoute("order/<str:order>/back/", public=frozenset({"GET"})),
    PortalRoute("order/<str:order>/withdraw/", public=frozenset({"POST"})),
    PortalRoute("order/<str:order>/bank/", public=frozenset({"POST"})),
    PortalRoute("plan/", get=VIEW),
    PortalRoute("plan/<str:subscription>/change/", get=CHANGE, post=CHANGE),
    PortalRoute("plan/<str:subscription>/drop-change/", get=CHANGE, post=CHANGE),
    PortalRoute("plan/<str:subscription>/addons/", get=CHANGE, post=CHANGE),
    PortalRoute("plan/<str:subscription>/addons/remove/", get=CHANGE, post=CHANGE),
    PortalRoute("plan/<str:subscription>/addons/keep/", get=CHANGE, post=CHANGE),
    PortalRoute("plan/<str:subscription>/cancel/", get=CANCEL, post=CANCEL, data={"why": "skip"}),
    PortalRoute("plan/<str:subscription>/offer/", get=CANCEL, post=CANCEL),
    PortalRoute("plan/<str:subscription>/stay/", get=CANCEL, post=CANCEL),
    PortalRoute("plan/<str:subscription>/return/", get=CHANGE, post=CHANGE),
    PortalRoute("plan/<str:subscription>/keep/", get=CANCEL, post=CANCEL),
    PortalRoute("payment/", get=CARD),
    PortalRoute("payment/card/", get=CARD, post=CARD, data={"method": "sandbox_ok"}),
    PortalRoute("payment/card/another/", get=CARD, post=CARD, data={"method": "sandbox_soft_decline"}),
    PortalRoute("payment/cards/<str:card>/use/", get=CARD, post=CARD),
    PortalRoute("payment/cards/<str:card>/remove/", get=CARD, post=CARD),
    PortalRoute("payment/<str:subscription>/card/", get=CARD, post=CARD),
    PortalRoute("payment/<str:subscription>/pay/", get=CHARGE, post=CHARGE),
    PortalRoute("invoices/", get=Permission.MAIL_INVOICE),
    PortalRoute("invoices/details/", get=TAXES, post=TAXES, data={"name": "Bakery", "country": "DE"}),
    PortalRoute("invoices/<str:invoice>/", get=Permission.MAIL_INVOICE),
    PortalRoute("invoices/<str:invoice>/invoice.pdf", get=Permission.MAIL_INVOICE),
    PortalRoute("invoices/<str:invoice>/correct/", get=CORRECT, post=CORRECT),
    PortalRoute("invoices/<str:invoice>/mail/", post=Permission.MAIL_INVOICE),
    PortalRoute("credit-notes/<str:note>/credit-note.pdf", get=Permission.MAIL_INVOICE),
    PortalRoute("service/", get=LOOK),
    PortalRoute("service/<str:subscription>/show/", get=LOOK, post=LOOK),
    PortalRoute("service/<str:subscription>/reset/", get=RESET, post=RESET, data={"number": "1"}),
    PortalRoute("support/", get=VIEW, post=VIEW, data={"subject": "Help", "text": "Please.", "topic": "general"}),
    PortalRoute("support/<str:ticket>/", get=VIEW, post=VIEW, data={"text": "Still."}),
    PortalRoute("support/<str:ticket>/close/", post=VIEW),
    PortalRoute("account/data/<slug:form>/", post=LOGINS),
    PortalRoute("account/", get=VIEW),
    PortalRoute("account/mails/", get=VIEW, post=VIEW, data={"topic": "offers"}),
    PortalRoute("unsubscribe/<str:token>/", public=EVERYBODY),
    PortalRoute("account/logins/", post=LOGINS, data={"email": "bo@bakery.example", "role": "billing"}),
    PortalRoute("account/logins/<str:login>/remove/", get=LOGINS, post=LOGINS),
    PortalRoute("account/logins/<str:login>/switch/", post=VIEW),
    PortalRoute("account/passkeys/", get=VIEW, post=VIEW, data={"answer": "{}"}),
    PortalRoute("account/passkeys/asked/", post=VIEW),
    PortalRoute("account/passkeys/<str:passkey>/remove/", post=VIEW),
    PortalRoute("account/sessions/<str:session>/end/", post=VIEW),
    PortalRoute("account/sessions/end/", post=VIEW),
]

AT = "panel/<slug:slug>/"
# Addresses of the panel that belong to no partner.
SHARED = frozenset(
    {
        "",
        "panel/components/",
        "brand/<str:partner>/logo.png",
        "brand/<str:partner>/look.css",
        "credentials/<str:partner>/",
        "pay/<str:partner>/",
        "pay/<str:partner>/card/",
        "pay/<str:partner>/confirm/",
        "pay/<str:partner>/confirm/<str:charge>/",
        "webhooks/<slug:gateway>/<str:partner>/",
        "tls/ask",
        "webhooks/mail/",
        "livez",
        "readyz",
        "health",
        "metrics",
    }
)
# Routes of libraries, of the demo's inbox, and of the API, which has a matrix of its own.
GROUPS = ("accounts/", "i18n/", "operator/", "inbox/", "api/v1/")


def every_route() -> list[str]:
    """All addresses of the URLconf, as they are written there."""
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[URLPattern | URLResolver], above: str) -> Iterator[str]:
    for pattern in patterns:
        address = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, address)
        else:
            yield address


def group_of(address: str) -> str | None:
    return next((group for group in GROUPS if address.startswith(group)), None)
