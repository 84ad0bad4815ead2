"""Commands around people's rights over their own data."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from tongban.apps.catalog.city import get_rights
from tongban.apps.intake.services import start_filled
from tongban.apps.people.actors import Actor
from tongban.apps.rights.errors import NotOffered
from tongban.apps.rights.exports import ask_export, make_export, sweep_exports
from tongban.apps.rights.holds import lift_hold, place_hold
from tongban.apps.rights.inquiry import look_into
from tongban.apps.rights.listing import get_look
from tongban.apps.rights.looks import record_called_up, record_found, record_look, record_meeting
from tongban.apps.rights.requests import carry_out
from tongban.apps.rights.retention import sweep
from tongban.apps.rights.trace import AskedRow

__all__ = [
    "ask_export",
    "carry_out",
    "lift_hold",
    "look_into",
    "make_export",
    "place_hold",
    "record_called_up",
    "record_found",
    "record_look",
    "record_meeting",
    "start_complaint",
    "start_complaint_of_asking",
    "sweep",
    "sweep_exports",
]


def start_complaint(*, actor: Actor, look: int, words: str, at: datetime) -> UUID:
    """Open a complaint about one look, filled in with its reference and ``words`` that tell which it was.

    It is a draft like any other: read before it is sent, and nothing is sent here. Raises ``UnknownLook``,
    ``NotOffered`` where the city has no matter for it.
    """
    found = get_look(actor=actor, look=look)
    return _start("complaint", actor=actor, given={"look": found.reference, "look_words": words}, at=at)


def start_complaint_of_asking(*, actor: Actor, asked: AskedRow, words: str, at: datetime) -> UUID:
    """The same about one question to a register, as ``queries.get_asked`` has found it for the actor."""
    return _start("complaint", actor=actor, given={"look": asked.reference, "look_words": words}, at=at)


def _start(use: str, *, actor: Actor, given: Mapping[str, str], at: datetime) -> UUID:
    matter = get_rights().matters.get(use)
    if matter is None:
        raise NotOffered
    key = f"person:{actor.person_id}"
    return start_filled(actor=actor, matter=matter, applicant_key=key, given=given, at=at)
