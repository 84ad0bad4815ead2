"""The screen in the hall: who is called and where to, large, and as words for a voice."""

import hashlib
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from tongban.apps.halls.queries import HallBoard, TicketRow, get_board
from tongban.web.access import public
from tongban.web.requests import Request
from tongban.web.wording.halls import call_words

__all__ = ["screen"]

_SAID_FOR = timedelta(seconds=45)
"""How long what is called stays in the words for the voice."""
_LANGUAGES = ("zh-hans", "en")
_CALLED, _NEXT = 6, 8


@public
@never_cache
@require_GET
def screen(request: Request, hall: str) -> HttpResponse:
    """Nothing of it is about a person: anybody may look. It asks for itself every few seconds; what it has seen
    already is not sent again, so that a voice does not say it twice."""
    board = get_board(hall=hall, at=request.at)
    called, following = board.called[:_CALLED], board.following[:_NEXT]
    said = [(language, words) for row in _just_called(board, request) for language, words in _in_languages(row)]
    marks = [(row.label, row.window, row.state, row.moved_at) for row in called], [row.label for row in following], said
    seen = hashlib.sha256(repr((marks, board.is_open)).encode()).hexdigest()[:16]
    if request.GET.get("seen") == seen:
        return HttpResponse(status=204)
    context = {"board": board, "called": called, "following": following, "said": said, "seen": seen}
    return render(request, "hall/screen_now.html" if request.htmx else "hall/screen.html", context)


def _just_called(board: HallBoard, request: Request) -> list[TicketRow]:
    return [row for row in board.called if row.state == "called" and request.at - row.moved_at <= _SAID_FOR]


def _in_languages(row: TicketRow) -> list[tuple[str, str]]:
    found = []
    for language in _LANGUAGES:
        with override(language):
            found.append((language, call_words(row)))
    return found
