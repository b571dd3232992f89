from django.urls import path

from partnerpanel.operations import views

urlpatterns = [
    path("livez", views.livez, name="livez"),
    path("readyz", views.readyz, name="readyz"),
    path("health", views.deep_health, name="health"),
    path("metrics", views.metrics, name="metrics"),
]
