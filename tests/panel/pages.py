"""Every page that exists, by the name that its screenshots carry."""

from __future__ import annotations

from collections.abc import Mapping

# Before sign-in, or for everybody.
OUTSIDE = {
    "sign-in": "/accounts/login/",
    "password-reset": "/accounts/password/reset/",
}
# About the signed-in person.
ACCOUNT = {
    "two-factor": "/accounts/2fa/",
    "sessions": "/accounts/sessions/",
    "email": "/accounts/email/",
    "password": "/accounts/password/change/",
    "sign-out": "/accounts/logout/",
    "confirm-access": "/accounts/reauthenticate/",
}
# For operators.
OPERATOR = {"components": "/panel/components/"}
# Of a partner, below its address. A word in braces stands for an id: of a customer who is active, of one who is
# suspended, of a bulk job, of a product, of a plan, of a credit note, of a subscription that is unpaid and its invoice,
# of a payment, of a dispute.
PANEL = {
    "home": "",
    "customers": "customers/",
    "customers-active": "customers/?tab=active",
    "customers-suspended": "customers/?tab=suspended",
    "customers-filtered": "customers/?q=a&since=2020-01-01",
    "customers-columns": "customers/?col=plan&col=status&col=registered&col=country&col=tags&col=number",
    "customers-none": "customers/?q=nobody-is-called-this",
    "customer": "customers/{active}/",
    "customer-suspended": "customers/{suspended}/",
    "suspend": "customers/{active}/suspend/",
    "reactivate": "customers/{suspended}/reactivate/",
    "nothing-to-reactivate": "customers/{active}/reactivate/",
    "extend": "subscriptions/{subscription}/extend/",
    "cancel": "subscriptions/{subscription}/cancel/",
    "pause": "subscriptions/{subscription}/pause/",
    "skip-renewal": "subscriptions/{subscription}/skip-renewal/",
    "move-billing-date": "subscriptions/{subscription}/billing-date/",
    "nothing-to-restart": "subscriptions/{subscription}/restart/",
    "nothing-to-keep": "subscriptions/{subscription}/keep/",
    "nothing-to-resume": "subscriptions/{subscription}/resume/",
    "waive": "subscriptions/{subscription}/waive/",
    "record-payment": "subscriptions/{subscription}/payment/",
    "charge-now": "subscriptions/{subscription}/charge/",
    "invoices": "invoices/",
    "invoice": "invoices/{invoice}/",
    "invoices-open": "invoices/?tab=open",
    "invoices-none": "invoices/?q=999999999",
    "refund": "payments/{payment}/refund/",
    "credit-invoice": "invoices/{invoice}/credit/",
    "correct-invoice": "invoices/{invoice}/correct/",
    "void-invoice": "invoices/{invoice}/void/",
    "give-up-invoice": "invoices/{invoice}/give-up/",
    "nothing-to-recover": "invoices/{invoice}/recover/",
    "pay-out-balance": "customers/{active}/payout/",
    "refunds": "refunds/",
    "refunds-failed": "refunds/?tab=failed",
    "disputes": "disputes/",
    "dispute-outcome": "disputes/{dispute}/outcome/",
    "credit-notes": "credit-notes/",
    "credit-notes-none": "credit-notes/?q=999999999",
    "choose-subscription": "customers/{active}/change-plan/",
    "change-plan": "customers/{suspended}/change-plan/",
    "rollback-plan": "customers/{suspended}/rollback-plan/",
    "cancel-change": "customers/{suspended}/drop-change/",
    "credit-note": "credit-notes/{credit_note}/",
    "replace-card": "customers/{active}/card/",
    "choose-card": "subscriptions/{subscription}/card/",
    "stop-charging": "charging/stop/",
    "your-subscription": "your-subscription/",
    "resume-charging": "charging/resume/",
    "policy": "settings/policy/",
    "policy-of-plan": "plans/{plan}/policy/",
    "policy-of-customer": "customers/{active}/policy/",
    "policy-of-subscription": "subscriptions/{subscription}/policy/",
    "policy-preset": "settings/policy/?preset=extended",
    "credentials-settings": "settings/credentials/",
    "alert-settings": "settings/alerts/",
    "sender-settings": "settings/sender/",
    "brand-settings": "settings/brand/",
    "offers-settings": "settings/offers/",
    "leaving-report": "reports/leaving/",
    "brand-edit": "settings/brand/edit/",
    "tax-settings": "settings/tax/",
    "payment-settings": "settings/payments/",
    "connect-stripe": "settings/payments/connect/",
    "webhook-settings": "settings/webhooks/",
    "add-webhook": "settings/webhooks/new/",
    "webhook": "settings/webhooks/{webhook}/",
    "edit-webhook": "settings/webhooks/{webhook}/edit/",
    "tax-sample": "settings/tax/?amount=100&country=US&on=2026-03-15",
    "tax-registration": "settings/tax/registration/",
    "new-tax-rate": "settings/tax/rates/new/",
    "customer-tax": "customers/{active}/tax/",
    "plain-credentials": "settings/credentials/plain/allow/",
    "choose-credentials": "customers/{active}/credentials/send/",
    "catalogue": "products/",
    "catalogue-archived": "products/?tab=archived",
    "catalogue-none": "products/?q=nothing-is-called-this",
    "product": "products/{product}/",
    "new-product": "products/new/",
    "edit-product": "products/{product}/edit/",
    "archive-product": "products/{product}/archive/",
    "plan": "plans/{plan}/",
    "new-plan": "plans/new/",
    "edit-plan": "plans/{plan}/edit/",
    "plan-prices": "plans/{plan}/prices/",
    "new-price": "plans/{plan}/new-price/",
    "archive-plan": "plans/{plan}/archive/",
    "orders": "orders/",
    "orders-none": "orders/?q=nobody-orders-with-this",
    "test-mode": "test-mode/",
    "campaigns": "campaigns/",
    "new-campaign": "campaigns/new/?tab=active",
    "campaign-draft": "campaigns/{draft}/",
    "campaign-confirmed": "campaigns/{campaign}/",
    "messages": "messages/",
    "suppressed": "settings/messages/suppressed/",
    "suppress": "settings/messages/suppressed/add/",
    "marketing-rules": "settings/messages/rules/",
    "choice-of-mails": "customers/{active}/mails/",
    "why-mail": "customers/{active}/why-mail/?kind=subscription_winback",
    "jobs": "jobs/",
    "job": "jobs/{job}/",
    "not-found": "customers/cus_nobody/",
}
# Caught mail; where it is on.
INBOX = {"inbox": "/inbox/"}


def panel(slug: str, ids: Mapping[str, str]) -> dict[str, str]:
    """The partner's pages, without those that ask for an id that is not given."""
    found = {}
    for name, path in PANEL.items():
        try:
            found[name] = f"/panel/{slug}/{path.format_map(ids)}"
        except KeyError:
            continue
    return found
