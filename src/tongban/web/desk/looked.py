"""Who it was: from a complaint about a look to the official and their role, for whoever handles the complaint."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from tongban.apps.cases.queries import get_case
from tongban.apps.rights.queries import AskedRow, Inquiry
from tongban.apps.rights.services import look_into
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.templatetags.tongban_ui import local
from tongban.web.templatetags.tongban_words import department as department_name
from tongban.web.wording import role_words
from tongban.web.wording.rights import (
    asked_words,
    purpose_words,
    register_words,
    sight_words,
    who_asked_words,
    who_looked_words,
)

__all__ = ["looked"]


@official("handler", "reviewer", "decider")
@require_safe
def looked(request: Request, number: int) -> HttpResponse:
    """What was complained of, and who it was; that somebody has opened this stands where the complainant reads it."""
    view = get_case(number=number, actor=request.actor, at=request.at)
    found = look_into(view=view, actor=request.actor, on=timezone.localdate(request.at), at=request.at)
    context = {
        "row": view.row,
        "found": found,
        "words": _words(found),
        "roles": [f"{department_name(where, 'full')} · {role_words(role)}" for where, role in found.roles],
        "groups": side_groups(actor=request.actor),
    }
    return render(request, "desk/looked.html", context)


def _words(found: Inquiry) -> Sequence[str]:
    """What was done: in which capacity, what, and why."""
    row = found.row
    if isinstance(row, AskedRow):
        why = str(local(row.why)) if row.why is not None else row.purpose
        return [who_asked_words(row), register_words(row), asked_words(row.outcome), why]
    return [who_looked_words(row), sight_words(row.what), purpose_words(row.purpose)]
