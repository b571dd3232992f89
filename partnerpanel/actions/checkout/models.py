from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerpanel.actions.checkout.states import CheckoutState
from partnerpanel.queues.rows import DueModel, due_index
from partnerpanel.tenancy.choices import known, values
from partnerpanel.tenancy.fields import TenantForeignKey
from partnerpanel.tenancy.rows import TenantModel


class CheckoutLink(TenantModel):
    """An address at which a plan is sold to whoever has it. The one that is public is the plan's own page.

    What it offers stays as it was made; another offer is another link. `uses` counts what was ordered by it.
    """

    deletable = False
    updatable = ("email", "email_key", "uses", "off_at", "version")

    plan = TenantForeignKey("subscriptions.Plan", models.PROTECT, related_name="+")
    key = models.CharField(_("last part of the address"), max_length=40)
    is_public = models.BooleanField(_("the plan’s own page"), default=False)
    note = models.CharField(_("note"), max_length=80, blank=True)
    trial_days = models.PositiveSmallIntegerField(_("days of trial"), default=0)
    trial_needs_card = models.BooleanField(_("a trial needs a card"), default=True)
    most_quantity = models.PositiveIntegerField(_("most of it at once"), default=1)
    coupon = models.CharField(_("coupon"), max_length=40, blank=True)
    addons: Any = models.JSONField(_("add-ons"), default=list, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    email_key = models.CharField(max_length=254, blank=True, db_collation="C", editable=False)
    terms_url = models.URLField(_("address of the terms"), max_length=300, blank=True)
    until_at = models.DateTimeField(_("valid until"), null=True, blank=True)
    most_uses = models.PositiveIntegerField(_("most uses"), null=True, blank=True)
    uses = models.PositiveIntegerField(_("uses"), default=0)
    created_at = models.DateTimeField(_("created"))
    off_at = models.DateTimeField(_("switched off"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta(TenantModel.Meta):
        verbose_name = _("checkout link")
        verbose_name_plural = _("checkout links")
        constraints = [
            models.UniqueConstraint(fields=["partner", "key"], name="one_checkout_link_per_key"),
            models.UniqueConstraint(
                fields=["partner", "plan"], condition=Q(is_public=True, off_at=None), name="one_public_page_per_plan"
            ),
            models.CheckConstraint(condition=Q(most_quantity__gte=1), name="checkout_quantity_positive"),
            models.CheckConstraint(
                condition=Q(most_uses=None) | Q(most_uses__gte=models.F("uses")), name="checkout_uses_within"
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Checkout(DueModel):
    """Somebody who buys: what is wanted, who that is, and how far it came.

    `agreed` are the amounts that were shown when it was ordered; another amount is never charged. `page` is the
    gateway's page on which a card is awaited, `method_id` the card that came of it. `sign_in_id` is the mail that
    proves the address. `refusal` says why an order was opened again. `address` and `agent` are of who began it.
    `welcomed_at` is when the way to the credentials was mailed, which is once.
    """

    deletable = True

    link = TenantForeignKey(CheckoutLink, models.PROTECT, related_name="+")
    customer = TenantForeignKey("customers.Customer", models.PROTECT, null=True, related_name="+")
    subscription = TenantForeignKey("subscriptions.Subscription", models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=values(CheckoutState))
    currency = models.CharField(_("currency"), max_length=3)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    coupon = models.CharField(_("coupon"), max_length=40, blank=True)
    addons: Any = models.JSONField(_("add-ons"), default=list, blank=True)
    name = models.CharField(_("name"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    region = models.CharField(_("region"), max_length=3, blank=True)
    tax_id = models.CharField(_("tax id"), max_length=40, blank=True)
    locale = models.CharField(_("language"), max_length=10)
    address = models.CharField(_("address of the visitor"), max_length=45, blank=True)
    agent = models.CharField(_("browser"), max_length=200, blank=True)
    sign_in_id = models.UUIDField(_("mail that proves the address"), null=True)
    proved_at = models.DateTimeField(_("address proved"), null=True)
    agreed: Any = models.JSONField(_("amounts agreed"), default=dict, blank=True)
    terms_url = models.CharField(_("terms accepted"), max_length=300, blank=True)
    gateway = models.CharField(_("gateway"), max_length=30, blank=True)
    page = models.CharField(_("page of the gateway"), max_length=200, blank=True)
    method_id = models.UUIDField(_("card"), null=True)
    refusal = models.CharField(_("why it was opened again"), max_length=40, blank=True)
    opened_at = models.DateTimeField(_("begun"))
    ordered_at = models.DateTimeField(_("ordered"), null=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    welcomed_at = models.DateTimeField(_("credentials mailed"), null=True)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta(DueModel.Meta):
        verbose_name = _("checkout")
        verbose_name_plural = _("checkouts")
        constraints = [
            models.CheckConstraint(condition=known("state", CheckoutState), name="checkout_state_known"),
            models.UniqueConstraint(fields=["partner", "subscription"], name="one_checkout_per_subscription"),
            models.CheckConstraint(
                condition=~Q(state=CheckoutState.COMPLETED.value) | Q(subscription__isnull=False),
                name="completed_checkout_has_subscription",
            ),
            models.CheckConstraint(
                condition=Q(state=CheckoutState.OPEN.value)
                | Q(state=CheckoutState.EXPIRED.value)
                | Q(customer__isnull=False),
                name="ordered_checkout_has_customer",
            ),
        ]
        indexes = [
            due_index("checkouts_due"),
            models.Index(fields=["partner", "customer", "state"], name="checkouts_of_customer"),
            models.Index(fields=["partner", "-opened_at", "-id"], name="checkouts_by_age"),
        ]

    def __str__(self) -> str:
        return str(self.pk)
