"""Reads around people's rights over their own data."""

from tongban.apps.rights.exports import get_export, open_export
from tongban.apps.rights.holds import KeptUntil, kept_until, list_holds, may_hold
from tongban.apps.rights.listing import (
    LookPage,
    LookRow,
    count_looks,
    get_look,
    list_departments_that_looked,
    list_looks,
)
from tongban.apps.rights.removals import RemovalView, get_removal, list_removals
from tongban.apps.rights.requests import Carried, get_carried_out, is_to_carry_out, preview

__all__ = [
    "Carried",
    "KeptUntil",
    "LookPage",
    "LookRow",
    "RemovalView",
    "count_looks",
    "get_carried_out",
    "get_export",
    "get_look",
    "get_removal",
    "is_to_carry_out",
    "kept_until",
    "list_departments_that_looked",
    "list_holds",
    "list_looks",
    "list_removals",
    "may_hold",
    "open_export",
    "preview",
]
