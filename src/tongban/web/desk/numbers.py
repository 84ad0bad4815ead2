"""My numbers: what I did in a time of my choice, counted along the log, each number leading to its cases.

Nobody else reads them: there is no way to ask for another's.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from tongban.apps.cases.boards import list_seen
from tongban.apps.cases.queries import count_mine
from tongban.apps.catalog.city import get_calendar
from tongban.apps.insight.queries import DEEDS, OfficerNumbers, get_officer_numbers, list_deeds
from tongban.apps.people.actors import Actor
from tongban.apps.supervision.queries import HeldCard, list_cards_held
from tongban.web.access import official
from tongban.web.desk.lines import WITHIN
from tongban.web.due import end_of_day
from tongban.web.fields import Field
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["behind", "numbers"]

_ROLES = ("clerk", "handler", "reviewer", "decider")
_LONGEST = timedelta(days=366)
_HEADS = {
    "done": gettext_lazy("Steps that I ended"),
    "late": gettext_lazy("Steps that I ended late"),
    "returned": gettext_lazy("Sent back to me"),
    "rated": gettext_lazy("Ratings of cases that I decided"),
    "for_me": gettext_lazy("Done in my place"),
    "cards": gettext_lazy("Cards on steps that I had"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Range:
    """Whole days of the city, the first and the last of them."""

    first: date
    last: date

    @property
    def since(self) -> datetime:
        """When the first day begins."""
        return get_calendar().end_of_day(self.first - timedelta(days=1))

    @property
    def until(self) -> datetime:
        """When the last day is over."""
        return get_calendar().end_of_day(self.last)

    @property
    def query(self) -> str:
        """As an address carries it."""
        return urlencode({"first": self.first.isoformat(), "last": self.last.isoformat()})


@official(*_ROLES)
@require_safe
def numbers(request: Request) -> HttpResponse:
    """All numbers of a time, and what lies before me now."""
    asked, actor = _asked(request), request.actor
    assert actor.user_id is not None
    found = get_officer_numbers(officer=actor.user_id, departments=_own(actor), since=asked.since, until=asked.until)
    cards = _cards(actor, asked)
    context = {
        "groups": side_groups(actor=actor, here="numbers"),
        "fields": _fields(asked),
        "ranges": [
            {"name": name, "url": f"?{each.query}", "here": each == asked}
            for name, each in _ranges(timezone.localdate(request.at))
        ],
        "stats": _stats(found, cards, asked),
        "load": _load(actor, request.at),
        "none": not found.done and not found.returned and not found.ratings and not cards,
    }
    return render(request, "desk/numbers.html", context)


@official(*_ROLES)
@require_safe
def behind(request: Request, what: str) -> HttpResponse:
    """The cases behind a number, the latest first; those that I may not open any more are left out and counted."""
    if what not in _HEADS:
        raise Http404
    asked, actor = _asked(request), request.actor
    assert actor.user_id is not None
    if what in DEEDS:
        rows = [
            (each.case, each.at, _hours(each.minutes), each.grade)
            for each in list_deeds(officer=actor.user_id, what=what, since=asked.since, until=asked.until)
        ]
    else:
        rows = [(each.case, each.issued_at, "", None) for each in _cards(actor, asked)]
    seen = list_seen(numbers={case for case, *_ in rows}, actor=actor)
    context = {
        "groups": side_groups(actor=actor, here="numbers"),
        "heading": str(_HEADS[what]),
        "lines": [
            {"row": seen[case], "at": at, "hours": hours, "grade": grade}
            for case, at, hours, grade in rows
            if case in seen
        ],
        "hidden": sum(case not in seen for case, *_ in rows),
        "what": what,
        "back": f"{reverse('desk:numbers')}?{asked.query}",
    }
    return render(request, "desk/numbers_behind.html", context)


# --- the time that is asked for -------------------------------------------------------------------------------------


def _ranges(today: date) -> list[tuple[str, _Range]]:
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    before = first - timedelta(days=1)
    return [
        (_("This week"), _Range(first=monday, last=today)),
        (_("This month"), _Range(first=first, last=today)),
        (_("Last month"), _Range(first=before.replace(day=1), last=before)),
    ]


def _asked(request: Request) -> _Range:
    """What the reader asked for; this month where that cannot be read or is longer than a year."""
    today = timezone.localdate(request.at)
    try:
        first = date.fromisoformat(request.GET.get("first", ""))
        last = min(date.fromisoformat(request.GET.get("last", "")), today)
    except ValueError:
        first, last = today.replace(day=1), today
    if not first <= last <= first + _LONGEST or first.year < 2000:
        first, last = today.replace(day=1), today
    return _Range(first=first, last=last)


def _fields(asked: _Range) -> list[Field]:
    days = (("first", _("First day"), asked.first), ("last", _("Last day"), asked.last))
    return [Field(kind="text", type="date", name=name, label=label, value=f"{day}") for name, label, day in days]


# --- what is shown --------------------------------------------------------------------------------------------------


def _own(actor: Actor) -> frozenset[str]:
    """Where the actor serves in their own right."""
    return frozenset(where for where, _role in actor.own_roles)


def _cards(actor: Actor, asked: _Range) -> list[HeldCard]:
    assert actor.user_id is not None
    return list_cards_held(holder=actor.user_id, departments=_own(actor), since=asked.since, until=asked.until)


def _hours(minutes: int | None) -> str:
    """Working minutes as hours with a tenth."""
    return "" if minutes is None else _("%(hours)s working hours") % {"hours": f"{minutes / 60:.1f}"}


def _stats(found: OfficerNumbers, cards: list[HeldCard], asked: _Range) -> list[dict[str, Any]]:
    """Each number, how it was counted, and the address of the cases behind it."""
    in_time = found.limited - found.late
    return [
        _stat("done", found.done, asked, _("Each step that you accepted, finished, decided, refused or delivered.")),
        _stat(
            "late",
            f"{in_time} / {found.limited}" if found.limited else "–",
            asked,
            _("In time, of those that had a due date. The link leads to those that were late."),
            name=_("In time"),
            link=bool(found.late),
        ),
        {
            "name": _("Working time of a step, on average"),
            "value": _hours(found.average) or "–",
            "how": _("From when a step was opened until you ended it, office hours only."),
            "url": "",
        },
        {
            "name": _("Half of the steps took no longer than"),
            "value": _hours(found.middle) or "–",
            "how": _beside(found),
            "url": "",
        },
        _stat("returned", found.returned, asked, _("Steps that you had ended and that somebody sent back for rework.")),
        _stat(
            "rated",
            _("%(grade)s of 5 (%(count)s)") % {"grade": found.grade, "count": found.ratings} if found.ratings else "–",
            asked,
            _("The mean of the ratings that applicants gave in this time, and how many there were."),
            link=bool(found.ratings),
        ),
        _stat(
            "cards",
            len(cards),
            asked,
            _("Yellow and red; taken back on appeal: %(count)s.") % {"count": sum(each.withdrawn for each in cards)},
        ),
    ]


def _stat(what: str, value: Any, asked: _Range, how: str, *, name: str = "", link: bool = True) -> dict[str, Any]:
    url = reverse("desk:behind_numbers", args=[what]) + f"?{asked.query}" if link and value else ""
    return {"name": name or str(_HEADS[what]), "value": value, "how": how, "url": url}


def _beside(found: OfficerNumbers) -> str:
    if found.department_middle is None:
        return _("Of your department too little is known in this time to say the same.")
    return _("In your department about %(hours)s, without names.") % {"hours": _hours(found.department_middle)}


def _load(actor: Actor, at: datetime) -> list[dict[str, Any]]:
    """What is mine to do now, by when it is due; each line includes those before it, as the queue does."""
    until = {
        "late": at,
        "today": end_of_day(at),
        **{days: end_of_day(at, working_days=int(days)) for days in ("2", "5")},
        "": None,
    }
    counts = count_mine(actor=actor, until=until)
    return [
        {
            "name": str(WITHIN[within]),
            "count": counts[within],
            "url": reverse("desk:queue") + f"?{urlencode({'group': 'mine', 'within': within})}",
        }
        for within in until
    ]
