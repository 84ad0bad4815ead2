"""How departments answer what people say: shares with the interval in which they lie, for all to read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.apps.people.queries import get_department_names
from tongban.apps.voice.queries import FEW, Rate, Rates, list_rates
from tongban.web.access import public
from tongban.web.requests import Request
from tongban.web.wording.voices import category_words

__all__ = ["rates"]

_DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLine:
    """One row of the table: a name and three shares in words."""

    name: str
    response: str
    resolution: str
    satisfaction: str


@public
@require_safe
def rates(request: Request) -> HttpResponse:
    """The last twelve months, by department and by what it was about. In the order of names: it is no league."""
    since = request.at - timedelta(days=_DAYS)
    language = get_language() or "zh-hans"
    departments = {code: name.short(language) for code, name in get_department_names().items()}
    context = {
        "by_department": _lines(_read("department", since, request.at), departments),
        "by_category": _lines(
            found := _read("category", since, request.at),
            {each.code: category_words(each.code, language) for each in found},
        ),
        "few": FEW,
    }
    return render(request, "voice/rates.html", context)


def _read(by: str, since: datetime, at: datetime) -> list[Rates]:
    return list(list_rates(by=by, since=since, until=at, at=at))


def _lines(found: Iterable[Rates], names: dict[str, str]) -> list[RateLine]:
    lines = [
        RateLine(
            name=names.get(each.code) or each.code,
            response=_words(each.response),
            resolution=_words(each.resolution),
            satisfaction=_words(each.satisfaction),
        )
        for each in found
    ]
    return sorted(lines, key=lambda line: line.name)


def _words(rate: Rate) -> str:
    """A share with its interval; how many there are where they are too few."""
    if rate.share is None or rate.low is None or rate.high is None:
        return _("too few (%(count)d)") % {"count": rate.all}
    facts = {"share": round(100 * rate.share), "low": round(100 * rate.low), "high": round(100 * rate.high)}
    return _("%(share)d %% (%(low)d–%(high)d)") % facts
