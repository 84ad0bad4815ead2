"""What will be late, ranked by how likely, with the reason in plain words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.apps.insight.queries import LikelyStep, list_likely
from tongban.apps.people.queries import DepartmentNames, get_department_names
from tongban.web.access import official
from tongban.web.due import Due, due_of
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["likely"]

_HIGH, _MIDDLE = 70, 40


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelyLine:
    """A step that may be late. ``chance``: in words, ``tone`` of its tag."""

    row: LikelyStep
    matter: str
    step: str
    department: str
    due: Due
    chance: str
    tone: str
    why: str


@official("supervisor", "administrator")
@require_safe
def likely(request: Request) -> HttpResponse:
    """Open steps that are due soon, the likeliest to be late first."""
    language, names = get_language() or "zh-hans", get_department_names()
    chosen = request.GET.get("department", "")
    chosen = chosen if chosen in names else ""
    steps = list_likely(at=request.at, departments=[chosen] if chosen else sorted(names))
    options = [("", _("All")), *((code, names[code].short(language)) for code in sorted(names))]
    context = {
        "groups": side_groups(actor=request.actor, here="likely"),
        "lines": _lines(steps, at=request.at, language=language, names=names),
        "chosen": chosen,
        "field": Field(
            kind="select",
            name="department",
            label=_("Department"),
            required=False,
            options=tuple(Option(value=code, label=words, selected=code == chosen) for code, words in options),
        ),
    }
    return render(request, "supervise/likely.html", context)


def _lines(steps: Sequence[LikelyStep], *, at: datetime, language: str, names: DepartmentNames) -> list[LikelyLine]:
    return [
        LikelyLine(
            row=row,
            matter=row.matter.in_language(language),
            step=row.step.in_language(language),
            department=names[row.department].short(language),
            due=due_of(due=row.due, since=row.opened, at=at),
            chance=_chance(row),
            tone=_tone(row),
            why=_why(row),
        )
        for row in steps
    ]


def _chance(row: LikelyStep) -> str:
    if not row.is_known:
        return _("Too little known")
    if row.chance >= _HIGH:
        return _("Likely late")
    return _("May be late") if row.chance >= _MIDDLE else _("In time so far")


def _tone(row: LikelyStep) -> str:
    if not row.is_known:
        return ""
    return "seal" if row.chance >= _HIGH else "sun" if row.chance >= _MIDDLE else "done"


def _why(row: LikelyStep) -> str:
    facts = {"known": row.known, "longer": row.longer, "percent": row.percent}
    if not row.is_known:
        return _("Fewer than 5 earlier ones to compare with; %(percent)d %% of its time is used.") % facts
    return (
        _("%(longer)d of %(known)d earlier ones that had taken as long by then took longer than what is left.") % facts
    )
