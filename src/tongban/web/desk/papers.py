"""Bytes that strangers handed in, as they are shown to officials."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

from tongban.apps.evidence.queries import FileView, read_file

__all__ = ["file_response"]


def file_response(file: FileView, *, keep: bool) -> HttpResponse:
    """The file, shown in a box that may do nothing, or to ``keep``."""
    response = HttpResponse(read_file(sha256=file.sha256), content_type=file.media_type)
    inline = not keep and file.media_type in ("application/pdf", "image/png", "image/jpeg", "image/webp")
    response["Content-Disposition"] = content_disposition_header(not inline, file.name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
