"""What people say as a whole, for officials: topics by heat, alerts, one topic, and what coordinators do with it."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.voice.errors import TopicGone, UnknownTopic, VoiceError
from tongban.apps.voice.rooms.services import department_for
from tongban.apps.voice.whole.queries import AlertRow, TopicRow, get_topic, list_alerts, list_topics
from tongban.web.access import official
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.voice.arranging import asked_of, confirm, do, said
from tongban.web.voice.choosing import cursor_after, districts_of, filter_fields, pages, read_chosen, read_cursor
from tongban.web.voice.themes import late_themes
from tongban.web.voice.topic_page import page_context
from tongban.web.wording import error_words
from tongban.web.wording.topics import growth_words, sign_words, stage_tone, stage_words

__all__ = ["listing", "page"]

_PAGE = 20


@official()
@require_safe
def listing(request: Request) -> HttpResponse:
    """Topics, the hottest first; above them what grows unusually, for coordinators and supervision."""
    chosen = read_chosen(request)
    try:
        after = read_cursor(request)
    except ValueError:  # a cursor that somebody made up
        return redirect("voice:topics")
    rows = list_topics(
        district=chosen.district,
        department=chosen.department,
        stage=chosen.stage,
        since=chosen.since(request.at),
        after=after,
        limit=_PAGE + 1,
    )
    shown, more = rows[:_PAGE], len(rows) > _PAGE
    context = {
        "groups": side_groups(actor=request.actor, here="topics"),
        "filters": filter_fields(chosen),
        "narrowed": bool(chosen.query),
        "alerts": [] if after else [alert_line(row) for row in list_alerts(actor=request.actor, at=request.at)],
        "late": [] if after else late_themes(request),
        "keeps_rooms": bool(department_for(actor=request.actor, at=request.at)),
        "lines": [_line(row) for row in shown],
        **pages(chosen, request, cursor_after(shown[-1].heat, shown[-1].number) if more else ""),
    }
    return render(request, "voice/topics/list.html", context)


@keeps_posted
@official()
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: Request, number: int) -> HttpResponse:
    """One topic; posted, what a coordinator or who answers does with it: asked once, then done."""
    try:
        view = get_topic(number=number, actor=request.actor, at=request.at)
    except TopicGone as gone:
        return redirect("voice:topic", number=gone.params["into"])
    kept = request.POST if request.method == "POST" else take_posted(request)
    asked = asked_of(view, kept) if kept is not None else None
    if kept is None or asked is None or "edit" in kept:
        return _show(request, view, kept)
    if kept.get("confirmed") != "yes":
        return confirm(request, view, asked)
    try:
        do(asked, number=number, actor=request.actor, at=request.at)
    except UnknownTopic as error:
        return _show(request, view, kept, refused=error_words(error), status=422)
    except VoiceError as error:
        return _show(request, view, kept, refused=error_words(error), status=409)
    return said(request, asked, reverse("voice:topic", args=[number]))


def _show(request: Request, view: Any, kept: Any, *, refused: str = "", status: int = 200) -> HttpResponse:
    try:
        context = page_context(request, view, kept)
    except ValueError:  # a cursor that somebody made up
        return redirect("voice:topic", number=view.row.number)
    return render(request, "voice/topics/topic.html", context | {"refused": refused}, status=status)


def alert_line(row: AlertRow) -> dict[str, Any]:
    """An alert in words."""
    return {"name": row.name, "url": reverse("voice:topic", args=[row.topic]), "figures": growth_words(row)}


def _line(row: TopicRow) -> dict[str, Any]:
    return {
        "row": row,
        "url": reverse("voice:topic", args=[row.number]),
        "stage": stage_words(row.stage),
        "tone": stage_tone(row.stage),
        "signs": [sign_words(each) for each in row.signs],
        "districts": districts_of(row.districts)[:2],
        "departments": row.departments[:2],
        "week": row.weeks[-1] if row.weeks else 0,
        "before": row.weeks[-2] if len(row.weeks) > 1 else 0,
    }
