"""What goes around the clock: counted by department and matter, each count leading to its cases."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.apps.catalog.city import get_supervision
from tongban.apps.insight.queries import PATTERNS, count_evasions, list_evasions
from tongban.apps.people.queries import get_department_names
from tongban.web.access import official
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["NAMES", "cases", "patterns"]

NAMES = {
    "long_pause": gettext_lazy("Long standstill"),
    "asked_late": gettext_lazy("Asked for more on the last day"),
    "accepted_late": gettext_lazy("Accepted on the last day"),
    "withdrawn_near": gettext_lazy("Taken back near the limit"),
    "last_hour": gettext_lazy("Decided in the last hour"),
}
_PERIODS = ("30", "90", "365", "all")


@official("supervisor", "administrator")
@require_safe
def patterns(request: Request) -> HttpResponse:
    """How often each was seen, by department and matter, the most first."""
    days, language, names = _days(request), get_language() or "zh-hans", get_department_names()
    lines = [
        {
            "department": names[each.department].short(language),
            "matter": each.matter_name.in_language(language),
            "cells": [
                (str(NAMES[name]), each.counts.get(name, 0), _url(name, each.department, each.matter, days))
                for name in PATTERNS
            ],
        }
        for each in count_evasions(since=_since(days, request.at))
    ]
    context = {
        "groups": side_groups(actor=request.actor, here="patterns"),
        "lines": lines,
        "heads": [(str(NAMES[name]), _threshold(name)) for name in PATTERNS],
        "field": _field(days),
    }
    return render(request, "supervise/patterns.html", context)


@official("supervisor", "administrator")
@require_safe
def cases(request: Request, pattern: str) -> HttpResponse:
    """The cases in which one was seen; opening one is on record, as always."""
    if pattern not in PATTERNS:
        raise Http404
    days, language, names = _days(request), get_language() or "zh-hans", get_department_names()
    department, matter = request.GET.get("department", ""), request.GET.get("matter", "")
    rows = list_evasions(pattern=pattern, department=department, matter=matter, since=_since(days, request.at))
    context = {
        "groups": side_groups(actor=request.actor, here="patterns"),
        "heading": str(NAMES[pattern]),
        "threshold": _threshold(pattern),
        "lines": [
            {
                "row": row,
                "matter": row.matter.in_language(language),
                "department": names[row.department].short(language),
                "measure": _measured(pattern, row.measure),
            }
            for row in rows
        ],
        "back": f"{reverse('supervise:patterns')}?days={days}",
    }
    return render(request, "supervise/pattern.html", context)


def _days(request: Request) -> str:
    days = request.GET.get("days", "90")
    return days if days in _PERIODS else "90"


def _since(days: str, at: datetime) -> datetime | None:
    return None if days == "all" else at - timedelta(days=int(days))


def _url(pattern: str, department: str, matter: str, days: str) -> str:
    asked = urlencode({"department": department, "matter": matter, "days": days})
    return f"{reverse('supervise:pattern', args=[pattern])}?{asked}"


def _threshold(pattern: str) -> str:
    """From when on it counts, as the city has written."""
    limits = get_supervision().thresholds
    facts: dict[str, Any] = {
        "pause": limits.pause_days,
        "day": limits.answered_on_day,
        "percent": limits.withdrawn_percent,
        "minutes": limits.last_minutes,
    }
    words = {
        "long_pause": _("%(pause)d working days or more, also while it lasts"),
        "asked_late": _("on working day %(day)d after receipt or later"),
        "accepted_late": _("on working day %(day)d after receipt or later, by hand, and nothing was asked for"),
        "withdrawn_near": _("with %(percent)d %% or more of the promised time used"),
        "last_hour": _("with %(minutes)d working minutes or fewer left, by hand"),
    }
    return words[pattern] % facts


def _measured(pattern: str, measure: int) -> str:
    if pattern == "withdrawn_near":
        return _("%(percent)d %% used") % {"percent": measure}
    if pattern == "last_hour":
        return ngettext("%(count)d minute left", "%(count)d minutes left", measure) % {"count": measure}
    return ngettext("%(count)d working day", "%(count)d working days", measure) % {"count": measure}


def _field(days: str) -> Field:
    words = {"30": _("30 days"), "90": _("90 days"), "365": _("A year"), "all": _("All")}
    return Field(
        kind="select",
        name="days",
        label=_("Seen within"),
        required=False,
        options=tuple(Option(value=each, label=words[each], selected=each == days) for each in _PERIODS),
    )
