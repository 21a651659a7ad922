"""One's own account: password, sessions, and the way back in when the password is lost."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.http.request import split_domain_port
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lockout, sessions
from accounts.forms import ChangeForm, ProfileForm, ResetForm
from accounts.models import User

OWN_PAGE = reverse_lazy("accounts:account")


@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who one is here, what one may see, how pages look, and where one is logged in."""
    return own_page(request, ProfileForm(instance=User.objects.get(pk=person(request))))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Keep how pages look and tell the time; the form with what is wrong where it cannot be kept."""
    if request.method != "POST":
        return HttpResponseRedirect(OWN_PAGE)
    # A row of its own: where the form is wrong the page is shown as the person had it.
    form = ProfileForm(request.POST, instance=User.objects.get(pk=person(request)))
    if not form.is_valid():
        return own_page(request, form)
    form.save()
    messages.success(request, "Saved. It holds in every browser where you sign in.")
    return HttpResponseRedirect(OWN_PAGE)


def own_page(request: HttpRequest, form: ProfileForm) -> HttpResponse:
    """The page of one's account."""
    places = sessions.places(person(request), request.session.session_key)
    cameras = User(pk=person(request)).chosen_cameras.select_related("node")
    context = {"places": places, "form": form, "site_zone": settings.TIME_ZONE, "cameras": cameras}
    return render(request, "web/account/account.html", context)


@require_POST
def end_session(request: HttpRequest) -> HttpResponseRedirect:
    """Log out one browser, named by its mark."""
    if sessions.end(person(request), request.POST.get("mark", "")):
        messages.success(request, "That browser is signed out.")
    else:
        messages.info(request, "That browser was signed out already.")
    return HttpResponseRedirect(OWN_PAGE)


@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponseRedirect:
    """Log out every browser but this one."""
    number = sessions.end_others(person(request), request.session.session_key)
    messages.success(request, f"Signed out {number} other {'browser' if number == 1 else 'browsers'}.")
    return HttpResponseRedirect(OWN_PAGE)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What cannot be answered (400); a name that is not ours is told with how to make it so."""
    asked = request.META.get("HTTP_HOST", "")[:100] if isinstance(exception, DisallowedHost) else ""
    name = split_domain_port(asked)[0] or asked
    return render(request, "web/account/refused.html", {"name": name}, status=400)


def person(request: HttpRequest) -> int:
    """Who asks, on a page that strangers do not reach."""
    return int(request.user.pk or 0)


def about_mail() -> dict[str, Any]:
    """Whether links go out by mail, and how long they work."""
    return {"mail_server": bool(settings.EMAIL_URL), "minutes": settings.PASSWORD_RESET_TIMEOUT // 60}


class PasswordChange(views.PasswordChangeView):
    """A new password for whoever knows the old one; every other session ends."""

    form_class = ChangeForm
    template_name = "web/account/password.html"
    success_url = OWN_PAGE

    def get_form_kwargs(self) -> dict[str, Any]:
        """What the form is made with."""
        return {**super().get_form_kwargs(), "request": self.request}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the new password."""
        messages.success(self.request, "Your password is changed. You are signed out everywhere else.")
        return super().form_valid(form)


class ResetRequest(views.PasswordResetView):
    """Asks for the address to send a link to; answers the same whether anybody has that address."""

    form_class = ResetForm
    template_name = "web/account/reset.html"
    email_template_name = "web/account/reset_mail.txt"
    subject_template_name = "web/account/reset_mail_subject.txt"
    success_url = reverse_lazy("accounts:reset_sent")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page says."""
        return super().get_context_data(**kwargs, **about_mail())


class ResetSent(views.PasswordResetDoneView):
    """Says that a mail is on its way."""

    template_name = "web/account/reset_sent.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page says."""
        return super().get_context_data(**kwargs, **about_mail())


class ResetConfirm(views.PasswordResetConfirmView):
    """Where the link leads: choose a new password, or learn that the link is worn out."""

    template_name = "web/account/reset_confirm.html"
    success_url = reverse_lazy("accounts:reset_done")

    @method_decorator(login_not_required)
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Answer; the line of this request in the log, written after that, names the page without its key."""
        response = super().dispatch(request, *args, **kwargs)
        request.path = reverse("accounts:reset_confirm", args=[kwargs["uidb64"], "key"])
        return response

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep the new password; wrong guesses from before count no more."""
        response = super().form_valid(form)
        lockout.unlock(form.user.get_username())
        return response


class ResetDone(views.PasswordResetCompleteView):
    """Says that the new password works."""

    template_name = "web/account/reset_done.html"
