"""Users in the admin, and the logins that too many wrong passwords locked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from axes.models import AccessAttempt
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import UserChangeForm
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from qsessions.models import Session

from accounts import lockout
from accounts.backends import administers
from accounts.models import User

if TYPE_CHECKING:  # generic only for the type checker
    BaseUserAdmin = DjangoUserAdmin[User]
    BaseModelAdmin = admin.ModelAdmin[AccessAttempt]
    BaseUserForm = UserChangeForm[User]
else:
    BaseUserAdmin = DjangoUserAdmin
    BaseModelAdmin = admin.ModelAdmin
    BaseUserForm = UserChangeForm

LAST = "Somebody has to be left who may administer: active and staff."
SIGNING_OUT = "Every browser in which they are signed in asks for the password again; not the one at hand."
ROLE: Any = ("Role", {"fields": ("is_staff", "only_chosen_cameras", "is_active")})

# Roles say what people may do, so groups would change nothing. A session's key would let staff be somebody else.
admin.site.unregister(Group)
admin.site.unregister(Session)


def somebody_administers_besides(users: Iterable[User]) -> bool:
    """Whether anybody is left who may administer when these may not any more; see `accounts.backends.administers`."""
    others = User.objects.exclude(pk__in=[user.pk for user in users])
    return others.filter(is_active=True, is_staff=True).exists()


class PersonForm(BaseUserForm):
    """Django's form; it does not take the rights of the last one who has them."""

    def clean(self) -> dict[str, Any]:
        """What was sent, unless nobody could administer any more."""
        sent: dict[str, Any] = super().clean() or self.cleaned_data
        loses = administers(self.instance) and not (sent.get("is_active") and sent.get("is_staff"))
        if loses and not somebody_administers_besides([self.instance]):
            raise ValidationError(LAST)
        return sent


@admin.register(User)
class UserAdmin(BaseUserAdmin):
    """Django's user admin with the roles that there are: staff, who may do everything, and viewers."""

    list_display = ("username", "email", "is_staff", "only_chosen_cameras", "is_active", "last_login")
    list_filter = ("is_staff", "only_chosen_cameras", "is_active")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Person", {"fields": ("first_name", "last_name", "email")}),
        ROLE,
        ("Profile", {"fields": ("time_zone", "theme", "density")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (*DjangoUserAdmin.add_fieldsets, ("Person", {"fields": ("email",)}), ROLE)
    form = PersonForm
    filter_horizontal = ()
    readonly_fields = ("last_login", "date_joined")
    actions = ("unlock", "log_out")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Save; whoever is no longer staff keeps no other power."""
        obj.is_superuser = obj.is_staff
        super().save_model(request, obj, form, change)

    @admin.action(description="Unlock the login of selected users", permissions=["change"])
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Forget the wrong passwords."""
        for user in queryset:
            lockout.unlock(user.get_username())
        self.message_user(request, "They can sign in again.", messages.SUCCESS)

    @admin.action(description="Sign selected users out everywhere…", permissions=["change"])
    def log_out(self, request: HttpRequest, queryset: QuerySet[User]) -> HttpResponse | None:
        """Ask, and end all their sessions but the one at hand, which the answer needs."""
        if "confirmed" not in request.POST:
            question = {"title": "Sign out everywhere?", "explanation": SIGNING_OUT, "button": "Sign out"}
            rows = {"rows": queryset, "checkbox": ACTION_CHECKBOX_NAME, "action": "log_out", "opts": self.opts}
            context = self.admin_site.each_context(request) | question | rows
            return TemplateResponse(request, "admin/asking.html", context)
        Session.objects.filter(user__in=queryset).exclude(session_key=request.session.session_key).delete()
        but = ", but for you in this browser" if request.user in queryset else ""
        self.message_user(request, f"They are signed out everywhere{but}.", messages.SUCCESS)
        return None

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """What would go with users; the last ones who administer are protected."""
        gone, counts, lacking, protected = super().get_deleted_objects(objs, request)
        if not somebody_administers_besides(objs):
            self.message_user(request, LAST, messages.ERROR)
            protected = [*protected, LAST]
        return gone, counts, lacking, protected


@admin.register(AccessAttempt)
class LockedLoginAdmin(BaseModelAdmin):
    """Wrong passwords by name and address; removing a row unlocks that name for that address."""

    list_display = ("username", "ip_address", "failures_since_start", "attempt_time", "user_agent")
    search_fields = ("username", "ip_address")
    fields = ("username", "ip_address", "user_agent", "failures_since_start", "attempt_time")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody makes these by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AccessAttempt | None = None) -> bool:
        """They are looked at, or removed."""
        return False
