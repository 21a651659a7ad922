"""What people may do, by the two roles there are."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import Q


class RoleBackend(ModelBackend):
    """Logs people in by their password; staff may do everything in the admin, without lists of permissions to tick."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Whether this person may do that."""
        return administers(user_obj) or super().has_perm(user_obj, perm, obj)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """What this person was given, directly or by a group; in one query, where Django takes one for each."""
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            given = Q() if user_obj.is_superuser else Q(user=user_obj) | Q(group__user=user_obj)
            found = Permission.objects.filter(given).order_by().distinct()
            names = found.values_list("content_type__app_label", "codename")
            user_obj._perm_cache = {f"{app}.{name}" for app, name in names}
        cached: set[str] = user_obj._perm_cache
        return cached

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        """Whether this person may do anything in an app."""
        return administers(user_obj) or super().has_module_perms(user_obj, app_label)


def administers(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether this person is staff with a working login."""
    return bool(user.is_active and getattr(user, "is_staff", False))
