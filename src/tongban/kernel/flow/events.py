"""What has happened to a case. Events are the only way in which its state changes.

`data` is plain JSON without floats. Whatever the tokens did rides along in it, so that `apply` judges nothing:

- `asks`: who is asked to sign `{no, department, who}`
- `moves`: firings `[[places emptied], [places filled]]`, in order
- `opens`: tasks that opened `{no, node, department, act, due}`, in a round with its `copy`
- `closes`: numbers of tasks that ended
- `dues`: due dates of open tasks that moved, by number, because time that did not count is over
- `timers`: `{set: [{no, node, due, task}], cancelled: [no]}`; with `copy`, `left` for cycles that fire again, and
  `procedure` for one that an officer began, `later` for papers that may be handed in until then
- `later`: papers that may be handed in later, by code with their day; `brought`: those that came; `late`: those that
  did not in time
- `set` / `unset`: variables; `rules`: decisions taken by rule, with the ids of the rules that held
- `during`: `[firing, {set}, [unset]]`, where it is not the first firing alone that changed variables
- `silent`: what it counts as that a step was not done within its limit, `agreed` or `escalate`
- `throws`: messages, signals, escalations and errors `{move, node, kind, name}` for whoever sends them on
- `clocks`: the legal clocks as they are from now on
- `before`, `after`: when they ended by the calendar as it was and as it is; `were`: the same of the steps in `dues`;
  `was` in a timer: the number of the one that it is instead of
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring as _quoted
from typing import Any, NamedTuple

from tongban.kernel.chain import MOST_EXACT, ChainError, canonical

from .times import from_text, to_text

__all__ = [
    "ACTIVITIES",
    "KINDS",
    "Event",
    "Known",
    "activity_of",
    "event_body",
    "event_content",
    "event_from_body",
    "known",
    "texts_around",
]

KINDS: tuple[str, ...] = (
    "case.filed",
    "case.accepted",
    "case.refused",
    "supplement.requested",
    "supplement.answered",
    "material.handed_in",
    "task.claimed",
    "task.released",
    "task.completed",
    "task.returned",
    "case.dispatched",
    "task.transferred",
    "task.delegated",
    "task.reported",
    "task.recalled",
    "task.proposed",
    "cosign.asked",
    "cosign.signed",
    "cosign.objected",
    "cosign.removed",
    "case.migrated",
    "clock.paused",
    "clock.resumed",
    "clock.extended",
    "clock.recounted",
    "case.suspended",
    "case.resumed",
    "case.withdrawn",
    "case.decided",
    "case.redecided",
    "case.delivered",
    "case.closed",
    "timer.fired",
    "message.received",
    "signal.received",
    "condition.met",
    "error.raised",
)

ACTIVITIES: frozenset[str] = frozenset(KINDS) - {
    "material.handed_in",  # beside the process: no step waits for it
    "task.claimed",
    "task.released",
    "case.dispatched",
    "task.transferred",
    "task.delegated",
    "task.reported",
    "task.recalled",
    "task.proposed",
    "cosign.asked",
    "cosign.removed",
    "case.migrated",
    "case.redecided",  # beside the process, and mostly after its end
    "clock.paused",
    "clock.resumed",
    "clock.recounted",
    "timer.fired",
    "signal.received",
    "condition.met",
}
"""Kinds that end an activity: what the next event calls the activity before it."""

_OF_SIGNERS = frozenset({"cosign.signed", "cosign.objected"})


class Event(NamedTuple):
    """One entry of a case's log.

    `actor` and `capacity` are stored as given. `opened`, `claimed`, `finished`, `waiting` and `working` (working
    minutes) belong to the task that the event ends; `link` fills them and what was before.
    """

    kind: str
    at: datetime
    data: Mapping[str, Any]
    actor: str = ""
    capacity: str = ""
    department: str = ""
    node: str = ""
    task: int = 0
    previous_activity: str = ""
    previous_department: str = ""
    previous_at: datetime | None = None
    opened: datetime | None = None
    claimed: datetime | None = None
    finished: datetime | None = None
    waiting: int | None = None
    working: int | None = None


_INSTANTS = ("at", "previous_at", "opened", "claimed", "finished")


def activity_of(event: Event) -> str:
    """The label of an activity in the log: the node of a task, else the kind. Signing a step is not that step."""
    return event.kind if event.kind in _OF_SIGNERS else event.node or event.kind


def event_body(*, event: Event, case: int, seq: int) -> dict[str, Any]:
    """The plain JSON mapping that the hash chain covers; every key is always there, instants are in UTC."""
    body: dict[str, Any] = event._asdict()
    for key in _INSTANTS:
        if body[key] is not None:
            body[key] = to_text(body[key])
    body["case"] = case
    body["seq"] = seq
    return body


def event_content(*, event: Event, case: int, seq: int) -> tuple[bytes, str]:
    """The canonical JSON of an event's body, and that of its data alone.

    The same bytes as `canonical` gives for `event_body`, at a third of the time, and every step of every case needs
    them: keys and kinds of the members are known. Raises what `canonical` raises.
    """
    if case > MOST_EXACT:
        raise ChainError("chain.integer", value=case)
    data = _data_text(event.data)
    text = (
        f'{{"actor":{_quoted(event.actor)},"at":{_instant(event.at)},"capacity":{_quoted(event.capacity)},'
        f'"case":{case},"claimed":{_instant(event.claimed)},"data":{data},"department":{_quoted(event.department)},'
        f'"finished":{_instant(event.finished)},"kind":{_quoted(event.kind)},"node":{_quoted(event.node)},'
        f'"opened":{_instant(event.opened)},"previous_activity":{_quoted(event.previous_activity)},'
        f'"previous_at":{_instant(event.previous_at)},"previous_department":{_quoted(event.previous_department)},'
        f'"seq":{seq},"task":{event.task},"waiting":{"null" if event.waiting is None else event.waiting},'
        f'"working":{"null" if event.working is None else event.working}}}'
    )
    try:
        return text.encode(), data
    except UnicodeEncodeError:
        raise ChainError("chain.text") from None


class Known(dict[str, Any]):
    """Data of an event of which the canonical JSON is known, but for the values of some keys. Never changed.

    `texts` are what stands before the first of them, its key, what stands between it and the next, and so on.
    """

    __slots__ = ("texts",)
    texts: tuple[str, ...]


def known(texts: tuple[str, ...], data: Mapping[str, Any]) -> Known:
    """Data with these texts, which are those of `texts_around`."""
    found = Known(data)
    found.texts = texts
    return found


def texts_around(data: Mapping[str, Any], filled: Collection[str]) -> tuple[str, ...]:
    """The texts of `Known` for data like this one, whose values of `filled` are not known. Raises as `canonical`."""
    texts = []
    text, between = "{", ""
    for key in sorted(data):
        text += f"{between}{canonical(key).decode()}:"
        between = ","
        if key in filled:
            texts += [text, key]
            text = ""
        else:
            text += canonical(data[key]).decode()
    return (*texts, text + "}")


def _data_text(data: Mapping[str, Any]) -> str:
    if type(data) is not Known:
        return canonical(data).decode()
    texts = data.texts
    if len(texts) == 1:
        return texts[0]
    found = list(texts)
    for place in range(1, len(texts), 2):
        value = data[texts[place]]
        found[place] = _quoted(value) if type(value) is str else canonical(value).decode()
    return "".join(found)


@lru_cache(10_000)
def _instant(at: datetime | None) -> str:
    return "null" if at is None else f'"{to_text(at)}"'


def event_from_body(body: Mapping[str, Any]) -> Event:
    """The event of a body read back from the log."""
    values = {key: body[key] for key in Event._fields}
    for key in _INSTANTS:
        if values[key] is not None:
            values[key] = from_text(values[key])
    return Event(**values)
