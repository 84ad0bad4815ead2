"""General names that a lane may give instead of a department's code, so that matters can share a process."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["AUTHORITY", "FRONT_DESK", "RESPONSIBLE", "meant_by", "resolvable"]

AUTHORITY = "authority"
"""Whoever decides the matter."""
FRONT_DESK = "window"
"""Where cases are taken in and results handed over; the authority itself where a city has no shared front desk."""

RESPONSIBLE = "responsible"
"""Whom a case has been dispatched to (派单); until then, whoever decides the matter."""


def resolvable(departments: Mapping[str, str]) -> dict[str, str]:
    """General names with what they stand for, `window` too where only `authority` is said."""
    found = dict(departments)
    if AUTHORITY in found:
        found.setdefault(FRONT_DESK, found[AUTHORITY])
    return found


def meant_by(name: str, departments: Mapping[str, str], dispatched: str) -> str:
    """The department that a lane's name means in a case that has been dispatched to ``dispatched`` ("": to nobody)."""
    if name == RESPONSIBLE:
        return dispatched or departments.get(AUTHORITY, AUTHORITY)
    return departments.get(name, name)
