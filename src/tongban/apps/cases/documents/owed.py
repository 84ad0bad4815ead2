"""Which documents a log owes: each belongs to one event, and is dated and numbered by it.

Sources: Administrative Licensing Law (行政许可法) 32 (acceptance, non-acceptance and what is missing, in writing), 38
(decision, with reasons and remedies), 42 (extension), 45 (special procedures).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tongban.apps.catalog.city import get_documents
from tongban.apps.catalog.definitions import MatterDefinition, Text
from tongban.apps.catalog.definitions.documents import fill
from tongban.kernel import flow
from tongban.kernel.flow import SPECIAL
from tongban.kernel.numbers import format_case_number

__all__ = ["CaseDocument", "document_number", "kind_of", "list_documents"]

_BY_EVENT = {
    "case.filed": "receipt",
    "case.accepted": "acceptance",
    "supplement.requested": "supplement",
    "clock.extended": "extension",
    "case.refused": "non_acceptance",
}
_OF_ASKING = ("receipt", "acceptance")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDocument:
    """A document of a case: ``entry`` is the place in the log of the event that it tells of."""

    case: int
    entry: int
    kind: str
    number: str
    title: Text
    at: datetime


def list_documents(*, case: int, history: Sequence[flow.Event], definition: MatterDefinition) -> list[CaseDocument]:
    """Return the documents that follow from a log, oldest first; none of asking, where nobody has asked."""
    words = get_documents()
    unasked = any(event.kind == "grant.unasked" for event in history)
    return [
        CaseDocument(
            case=case,
            entry=entry,
            kind=kind,
            number=document_number(case=case, entry=entry, year=event.at.year),
            title=words.kinds[kind].title,
            at=event.at,
        )
        for entry, event in enumerate(history, start=1)
        if (kind := kind_of(event, definition)) and not (unasked and kind in _OF_ASKING)
    ]


def kind_of(event: flow.Event, definition: MatterDefinition) -> str:
    """Return which document an event owes; "" for none."""
    if event.kind in ("case.decided", "case.redecided"):
        return definition.concluded(str(event.data.get("outcome")))
    if event.kind == "clock.paused":
        return "special_procedure" if event.data.get("reason") in SPECIAL else ""
    return _BY_EVENT.get(event.kind, "")


def document_number(*, case: int, entry: int, year: int) -> str:
    """The number of a paper that tells of an entry of a case's log, as the city numbers its papers."""
    pattern = get_documents().number
    values = {"case": format_case_number(case).replace(" ", ""), "entry": f"{entry:02}", "year": str(year)}
    return fill(pattern, values) or f"{values['case']}-{values['entry']}"
