"""Reads around people's rights over their own data."""

from tongban.apps.rights.exports import get_export, open_export
from tongban.apps.rights.holds import KeptUntil, kept_until, list_holds, may_hold
from tongban.apps.rights.inquiry import Inquiry, may_look_into
from tongban.apps.rights.listing import (
    LookPage,
    LookRow,
    get_look,
    list_looks,
)
from tongban.apps.rights.removals import RemovalView, get_removal, list_removals
from tongban.apps.rights.requests import Carried, get_carried_out, is_to_carry_out, preview
from tongban.apps.rights.trace import (
    AskedRow,
    TracePage,
    count_trace,
    get_asked,
    list_departments_in_trace,
    list_trace,
)

__all__ = [
    "AskedRow",
    "Carried",
    "Inquiry",
    "KeptUntil",
    "LookPage",
    "LookRow",
    "RemovalView",
    "TracePage",
    "count_trace",
    "get_asked",
    "get_carried_out",
    "get_export",
    "get_look",
    "get_removal",
    "is_to_carry_out",
    "kept_until",
    "list_departments_in_trace",
    "list_holds",
    "list_looks",
    "list_removals",
    "list_trace",
    "may_hold",
    "may_look_into",
    "open_export",
    "preview",
]
