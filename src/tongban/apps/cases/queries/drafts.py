"""Drafts of decisions: written by who handled the case, read by who reviews it, signed by who decides.

A matter asks for one at a step (``drafted_at``). It is process data of that step's event, so each version stays in the
log, under its hash, and nobody but officials of the case reads it before the decision.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tongban.apps.cases.errors import DraftOwed
from tongban.apps.cases.queries.views import CaseView, TimelineEntry
from tongban.apps.catalog.definitions import MatterDefinition, Text
from tongban.kernel import flow
from tongban.kernel.flow import Act

__all__ = ["Draft", "DraftVersion", "Remark", "data_of", "list_drafts"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the decision should be, and the reasons that its letter would give."""

    outcome: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What a later step said of a draft: ``returned`` for rework, or the outcome of a review."""

    step: Text
    outcome: str
    words: str
    name: tuple[str, str] | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftVersion:
    """A draft as it was handed on, its number from 1, and what was said of it."""

    no: int
    draft: Draft
    name: tuple[str, str] | None
    at: datetime
    remarks: tuple[Remark, ...]


def data_of(*, definition: MatterDefinition, node: str, draft: Draft | None) -> Mapping[str, Any] | None:
    """Return what a step puts on record with its result; None where it drafts nothing.

    Raises ``DraftOwed`` where a draft with its reasons is owed and is not there.
    """
    if node != definition.drafted_at:
        return None
    if draft is None or draft.outcome not in definition.outcomes or not draft.reason.strip():
        raise DraftOwed
    return {"draft": {"outcome": draft.outcome, "reason": draft.reason.strip()}}


def list_drafts(*, view: CaseView) -> tuple[DraftVersion, ...]:
    """Return the drafts of a case from its log, the first first, for officials of the case only."""
    found: list[DraftVersion] = []
    for entry, event in zip(view.timeline, view.history, strict=True):
        if draft := _draft_in(event):
            found.append(DraftVersion(no=len(found) + 1, draft=draft, name=entry.actor_name, at=event.at, remarks=()))
        elif found and (remark := _remark_in(view, entry, event)):
            last = found[-1]
            found[-1] = DraftVersion(
                no=last.no, draft=last.draft, name=last.name, at=last.at, remarks=(*last.remarks, remark)
            )
    return tuple(found)


def _draft_in(event: flow.Event) -> Draft | None:
    data = event.data.get("data") if event.kind == "task.completed" else None
    draft = data.get("draft") if isinstance(data, Mapping) else None
    return Draft(outcome=str(draft["outcome"]), reason=str(draft["reason"])) if isinstance(draft, Mapping) else None


def _remark_in(view: CaseView, entry: TimelineEntry, event: flow.Event) -> Remark | None:
    if event.kind == "task.returned":
        outcome, words = "returned", str(event.data.get("reason", ""))
    elif event.kind == "task.completed" and _judges(view, event.node):
        outcome, words = str(event.data.get("outcome", "")), str(event.data.get("opinion", ""))
    else:
        return None
    step = entry.node or Text("", "")
    return Remark(step=step, outcome=outcome, words=words, name=entry.actor_name, at=event.at)


def _judges(view: CaseView, node: str) -> bool:
    process = view.definition.process
    return node in process.index and process.nodes[process.index[node]].act is Act.REVIEW
