"""What my departments have promised in replies, until it is done."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.apps.people.queries import get_department_names
from tongban.apps.voice.errors import NotForThem, NothingSaid, UnknownCommitment
from tongban.apps.voice.queries import CommitmentRow, is_over, list_commitments
from tongban.apps.voice.services import keep_commitment
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["promises"]

_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLine:
    """A promise as the page shows it. ``wrong`` is what was wrong with what was just written to it."""

    row: CommitmentRow
    department: str
    over: bool
    wrong: str = ""


@official("clerk", "handler", "reviewer", "decider")
@never_cache
@require_http_methods(["GET", "POST"])
def promises(request: Request) -> HttpResponse:
    """The list, the first that is due first; a press with what was done puts one away."""
    which = _number(request.POST.get("promise", ""))
    wrong = ""
    if request.method == "POST":
        try:
            keep_commitment(commitment=which, note=request.POST.get("note", ""), actor=request.actor, at=request.at)
        except NothingSaid:
            wrong = _("Say what was done.")
        except (UnknownCommitment, NotForThem) as error:
            raise Http404 from error
        else:
            messages.success(request, _("It is noted as done."))
            return redirect("voice:promises")
    kept = "kept" in request.GET
    after = _number(request.GET.get("after", ""))
    rows = list_commitments(actor=request.actor, kept=kept, after=after, limit=_PAGE + 1)
    language, departments = get_language() or "zh-hans", get_department_names()
    lines = [
        PromiseLine(
            row=row,
            department=departments[row.department].short(language),
            over=is_over(row, at=request.at),
            wrong=wrong if row.id == which else "",
        )
        for row in rows[:_PAGE]
    ]
    context = {
        "groups": side_groups(actor=request.actor, here="promises"),
        "lines": lines,
        "kept": kept,
        "next_url": f"?{'kept=1&' if kept else ''}after={after + _PAGE}" if len(rows) > _PAGE else "",
    }
    return render(request, "voice/promises.html", context, status=422 if wrong else 200)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
