"""What a customer pays and has paid."""

from django.urls import path

from partnerpanel.portal.urls.at import AT
from partnerpanel.portal.views import cards, correcting, invoices, payment

urlpatterns = [
    path(AT + "payment/", payment.Payment.as_view(), name="portal-payment"),
    path(AT + "payment/card/", payment.Card.as_view(), name="portal-card"),
    path(AT + "payment/card/another/", cards.AddCard.as_view(), name="portal-card-add"),
    path(AT + "payment/cards/<str:card>/use/", cards.UseCard.as_view(), name="portal-card-use"),
    path(AT + "payment/cards/<str:card>/remove/", cards.RemoveCard.as_view(), name="portal-card-remove"),
    path(AT + "payment/<str:subscription>/card/", cards.CardOf.as_view(), name="portal-card-of"),
    path(AT + "payment/<str:subscription>/pay/", payment.Pay.as_view(), name="portal-pay"),
    path(AT + "invoices/", invoices.Invoices.as_view(), name="portal-invoices"),
    path(AT + "invoices/details/", invoices.BillingDetails.as_view(), name="portal-details"),
    path(AT + "invoices/<str:invoice>/", invoices.Invoice.as_view(), name="portal-invoice"),
    path(AT + "invoices/<str:invoice>/invoice.pdf", invoices.InvoicePdf.as_view(), name="portal-invoice-pdf"),
    path(AT + "invoices/<str:invoice>/correct/", correcting.Correct.as_view(), name="portal-invoice-correct"),
    path(AT + "credit-notes/<str:note>/credit-note.pdf", invoices.NotePdf.as_view(), name="portal-note-pdf"),
    path(AT + "invoices/<str:invoice>/mail/", invoices.MailInvoice.as_view(), name="portal-invoice-mail"),
]
