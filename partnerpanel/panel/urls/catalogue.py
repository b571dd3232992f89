"""What the partner sells."""

from django.urls import path

from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import (
    addon_catalogue,
    catalogue,
    checkout_links,
    orders,
    plans,
    price_notice,
    products,
)

urlpatterns = [
    path(AT + "products/", catalogue.Products.as_view(), name="products"),
    path(AT + "products/new/", products.NewProductPopup.as_view(), name="product-new"),
    path(AT + "products/<str:product>/", catalogue.Product.as_view(), name="product"),
    path(AT + "products/<str:product>/edit/", products.RenameProductPopup.as_view(), name="product-edit"),
    path(AT + "products/<str:product>/archive/", products.ArchiveProductPopup.as_view(), name="product-archive"),
    path(AT + "products/<str:product>/restore/", products.RestoreProductPopup.as_view(), name="product-restore"),
    path(AT + "products/<str:product>/addons/new/", addon_catalogue.NewAddonPopup.as_view(), name="addon-new"),
    path(AT + "addons/<str:addon>/edit/", addon_catalogue.EditAddonPopup.as_view(), name="addon-edit"),
    path(AT + "addons/<str:addon>/archive/", addon_catalogue.ArchiveAddonPopup.as_view(), name="addon-archive"),
    path(AT + "addons/<str:addon>/restore/", addon_catalogue.RestoreAddonPopup.as_view(), name="addon-restore"),
    path(AT + "plans/new/", plans.NewPlanPopup.as_view(), name="plan-new"),
    path(AT + "plans/<str:plan>/", catalogue.Plan.as_view(), name="plan"),
    path(AT + "plans/<str:plan>/edit/", plans.EditPlanPopup.as_view(), name="plan-edit"),
    path(AT + "plans/<str:plan>/prices/", plans.PlanPricesPopup.as_view(), name="plan-prices"),
    path(AT + "plans/<str:plan>/new-price/", price_notice.PriceNoticePopup.as_view(), name="plan-new-price"),
    path(AT + "plans/<str:plan>/archive/", plans.ArchivePlanPopup.as_view(), name="plan-archive"),
    path(AT + "plans/<str:plan>/links/new/", checkout_links.NewLinkPopup.as_view(), name="checkout-link-new"),
    path(AT + "checkout-links/<str:link>/off/", checkout_links.SwitchLinkOffPopup.as_view(), name="checkout-link-off"),
    path(AT + "orders/", orders.Orders.as_view(), name="orders"),
    path(AT + "orders/export.csv", orders.OrdersExport.as_view(), name="orders-export"),
    path(AT + "plans/<str:plan>/restore/", plans.RestorePlanPopup.as_view(), name="plan-restore"),
]
