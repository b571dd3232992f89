"""Money: invoices, payments, credit notes, refunds, disputes, and the switch of all charging."""

from django.urls import path

from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import (
    charging,
    credit,
    credit_notes,
    document_exports,
    documents,
    invoice_verbs,
    invoices,
    payment_list,
    payments,
    refund,
    returns,
)

urlpatterns = [
    path(AT + "payments/<str:payment>/refund/", refund.RefundPopup.as_view(), name="payment-refund"),
    path(AT + "invoices/<str:invoice>/credit/", invoice_verbs.CreditPopup.as_view(), name="invoice-credit"),
    path(AT + "invoices/<str:invoice>/correct/", invoice_verbs.CorrectPopup.as_view(), name="invoice-correct"),
    path(AT + "invoices/<str:invoice>/void/", invoice_verbs.VoidPopup.as_view(), name="invoice-void"),
    path(AT + "invoices/<str:invoice>/give-up/", invoice_verbs.GiveUpPopup.as_view(), name="invoice-give-up"),
    path(AT + "invoices/<str:invoice>/recover/", invoice_verbs.RecoverPopup.as_view(), name="invoice-recover"),
    path(AT + "refunds/", returns.Refunds.as_view(), name="refunds"),
    path(AT + "disputes/", returns.Disputes.as_view(), name="disputes"),
    path(AT + "disputes/<str:dispute>/outcome/", returns.DisputePopup.as_view(), name="dispute-outcome"),
    path(AT + "invoices/<str:invoice>/pay-link/", payments.PayLinkPopup.as_view(), name="invoice-pay-link"),
    path(AT + "credits/<str:credit>/take-back/", credit.TakeBackCreditPopup.as_view(), name="credit-take-back"),
    path(AT + "invoices/", invoices.Invoices.as_view(), name="invoices"),
    path(AT + "invoices/<str:invoice>/", invoices.Invoice.as_view(), name="invoice"),
    path(AT + "invoices/<str:invoice>/invoice.pdf", documents.InvoicePdf.as_view(), name="invoice-pdf"),
    path(AT + "invoices/<str:invoice>/mail/", documents.MailInvoice.as_view(), name="invoice-mail"),
    path(AT + "payments/", payment_list.Payments.as_view(), name="payments"),
    path(AT + "payments/export.csv", document_exports.PaymentsExport.as_view(), name="payments-export"),
    path(AT + "payments/<str:payment>/receipt.pdf", documents.ReceiptPdf.as_view(), name="receipt-pdf"),
    path(AT + "payments/<str:payment>/mail/", documents.MailReceipt.as_view(), name="receipt-mail"),
    path(AT + "invoices/export.csv", document_exports.InvoicesExport.as_view(), name="invoices-export"),
    path(AT + "credit-notes/export.csv", document_exports.CreditNotesExport.as_view(), name="credit-notes-export"),
    path(AT + "credit-notes/<str:credit_note>/mail/", documents.MailCreditNote.as_view(), name="credit-note-mail"),
    path(AT + "credit-notes/", credit_notes.CreditNotes.as_view(), name="credit-notes"),
    path(AT + "credit-notes/<str:credit_note>/", credit_notes.CreditNote.as_view(), name="credit-note"),
    path(
        AT + "credit-notes/<str:credit_note>/credit-note.pdf",
        documents.CreditNotePdf.as_view(),
        name="credit-note-pdf",
    ),
    path(AT + "charging/stop/", charging.StopChargingPopup.as_view(), name="charging-stop"),
    path(AT + "charging/resume/", charging.ResumeChargingPopup.as_view(), name="charging-resume"),
]
