"""Tasks and records as pages show them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tongban.apps.cases.queries import Visit, VisitRow
from tongban.apps.catalog.city import get_calendar
from tongban.apps.inspections.queries import JointVisitView
from tongban.apps.people.queries import get_department_names
from tongban.web.due import Due, due_of_step
from tongban.web.questions import answer_words
from tongban.web.templatetags.tongban_ui import day, moment, spoken

__all__ = ["Part", "Shown", "TaskLine", "joint_words", "shown_rows", "skew_words", "task_lines"]

_PARTS = {
    "late": gettext_lazy("Late"),
    "today": gettext_lazy("Today"),
    "later": gettext_lazy("Later"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskLine:
    """A visit in the list. ``again`` says that somebody was there and looks again; "" otherwise.

    ``together``: when several departments go there at once, where they do.
    """

    url: str
    number: int
    matter: str
    title: str
    step: str
    who: str
    place: str
    due: Due
    again: str
    mine: bool
    together: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the list: its name in the page, and its lines."""

    name: str
    words: str
    lines: Sequence[TaskLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What an inspector is shown of a case: where, whom to call, and rows to compare with what is there."""

    place: str
    contact: str
    phone: str
    rows: Sequence[Mapping[str, str]]


def task_lines(
    rows: Sequence[VisitRow],
    *,
    again: Mapping[tuple[int, int], date],
    together: Mapping[tuple[int, int], JointVisitView],
    at: datetime,
) -> list[Part]:
    """The list in its parts; a part with nothing in it is left out. A joint visit stands where its own day puts it."""
    found: dict[str, list[TaskLine]] = {name: [] for name in _PARTS}
    today = get_calendar().local_date(at)
    for each in rows:
        until = again.get((each.row.number, each.task.no))
        joint = together.get((each.row.number, each.task.no))
        on = get_calendar().local_date(joint.starts_at) if joint is not None else until
        line = _line(each, until, at)
        if joint is not None:
            when = f"{moment(joint.starts_at)}–{joint.ends_at.astimezone(get_calendar().timezone):%H:%M}"
            line = replace(line, mine=True, together=_("Together with others: %(when)s") % {"when": when})
        found[_part(each, on, today, at)].append(line)
    return [Part(name, str(words), found[name]) for name, words in _PARTS.items() if found[name]]


def _part(each: VisitRow, until: date | None, today: date, at: datetime) -> str:
    if until is not None:
        return "later" if until > today else "today" if until == today else "late"
    if each.task.due is None:
        return "later"
    if each.task.due < at:
        return "late"
    return "today" if get_calendar().local_date(each.task.due) == today else "later"


def _line(each: VisitRow, until: date | None, at: datetime) -> TaskLine:
    return TaskLine(
        url=reverse("field:task", args=[each.row.number, each.task.no]),
        number=each.row.number,
        matter=spoken(each.row.matter_name),
        title=each.row.matter_name.in_language(get_language() or "zh-hans"),
        step=spoken(each.task.name),
        who=each.row.applicant_name,
        place=each.place,
        due=due_of_step(due=each.task.due, since=each.task.opened, at=at, promised=each.row.promised_due),
        again=_("Look again after %(day)s") % {"day": day(until)} if until else "",
        mine=each.mine,
    )


def joint_words(visit: JointVisitView) -> dict[str, str]:
    """When the visit is, and which departments go there, for who goes along."""
    names, language = get_department_names(), get_language() or "zh-hans"
    zone = get_calendar().timezone
    return {
        "when": f"{moment(visit.starts_at)}–{visit.ends_at.astimezone(zone):%H:%M}",
        "who": _(", ").join(names[part.department].short(language) for part in visit.going),
    }


def shown_rows(visit: Visit) -> Shown:
    """What the matter's checklist names of the case, in words; nothing where it has none."""
    checklist, fields = visit.checklist, visit.view.definition.form.fields
    if checklist is None:
        return Shown(place="", contact="", phone="", rows=())

    def words(name: str) -> str:
        return answer_words(asked=fields[name], value=visit.answers.get(name)) if name in visit.answers else ""

    rows = [
        {"key": spoken(fields[name].title), "value": words(name)} for name in checklist.shows if name in visit.answers
    ]
    return Shown(
        place=words(checklist.place), contact=words(checklist.contact), phone=words(checklist.phone), rows=rows
    )


def skew_words(skew: timedelta | None) -> str:
    """By how much a device's clock is wrong, in words; "" where it does not matter."""
    if skew is None or abs(skew) < timedelta(minutes=2):
        return ""
    minutes = round(abs(skew).total_seconds() / 60)
    facts = {"hours": minutes // 60, "minutes": minutes % 60}
    if skew > timedelta(0):
        return _("The clock of the device was %(hours)d h %(minutes)d min ahead.") % facts
    return _("The clock of the device was %(hours)d h %(minutes)d min behind.") % facts
