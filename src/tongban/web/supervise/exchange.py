"""Registers in operation: who asks whom how often, how long it takes, what fails and why, which keys end soon."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.apps.catalog.city import get_city
from tongban.apps.catalog.definitions.registers import NEIGHBOUR, Register
from tongban.apps.exchange.queries import Asking, get_exchange_figures, get_registers
from tongban.apps.neighbours.errors import NeighbourError
from tongban.apps.neighbours.queries import get_neighbours, list_keys
from tongban.apps.people.queries import get_department_names
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording.registers import away_words, key_words

__all__ = ["registers"]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the register and the purpose in words, as far as the city's folder still has them; who asks whom."""

    asking: Asking
    register: str
    why: str
    asker: str
    peer: str
    reasons: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class KeyLine:
    """A key of ours or of somebody whom we talk to, and how long it is good."""

    owner: str
    name: str
    until: date
    days: int
    state: str
    tag: tuple[str, str, str]


@official("supervisor", "administrator")
@require_safe
def registers(request: Request) -> HttpResponse:
    """What was asked in the last 30 days, the most failures first; and all keys, the first to end at the head."""
    figures, known = get_exchange_figures(at=request.at), get_registers()
    keys, problem = _keys(request.at)
    names = _names()
    context = {
        "figures": figures,
        "lines": [_line(each, known.get(each.register), names) for each in figures.askings],
        "left_alone": [_name(known[code]) for code in figures.left_alone],
        "keys": keys,
        "ending": [key for key in keys if key.state != "good"],
        "neighbours_problem": problem,
        "groups": side_groups(actor=request.actor, here="registers"),
    }
    return render(request, "supervise/registers.html", context)


def _keys(at: datetime) -> tuple[list[KeyLine], str]:
    """All keys, or why the file or the settings cannot be used: the page about what is wrong must not fail of it."""
    us = get_city().code
    try:
        rows, names = list_keys(us=us, at=at), _names()
    except NeighbourError as error:
        return [], str(error)
    return [
        KeyLine(
            _("this city") if row.ours else names.get(NEIGHBOUR + row.owner, row.owner),
            f"{row.owner}/{row.key}",
            row.until,
            row.days,
            row.state,
            key_words(row.state),
        )
        for row in rows
    ], ""


def _names() -> dict[str, str]:
    """Who asks, and who is asked, by code: departments, and neighbours as grants call them."""
    language = _language()
    names = {code: each.short(language) for code, each in get_department_names().items()}
    try:
        neighbours = get_neighbours()
    except NeighbourError:
        return names
    code = "zh" if language.startswith("zh") else "en"
    return names | {NEIGHBOUR + each.code: each.name[code] for each in neighbours.values()}


def _line(asking: Asking, register: Register | None, names: dict[str, str]) -> Line:
    grant = register.grant(consumer=asking.consumer, purpose=asking.purpose) if register is not None else None
    return Line(
        asking,
        _name(register) if register is not None else asking.register,
        grant.why.in_language(_language()) if grant is not None else asking.purpose,
        names.get(asking.consumer, asking.consumer),
        "" if asking.consumer == NEIGHBOUR + asking.peer else names.get(NEIGHBOUR + asking.peer, asking.peer),
        [(away_words(reason), count) for reason, count in asking.reasons],
    )


def _name(register: Register) -> str:
    return register.name.in_language(_language())


def _language() -> str:
    return get_language() or "zh-hans"
