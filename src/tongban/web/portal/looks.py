"""Who looked at my data, and which registers were asked about me, when and why; and one press to complain of it."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.catalog.city import get_rights
from tongban.apps.people.queries import get_department_names, list_applicants
from tongban.apps.rights.queries import (
    AskedRow,
    LookRow,
    get_asked,
    get_look,
    list_departments_in_trace,
    list_trace,
)
from tongban.apps.rights.services import start_complaint, start_complaint_of_asking
from tongban.kernel.numbers import NumberError, format_case_number, parse_case_number
from tongban.web.access import signed_in
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import local, moment
from tongban.web.wording.rights import (
    asked_words,
    ground_words,
    purpose_words,
    register_words,
    sight_words,
    who_asked_words,
    who_looked_words,
)

__all__ = ["complain", "complain_of_asking", "looks"]

_PERIODS = {"30": 30, "365": 365, "all": 0}


@signed_in
@require_safe
def looks(request: Request) -> HttpResponse:
    """Each look and each question to a register, the latest first; narrowed by department, by time, or to one case."""
    asked, on = _asked(request), timezone.localdate(request.at)
    try:
        found = list_trace(
            actor=request.actor,
            on=on,
            department=asked["department"],
            case=_case(asked["case"]),
            since=_since(request.at, asked["period"]),
            cursor=request.GET.get("after", ""),
        )
    except ValueError:  # a cursor that somebody made up
        return redirect("portal:looks")
    kept = {name: value for name, value in asked.items() if value}
    others = {each.key: each.name for each in list_applicants(actor=request.actor, on=on)}
    context = {
        "rows": [
            (each, {**_told(each, others, f"person:{request.actor.person_id}"), "earlier": earlier})
            for each, *earlier in _one_by_one(found.rows)
        ],
        "filters": _filters(request, asked),
        "case": asked["case"],
        "filtered": len(kept) > (1 if asked["period"] else 0) or asked["period"] not in ("", "all"),
        "may_complain": "complaint" in get_rights().matters and request.actor.person_id is not None,
        "first_url": f"?{urlencode(kept)}" if request.GET.get("after") else "",
        "next_url": "?" + urlencode({**kept, "after": found.next}) if found.next else "",
    }
    return render(request, "portal/me/looks.html", context)


@signed_in
@require_POST
def complain(request: Request, look: int) -> HttpResponse:
    """Fill a complaint in with what the look was, and show it before it is sent."""
    row = get_look(actor=request.actor, look=look)
    draft = start_complaint(actor=request.actor, look=look, words=_in_words(row), at=request.at)
    return redirect("portal:resume", draft=draft)


@signed_in
@require_POST
def complain_of_asking(request: Request, number: int) -> HttpResponse:
    """The same for a question to a register."""
    row = get_asked(actor=request.actor, number=number, on=timezone.localdate(request.at))
    words = _(", ").join([moment(row.at), who_asked_words(row), register_words(row)])
    draft = start_complaint_of_asking(asked=row, words=words, actor=request.actor, at=request.at)
    return redirect("portal:resume", draft=draft)


def _one_by_one(rows: Iterable[LookRow | AskedRow]) -> Iterable[list[LookRow | AskedRow]]:
    """Rows as they are read: looks of one official at one thing on one day, with nothing in between, stand together."""
    for _alike, group in groupby(rows, key=_what_is_alike):
        yield list(group)


def _what_is_alike(row: LookRow | AskedRow) -> tuple[object, ...]:
    if isinstance(row, AskedRow):
        return (row.number,)
    office, seen = (row.actor, row.department, row.role, row.purpose), (row.what, row.case, row.no, row.whose)
    return (timezone.localdate(row.at), *office, *seen)


def _told(row: LookRow | AskedRow, names: dict[str, str], own: str) -> dict[str, object]:
    """A look in words: who, at what, why, on which law, and whose data it was where that is not the reader's."""
    if isinstance(row, AskedRow):
        return _told_asking(row, "" if row.whose == own else names.get(row.whose, ""))
    return {
        "complain": reverse("portal:complain", kwargs={"look": row.id}),
        "who": who_looked_words(row),
        "what": sight_words(row.what),
        "why": purpose_words(row.purpose),
        "ground": ground_words(row.purpose),
        "whose": "" if row.whose == own else names.get(row.whose, ""),
    }


def _told_asking(row: AskedRow, whose: str) -> dict[str, object]:
    """A question to a register in words; the same keys as a look, with what was asked for and what came of it."""
    return {
        "complain": reverse("portal:complain_of_asking", kwargs={"number": row.number}),
        "who": who_asked_words(row),
        "what": register_words(row),
        "why": local(row.why) if row.why is not None else row.purpose,
        "ground": _("You have agreed to it") if row.consent else "",
        "whose": whose,
        "fields": row.fields,
        "outcome": asked_words(row.outcome),
    }


def _in_words(row: LookRow) -> str:
    parts = [moment(row.at), who_looked_words(row), sight_words(row.what)]
    if row.case is not None:
        parts.append(format_case_number(row.case))
    return _(", ").join([*parts, purpose_words(row.purpose)])


def _asked(request: Request) -> dict[str, str]:
    period = request.GET.get("period", "")
    return {
        "department": request.GET.get("department", "")[:64],
        "case": request.GET.get("case", "")[:24],
        "period": period if period in _PERIODS else "",
    }


def _case(text: str) -> int | None:
    """The case asked for; one that cannot be finds nothing."""
    if not text:
        return None
    try:
        return parse_case_number(text)
    except NumberError:
        return 0


def _since(at: datetime, period: str) -> datetime | None:
    days = _PERIODS.get(period, 0)
    return at - timedelta(days=days) if days else None


def _filters(request: Request, asked: dict[str, str]) -> list[Field]:
    names, language = get_department_names(), request.LANGUAGE_CODE
    found = list_departments_in_trace(actor=request.actor)
    departments = [(code, names[code].short(language) if code in names else code) for code in found]
    periods = [("all", _("All of it")), ("365", _("The last year")), ("30", _("The last 30 days"))]
    return [
        _select("department", _("Department"), [("", _("All departments")), *departments], asked["department"]),
        _select("period", _("When"), periods, asked["period"] or "all"),
    ]


def _select(name: str, label: str, choices: list[tuple[str, str]], chosen: str) -> Field:
    options = tuple(Option(value=value, label=words, selected=value == chosen) for value, words in choices)
    return Field(kind="select", name=name, label=label, options=options, required=False)
