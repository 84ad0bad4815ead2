"""Event definitions: what an event waits for, or tells."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any

from lxml import etree

from tongban.kernel.rules import YearsMonths

from .definition import Trigger
from .durations import TimerRule, cycle_rule, date_rule, duration_rule
from .expressions import constant, feel, unwrapped
from .reading import Draft, local_name, text_of
from .vocabulary import BPMN

__all__ = ["message_of", "read_triggers"]

_KINDS = {
    "messageEventDefinition": "message",
    "timerEventDefinition": "timer",
    "signalEventDefinition": "signal",
    "conditionalEventDefinition": "conditional",
    "errorEventDefinition": "error",
    "escalationEventDefinition": "escalation",
    "linkEventDefinition": "link",
    "terminateEventDefinition": "terminate",
    "compensateEventDefinition": "compensation",
    "cancelEventDefinition": "cancel",
}
_REFERENCES = {
    "message": ("messageRef", "name"),
    "signal": ("signalRef", "name"),
    "error": ("errorRef", "errorCode"),
    "escalation": ("escalationRef", "escalationCode"),
}
_CURE_TIMER = "Write it like P10D, PT36H, R3/PT10H or 2026-03-02T09:00:00+08:00."


def definitions_of(draft: Draft, element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """The event definitions of an event, written inside it or referred to."""
    for child in element:
        local = local_name(child)
        if local == "eventDefinitionRef":
            found = draft.root(text_of(child))
            if found is not None:
                child, local = found, local_name(found)
        if local.endswith("EventDefinition"):
            yield local, child


def read_triggers(draft: Draft, element: etree._Element, allowed: Collection[str]) -> tuple[Trigger, ...] | None:
    """All triggers of an event; None when one of them cannot be executed here."""
    found: list[Trigger] = []
    clean = True
    for local, definition in definitions_of(draft, element):
        kind = _KINDS.get(local, "")
        if kind == "timer" or not kind or (draft.executable and kind not in allowed):
            if kind == "timer" and (kind in allowed or not draft.executable):
                timer = _timer(draft, element, definition)
                clean = clean and (timer is not None or not draft.executable)
                found.append(Trigger("timer", timer=timer))
                continue
            draft.unsupported(element, local, always=not kind)
            clean = False
            continue
        found.append(_read(draft, element, kind, definition))
    if len(found) > 1 and element.get("parallelMultiple") == "true":
        message = "It waits for several events together, which cannot be executed."
        cure = "Draw one event each, between two parallel gateways."
        draft.demand("element.unsupported", element, message, cure)
        clean = clean and not draft.executable
    return tuple(found) if clean else None


def _read(draft: Draft, element: etree._Element, kind: str, definition: etree._Element) -> Trigger:
    if kind == "conditional":
        raw = definition.find(f"{{{BPMN}}}condition")
        text = "" if raw is None else text_of(raw)
        condition = feel(draft, element, text, what="condition", code="condition")
        return Trigger(kind, condition=condition, text=unwrapped(text))
    if kind == "link":
        return Trigger(kind, (str(definition.get("name") or element.get("name") or element.get("id", "")),))
    if kind not in _REFERENCES:
        return Trigger(kind)
    key, code = _REFERENCES[kind]
    ref = (definition.get(key) or "").strip()
    names = _names(draft, ref, code)
    if not names and kind in ("message", "signal"):
        if ref and draft.executable:
            message = f"Its {kind} “{ref}” is not in the file."
            draft.demand(f"{kind}.missing", element, message, f"Define the {kind}, or correct {key}.")
        name = element.get("name") or element.get("id", "")
        names = tuple(dict.fromkeys(one for one in (name, element.get("id", "")) if one))
    return Trigger(kind, names)


def _names(draft: Draft, ref: str, code: str) -> tuple[str, ...]:
    """Code or name first: by that it is matched; the others are there for people."""
    root = draft.root(ref) if ref else None
    if root is None:
        return ()
    found = (root.get(code), root.get("name"), root.get("id"), ref)
    return tuple(dict.fromkeys(one.strip() for one in found if one and one.strip()))


def message_of(draft: Draft, element: etree._Element) -> Trigger:
    """The message of a send or receive task; its own name where none is referred to."""
    ref = (element.get("messageRef") or "").strip()
    names = _names(draft, ref, "name")
    if ref and not names:
        message = f"Its message “{ref}” is not in the file."
        draft.demand("message.missing", element, message, "Define the message, or correct messageRef.")
    own = (str(element.get("name") or ""), str(element.get("id") or ""))
    return Trigger("message", names or tuple(dict.fromkeys(one for one in own if one)))


def _timer(draft: Draft, element: etree._Element, definition: etree._Element) -> TimerRule | None:
    read: dict[str, Any] = {"timeDuration": duration_rule, "timeDate": date_rule, "timeCycle": cycle_rule}
    for local, rule in read.items():
        spec = definition.find(f"{{{BPMN}}}{local}")
        if spec is None or not text_of(spec):
            continue
        text = text_of(spec)
        working = any(draft.own(at, "working") == "true" for at in (element, definition, spec))
        options = {"working": True} if working and local != "timeDate" else {}
        try:
            found: TimerRule = rule(_plain(text), **options)
        except (ValueError, OverflowError) as error:
            message = f"Its {local} “{text}” cannot be read: {error}."
            draft.demand("timer.invalid", element, message, _CURE_TIMER)
            return None
        return found
    message = "Its timer has neither a duration, a cycle nor a date."
    draft.demand("timer.invalid", element, message, _CURE_TIMER)
    return None


def _plain(text: str) -> str:
    """A timer that a vendor wrote as an expression, where its value needs no data."""
    if text[:1] not in ("=", "$", "#", '"') and "(" not in text:
        return text
    value = constant(text)
    if isinstance(value, str):
        return value
    if isinstance(value, timedelta):
        return f"PT{int(value.total_seconds())}S" if value.total_seconds() >= 0 else text
    if isinstance(value, YearsMonths):
        return f"P{value.months}M"
    return value.isoformat() if isinstance(value, datetime) else text
