"""The addresses of one's own account; those of the lost password are open to strangers."""

from django.urls import URLPattern, path

from accounts import views

app_name = "accounts"
urlpatterns: list[URLPattern] = [
    path("", views.account, name="account"),
    path("profile/", views.profile, name="profile"),
    path("password/", views.PasswordChange.as_view(), name="password"),
    path("sessions/end/", views.end_session, name="end_session"),
    path("sessions/end-others/", views.end_other_sessions, name="end_other_sessions"),
    path("lost-password/", views.ResetRequest.as_view(), name="reset"),
    path("lost-password/sent/", views.ResetSent.as_view(), name="reset_sent"),
    path("lost-password/done/", views.ResetDone.as_view(), name="reset_done"),
    path("lost-password/<uidb64>/<token>/", views.ResetConfirm.as_view(), name="reset_confirm"),
]
