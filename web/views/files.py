"""Pictures and their smaller copies, only for those who may see their camera."""

from __future__ import annotations

import logging

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.templatetags.static import static
from django.utils.cache import get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from cameras.models import Image
from detections.picture import UnreadablePicture
from ingest.cutting import cut
from ingest.previews import make_preview
from plates.models import PlateReading
from web.addresses import address_of
from web.crops import crop
from web.file_answer import JPEG, answer, inside, kept

log = logging.getLogger(__name__)


@require_safe
def picture(request: HttpRequest, image_id: int) -> HttpResponseBase:
    """The JPEG as it was stored."""
    row = visible(request, image_id)
    try:
        return answer(request, "images", row.file)
    except (OSError, ValueError) as problem:
        raise Http404("this picture's file is not there") from problem


@require_safe
def preview(request: HttpRequest, image_id: int) -> HttpResponseBase:
    """The copy between both, made now if nobody asked for it before; the stored picture where none can be made."""
    row = visible(request, image_id)
    try:
        if not inside("previews", row.preview)[0].is_file():
            inside("images", row.file)
            make_preview(row)
        return answer(request, "previews", row.preview)
    except UnreadablePicture:
        return elsewhere(address_of("file", row.pk))
    except (FileNotFoundError, ValueError) as problem:
        raise Http404("this picture's file is not there") from problem
    except OSError as problem:  # a full disk, or one that this process may not write to
        log.error("image %s has no preview: %s", row.pk, problem)
        return elsewhere(address_of("file", row.pk))


@require_safe
def thumbnail(request: HttpRequest, image_id: int) -> HttpResponseBase:
    """The small copy; a drawn stand-in while there is none, so that the gallery stays whole without scripts."""
    row = visible(request, image_id)
    try:
        return answer(request, "thumbnails", row.thumbnail)
    except ValueError as problem:
        raise Http404("this picture's path leads out of its folder") from problem
    except OSError:
        return elsewhere(static("web/img/no-thumbnail.svg"))


@require_safe
def plate(request: HttpRequest, reading_id: int) -> HttpResponseBase:
    """A plate cut out of its picture; the whole picture where it cannot be cut."""
    reading = get_object_or_404(PlateReading.objects.visible_to(request.user).select_related("image"), pk=reading_id)
    row, found = reading.image, crop(reading)
    try:
        etag = f'"{inside("images", row.file)[0].stat().st_mtime_ns:x}-{reading.pk:x}"'
        response = get_conditional_response(request, etag)
        if response is None and found:
            response = HttpResponse(cut(row, found.box), content_type=JPEG)
        return kept(response, etag) if response else answer(request, "images", row.file)
    except UnreadablePicture:
        return answer(request, "images", row.file)
    except (OSError, ValueError) as problem:
        raise Http404("this picture's file is not there") from problem


def visible(request: HttpRequest, image_id: int) -> Image:
    """The row of a picture that this person may see; 404 of any other."""
    return get_object_or_404(Image.objects.visible_to(request.user), pk=image_id)


def elsewhere(address: str) -> HttpResponseRedirect:
    """For now; the next request asks again."""
    response = HttpResponseRedirect(address)
    patch_cache_control(response, private=True, no_cache=True)
    return response
