"""The library check in the admin: its runs, what they found, and which installation this is."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from cameras.admin_filters import DaysFilter
from cameras.admin_lists import MachineDataAdmin
from cameras.admin_parts import row_link
from cameras.models import FileFault, Installation, Reconciliation


@admin.register(Reconciliation)
class ReconciliationAdmin(MachineDataAdmin[Reconciliation]):
    """Comparisons of files and index."""

    list_display = ("started_at", "depth", "state", "rows", "registered", "missing", "back", "faulty", "text")
    list_filter = ("state", "depth")
    ordering = ("-id",)


@admin.register(FileFault)
class FileFaultAdmin(MachineDataAdmin[FileFault]):
    """Files that are not as the index says."""

    list_display = ("found_at", "kind", "path", "image_link", "text")
    list_filter = ("kind", ("found_at", DaysFilter))
    found_by = ("^path",)
    search_help_text = "A file’s name, or the beginning of its path."
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[FileFault]:
        """With images, read for the rows of the page only."""
        return super().get_queryset(request).prefetch_related("image__camera__node")

    @admin.display(description="image")
    def image_link(self, fault: FileFault) -> str:
        """A link to the image, where it is of one."""
        return row_link(fault.image)


@admin.register(Installation)
class InstallationAdmin(MachineDataAdmin[Installation]):
    """Which installation this is; the file .librarian in the folder of images says the same."""

    list_display = ("key", "created_at")
    ordering = ("-id",)
