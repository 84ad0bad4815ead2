"""Who looked at my data, when and why; and one press to complain of a look."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.catalog.city import get_rights
from tongban.apps.people.queries import get_department_names, list_applicants
from tongban.apps.rights.queries import LookRow, get_look, list_departments_that_looked, list_looks
from tongban.apps.rights.services import start_complaint
from tongban.kernel.numbers import NumberError, format_case_number, parse_case_number
from tongban.web.access import signed_in
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import moment
from tongban.web.templatetags.tongban_words import department as department_name
from tongban.web.wording import role_words
from tongban.web.wording.rights import ground_words, purpose_words, sight_words

__all__ = ["complain", "looks"]

_PERIODS = {"30": 30, "365": 365, "all": 0}


@signed_in
@require_safe
def looks(request: Request) -> HttpResponse:
    """Each look, the latest first; narrowed by department, by time, or to one case."""
    asked = _asked(request)
    try:
        found = list_looks(
            actor=request.actor,
            department=asked["department"],
            case=_case(asked["case"]),
            since=_since(request.at, asked["period"]),
            cursor=request.GET.get("after", ""),
        )
    except ValueError:  # a cursor that somebody made up
        return redirect("portal:looks")
    kept = {name: value for name, value in asked.items() if value}
    others = {each.key: each.name for each in list_applicants(actor=request.actor, on=timezone.localdate(request.at))}
    context = {
        "rows": [(each, _told(each, others, f"person:{request.actor.person_id}")) for each in found.rows],
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


def _told(row: LookRow, names: dict[str, str], own: str) -> dict[str, object]:
    """A look in words: who, at what, why, on which law, and whose data it was where that is not the reader's."""
    return {
        "who": _who(row),
        "what": sight_words(row.what),
        "why": purpose_words(row.purpose),
        "ground": ground_words(row.purpose),
        "whose": "" if row.whose == own else names.get(row.whose, ""),
    }


def _who(row: LookRow) -> str:
    where = department_name(row.department, "full")
    if not row.role:
        return _("%(department)s, by its own computer system") % {"department": where}
    return _("%(department)s, %(role)s") % {"department": where, "role": role_words(row.role)}


def _in_words(row: LookRow) -> str:
    parts = [moment(row.at), _who(row), sight_words(row.what)]
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
    found = list_departments_that_looked(actor=request.actor)
    departments = [(code, names[code].short(language) if code in names else code) for code in found]
    periods = [("all", _("All of it")), ("365", _("The last year")), ("30", _("The last 30 days"))]
    return [
        _select("department", _("Department"), [("", _("All departments")), *departments], asked["department"]),
        _select("period", _("When"), periods, asked["period"] or "all"),
    ]


def _select(name: str, label: str, choices: list[tuple[str, str]], chosen: str) -> Field:
    options = tuple(Option(value=value, label=words, selected=value == chosen) for value, words in choices)
    return Field(kind="select", name=name, label=label, options=options, required=False)
