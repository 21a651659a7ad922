"""Pictures and thumbnails, only for those who may see their camera."""

from __future__ import annotations

from email.utils import formatdate
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from cameras.models import Image

FRESH_SECONDS = 3600
"""How long a browser shows its copy without asking; short, since a picture may be purged or a camera withdrawn."""


@require_safe
def picture(request: HttpRequest, image_id: int) -> HttpResponseBase:
    """The JPEG as it was stored."""
    row = get_object_or_404(Image.objects.visible_to(request.user), pk=image_id)
    try:
        return answer(request, inside("images", row.file), "image/jpeg")
    except (OSError, ValueError) as problem:
        raise Http404("this picture's file is not there") from problem


@require_safe
def thumbnail(request: HttpRequest, image_id: int) -> HttpResponseBase:
    """The small copy; a drawn stand-in while there is none, so that the gallery stays whole without scripts."""
    row = get_object_or_404(Image.objects.visible_to(request.user), pk=image_id)
    try:
        return answer(request, inside("thumbnails", row.thumbnail), "image/jpeg")
    except ValueError as problem:
        raise Http404("this picture's path leads out of its folder") from problem
    except OSError:
        response = HttpResponseRedirect(static("web/img/no-thumbnail.svg"))
        patch_cache_control(response, private=True, no_cache=True)
        return response


def inside(folder: str, path: Path) -> Path:
    """The path with links followed, which must lie in that folder of DATA_DIR; raises `ValueError`.

    The folder itself may be a link to another disk. DATA_DIR as a whole is not enough: it also holds the secret key.
    """
    root = (Path(settings.DATA_DIR) / folder).resolve()
    try:
        found = path.resolve()
    except RuntimeError as problem:
        raise ValueError(f"{path} is a loop of links") from problem
    if not found.is_relative_to(root):
        raise ValueError(f"{path} lies outside of {root}")
    return found


def answer(request: HttpRequest, path: Path, content_type: str) -> HttpResponseBase:
    """The file, or 304 where the browser's copy stands; raises `OSError` where there is no such file."""
    if not path.is_file():
        raise FileNotFoundError(path)
    facts = path.stat()
    etag = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"'
    changed = int(facts.st_mtime)
    response: HttpResponseBase | None = get_conditional_response(request, etag, changed)
    if response is None:
        response = FileResponse(path.open("rb"), content_type=content_type, filename=path.name)
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = formatdate(changed, usegmt=True)
    response.headers["X-Content-Type-Options"] = "nosniff"
    # With the cookie in the key, a browser's copy does not outlive the session that it was fetched in.
    patch_vary_headers(response, ["Cookie"])
    patch_cache_control(response, private=True, max_age=FRESH_SECONDS)
    return response
