"""The addresses of all pages."""

from django.contrib import admin
from django.urls import include, path

handler400 = "accounts.views.refused"
urlpatterns = [
    path("admin/", admin.site.urls),
    path("account/", include("accounts.urls")),
    path("", include("web.urls")),
]
