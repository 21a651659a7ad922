"""The addresses of the pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, path

from web.views import files, gallery, health, icon, image

app_name = "web"
urlpatterns: list[URLPattern] = [
    path("", gallery.gallery, name="gallery"),
    path("images/<int:image_id>/", image.image, name="image"),
    path("images/<int:image_id>/file.jpg", files.picture, name="file"),
    path("images/<int:image_id>/thumbnail.jpg", files.thumbnail, name="thumbnail"),
    path("login/", LoginView.as_view(template_name="web/login.html", redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("favicon.ico", icon.favicon, name="favicon"),
]
