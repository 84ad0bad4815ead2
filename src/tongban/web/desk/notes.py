"""Notes that officers put on the materials and answers of a case."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.apps.cases.consequences import get_work
from tongban.apps.desks.errors import StepMoved, TooManyNotes, UnknownNote, WordsTooLong
from tongban.apps.desks.queries import read_spot
from tongban.apps.desks.services import add_note, settle_note
from tongban.web.access import official
from tongban.web.desk.giving import number_in
from tongban.web.requests import Request

__all__ = ["add", "settle"]


@official()
@require_POST
def add(request: Request, number: int) -> HttpResponse:
    """Put a note on a material or on an answer. What cannot be kept comes back in the message."""
    work = get_work(number=number, actor=request.actor, at=request.at)
    given = {name: request.POST.get(name, "") for name in ("field", "place", "words")}
    try:
        on = number_in(request.POST, "material")
        add_note(work=work, material=on, spot=read_spot(request.POST), **given, at=request.at)
        messages.success(request, _("The note is there for your colleagues."))
    except StepMoved:
        messages.error(request, _said(_("You have nothing to do in this case now, so the note was not kept:"), given))
    except (UnknownNote, WordsTooLong, TooManyNotes):
        messages.error(request, _said(_("The note was not kept: write a few words, on one thing."), given))
    return _back(request, number)


@official()
@require_POST
def settle(request: Request, number: int, note: int, do: str) -> HttpResponse:
    """Say that a note is done with, or open it again."""
    if do not in ("settle", "reopen"):
        raise Http404
    work = get_work(number=number, actor=request.actor, at=request.at)
    try:
        settle_note(work=work, note=note, settled=do == "settle", at=request.at)
    except UnknownNote as error:
        raise Http404 from error
    except StepMoved:
        messages.error(request, _("You have nothing to do in this case now, so nothing was changed."))
    return _back(request, number)


def _said(why: str, given: dict[str, str]) -> str:
    return f"{why} {given['words'][:2000]}".strip()


def _back(request: Request, number: int) -> HttpResponse:
    shown = number_in(request.POST, "no")
    return redirect(f"{reverse('desk:file', args=[number])}?no={shown}#notes")
