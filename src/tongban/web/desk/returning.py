"""Back from being away, on one page: what waits for me, what came in, and what was done in my place."""

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.apps.cases.boards import list_seen
from tongban.apps.cases.queries import count_came_in, list_queue
from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.queries import list_notices
from tongban.apps.insight.queries import list_deeds
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_department_names, get_last_absence
from tongban.apps.questions.queries import list_waiting
from tongban.apps.supervision.queries import count_unanswered
from tongban.web.access import official
from tongban.web.desk.lines import queue_lines
from tongban.web.due import date_words
from tongban.web.fields import Field
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["returned"]

_MOST = 20
_USUAL = timedelta(days=14)
"""So far back it looks for who has named no stand-in; nobody is told of what is older than a year."""
_LONGEST = timedelta(days=366)


@official("clerk", "handler", "reviewer", "decider")
@require_safe
def returned(request: Request) -> HttpResponse:
    """Since the first day of my last absence, or since a day that I choose."""
    actor, at = request.actor, request.at
    assert actor.user_id is not None
    today = timezone.localdate(at)
    absence = get_last_absence(user_id=actor.user_id, on=today)
    since = _since(request, today, absence[0] if absence is not None else today - _USUAL)
    begins = get_calendar().end_of_day(since - timedelta(days=1))
    language = get_language() or "zh-hans"
    own = frozenset(where for where, _role in actor.own_roles)
    mine = list_queue(actor=actor, group="mine", limit=_MOST)
    context: dict[str, Any] = {
        "groups": side_groups(actor=actor, here="stand_ins"),
        "since": since,
        "absence": absence,
        "field": Field(kind="text", type="date", name="since", label=_("Since"), value=since.isoformat()),
        "mine": queue_lines(mine.rows, actor=actor, at=at, language=language, departments=get_department_names()),
        "more_mine": bool(mine.next),
        "questions": [
            {
                "number": row.number,
                "matter": row.matter.in_language(language),
                "asker": row.asker[0 if language.startswith("zh") else 1],
                "due": date_words(row.due_at),
                "late": row.is_late,
            }
            for row in list_waiting(actor=actor, at=at)
            if row.colleague_id == actor.user_id
        ],
        "cards": count_unanswered(departments=own),
        "came_in": count_came_in(departments=own, since=begins),
        "notices": _notices(actor, begins, language),
        **_done_for_me(actor, begins, at),
    }
    return render(request, "desk/returned.html", context)


def _since(request: Request, today: date, usual: date) -> date:
    """The day that was chosen; the usual one for what is no day, is to come, or is more than a year ago."""
    try:
        chosen = date.fromisoformat(request.GET.get("since", ""))
    except ValueError:
        chosen = usual
    return chosen if today - _LONGEST <= chosen <= today else max(min(usual, today), today - _LONGEST)


def _notices(actor: Actor, since: datetime, language: str) -> list[Any]:
    """What I was told meanwhile, the newest first; all of it is in the inbox."""
    if actor.person_id is None:
        return []
    page = list_notices(person_id=actor.person_id, language=language, desk=True, limit=_MOST)
    return [row for row in page.rows if row.at >= since]


def _done_for_me(actor: Actor, since: datetime, until: datetime) -> dict[str, Any]:
    """Steps that a stand-in ended in my place; what I may not open any more is counted."""
    assert actor.user_id is not None
    deeds = list_deeds(officer=actor.user_id, what="for_me", since=since, until=until)
    seen = list_seen(numbers={each.case for each in deeds}, actor=actor) if deeds else {}
    return {
        "done": [{"row": seen[each.case], "at": each.at} for each in deeds if each.case in seen],
        "hidden": sum(each.case not in seen for each in deeds),
    }
