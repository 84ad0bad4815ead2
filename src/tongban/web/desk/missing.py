"""What each department of a joint review misses: said on the page of the case, and merged into the one request."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from tongban.apps.cases.consequences import Work, get_work
from tongban.apps.desks.errors import AskedAlready, StepMoved, TooLateToSay, WordsTooLong
from tongban.apps.desks.queries import LONGEST_MISSING, MissingRow, get_saying, list_missing
from tongban.apps.desks.services import say_missing
from tongban.apps.people.queries import get_department_names
from tongban.web.access import official
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import day

__all__ = ["merged", "missing_part", "say"]


@official()
@require_POST
def say(request: Request, number: int) -> HttpResponse:
    """Say what my department misses. What came too late is told, with what was written."""
    work = get_work(number=number, actor=request.actor, at=request.at)
    words = request.POST.get("words", "")
    try:
        say_missing(
            work=work,
            department=request.POST.get("department", ""),
            items=request.POST.getlist("items"),
            words=words,
            at=request.at,
        )
        messages.success(request, _("Noted. Whoever asks the applicant has it in the request."))
    except AskedAlready:
        messages.error(request, _asked() + f" {words[:LONGEST_MISSING]}")
    except TooLateToSay:
        messages.error(request, _late() + f" {words[:LONGEST_MISSING]}")
    except StepMoved:
        messages.error(request, _("You have no opinion to give in this case now, so nothing was kept:") + f" {words}")
    except WordsTooLong:
        messages.error(request, _("This is too long to be kept."))
    return redirect(f"{reverse('desk:case', args=[number])}#missing")


def _asked() -> str:
    return _("The applicant has been asked already, once and for everything. This came too late:")


def _late() -> str:
    return _("The five working days in which the applicant is asked are over. This came too late:")


def missing_part(work: Work) -> dict[str, Any] | None:
    """What ``desk/missing.html`` shows: what each department misses, and the forms of those of mine; or None."""
    saying = get_saying(work=work)
    rows = list_missing(case=work.view.number) if work.view.definition.joint_with else []
    if not rows and (saying is None or not saying.departments):
        return None
    language, names = get_language() or "zh-hans", get_department_names()
    said = {row.department: row for row in rows}
    mine = saying.departments if saying is not None and not saying.closed else ()
    return {
        "rows": [
            {
                "department": names[row.department].short(language),
                "items": _(", ").join(_names(work, row.items)),
                "words": row.words,
                "who": row.name[0 if language.startswith("zh") else 1],
                "at": row.at,
            }
            for row in rows
        ],
        "saying": saying,
        "until": day(saying.until) if saying is not None else "",
        "forms": [(code, names[code].short(language), _fields(work, code, said.get(code))) for code in mine],
    }


def merged(work: Work) -> dict[str, Any]:
    """What all departments miss, as the values of the request's form; empty where nobody has said anything."""
    rows = list_missing(case=work.view.number) if work.view.definition.joint_with else []
    if not rows:
        return {}
    language, names = get_language() or "zh-hans", get_department_names()
    codes = {code for row in rows for code in row.items}
    notes = [
        _("%(department)s: %(words)s") % {"department": names[row.department].short(language), "words": row.words}
        for row in rows
        if row.words
    ]
    return {"items": sorted(codes), "note": "\n".join(notes)}


def _fields(work: Work, department: str, said: MissingRow | None) -> list[Field]:
    chosen = said.items if said else ()
    specs = [spec for spec in work.view.definition.materials_for(work.answers) if spec.is_asked]
    language = get_language() or "zh-hans"
    options = tuple(
        Option(value=spec.code, label=spec.name.in_language(language), selected=spec.code in chosen) for spec in specs
    )
    return [
        Field(
            kind="checkboxes",
            name="items",
            id=f"missing-items-{department}",
            label=_("What is missing or not in order"),
            options=options,
            required=False,
        ),
        Field(
            kind="textarea",
            name="words",
            id=f"missing-words-{department}",
            label=_("What exactly to do"),
            value=said.words if said else "",
            rows=3,
            required=False,
            attributes={"maxlength": str(LONGEST_MISSING)},
        ),
    ]


def _names(work: Work, items: Sequence[str]) -> list[str]:
    language = get_language() or "zh-hans"
    names = {spec.code: spec.name.in_language(language) for spec in work.view.definition.materials}
    return [names.get(item, item) for item in items]
