"""What became of limits when the working calendar changed: each recount, and the cases whose days moved."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.apps.cases.queries.recounts import RecountRow, list_recounted, list_recounts, list_uncounted_days
from tongban.apps.people.queries import get_department_names
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.templatetags.tongban_ui import day

__all__ = ["changes"]


@official("supervisor", "administrator")
@require_safe
def changes(request: Request) -> HttpResponse:
    """The newest recount with its cases, or the one that is asked for; and days that are not counted yet."""
    language, names = get_language() or "zh-hans", get_department_names()
    recounts, asked = list_recounts(), request.GET.get("recount", "")
    shown = next((row for row in recounts if str(row.id) == asked), recounts[0] if recounts else None)
    try:
        page = list_recounted(recount=shown.id, after=request.GET.get("after", "")) if shown else None
    except ValueError:  # a cursor that somebody made up
        return redirect("supervise:calendar")
    context = {
        "groups": side_groups(actor=request.actor, here="calendar"),
        "uncounted": _days(list_uncounted_days()),
        "recounts": [(row, _days(row.days), _url(row)) for row in recounts],
        "shown": shown,
        "lines": [
            {
                "row": row,
                "matter": row.case.matter_name.in_language(language),
                "department": names[row.case.authority].short(language),
            }
            for row in (page.rows if page else ())
        ],
        "next_url": _url(shown, after=page.next) if shown and page and page.next else "",
    }
    return render(request, "supervise/calendar.html", context)


def _days(days: Mapping[str, str]) -> list[str]:
    """Each changed day in words."""
    words = {"off": _("%(day)s: off"), "working": _("%(day)s: a working day")}
    return [words[kind] % {"day": day(date.fromisoformat(at))} for at, kind in days.items()]


def _url(row: RecountRow, *, after: str = "") -> str:
    asked = {"recount": str(row.id)} | ({"after": after} if after else {})
    return f"{reverse('supervise:calendar')}?{urlencode(asked)}"
