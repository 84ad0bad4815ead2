"""What a device asks for by itself: who is here, and a photo of a record that it sends before the record."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.evidence.errors import EvidenceError
from tongban.apps.inspections.errors import InspectionError, UnknownInspection
from tongban.apps.inspections.services import add_photo
from tongban.web.access import official
from tongban.web.field.reading import read_moment, read_place
from tongban.web.installed.personal import is_own_device, reader_token
from tongban.web.requests import Request
from tongban.web.wording import error_words

__all__ = ["here", "photo"]


@official()
@require_safe
def here(request: Request) -> HttpResponse:
    """Whose session this is, in a way that names nobody, and the token with which forms are sent in it."""
    told = {"reader": reader_token(request), "csrf": get_token(request), "own": is_own_device(request)}
    return _not_kept(JsonResponse(told))


@official()
@require_POST
def photo(request: Request, number: int, no: int, record: UUID, photo: UUID) -> HttpResponse:
    """Take in one photo. Sent again it changes nothing, so that a device can go on where the signal broke off."""
    file = request.FILES.get("file")
    if file is None:
        return JsonResponse({"words": ""}, status=422)
    try:
        add_photo(
            key=photo,
            record=record,
            number=number,
            task=no,
            item=request.POST.get("item", ""),
            content=file.read(),
            told_at=read_moment(request.POST.get("told_at", "")),
            place=read_place(request.POST),
            actor=request.actor,
            at=request.at,
        )
    except UnknownInspection:
        raise
    except (InspectionError, EvidenceError) as error:
        return JsonResponse({"words": error_words(error)}, status=422)
    return _not_kept(JsonResponse({"state": "arrived"}))


def _not_kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
