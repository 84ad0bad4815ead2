"""Events before everybody, and the rooms in which officials keep them."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.voice.errors import NotForThem, VoiceError
from tongban.apps.voice.rooms import services
from tongban.apps.voice.rooms.queries import get_room, list_rooms
from tongban.web.access import official, public
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.voice.room_forms import Asked, asked_of, do, opening_fields, room_forms
from tongban.web.wording import error_words

__all__ = ["event", "events", "room", "rooms"]


@public
@require_safe
def events(request: Request) -> HttpResponse:
    """Events of which government has said something, the newest first."""
    return render(request, "voice/events/list.html", {"rows": list_rooms(stated_only=True)})


@public
@require_safe
def event(request: Request, number: int) -> HttpResponse:
    """One event: what government says, what is verified, questions and answers, rumours put right."""
    view = get_room(number=number, actor=request.actor, at=request.at)
    return render(request, "voice/events/event.html", _told(view))


@keeps_posted
@official()
@require_http_methods(["GET", "HEAD", "POST"])
def rooms(request: Request) -> HttpResponse:
    """All rooms; posted, another one is opened."""
    if not services.department_for(actor=request.actor, at=request.at):
        raise NotForThem("only who keeps rooms")
    kept = request.POST if request.method == "POST" else take_posted(request)
    refused = ""
    if kept is not None:
        try:
            number = _open(request, kept)
        except (VoiceError, ValueError) as error:
            refused = error_words(error) if isinstance(error, VoiceError) else _("The number cannot be read.")
        else:
            messages.success(request, _("Put on record."))
            return redirect("voice:room", number=number)
    context = {
        "groups": side_groups(actor=request.actor, here="topics"),
        "rows": list_rooms(),
        "fields": opening_fields(kept or request.GET),
        "refused": refused,
    }
    return render(request, "voice/events/rooms.html", context, status=422 if refused else 200)


@keeps_posted
@official()
@require_http_methods(["GET", "HEAD", "POST"])
def room(request: Request, number: int) -> HttpResponse:
    """One room; posted, what is put in, taken back, drafted, or published, which is asked once."""
    view = get_room(number=number, actor=request.actor, at=request.at)
    if not services.department_for(actor=request.actor, at=request.at):
        raise NotForThem("only who keeps rooms")
    kept = request.POST if request.method == "POST" else take_posted(request)
    asked = asked_of(view, kept) if kept is not None else None
    if asked is None or kept is None or "edit" in kept:
        return _show(request, view, kept)
    if asked.asks_once and kept.get("confirmed") != "yes":
        return _confirm(request, view, asked)
    try:
        do(asked, number=number, actor=request.actor, at=request.at)
    except VoiceError as error:
        return _show(request, view, kept, refused=error_words(error), status=409)
    messages.success(request, _("Put on record."))
    return redirect("voice:room", number=number)


def _open(request: Request, post: Any) -> int:
    topic = "".join(post.get("topic", "").split())
    return services.open_room(
        title=post.get("title", "")[:80],
        topic=int(topic) if topic else None,
        signal=post.get("signal", "")[:200],
        actor=request.actor,
        at=request.at,
    )


def _told(view: Any) -> dict[str, Any]:
    return {"view": view, "row": view.row, "now": view.statements[0] if view.statements else None}


def _show(request: Request, view: Any, kept: Any, *, refused: str = "", status: int = 200) -> HttpResponse:
    context = _told(view) | {
        "groups": side_groups(actor=request.actor, here="topics"),
        "url": reverse("voice:room", args=[view.row.number]),
        "forms": room_forms(view, kept, at=request.at),
        "refused": refused,
    }
    return render(request, "voice/events/room.html", context, status=status)


def _confirm(request: Request, view: Any, asked: Asked) -> HttpResponse:
    context = {
        "groups": side_groups(actor=request.actor, here="topics"),
        "url": reverse("voice:room", args=[view.row.number]),
        "name": view.row.title,
        "asked": asked,
        "title": asked.title,
        "button": asked.button,
        "effects": asked.effects,
    }
    return render(request, "voice/topics/confirm.html", context)
