"""Campaigns, series, and the log of messages."""

from django.urls import path

from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import campaign_acts, campaigns, message_log, series

ONE = AT + "campaigns/<str:campaign>/"

urlpatterns = [
    path(AT + "messages/", message_log.MessageLog.as_view(), name="message-log"),
    path(AT + "messages/<str:message>/", message_log.MessagePage.as_view(), name="message"),
    path(AT + "messages/<str:message>/copy/", message_log.MessageCopy.as_view(), name="message-copy"),
    path(AT + "customers/<str:customer>/why-mail/", message_log.WhyMail.as_view(), name="why-mail"),
    path(AT + "series/", series.SeriesList.as_view(), name="series"),
    path(AT + "series/new/", series.NewSeriesPopup.as_view(), name="series-new"),
    path(AT + "series/<str:series>/edit/", series.EditSeriesPopup.as_view(), name="series-edit"),
    path(AT + "series/<str:series>/on/", series.SwitchOnPopup.as_view(), name="series-on"),
    path(AT + "series/<str:series>/off/", series.SwitchOffPopup.as_view(), name="series-off"),
    path(AT + "campaigns/", campaigns.Campaigns.as_view(), name="campaigns"),
    path(AT + "campaigns/new/", campaigns.CampaignDraftPage.as_view(), name="campaign-new"),
    path(ONE, campaigns.CampaignPage.as_view(), name="campaign"),
    path(ONE + "edit/", campaigns.CampaignDraftPage.as_view(), name="campaign-edit"),
    path(ONE + "test/", campaign_acts.TestCampaign.as_view(), name="campaign-test"),
    path(ONE + "confirm/", campaigns.ConfirmCampaign.as_view(), name="campaign-confirm"),
    path(ONE + "recall/", campaign_acts.RecallCampaign.as_view(), name="campaign-recall"),
    path(ONE + "stop/", campaign_acts.StopCampaign.as_view(), name="campaign-stop"),
    path(ONE + "resume/", campaign_acts.ResumeCampaign.as_view(), name="campaign-resume"),
    path(ONE + "cancel/", campaign_acts.CancelCampaign.as_view(), name="campaign-cancel"),
    path(ONE + "results.csv", campaigns.CampaignResults.as_view(), name="campaign-results"),
]
