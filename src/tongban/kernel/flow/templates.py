"""A step of the automaton as a Python function made to measure.

What a step does is known when it is written down: which task it ends, which it opens, what its events say. A function
that loops over such facts spends most of its time in finding out again. So each template becomes straight-line code:
tuples are taken apart and put together whole, and what is fixed is a constant. The text of that code depends on the
shape of the step only (numbers of tasks and events); what the process, its names or anybody's input says goes in as
objects, never as text. Steps of the same shape share one code object.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import lru_cache
from types import CodeType, FunctionType
from typing import Any, NamedTuple, Protocol, TypeAlias, cast

from tongban.kernel.clock import Calendar, LegalClock, Limit

from .durations import TimerRule
from .events import Event, known
from .state import Standing, State, Task, Timer
from .times import from_text, to_text

__all__ = ["Due", "Line", "Template", "Written", "written"]

Due: TypeAlias = "Limit | TimerRule"
"""What an instant in a step is counted by, from the instant of the step on."""


class Line(NamedTuple):
    """An event without its instants and actor."""

    kind: str
    data: Mapping[str, Any]  # with None for what is filled in
    texts: tuple[str, ...]  # its data as canonical JSON, around what is filled in (see `Known`)
    filled: Mapping[str, Any]  # the keys of the data that are filled in anew, with what is known of their values
    system: bool
    department: str
    node: str
    task: int
    previous_activity: str
    previous_department: str
    just_now: bool  # the activity before it is of this same step
    ends: int  # which of the tasks it ends, -1 for none


class Template(NamedTuple):
    """What happens in a step: its events, and how the state after them is made of the state before."""

    lines: tuple[Line, ...]
    dues: tuple[Due, ...]
    tasks: int  # how many are open before
    own: int  # which of them the command is about, -1 for none
    held: tuple[int, ...]  # which of them nobody but the actor may have taken on
    change: str  # "claim" or "release" it, or ""
    kept: tuple[int, ...]  # which tasks stay open
    opens: tuple[tuple[int, int, int, int], ...]  # numbers, nodes, due dates (-1 for none) and copies of new ones
    timers: int  # how many are set before
    timers_kept: tuple[int, ...]
    timers_set: tuple[tuple[int, int, int, tuple[Any, ...]], ...]  # numbers, nodes, due dates, and the rest
    silence: bool  # whether a timer may have accepted the case
    clocks: Mapping[str, LegalClock | None]  # the legal clocks that start, as they are before, or stop (None)
    sets: Mapping[str, Any]
    variables: Mapping[str, Any] | None  # all that there are afterwards, where no case has any of its own
    receives: bool
    accepts: bool
    decides: bool
    acts: bool  # whether one of the events ends an activity
    standing: Standing


class Written(Protocol):
    """A step, ready to be taken; None when it has to be decided after all."""

    def __call__(
        self, state: State, command: Any, at: datetime, calendar: Calendar, actor: str, capacity: str, /
    ) -> tuple[tuple[Event, ...], State] | None:
        """The linked events and the state after them."""


_CONSTANT = ("kind", "texts", "department", "node", "task", "previous_activity", "previous_department")
_ALWAYS: Mapping[str, Any] = {
    "__builtins__": {"dict": dict},
    "new": tuple.__new__,
    "known": known,
    "to_text": to_text,
    "from_text": from_text,
    "Event": Event,
    "State": State,
    "Task": Task,
    "Timer": Timer,
}


def written(template: Template) -> Written:
    """The function of a template."""
    objects: dict[str, Any] = {
        **_ALWAYS,
        "standing": template.standing,
        "sets": template.sets,
        "all_variables": template.variables,
    }
    for number, line in enumerate(template.lines):
        objects |= {f"{each}_{number}": getattr(line, each) for each in _CONSTANT}
        objects[f"data_{number}"] = line.data if line.filled else known(line.texts, line.data)
        for key in ("opens", "timers"):
            objects |= _rows(number, key, line.filled.get(key))
    for number, due in enumerate(template.dues):
        objects[f"rule_{number}"] = due
    for number, (no, node, _, _) in enumerate(template.opens):
        objects[f"no_{number}"], objects[f"at_node_{number}"] = no, node
    for number, (no, node, _, rest) in enumerate(template.timers_set):
        objects[f"timer_no_{number}"], objects[f"timer_node_{number}"], objects[f"rest_{number}"] = no, node, rest
    for name, clock in template.clocks.items():
        objects[f"{name}_before"] = clock
    return cast(Written, FunctionType(_code(_text(template)), objects))


def _rows(number: int, key: str, known_of_it: Any) -> dict[str, Any]:
    if known_of_it is None:
        return {}
    rows, cancelled = known_of_it if key == "timers" else (known_of_it, None)
    return {f"cancelled_{number}": cancelled} | {
        f"{key}_{number}_{place}": fixed for place, (fixed, _) in enumerate(rows)
    }


@lru_cache(maxsize=2048)
def _code(text: str) -> CodeType:
    module = compile(text, "<step>", "exec")
    return next(constant for constant in module.co_consts if isinstance(constant, CodeType))


_OWN_FIELDS = ", ".join(State._fields[1:])  # all but the standing


def _text(template: Template) -> str:
    """The code, which depends on the shape of the template alone."""
    body = [f"_, {_OWN_FIELDS} = state"]
    if not template.receives:
        body += ["if at < updated:", "  return None"]
    if template.tasks:
        body.append(f"{_listed('t', range(template.tasks))} = tasks")
    if template.timers:
        body.append(f"{_listed('r', range(template.timers))} = timers")
    if template.silence:
        body += ["for timer in timers:", "  if timer.node < 0 and timer.due < at:", "    return None"]
    for number in template.held:
        body += [f"by = t{number}[3]", "if by and actor and by != actor:", "  return None"]
    for number in sorted({line.ends for line in template.lines} - {-1}):
        body += _minutes(number)
    for number, due in enumerate(template.dues):
        counted = f"rule_{number}.due(start=at, calendar=calendar)"
        counted = f"calendar.deadline(start=at, limit=rule_{number})" if isinstance(due, Limit) else counted
        body += [f"told{number} = to_text({counted})", f"due{number} = from_text(told{number})"]
    for name, clock in template.clocks.items():
        body.append(f"{name} = {name}.stop(at)" if clock is None else f"{name} = {name}_before.start(at)")
    events = [_event(number, line, template) for number, line in enumerate(template.lines)]
    body += [f"after = {_state(template)}", f"return ({', '.join(events)},), after"]
    lines = "\n".join(f"  {line}" for line in body)
    return f"def taken(state, command, at, calendar, actor, capacity):\n{lines}\n"


def _listed(letter: str, numbers: Iterable[int]) -> str:
    return "".join(f"{letter}{number}, " for number in numbers)


def _minutes(number: int) -> list[str]:
    """Working minutes of waiting and of work of a task that ends (see `link`)."""
    return [
        f"opened{number} = t{number}[2]",
        f"claimed{number} = t{number}[4]",
        f"if claimed{number} is None:",
        f"  waiting{number} = 0 if opened{number} == at else calendar.working_minutes(opened{number}, at)",
        f"  working{number} = 0",
        "else:",
        f"  waiting{number} = calendar.working_minutes(opened{number}, claimed{number})",
        f"  working{number} = calendar.working_minutes(claimed{number}, at)",
    ]


_FILLINGS = {
    "opinion": "command.opinion",
    "reason": "command.reason",
    "way": "command.way",
    "about": "dict(command.about)",
    "by": "command.by",
}


def _event(number: int, line: Line, template: Template) -> str:
    data = f"data_{number}"
    if line.filled:
        values = "".join(f", {key!r}: {_filling(number, key, line, template)}" for key in line.filled)
        data = f"known(texts_{number}, {{**data_{number}{values}}})"
    who = "'system', 'system'" if line.system else "actor, capacity"
    links = ", ".join(f"{name}_{number}" for name in ("department", "node", "task"))
    before = f"previous_activity_{number}, previous_department_{number}, {'at' if line.just_now else 'last_at'}"
    ends = line.ends
    own = (
        "None, None, None, None, None" if ends < 0 else f"opened{ends}, claimed{ends}, at, waiting{ends}, working{ends}"
    )
    return f"new(Event, (kind_{number}, at, {data}, {who}, {links}, {before}, {own}))"


def _filling(number: int, key: str, line: Line, template: Template) -> str:
    """What stands under a key that is filled in anew. Keys are of a fixed list, see `learning`."""
    told = line.filled[key]
    if key == "clocks":
        return "{" + ", ".join(f"{name!r}: {name}.to_json()" for name in told) + "}"
    if key == "opens":
        return _dated(number, key, told)
    if key == "timers":
        rows, cancelled = told
        more = f", 'cancelled': cancelled_{number}" if cancelled else ""
        return f"{{'set': {_dated(number, key, rows)}{more}}}"
    return "by" if template.change == "release" else _FILLINGS[key]


def _dated(number: int, key: str, rows: Iterable[tuple[Any, int]]) -> str:
    named = [(f"{key}_{number}_{place}", due) for place, (_, due) in enumerate(rows)]
    return "[" + ", ".join(name if due < 0 else f"{{**{name}, 'due': told{due}}}" for name, due in named) + "]"


def _state(template: Template) -> str:
    tasks = [_task(number, template) for number in template.kept]
    tasks += [
        f"new(Task, (no_{number}, at_node_{number}, at, '', None, {'None' if due < 0 else f'due{due}'}, {copy}))"
        for number, (_, _, due, copy) in enumerate(template.opens)
    ]
    timers = [f"r{number}" for number in template.timers_kept]
    timers += [
        f"new(Timer, (timer_no_{number}, timer_node_{number}, due{due}, *rest_{number}))"
        for number, (_, _, due, _) in enumerate(template.timers_set)
    ]
    if template.variables is not None:
        variables = "all_variables"
    else:
        variables = "{**variables, **sets}" if template.sets else "variables"
    same_timers = len(template.timers_kept) == template.timers and not template.timers_set
    changed = {
        "tasks": "tasks" if _untouched(template) else f"({''.join(f'{task}, ' for task in tasks)})",
        "timers": "timers" if same_timers else f"({''.join(f'{timer}, ' for timer in timers)})",
        "variables": variables,
        "received": "at" if template.receives else "received",
        "accepted": "at" if template.accepts else "accepted",
        "decided": "at" if template.decides else "decided",
        "last_at": "at" if template.acts else "last_at",
        "updated": "at",
        "seq": f"seq + {len(template.lines)}",
    }
    return f"new(State, ({', '.join(changed.get(field, field) for field in State._fields)}))"


def _untouched(template: Template) -> bool:
    return len(template.kept) == template.tasks and not template.opens and not template.change


def _task(number: int, template: Template) -> str:
    if number != template.own or not template.change:
        return f"t{number}"
    held = "command.by, at" if template.change == "claim" else "'', None"
    return f"new(Task, (*t{number}[:3], {held}, *t{number}[5:]))"
