"""The supervisor's board."""

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from tongban.apps.cases.boards import list_loads
from tongban.apps.cases.queries import known_cursor, list_late, list_overdue_procedures
from tongban.apps.people.queries import get_department_names
from tongban.apps.voice.queries import list_overdue
from tongban.web.access import official
from tongban.web.due import soon_until
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.supervise.lines import late_lines, load_lines, procedure_lines, totals

__all__ = ["overview"]


@official("supervisor", "administrator")
@require_GET
def overview(request: Request) -> HttpResponse:
    """Accepted cases past or near their promised date, the latest first, and the load of each authority."""
    language, departments = get_language() or "zh-hans", get_department_names()
    soon = soon_until(request.at)
    chosen = request.GET.get("department", "")
    chosen = chosen if chosen in departments else ""
    cursor = known_cursor(cursor=request.GET.get("after", ""), of="cases")
    page = list_late(at=soon, departments=[chosen] if chosen else [], cursor=cursor)
    loads = list_loads(at=request.at, soon=soon)
    keep = {"department": chosen} if chosen else {}
    context = {
        "groups": side_groups(actor=request.actor, here="supervise"),
        "stats": totals(loads),
        "loads": load_lines(loads, language=language, departments=departments, chosen=chosen),
        "lines": late_lines(page.rows, at=request.at, language=language, departments=departments),
        "procedures": procedure_lines(
            list_overdue_procedures(at=request.at, departments=[chosen] if chosen else []),
            at=request.at,
            language=language,
            departments=departments,
        ),
        "promises": [
            {"row": row, "department": departments[row.department].short(language)}
            for row in list_overdue(on=timezone.localdate(request.at), department=chosen)
        ],
        "chosen": departments[chosen].name(language) if chosen else "",
        "first_url": f"?{urlencode(keep)}" if cursor else "",
        "next_url": f"?{urlencode(keep | {'after': page.next})}" if page.next else "",
    }
    return render(request, "supervise/overview.html", context)
