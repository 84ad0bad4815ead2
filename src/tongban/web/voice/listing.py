"""What all may read: a list of what people said and were answered, one of them whole, and "me too"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.catalog.city import get_dispatch
from tongban.apps.people.queries import get_department_names
from tongban.apps.voice.errors import TopicGone, UnknownInquiry, UnknownTopic
from tongban.apps.voice.queries import PublicInquiry, get_public, have_supported, list_public
from tongban.apps.voice.services import key_of, support, take_back_support
from tongban.apps.voice.whole.queries import PublicTopic, get_public_topic
from tongban.web.access import public, signed_in
from tongban.web.due import date_words
from tongban.web.fields import Field, Option
from tongban.web.limits import asks_too_often
from tongban.web.problems import too_many_requests
from tongban.web.requests import Request
from tongban.web.wording.voices import KINDS, category_words, district_names

__all__ = ["Line", "lines_of", "me_too", "voice", "voices"]

_PAGE = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A public inquiry as pages show it. ``late``: its answer was promised by a day that is over."""

    row: PublicInquiry
    kind: str
    title: str
    category: str
    district: str
    department: str
    answered: bool
    late: bool
    when: str
    due: str


def lines_of(rows: Iterable[PublicInquiry], *, at: datetime) -> list[Line]:
    """Public inquiries in the reader's language."""
    language = get_language() or "zh-hans"
    districts, departments = district_names(language), get_department_names()
    return [_line(row, at, language, districts, departments) for row in rows]


def _line(row: PublicInquiry, at: datetime, language: str, districts: dict[str, str], departments: Any) -> Line:
    return Line(
        row=row,
        kind=str(KINDS.get(row.kind, "")),
        title=row.subject or row.text[:40],
        category=category_words(row.category, language),
        district=districts.get(row.district, ""),
        department=departments[row.department].short(language) if row.department in departments else "",
        answered=row.decided_at is not None,
        late=row.decided_at is None and row.promised_due is not None and row.promised_due < at,
        when=date_words(row.filed_at),
        due=date_words(row.promised_due) if row.promised_due else "",
    )


@public
@require_safe
def voices(request: Request) -> HttpResponse:
    """What people said, the newest first, narrowed by district, category, department, and to what is not answered."""
    chosen = {name: request.GET.get(name, "") for name in ("district", "category", "department", "unanswered")}
    narrowed = _known(chosen)
    found = list_public(**narrowed, before=_cursor(request.GET.get("after", "")), limit=_PAGE + 1)
    shown = found[:_PAGE]
    last = shown[-1] if len(found) > _PAGE else None
    context = {
        "lines": lines_of(shown, at=request.at),
        "filters": _filters(chosen),
        "chosen": any(narrowed.values()),
        "next": urlencode(
            {name: value for name, value in chosen.items() if value}
            | {"after": f"{last.published_at.isoformat()}~{last.number}"}
        )
        if last
        else "",
        "continued": "after" in request.GET,
    }
    return render(request, "voice/voices.html", context)


@public
@require_safe
def voice(request: Request, number: int) -> HttpResponse:
    """One of them: what was said, where it stands, what was answered, and how many say the same."""
    row = get_public(number=number)
    if row is None:
        raise Http404
    key = key_of(request.actor)
    context = {
        "line": lines_of([row], at=request.at)[0],
        "topic": _topic(row),
        "supported": bool(key) and bool(have_supported(numbers=[number], key=key)),
    }
    return render(request, "voice/voice.html", context)


def _topic(row: PublicInquiry) -> PublicTopic | None:
    """What others said of the same, where something of it is public."""
    try:
        return get_public_topic(number=row.topic) if row.topic is not None else None
    except (UnknownTopic, TopicGone):  # it has just become another's
        return None


@signed_in
@require_POST
def me_too(request: Request, number: int) -> HttpResponse:
    """Say "me too", or take it back."""
    if asks_too_often(request, "me-too", settings.RATE_SIMILAR, key=request.actor.id):
        return too_many_requests(request)
    try:
        if "back" in request.POST:
            take_back_support(number=number, key=key_of(request.actor))
            messages.success(request, _("You are counted no longer."))
        elif support(number=number, key=key_of(request.actor), at=request.at):
            messages.success(request, _("You are counted. What is answered is answered to you too, on this page."))
        else:
            messages.info(request, _("You are counted already: each person counts once."))
    except UnknownInquiry as error:
        raise Http404 from error
    return redirect("voice:voice", number=number)


def _known(chosen: dict[str, str]) -> dict[str, Any]:
    """What was asked for, as far as there is such a thing."""
    return {
        "district": chosen["district"] if chosen["district"] in district_names("zh") else "",
        "category": chosen["category"] if chosen["category"] in get_dispatch().categories else "",
        "department": chosen["department"] if chosen["department"] in get_department_names() else "",
        "unanswered": bool(chosen["unanswered"]),
    }


def _cursor(text: str) -> tuple[datetime, int] | None:
    """Where the page begins; the first page for what nobody gave out."""
    at, _tilde, number = text.partition("~")
    try:
        when = datetime.fromisoformat(at)
        return (when, int(number)) if when.tzinfo is not None else None
    except ValueError:
        return None


def _filters(chosen: dict[str, str]) -> list[Field]:
    language = get_language() or "zh-hans"
    departments = {code: name.short(language) for code, name in get_department_names().items()}
    categories = {each.code: each.name.in_language(language) for each in get_dispatch().below("")}
    answers = {"": _("All"), "1": _("Not answered yet")}
    return [
        _select("district", _("District"), {"": _("All"), **district_names(language)}, chosen),
        _select("category", _("About"), {"": _("All"), **categories}, chosen),
        _select("department", _("Department"), {"": _("All"), **departments}, chosen),
        _select("unanswered", _("Answer"), answers, chosen),
    ]


def _select(name: str, label: str, choices: dict[str, str], chosen: dict[str, str]) -> Field:
    options = tuple(Option(value, words, selected=value == chosen[name]) for value, words in choices.items())
    return Field(kind="select", name=name, label=label, options=options, attributes={"data-width": "0"})
