"""The kinds of events that endpoints hear of: whatever is recorded of what a partner has."""

from __future__ import annotations

_WORDS = {
    "addon": "archived created restored updated",
    "api_key": "created revoked rotated",
    "balance": "credit_taken_back credited",
    "brand": "changed",
    "campaign": "cancelled confirmed created finished recalled resumed started stopped updated",
    "charging": "resumed stopped",
    "checkout": "completed expired",
    "checkout_link": "created switched_off",
    "coupon": "archived created restored updated",
    "credit_note": "issued mailed",
    "customer": "ban_lifted banned created erased exported reactivated suspended tagged updated"
    " verification_required verified",
    "customer_message": "written",
    "dispute": "lost opened under_review won",
    "exit_survey": "updated",
    "gateway": "connected disconnected secret_set",
    "host": "added lapsed made_primary proved removed",
    "invoice": "corrected given_up issued mailed paid paid_in_part recovered voided",
    "mail_sender": "broken proved removed set",
    "marketing": "changed",
    "marketing_rules": "changed",
    "note": "added",
    "offer": "made taken",
    "offer_rule": "created switched_off switched_on updated",
    "own_series": "created switched_off switched_on updated",
    "payment": "received",
    "payment_method": "added made_default removed replaced updated",
    "plan": "archived created restored updated",
    "plain_credentials": "allowed forbidden",
    "policy": "changed",
    "portal_login": "handed_over invited passkey_added passkey_removed removed role_changed signed_in",
    "product": "archived created restored updated",
    "receipt": "mailed",
    "retention": "warned",
    "refund": "failed pending recorded requested succeeded unknown",
    "series": "welcome_features welcome_feedback welcome_guide winback",
    "service_account": "absent credentials_opened credentials_sent credentials_viewed disabled enabled password_reset"
    " password_set retried updated",
    "service_address": "changed",
    "subscription": "access_changed addon_added addon_kept addon_leaves addons_ended billing_date_moved cancelled"
    " card_chosen change_awaits_payment change_dropped change_failed change_scheduled collection_ended coupon_redeemed"
    " coupon_removed created cut_over dates_put_back ended extended first_payment_needed grace_over grace_started kept"
    " limit_lifted limit_set limits_lifted loyalty_bonus pause_scheduled pause_withdrawn paused payment_due"
    " payment_failed payment_needs_confirmation plan_changed price_announced price_changed price_withdrawn provisioned"
    " quantity_changed reactivated renewal_near renewal_skipped renewed restart_asked restart_dropped restarted"
    " restored resumed rolled_back start_scheduled started suspended suspension_near trial_cut_short trial_ending"
    " trial_over trial_started updated usage_alert",
    "suppression": "added removed",
    "tax_profile": "changed",
    "tax_rate": "added archived replaced restored",
    "test_mode": "emptied opened",
    "ticket": "answered closed closed_by_staff opened opened_by_staff replied",
    "webhook_endpoint": "created deleted disabled enabled secret_rotated updated",
    "work": "retried",
}
TOPICS = frozenset(f"{about}.{word}" for about, words in _WORDS.items() for word in words.split())
# What a test event is called; nothing that happens is.
PING = "webhook.test"


def hears(wanted: list[str], kind: str) -> bool:
    """Whether an endpoint with these kinds hears of that one; without any it hears of all. A test is always heard."""
    return not wanted or kind in wanted or kind == PING
