"""When backups were made, for the operator."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpRequest

from partnerpanel.backups.models import Backup
from partnerpanel.tenancy.admin import ControlPlane


@admin.register(Backup)
class BackupAdmin(ControlPlane):
    list_display = ("began_at", "finished_at")
    list_display_links = None
    ordering = ("-began_at",)

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False
