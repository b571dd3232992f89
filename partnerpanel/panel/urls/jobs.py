"""What is done to many at once, and undone."""

from django.urls import path

from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import access, bulk, jobs, message

urlpatterns = [
    path(AT + "actions/<str:action>/undo/", access.UndoPopup.as_view(), name="undo"),
    path(AT + "bulk/suspend/", bulk.BulkSuspend.as_view(), name="bulk-suspend"),
    path(AT + "bulk/reactivate/", bulk.BulkReactivate.as_view(), name="bulk-reactivate"),
    path(AT + "bulk/extend/", bulk.BulkExtend.as_view(), name="bulk-extend"),
    path(AT + "bulk/change-plan/", bulk.BulkChangePlan.as_view(), name="bulk-change-plan"),
    path(AT + "bulk/cancel/", bulk.BulkCancel.as_view(), name="bulk-cancel"),
    path(AT + "bulk/apply-coupon/", bulk.BulkApplyCoupon.as_view(), name="bulk-apply-coupon"),
    path(AT + "bulk/message/", message.BulkMessage.as_view(), name="bulk-message"),
    path(AT + "bulk/tag/", bulk.BulkTag.as_view(), name="bulk-tag"),
    path(AT + "bulk/set-limit/", bulk.BulkLimit.as_view(), name="bulk-set-limit"),
    path(AT + "jobs/", jobs.Jobs.as_view(), name="jobs"),
    path(AT + "jobs/<str:job>/", jobs.Job.as_view(), name="job"),
    path(AT + "jobs/<str:job>/confirm/", jobs.ConfirmJob.as_view(), name="job-confirm"),
    path(AT + "jobs/<str:job>/pause/", jobs.PauseJob.as_view(), name="job-pause"),
    path(AT + "jobs/<str:job>/resume/", jobs.ResumeJob.as_view(), name="job-resume"),
    path(AT + "jobs/<str:job>/cancel/", jobs.CancelJob.as_view(), name="job-cancel"),
    path(AT + "jobs/<str:job>/undo/", jobs.UndoJob.as_view(), name="job-undo"),
    path(AT + "jobs/<str:job>/results.csv", jobs.JobResults.as_view(), name="job-results"),
]
