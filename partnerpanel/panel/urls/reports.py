"""Figures, each with its definition and the rows behind it."""

from django.urls import path

from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import leaving_report, leaving_rows

urlpatterns = [
    path(AT + "reports/leaving/", leaving_report.LeavingReport.as_view(), name="report-leaving"),
    path(AT + "reports/leaving/cancelled/", leaving_rows.Left.as_view(), name="report-left"),
    path(AT + "reports/leaving/offers/", leaving_rows.Made.as_view(), name="report-offers"),
    path(AT + "reports/leaving/cancelled.csv", leaving_rows.LeftCsv.as_view(), name="report-left-csv"),
    path(AT + "reports/leaving/offers.csv", leaving_rows.MadeCsv.as_view(), name="report-offers-csv"),
]
