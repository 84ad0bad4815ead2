"""One visit of all departments of a joint review, on the page of its case: proposed, answered, fixed, called off."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.apps.cases.consequences import Work, get_work
from tongban.apps.cases.queries import TaskView, to_go_together
from tongban.apps.catalog.city import get_calendar
from tongban.apps.inspections import services as arranging
from tongban.apps.inspections.errors import InspectionError
from tongban.apps.inspections.queries import JointVisitView, PartView, get_joint_visit
from tongban.apps.people.queries import get_department_names
from tongban.web.access import official
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import day, moment
from tongban.web.wording import error_words
from tongban.web.wording.inspections import answer_words, result_words, visit_state_words

__all__ = ["arrange", "time_words", "visit_part"]

_MINUTES = (30, 60, 90, 120, 180)
_FIRST, _LAST = time(8, 0), time(18, 0)
_TONES = {"proposed": "sun", "fixed": "river", "asked": "sun", "held": "done", "off": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class PartLine:
    """What a department says to the visit, as the page shows it; ``url``: where its part of the record is."""

    department: str
    words: str
    tone: str
    who: str
    url: str
    result: str


@official()
@require_POST
def arrange(request: Request, number: int, do: str) -> HttpResponse:
    """Give one of the commands about the visit; what cannot be is told with the cure, and nothing has changed."""
    if do not in _COMMANDS:
        raise Http404
    work = get_work(number=number, actor=request.actor, at=request.at)
    command, done = _COMMANDS[do]
    try:
        command(work, request)
    except InspectionError as error:
        until = error.params.get("until")
        words = error_words(error) if until is None else _late(until)
        messages.error(request, words)
    else:
        messages.success(request, str(done))
    return redirect(f"{reverse('desk:case', args=[number])}#visit")


def _late(until: object) -> str:
    assert isinstance(until, date)
    return _("By then the time of a department for its opinion is over. Choose a day up to %(day)s.") % {
        "day": day(until)
    }


def _propose(work: Work, request: Request) -> None:
    starts_at = _moment_of(request.POST, "visit")
    minutes = request.POST.get("minutes", "")
    length = timedelta(minutes=int(minutes) if minutes.isdecimal() and len(minutes) < 4 else 0)
    arranging.propose_visit(
        view=work.view, starts_at=starts_at, ends_at=starts_at + length, actor=request.actor, at=request.at
    )


def _answer(work: Work, request: Request) -> None:
    said = request.POST.get("said", "")
    arranging.answer_visit(
        view=work.view,
        task=_number(request.POST.get("task", "")),
        time=_number(request.POST.get("time", "")),
        said=said,
        officer=_number(request.POST.get("officer", "")) or None,
        other_at=_moment_of(request.POST, "other") if said == "other" else None,
        actor=request.actor,
        at=request.at,
    )


def _fix(work: Work, request: Request) -> None:
    time_no = _number(request.POST.get("time", ""))
    arranging.fix_visit(view=work.view, time=time_no, actor=request.actor, at=request.at)


def _call_off(work: Work, request: Request) -> None:
    arranging.call_off_visit(
        view=work.view, reason=request.POST.get("reason", "")[:500], actor=request.actor, at=request.at
    )


def _close(work: Work, request: Request) -> None:
    arranging.close_visit(view=work.view, actor=request.actor, at=request.at)


_COMMANDS: Mapping[str, tuple[Callable[[Work, Request], None], Any]] = {
    "propose": (_propose, gettext_lazy("Proposed. The other departments are told, and answer here.")),
    "answer": (_answer, gettext_lazy("Noted. Once all have answered, the applicant is told.")),
    "fix": (_fix, gettext_lazy("The time is fixed. The applicant is told, and so is everybody who goes there.")),
    "call_off": (_call_off, gettext_lazy("Called off.")),
    "close": (_close, gettext_lazy("The visit is closed with the records that have come.")),
}


def visit_part(work: Work) -> dict[str, Any] | None:
    """What ``desk/joint_visit.html`` shows, with the forms for what the reader may do; None where there is nothing."""
    visit = get_joint_visit(view=work.view)
    steps = to_go_together(work.view)
    arranges = arranging.may_arrange(view=work.view, actor=work.actor)
    several = len({step.department for step in steps}) > 1
    if visit is None and not (arranges and several):
        return None
    proposes = arranges and several and (visit is None or visit.state not in ("fixed", "held"))
    answers = visit is not None and visit.state == "proposed"
    mine = [step for step in steps if step.may_act and visit is not None and visit.part(step.no) is not None]
    said = [part.answer for part in visit.parts] if visit is not None else []
    return {
        "visit": visit,
        "state": visit_state_words(visit.state) if visit else "",
        "tone": _TONES[visit.state] if visit else "",
        "when": time_words(visit.starts_at, visit.ends_at) if visit else "",
        "who": visit.proposer_name[0 if _chinese() else 1] if visit else "",
        "lines": [_line(part) for part in visit.parts] if visit else [],
        "record": reverse("field:joint", args=[visit.number]) if visit and any(p.record for p in visit.parts) else "",
        "propose": _proposal(steps, work, visit) if proposes else None,
        "anew": visit is not None and visit.is_open,
        "answers": [_answer_form(work, step, visit) for step in mine] if answers and visit else [],
        "fixes": arranges and answers and "yes" in said and not {"", "other"}.isdisjoint(said),
        "calls_off": arranges and visit is not None and visit.is_open,
        "closes": arranges and visit is not None and visit.state == "fixed" and work.at >= visit.starts_at,
    }


def time_words(starts_at: datetime, ends_at: datetime) -> str:
    """A time of one day, from when to when."""
    zone = get_calendar().timezone
    return f"{moment(starts_at)}–{ends_at.astimezone(zone):%H:%M}"


def _line(part: PartView) -> PartLine:
    names = get_department_names()
    words, tone = answer_words(part.answer)
    if part.other_at is not None:
        words = _("not then; it could on %(moment)s") % {"moment": moment(part.other_at)}
    if part.record is not None:
        words = _("was there")
    return PartLine(
        department=names[part.department].short(get_language() or "zh-hans"),
        words=words,
        tone=tone,
        who=part.officer_name[0 if _chinese() else 1] if part.goes else "",
        url=reverse("field:record", args=[part.record]) if part.record else "",
        result=result_words(part.result) if part.record else "",
    )


def _proposal(steps: list[TaskView], work: Work, visit: JointVisitView | None) -> list[Field]:
    """The fields of a proposal, filled in with the next working day, or with what another department could."""
    calendar = get_calendar()
    until = min((step.due for step in steps if step.due is not None), default=None)
    others = [part.other_at for part in visit.parts if part.other_at is not None] if visit else []
    first = calendar.add_working_days(calendar.local_date(work.at), 1)
    wanted = max(others).astimezone(calendar.timezone) if others else datetime.combine(first, time(10, 0))
    hint = _("Up to %(day)s all departments have time for their opinion. No limit stands still for the visit.") % {
        "day": day(until)
    }
    lengths = [(str(n), ngettext("%(n)d minute", "%(n)d minutes", n) % {"n": n}) for n in _MINUTES]
    return [
        Field(kind="date", name="visit", label=_("Day"), parts=_parts(wanted.date()), hint=hint if until else ""),
        _times("visit", _("Time"), f"{wanted:%H:%M}"),
        Field(
            kind="select",
            name="minutes",
            id="visit-minutes",
            label=_("How long it takes"),
            options=tuple(Option(value=n, label=words, selected=n == "60") for n, words in lengths),
        ),
    ]


def _answer_form(work: Work, step: TaskView, visit: JointVisitView) -> dict[str, Any]:
    part = visit.part(step.no)
    assert part is not None
    able = [work.actor, *work.able(act=step.act, department=step.department)]
    chosen = part.officer or (step.claimed_by if step.claimed_by is not None else work.actor.user_id)
    people = tuple(
        Option(
            value=str(each.user_id),
            label=each.name if _chinese() else each.name_en or each.name,
            selected=each.user_id == chosen,
        )
        for each in able
    )
    choices = (
        ("yes", _("Yes, somebody of ours comes")),
        ("other", _("Not then, but at another time")),
        ("no_need", _("We need not see the place")),
    )
    first = get_calendar().local_date(visit.starts_at)
    return {
        "task": step.no,
        "department": get_department_names()[step.department].short(get_language() or "zh-hans"),
        "time": visit.time,
        "opened": not part.answer,
        "fields": [
            Field(
                kind="radios",
                name="said",
                id=f"said-{step.no}",
                label=_("Can your department come then?"),
                options=tuple(Option(value=v, label=w, selected=v == (part.answer or "yes")) for v, w in choices),
            ),
            Field(kind="select", name="officer", id=f"officer-{step.no}", label=_("Who goes there"), options=people),
            Field(
                kind="date",
                name="other",
                id=f"other-{step.no}",
                label=_("If not then: on which day you could"),
                parts=_parts(first),
                required=False,
            ),
            _times("other", _("And at what time"), "10:00", ident=f"other-time-{step.no}"),
        ],
    }


def _times(name: str, label: str, value: str, ident: str = "") -> Field:
    """Half hours of the office's day."""
    calendar = get_calendar()
    today = calendar.add_working_days(date(2026, 1, 4), 1)
    at = datetime.combine(today, _FIRST, tzinfo=calendar.timezone)
    found, half = [], timedelta(minutes=30)
    while at.time() < _LAST:
        if calendar.working_minutes(at, at + half) == 30:
            found.append(f"{at:%H:%M}")
        at += half
    options = tuple(Option(value=each, label=each, selected=each == value) for each in found)
    return Field(kind="select", name=f"{name}_time", id=ident or f"{name}-time", label=label, options=options)


def _moment_of(posted: Mapping[str, str], name: str) -> datetime:
    """A day and a time as they were posted; the first of all days for what is none, which no visit can be on."""
    try:
        on = date(*(int(posted.get(f"{name}-{part}", "")) for part in ("year", "month", "day")))
        at = time.fromisoformat(posted.get(f"{name}_time", ""))
        found = datetime.combine(on, at.replace(tzinfo=None), tzinfo=get_calendar().timezone)
    except (ValueError, OverflowError):
        return datetime(2000, 1, 1, tzinfo=get_calendar().timezone)
    return found if 2000 <= found.year <= 2100 else datetime(2000, 1, 1, tzinfo=get_calendar().timezone)


def _parts(on: date) -> dict[str, str]:
    return {"year": str(on.year), "month": str(on.month), "day": str(on.day)}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _chinese() -> bool:
    return (get_language() or "zh-hans").startswith("zh")
