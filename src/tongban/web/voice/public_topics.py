"""What many people say of the same, before everybody: counts of all, words of what is public only."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from tongban.apps.voice.errors import TopicGone
from tongban.apps.voice.rooms.queries import list_rooms
from tongban.apps.voice.whole.queries import PublicTopic, get_public_topic, list_public_members, list_public_topics
from tongban.web.access import public
from tongban.web.requests import Request
from tongban.web.voice.choosing import (
    before_url,
    cursor_after,
    districts_of,
    menus,
    pages,
    read_before,
    read_chosen,
    read_cursor,
    weeks_of,
)
from tongban.web.wording.topics import stage_tone, stage_words

__all__ = ["listing", "page"]

_PAGE = 20


@public
@require_safe
def listing(request: Request) -> HttpResponse:
    """Topics, the most spoken of first."""
    chosen = read_chosen(request)
    try:
        after = read_cursor(request)
    except ValueError:  # a cursor that somebody made up
        return redirect("voice:public_topics")
    rows = list_public_topics(
        district=chosen.district, department=chosen.department, stage=chosen.stage, after=after, limit=_PAGE + 1
    )
    last = rows[_PAGE - 1] if len(rows) > _PAGE else None
    context = {
        "lines": [_line(row) for _heat, row in rows[:_PAGE]],
        "menus": menus(chosen),
        "narrowed": bool(chosen.query),
        **pages(chosen, request, cursor_after(last[0], last[1].number) if last else ""),
    }
    return render(request, "voice/topics/public_list.html", context)


@public
@require_safe
def page(request: Request, number: int) -> HttpResponse:
    """One topic: how many, where, since when, its answer, and the public inquiries in it."""
    try:
        row = get_public_topic(number=number)
        before = read_before(request)
    except TopicGone as gone:
        return redirect("voice:public_topic", number=gone.params["into"])
    except ValueError:  # a cursor that somebody made up
        return redirect("voice:public_topic", number=number)
    members = list_public_members(number=number, before=before, limit=_PAGE + 1)
    last = members[_PAGE - 1] if len(members) > _PAGE else None
    context = {
        **_line(row),
        "rooms": list_rooms(topic=number, stated_only=True, limit=5),
        "weeks": weeks_of(row.weeks, at=request.at),
        "members": members[:_PAGE],
        "first_url": "?" if before else "",
        "next_url": before_url(last[3], last[0]) if last else "",
    }
    return render(request, "voice/topics/public_topic.html", context)


def _line(row: PublicTopic) -> dict[str, Any]:
    return {
        "row": row,
        "url": reverse("voice:public_topic", args=[row.number]),
        "stage": stage_words(row.stage),
        "tone": stage_tone(row.stage),
        "districts": districts_of(row.districts),
        "all_people": row.people + row.supporters,
    }
