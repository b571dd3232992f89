"""The popup that changes a coupon's name, days and limits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.forms import Form
from django.urls import reverse
from django.utils.translation import gettext as _

from partnerpanel.actions import coupon_catalogue
from partnerpanel.actions.catalogue import changed_since
from partnerpanel.kernel.ids import parse, public
from partnerpanel.panel.catalogue_words import change_rows
from partnerpanel.panel.coupon_forms import EditCouponForm
from partnerpanel.panel.views.catalogue_popup import CataloguePopup
from partnerpanel.tenancy.scope import tenant
from subscriptions.queries.coupon_catalogue import CouponLine, coupon_line


class EditCouponPopup(CataloguePopup):
    """Who has redeemed it keeps what it takes off; only who redeems it from now on is concerned."""

    section = "settings"
    coupon: CouponLine

    def prepare(self, address: Mapping[str, str]) -> None:
        self.coupon = self._read(address["coupon"])

    def build(self, data: Any = None) -> Form:
        return EditCouponForm(data, initial={**asdict(self.coupon.limits), "version": self.coupon.version})

    def quote(self, form: Form | None) -> dict[str, Any]:
        wanted = form.limits if isinstance(form, EditCouponForm) else self.coupon.limits
        summary = _("Who has redeemed it keeps what it takes off. What changes counts for new redemptions.")
        return {"summary": summary, "changes": change_rows(self.coupon.limits.changes_to(wanted))}

    def save(self, form: Form) -> str:
        if not isinstance(form, EditCouponForm):
            raise TypeError("this popup has one form")
        coupon_catalogue.change_coupon(
            self.coupon.id,
            form.limits,
            version=form.cleaned_data["version"],
            actor=self.visit.actor,
            now=self.visit.now,
        )
        return _("%(name)s is saved.") % {"name": self.coupon.code}

    def since(self, version: int) -> list[dict[str, str]]:
        self.coupon = self._read(public("cpn", self.coupon.id))
        return change_rows(changed_since("coupon", self.coupon.id, version, actor=self.visit.actor))

    def version(self) -> int:
        return self.coupon.version

    def words(self) -> dict[str, Any]:
        return {"title": _("Edit %(name)s") % {"name": self.coupon.code}, "submit": _("Save")}

    def back_url(self) -> str:
        return reverse("settings-coupons", args=[self.visit.partner.slug])

    def _read(self, public_id: str) -> CouponLine:
        with tenant(self.visit.partner.pk):
            return coupon_line(self.visit.partner.pk, parse("cpn", public_id))
