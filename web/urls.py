"""The addresses of the pages."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import URLPattern, path

from web.views import (
    cameras,
    events,
    files,
    gallery,
    health,
    home,
    icon,
    image,
    live,
    plates,
    settings,
    statistics,
    styleguide,
    theme,
    visits,
    zones,
)

app_name = "web"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("gallery/", gallery.gallery, name="gallery"),
    path("visits/", visits.visits, name="visits"),
    path("events/", events.events, name="events"),
    path("events/latest/", events.latest, name="events_latest"),
    path("plates/", plates.plates, name="plates"),
    path("plates/<int:plate_id>/", plates.plate, name="plate"),
    path("cameras/", cameras.cameras, name="cameras"),
    path("cameras/<int:camera_id>/", cameras.camera, name="camera"),
    path("cameras/<int:camera_id>/settings/", settings.camera, name="camera_settings"),
    path("cameras/<int:camera_id>/zones/", zones.zones, name="camera_zones"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics/<slug:chart>.csv", statistics.statistics_csv, name="statistics_csv"),
    path("live/", live.live, name="live"),
    path("live/list.json", live.live_list, name="live_list"),
    path("live/<slug:receiver_id>/<slug:slot>.jpg", live.live_picture, name="live_picture"),
    path("nodes/<int:node_id>/", cameras.node, name="node"),
    path("nodes/<int:node_id>/settings/", settings.node, name="node_settings"),
    path("images/<int:image_id>/", image.image, name="image"),
    path("images/<int:image_id>/file.jpg", files.picture, name="file"),
    path("images/<int:image_id>/thumbnail.jpg", files.thumbnail, name="thumbnail"),
    path("login/", LoginView.as_view(template_name="web/login.html", redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("theme/", theme.theme, name="theme"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("favicon.ico", icon.favicon, name="favicon"),
]
