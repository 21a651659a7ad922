"""Users in the admin."""

from typing import TYPE_CHECKING

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from accounts.models import User

if TYPE_CHECKING:  # generic only for the type checker
    BaseUserAdmin = DjangoUserAdmin[User]
else:
    BaseUserAdmin = DjangoUserAdmin


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    """Django's user admin with the limit to chosen cameras."""

    list_display = ("username", "email", "is_staff", "only_chosen_cameras", "is_active", "last_login")
    fieldsets = (*(DjangoUserAdmin.fieldsets or ()), ("Cameras", {"fields": ("only_chosen_cameras",)}))
