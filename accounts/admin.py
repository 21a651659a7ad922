"""Users in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from accounts.models import User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """Django's user admin with the limit to chosen cameras."""

    list_display = ("username", "email", "is_staff", "only_chosen_cameras", "is_active", "last_login")
    fieldsets = (*(DjangoUserAdmin.fieldsets or ()), ("Cameras", {"fields": ("only_chosen_cameras",)}))
