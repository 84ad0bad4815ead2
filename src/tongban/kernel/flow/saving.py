"""A state as text, and back: between two commands that is all that is left of it.

Every step of every case writes one and reads one. Lines of their own have what is remembered, as text for the value and
as value for the text: the standing, which many cases share, and the legal clocks, which change seldom. What is a case's
own follows. The whole is JSON.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from json.encoder import encode_basestring as _quoted
from typing import Any

from tongban.kernel.clock import LegalClock, Limit

from .aside import handovers_from_json, handovers_to_json, rounds_from_json, rounds_to_json
from .state import (
    NEW,
    Later,
    Outcome,
    Standing,
    State,
    Status,
    Task,
    Timer,
    limits_from_json,
    limits_to_json,
)
from .times import from_text, to_text

__all__ = ["state_from_json", "state_to_json"]

_MOST_STANDINGS = 20_000
_MOST_CLOCKS = 10_000
_encode = json.JSONEncoder(ensure_ascii=False, check_circular=False, sort_keys=True, separators=(",", ":")).encode
_decode = json.JSONDecoder().raw_decode


def state_to_json(state: State) -> str:
    """Compact JSON: keys sorted, what has its initial value left out. Equal states give equal bytes."""
    own = [f'"{key}":{write(state[place])}' for key, place, write in _OWN if state[place]]
    clocks = _text_of_clocks(state.statutory, state.promised)
    return f"[{_text_of(state.standing)},\n{clocks},\n{{{','.join(own)}}}]"


def state_from_json(text: str) -> State:
    """The reverse of `state_to_json`; reads what was saved as one object or in two parts, as it once was, too."""
    if text.startswith("{"):
        return _of_one_object(json.loads(text))
    standing, *clocks, own = text.split(",\n")
    values = list(NEW)
    values[0] = Standing._make(_standing_of(standing[1:]))
    if clocks:
        values[_STATUTORY], values[_PROMISED] = _clocks_of(clocks[0])
    for key, value in _decode(own)[0].items():
        place, read = _READ[key]
        values[place] = read(value) if read else value
    return State._make(values)


def _of_one_object(data: dict[str, Any]) -> State:
    own = {key: data.pop(key) for key in State._fields if key in data}
    clocks = {key: _clock_to_json(LegalClock.from_json(own[key])) for key in ("statutory", "promised") if key in own}
    return state_from_json(f"[{_encode(data)},\n{_encode(own | clocks)}]")


@lru_cache(_MOST_STANDINGS)
def _text_of(standing: Standing) -> str:
    named = zip(Standing._fields, standing, NEW.standing, strict=True)
    data: dict[str, Any] = {key: value for key, value, initial in named if value != initial}
    if "limits" in data:
        data["limits"] = limits_to_json(standing.limits)
    return _encode(data)


@lru_cache(_MOST_STANDINGS)
def _standing_of(text: str) -> tuple[Any, ...]:
    """The values of a standing. Each case has a standing of its own: see what `Standing` says of its place."""
    data: dict[str, Any] = json.loads(text)
    data["status"] = Status(data.get("status", Status.NEW))
    if "outcome" in data:
        data["outcome"] = Outcome(data["outcome"])
    if "limits" in data:
        data["limits"] = limits_from_json(data["limits"])
    data["marking"] = tuple(data.get("marking", ()))
    return tuple(Standing(**data))


@lru_cache(_MOST_CLOCKS)
def _text_of_clocks(statutory: LegalClock | None, promised: LegalClock | None) -> str:
    return _encode([None if clock is None else _clock_to_json(clock) for clock in (statutory, promised)])


@lru_cache(_MOST_CLOCKS)
def _clocks_of(text: str) -> tuple[LegalClock | None, LegalClock | None]:
    statutory, promised = [None if clock is None else _clock_from_json(clock) for clock in _decode(text)[0]]
    return statutory, promised


_limit_of = lru_cache(1_000)(Limit.parse)


def _clock_to_json(clock: LegalClock) -> list[Any]:
    times = (clock.started_at, clock.since, clock.paused_at, clock.lapsed_at, clock.stopped_at)
    told = [None if at is None else to_text(at) for at in times]
    return [str(clock.limit), clock.extension, clock.spent, clock.reason, *told]


def _clock_from_json(data: list[Any]) -> LegalClock:
    limit, extension, spent, reason, *times = data
    started, since, paused, lapsed, stopped = [None if at is None else from_text(at) for at in times]
    return LegalClock(_limit_of(limit), extension, started, since, spent, paused, reason, lapsed, stopped)


# What is a case's own, field by field


def _instant(at: datetime | None) -> str:
    return "null" if at is None else f'"{to_text(at)}"'


def _task_to_json(task: Task) -> str:
    no, node, opened, by, claimed, due, copy = task
    more = f",{copy}" if copy else ""
    return f"[{no},{node},{_instant(opened)},{_quoted(by)},{_instant(claimed)},{_instant(due)}{more}]"


def _task_from_json(data: list[Any]) -> Task:
    no, node, opened, by, claimed, due, *copy = data
    return Task(
        no,
        node,
        from_text(opened),
        by,
        None if claimed is None else from_text(claimed),
        None if due is None else from_text(due),
        *copy,
    )


def _timer_to_json(timer: Timer) -> str:
    no, node, due, task, copy, left = timer
    more = f",{copy},{left}" if copy or left else ""
    return f"[{no},{node},{_instant(due)},{task}{more}]"


def _timer_from_json(data: list[Any]) -> Timer:
    no, node, due, *more = data
    return Timer(no, node, from_text(due), *more)


_Codec = tuple[Callable[[Any], str], Callable[[Any], Any] | None]
_INSTANT: _Codec = (_instant, from_text)
_CODECS: dict[str, _Codec] = {
    "accepted": _INSTANT,
    "decided": _INSTANT,
    "handovers": (lambda values: _encode(handovers_to_json(values)), handovers_from_json),
    "last_at": _INSTANT,
    "later": (
        lambda values: _encode([[code, to_text(due), late] for code, due, late in values]),
        lambda values: tuple(Later(code, from_text(due), late) for code, due, late in values),
    ),
    "received": _INSTANT,
    "rounds": (lambda values: _encode(rounds_to_json(values)), rounds_from_json),
    "seq": (str, None),
    "tasks": (
        lambda tasks: f"[{','.join(map(_task_to_json, tasks))}]",
        lambda values: tuple(map(_task_from_json, values)),
    ),
    "timers": (
        lambda timers: f"[{','.join(map(_timer_to_json, timers))}]",
        lambda values: tuple(map(_timer_from_json, values)),
    ),
    "updated": _INSTANT,
}
"""How a field is written and read; any other is plain JSON as it is."""

_STATUTORY, _PROMISED = State._fields.index("statutory"), State._fields.index("promised")
# What has its initial value is false, in every field: tests hold that. It is left out.
_OWN = tuple(
    (key, place, _CODECS.get(key, (_encode, None))[0])
    for place, key in sorted(enumerate(State._fields), key=lambda field: field[1])
    if key not in ("standing", "statutory", "promised")
)
_READ = {key: (place, _CODECS[key][1] if key in _CODECS else None) for key, place, _ in _OWN} | {
    # of a state that was saved in two parts
    "statutory": (_STATUTORY, _clock_from_json),
    "promised": (_PROMISED, _clock_from_json),
}
