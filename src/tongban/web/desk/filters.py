"""My filters of the queue: saved with a name, in my order, one of them to begin with."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongban.apps.cases.boards import list_queue_matters
from tongban.apps.desks.errors import TooManyFilters
from tongban.apps.desks.queries import FilterRow, list_filters
from tongban.apps.desks.services import (
    add_filter,
    begin_with_filter,
    move_filter_up,
    remove_filter,
    restore_filter,
)
from tongban.web.access import official
from tongban.web.desk.lines import WITHIN, read_asked
from tongban.web.requests import Request
from tongban.web.side import GROUPS, filter_url, side_groups
from tongban.web.wording import error_words

__all__ = ["change", "filters", "save"]


class _NameForm(forms.Form):
    """What the filter is called."""

    name = forms.CharField(label=gettext_lazy("Name of this filter"), max_length=40)


@official()
@require_GET
def filters(request: Request) -> HttpResponse:
    """All of them, to be put in order."""
    rows = list_filters(actor=request.actor)
    matters = dict(list_queue_matters(actor=request.actor))
    language = get_language() or "zh-hans"
    names = {code: name.in_language(language) for code, name in matters.items()}
    kept = [row for row in rows if not row.removed]
    context = {
        "groups": side_groups(actor=request.actor, here="filters", saved=kept),
        "lines": [_line(row, names) for row in kept],
        "removed": [_line(row, names) for row in rows if row.removed],
    }
    return render(request, "desk/filters.html", context)


@official()
@require_POST
def save(request: Request) -> HttpResponse:
    """Save what the queue shows now under a name."""
    # All of it has an address of its own where the bare one opens a saved filter.
    asked, form = replace(read_asked(request.POST), explicit=True), _NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Give the filter a name, at most 40 characters long."))
        return redirect(asked.url())
    facts = {"part": asked.group, "matter": asked.matter, "within": asked.within}
    try:
        add_filter(name=form.cleaned_data["name"], actor=request.actor, at=request.at, **facts)
    except TooManyFilters as error:
        messages.error(request, error_words(error))
    else:
        messages.success(request, _("Saved. It stands at the side from now on."))
    return redirect(asked.url())


_DO: dict[str, tuple[Callable[[Request, int], None], Any]] = {
    "begin": (
        lambda request, number: begin_with_filter(number=number, actor=request.actor),
        gettext_lazy("The desk opens with this filter from now on."),
    ),
    "not-begin": (
        lambda request, _number: begin_with_filter(number=0, actor=request.actor),
        gettext_lazy("The desk opens with everything from now on."),
    ),
    "up": (lambda request, number: move_filter_up(number=number, actor=request.actor), gettext_lazy("Moved up.")),
    "remove": (
        lambda request, number: remove_filter(number=number, actor=request.actor, at=request.at),
        gettext_lazy("It is taken out. You can undo that below."),
    ),
    "restore": (
        lambda request, number: restore_filter(number=number, actor=request.actor),
        gettext_lazy("It is back in."),
    ),
}


@official()
@require_POST
def change(request: Request, no: int, do: str) -> HttpResponse:
    """Begin with it or not, move it up, take it out, put it back."""
    if do not in _DO:
        raise Http404
    act, words = _DO[do]
    act(request, no)
    messages.success(request, str(words))
    return redirect("desk:filters")


def _line(row: FilterRow, matters: dict[str, str]) -> dict[str, Any]:
    """A filter with what it shows: “Mine · Food business licence · 2 working days”."""
    part = str(GROUPS[row.part][0]) if row.part in GROUPS else row.part
    within = str(WITHIN.get(row.within, "")) if row.within else ""
    shown = [part, matters.get(row.matter, row.matter), within]
    return {"row": row, "what": " · ".join(filter(None, shown)), "url": filter_url(row)}
