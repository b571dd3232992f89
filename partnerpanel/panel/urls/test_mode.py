"""The partner’s twin and its clock."""

from django.urls import path

from partnerpanel.panel.urls.at import AT
from partnerpanel.panel.views import test_mode

urlpatterns = [
    path(AT + "test-mode/", test_mode.TestMode.as_view(), name="test-mode"),
    path(AT + "test-mode/open/", test_mode.OpenTestMode.as_view(), name="test-mode-open"),
    path(AT + "test-mode/advance/", test_mode.AdvanceClock.as_view(), name="test-mode-advance"),
    path(AT + "test-mode/go-on/", test_mode.GoOn.as_view(), name="test-mode-go-on"),
    path(AT + "test-mode/stop/", test_mode.StopClock.as_view(), name="test-mode-stop"),
    path(AT + "test-mode/example/", test_mode.ExamplePopup.as_view(), name="test-mode-example"),
    path(AT + "test-mode/reset/", test_mode.ResetPopup.as_view(), name="test-mode-reset"),
]
