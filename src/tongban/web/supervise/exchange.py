"""Registers in operation: who asks whom how often, how long it takes, what fails."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from tongban.apps.catalog.definitions.registers import Register
from tongban.apps.exchange.queries import Asking, get_exchange_figures, get_registers
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["registers"]


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the register and the purpose in words, as far as the city's folder still has them."""

    asking: Asking
    register: str
    why: str


@official("supervisor", "administrator")
@require_safe
def registers(request: Request) -> HttpResponse:
    """What was asked in the last 30 days, the most failures first."""
    figures, known = get_exchange_figures(at=request.at), get_registers()
    context = {
        "figures": figures,
        "lines": [_line(each, known.get(each.register)) for each in figures.askings],
        "left_alone": [_name(known[code]) for code in figures.left_alone],
        "groups": side_groups(actor=request.actor, here="registers"),
    }
    return render(request, "supervise/registers.html", context)


def _line(asking: Asking, register: Register | None) -> Line:
    grant = register.grant(consumer=asking.consumer, purpose=asking.purpose) if register is not None else None
    name = _name(register) if register is not None else asking.register
    return Line(asking, name, grant.why.in_language(_language()) if grant is not None else asking.purpose)


def _name(register: Register) -> str:
    return register.name.in_language(_language())


def _language() -> str:
    return get_language() or "zh-hans"
