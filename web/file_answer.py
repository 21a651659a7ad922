"""How a stored file is sent: with a tag, private headers, in parts, and by the web server in front where there is one.

Whether a person may see it was asked before.
"""

from __future__ import annotations

from email.utils import formatdate
from os import stat_result
from pathlib import Path
from stat import S_ISREG
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import content_disposition_header

import environment
from web.ranges import Part, asked_span

FRESH_SECONDS = 3600
"""How long a browser shows its copy without asking; short, since a picture may be purged or a camera withdrawn."""
LOCATION = "/librarian-files"
"""What nginx calls DATA_DIR, see docs/security.md."""
JPEG = "image/jpeg"
WHOLE = {"Accept-Ranges": "bytes"}


def answer(request: HttpRequest, folder: str, path: Path) -> HttpResponseBase:
    """A JPEG of that folder of DATA_DIR, whole or in part, or 304 where the browser's copy stands.

    Raises `OSError` where there is no such file, and `ValueError` where it lies elsewhere.
    """
    found, inner = inside(folder, path)
    facts = found.stat()
    if not S_ISREG(facts.st_mode):
        raise FileNotFoundError(path)
    etag, changed = f'"{facts.st_mtime_ns:x}-{facts.st_size:x}"', int(facts.st_mtime)
    response: HttpResponseBase | None = get_conditional_response(request, etag, changed)
    if response is None:
        by = environment.current().send_files
        response = handed_over(by, found, inner) if by else sent(request, found, facts, etag)
    response.headers["Last-Modified"] = formatdate(changed, usegmt=True)
    return kept(response, etag)


def kept(response: HttpResponseBase, etag: str) -> HttpResponseBase:
    """The same, which the browser may keep for a while, and nobody else."""
    response.headers["ETag"] = etag
    response.headers["X-Content-Type-Options"] = "nosniff"
    # With the cookie in the key, a browser's copy does not outlive the session that it was fetched in.
    patch_vary_headers(response, ["Cookie"])
    patch_cache_control(response, private=True, max_age=FRESH_SECONDS)
    return response


def inside(folder: str, path: Path) -> tuple[Path, str]:
    """The path with links followed, which must lie in that folder, and as below DATA_DIR; raises `ValueError`.

    The folder itself may be a link to another disk. DATA_DIR as a whole is not enough: it also holds the secret key.
    """
    root = (Path(settings.DATA_DIR) / folder).resolve()
    try:
        found = path.resolve()
    except RuntimeError as problem:
        raise ValueError(f"{path} is a loop of links") from problem
    if not found.is_relative_to(root):
        raise ValueError(f"{path} lies outside of {root}")
    return found, f"{folder}/{found.relative_to(root)}"


def handed_over(by: str, path: Path, inner: str) -> HttpResponse:
    """To the web server in front, which sends the file, or the part of it that is wanted, by itself."""
    where = f"{LOCATION}/{inner}" if by == environment.NGINX else str(path)
    name = content_disposition_header(False, path.name) or ""
    return HttpResponse(content_type=JPEG, headers={by: quote(where), "Content-Disposition": name})


def sent(request: HttpRequest, path: Path, facts: stat_result, etag: str) -> HttpResponseBase:
    """By this process: the whole file, or the part that is wanted."""
    span = asked_span(request, facts.st_size, etag, int(facts.st_mtime))
    if span is None:
        return FileResponse(path.open("rb"), content_type=JPEG, filename=path.name, headers=WHOLE)
    if not span.there:
        return HttpResponse(status=416, headers=WHOLE | {"Content-Range": span.header})
    file = path.open("rb")
    file.seek(span.first)
    headers = WHOLE | {"Content-Range": span.header, "Content-Length": str(span.length)}
    return FileResponse(Part(file, span.length), status=206, content_type=JPEG, filename=path.name, headers=headers)
