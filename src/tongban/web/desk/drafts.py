"""Drafts of a decision as the desk shows them: each version, what changed in it, and what was said of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher

from tongban.apps.cases.consequences import Work
from tongban.apps.cases.queries import DraftVersion, Remark, list_drafts
from tongban.web.wording import event_words, outcome_words, step_outcome_words

__all__ = ["Change", "DraftLine", "changes_between", "draft_lines"]

_TOKENS = re.compile(r"[A-Za-z0-9]+|\s+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Change:
    """A piece of a text: ``kept``, ``added`` or ``taken`` since the version before."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkLine:
    """What somebody said of a draft."""

    step: str
    outcome: str
    words: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftLine:
    """A version of the draft; ``changes`` are those of its reasons, none for the first."""

    no: int
    outcome: str
    was: str
    reason: str
    changes: tuple[Change, ...]
    who: str
    at: datetime
    remarks: tuple[RemarkLine, ...]


def draft_lines(work: Work, language: str) -> list[DraftLine]:
    """Return the versions, the latest first."""
    versions = list_drafts(view=work.view)
    before: tuple[DraftVersion | None, ...] = (None, *versions)
    return [_line(work, now, then, language) for now, then in reversed(list(zip(versions, before, strict=False)))]


def changes_between(before: str, now: str) -> tuple[Change, ...]:
    """Return how one text became the other, word by word and, in Chinese, character by character."""
    return tuple(_changes(_TOKENS.findall(before), _TOKENS.findall(now)))


def _changes(before: list[str], now: list[str]) -> Iterator[Change]:
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, before, now, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Change("kept", "".join(now[j1:j2]))
            continue
        if i1 < i2:
            yield Change("taken", "".join(before[i1:i2]))
        if j1 < j2:
            yield Change("added", "".join(now[j1:j2]))


def _line(work: Work, now: DraftVersion, then: DraftVersion | None, language: str) -> DraftLine:
    concluded = work.view.definition.concluded
    moved = then is not None and then.draft.outcome != now.draft.outcome
    return DraftLine(
        no=now.no,
        outcome=outcome_words(concluded(now.draft.outcome)),
        was=outcome_words(concluded(then.draft.outcome)) if then is not None and moved else "",
        reason=now.draft.reason,
        changes=changes_between(then.draft.reason, now.draft.reason) if then is not None else (),
        who=_in(now.name, language),
        at=now.at,
        remarks=tuple(_remark(each, language) for each in now.remarks),
    )


def _remark(remark: Remark, language: str) -> RemarkLine:
    return RemarkLine(
        step=remark.step.in_language(language),
        outcome=event_words(kind="task.returned", data={}, official=True)
        if remark.outcome == "returned"
        else step_outcome_words(remark.outcome),
        words=remark.words,
        who=_in(remark.name, language),
        at=remark.at,
    )


def _in(name: tuple[str, str] | None, language: str) -> str:
    return name[0 if language.startswith("zh") else 1] if name else ""
