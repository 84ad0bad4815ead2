"""What hangs on an open task beside the diagram: who else has it, and who else must sign. No token knows of it.

A co-signer is a task without a place: it has a number of its own, is opened, claimed and finished like any other, and
ends with the task that it hangs on, however that ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from .times import from_text, to_text

if TYPE_CHECKING:
    from .events import Event
    from .state import State

__all__ = [
    "ASIDE",
    "OBJECTED",
    "SIGNED",
    "Asked",
    "Handover",
    "Round",
    "Signer",
    "apply_aside",
    "handover_of",
    "handovers_from_json",
    "handovers_to_json",
    "hanging_on",
    "round_of",
    "rounds_from_json",
    "rounds_of",
    "rounds_to_json",
    "signer_of",
]

SIGNED = "signed"
OBJECTED = "objected"


class Asked(NamedTuple):
    """Who is asked to sign: anybody who may in a department, or one person of it."""

    department: str
    who: str = ""


class Handover(NamedTuple):
    """What has become of an open task since it opened. Kept only while it differs from what the diagram says."""

    task: int
    department: str = ""  # where it was transferred to, "" for the department of its lane
    owner: str = ""  # who delegated it and will confirm it
    result: str = ""  # JSON: with what it was finished, while those asked to sign afterwards have not
    finished: datetime | None = None  # when, and by whom
    by: str = ""
    capacity: str = ""


class Signer(NamedTuple):
    """One who was asked to sign: a person, or a department of which anybody may."""

    no: int
    department: str
    who: str = ""
    opened: datetime | None = None  # None until it is their turn: those who sign afterwards
    by: str = ""
    claimed: datetime | None = None
    answer: str = ""  # "", SIGNED, OBJECTED


class Round(NamedTuple):
    """Signers asked together, before, beside or after the work on a task. It is gone as soon as its rule is met."""

    no: int
    task: int
    place: str  # before | beside | after
    rule: str  # all | any | a number
    signers: tuple[Signer, ...]

    @property
    def needed(self) -> int:
        """How many must sign."""
        count = len(self.signers)
        return count if self.rule == "all" else min(1 if self.rule == "any" else int(self.rule), count)

    @property
    def signed(self) -> int:
        """How many have."""
        return sum(signer.answer == SIGNED for signer in self.signers)

    @property
    def met(self) -> bool:
        """Whether the rule is met; a round from which everybody was removed asks nothing."""
        return self.signed >= self.needed

    @property
    def failed(self) -> bool:
        """Whether the rule cannot be met any more by those who have not answered."""
        return self.signed + len(self.unanswered) < self.needed

    @property
    def unanswered(self) -> tuple[Signer, ...]:
        """Those who have not answered."""
        return tuple(signer for signer in self.signers if not signer.answer)


def handover_of(state: State, task: int) -> Handover:
    """What has become of that task; one without anything when it lies as it opened."""
    return next((one for one in state.handovers if one.task == task), Handover(task))


def rounds_of(state: State, task: int, *places: str) -> tuple[Round, ...]:
    """The rounds that hang on that task, in these places or any."""
    return tuple(one for one in state.rounds if one.task == task and (not places or one.place in places))


def round_of(state: State, no: int) -> Round | None:
    """The round with the signer of that number."""
    return next((one for one in state.rounds if any(signer.no == no for signer in one.signers)), None)


def signer_of(state: State, no: int) -> Signer | None:
    """The signer of that number."""
    return next((signer for one in state.rounds for signer in one.signers if signer.no == no), None)


def hanging_on(state: State, tasks: Iterable[int]) -> list[int]:
    """The numbers of the signers who have not answered and whose task is one of these."""
    ended = frozenset(tasks)
    return [signer.no for one in state.rounds if one.task in ended for signer in one.unanswered]


# Events onto state


def apply_aside(state: State, event: Event, changes: dict[str, Any]) -> None:
    """What an event does to handovers and rounds. Nothing is judged."""
    change = _OWN.get(event.kind)
    if change is not None:
        change(state, event, changes)
    closed = frozenset(event.data.get("closes", ()))
    if closed:
        handovers, rounds = changes.get("handovers", state.handovers), changes.get("rounds", state.rounds)
        changes["handovers"] = tuple(one for one in handovers if one.task not in closed)
        changes["rounds"] = tuple(one for one in rounds if one.task not in closed)


def _hold(state: State, event: Event, changes: dict[str, Any], by: str, claimed: datetime | None) -> None:
    tasks = changes.get("tasks", state.tasks)
    changes["tasks"] = tuple(t._replace(by=by, claimed=claimed) if t.no == event.task else t for t in tasks)


def _handed(state: State, event: Event, changes: dict[str, Any], **values: Any) -> None:
    changed = handover_of(state, event.task)._replace(**values)
    others = tuple(one for one in state.handovers if one.task != event.task)
    changes["handovers"] = (*others, *(() if changed == Handover(event.task) else (changed,)))


def _transferred(state: State, event: Event, changes: dict[str, Any]) -> None:
    to = event.data["to"]
    _hold(state, event, changes, to, event.at if to else None)
    _handed(state, event, changes, department=event.data["department"])


def _delegated(state: State, event: Event, changes: dict[str, Any]) -> None:
    task = state.task(event.task)
    claimed = None if task is None else task.claimed
    _hold(state, event, changes, event.data["to"], claimed or event.at)
    _handed(state, event, changes, owner=event.data["by"])


def _back_to_owner(state: State, event: Event, changes: dict[str, Any]) -> None:
    task = state.task(event.task)
    _hold(state, event, changes, event.data["to"], None if task is None else task.claimed)
    _handed(state, event, changes, owner="")


def _recalled(state: State, event: Event, changes: dict[str, Any]) -> None:
    if event.data.get("to"):
        _back_to_owner(state, event, changes)
    else:
        _fallen(state, event, changes, event.task)


def _proposed(state: State, event: Event, changes: dict[str, Any]) -> None:
    values = {"finished": event.at, "by": event.actor, "capacity": event.capacity}
    _handed(state, event, changes, result=event.data["result"], **values)
    changes["rounds"] = tuple(
        one._replace(signers=tuple(s._replace(opened=event.at) for s in one.signers))
        if one.task == event.task and one.place == "after"
        else one
        for one in state.rounds
    )


def _fallen(state: State, event: Event, changes: dict[str, Any], task: int) -> None:
    """What lay before those who sign afterwards is theirs no more: all of them wait, those who had answered anew."""
    _handed(state, event._replace(task=task), changes, result="", finished=None, by="", capacity="")
    anew = {row["was"]: row["no"] for row in event.data.get("asks", ())}
    changes["rounds"] = tuple(
        one._replace(signers=tuple(Signer(anew.get(s.no, s.no), s.department, s.who) for s in one.signers))
        if one.task == task and one.place == "after"
        else one
        for one in changes.get("rounds", state.rounds)
    )
    changes["next_task"] = max([state.next_task, *(no + 1 for no in anew.values())])


def _asked(state: State, event: Event, changes: dict[str, Any]) -> None:
    data = event.data
    opened = None if data["place"] == "after" else event.at
    signers = tuple(Signer(row["no"], row["department"], row["who"], opened) for row in data["asks"])
    changes["rounds"] = (*state.rounds, Round(data["round"], event.task, data["place"], data["rule"], signers))
    changes["next_task"] = signers[-1].no + 1


def _answered(answer: str) -> Any:
    def change(state: State, event: Event, changes: dict[str, Any]) -> None:
        _change_signer(state, event, changes, answer=answer, by=event.actor)
        if event.data.get("fallen"):
            _fallen(state, event, changes, event.data["of"])

    return change


def _removed(state: State, event: Event, changes: dict[str, Any]) -> None:
    rest = tuple(one._replace(signers=tuple(s for s in one.signers if s.no != event.task)) for one in state.rounds)
    changes["rounds"] = tuple(one for one in rest if one.no != event.data.get("over"))


def _claimed(state: State, event: Event, changes: dict[str, Any]) -> None:
    _change_signer(state, event, changes, by=event.data["by"], claimed=event.at)


def _released(state: State, event: Event, changes: dict[str, Any]) -> None:
    _change_signer(state, event, changes, by="", claimed=None)


def _change_signer(state: State, event: Event, changes: dict[str, Any], **values: Any) -> None:
    over = event.data.get("over")
    changes["rounds"] = tuple(
        one._replace(signers=tuple(s._replace(**values) if s.no == event.task else s for s in one.signers))
        for one in state.rounds
        if one.no != over
    )


_OWN: Mapping[str, Any] = {
    "task.transferred": _transferred,
    "task.delegated": _delegated,
    "task.reported": _back_to_owner,
    "task.recalled": _recalled,
    "task.proposed": _proposed,
    "cosign.asked": _asked,
    "task.claimed": _claimed,
    "task.released": _released,
    "cosign.signed": _answered(SIGNED),
    "cosign.objected": _answered(OBJECTED),
    "cosign.removed": _removed,
}

ASIDE: frozenset[str] = frozenset(_OWN) - {"task.claimed", "task.released"}
"""Kinds of events that change handovers and rounds even where there are none."""


# As JSON


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else to_text(instant)


def _instant(text: str | None) -> datetime | None:
    return None if text is None else from_text(text)


def handovers_to_json(handovers: Iterable[Handover]) -> list[list[Any]]:
    """Rows in the order of the fields."""
    return [list(one._replace(finished=_text(one.finished))) for one in handovers]  # type: ignore[arg-type]


def handovers_from_json(rows: Iterable[list[Any]]) -> tuple[Handover, ...]:
    """The reverse."""
    return tuple(
        Handover(task, department, owner, result, _instant(at), by, capacity)
        for task, department, owner, result, at, by, capacity in rows
    )


def rounds_to_json(rounds: Iterable[Round]) -> list[list[Any]]:
    """Rows in the order of the fields, signers within."""
    return [[*one[:4], [_signer_row(signer) for signer in one.signers]] for one in rounds]


def _signer_row(signer: Signer) -> list[Any]:
    no, department, who, opened, by, claimed, answer = signer
    return [no, department, who, _text(opened), by, _text(claimed), answer]


def rounds_from_json(rows: Iterable[list[Any]]) -> tuple[Round, ...]:
    """The reverse."""
    return tuple(Round(no, task, place, rule, tuple(_signers(signers))) for no, task, place, rule, signers in rows)


def _signers(rows: Iterable[list[Any]]) -> Iterator[Signer]:
    for no, department, who, opened, by, claimed, answer in rows:
        yield Signer(no, department, who, _instant(opened), by, _instant(claimed), answer)
