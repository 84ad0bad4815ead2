"""The single elements of a process: what each must have to be executed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from tongban.kernel.clock import Limit, LimitError

from .definition import ACTS, SPECIAL, Act, Kind, Node
from .durations import TimerRule, date_rule, duration_rule
from .ports import find_decisions
from .reading import Draft, line_of, local_name, text_of
from .vocabulary import BPMN, DECORATION, INSTEAD, SUPPORTED

__all__ = ["READERS", "NodeReader"]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class NodeReader:
    """Reads the flow nodes of one scope."""

    def __init__(self, draft: Draft, scope: int) -> None:
        self.draft = draft
        self.scope = scope

    def read(self, local: str, element: etree._Element) -> int | None:
        """Add the node to the draft; None when it was refused."""
        draft = self.draft
        draft.check_own(element)
        node_id = element.get("id", "")
        if not node_id:
            draft.problem("id.missing", element, "It has no id.", "Give it one.")
            return None
        if node_id in draft.index:
            draft.problem("id.twice", element, "Its id is used twice.", "Give it another.")
            return None
        details = READERS[local](self, element)
        if details is None:
            return None
        index = len(draft.nodes)
        draft.index[node_id] = index
        lane = self._lane(node_id)
        department = draft.lanes[lane].department if lane >= 0 else ""
        if details.get("act") is Act.SERVICE:
            department = "system"
        if details["kind"] is Kind.SUBPROCESS:
            details["inner"] = draft.inner[index] = len(draft.parents)
            draft.parents.append((index, self.scope))
            draft.starts.append([])
        draft.nodes.append(
            Node(
                index=index,
                id=node_id,
                name=element.get("name", ""),
                name_en=draft.own(element, "name_en"),
                element=local,
                line=line_of(element),
                scope=self.scope,
                lane=lane,
                department=department,
                **details,
            )
        )
        if local == "startEvent":
            self._start(index, element)
        if local == "boundaryEvent":
            draft.raw_boundaries.append((index, element))
        if default := element.get("default"):
            draft.defaults[default] = index
        return index

    def _lane(self, node_id: str) -> int:
        """Its own lane, or that of the subprocess around it."""
        own = self.draft.lane_of.get(node_id)
        if own is not None:
            return own
        around = self.draft.parents[self.scope][0]
        return self.draft.nodes[around].lane if around >= 0 else -1

    def _start(self, index: int, element: etree._Element) -> None:
        starts = self.draft.starts[self.scope]
        starts.append(index)
        if len(starts) > 1:
            message = "There is more than one start event here."
            self.draft.problem("start.many", element, message, "Draw one; begin parallel work with a parallel gateway.")

    def _only(self, element: etree._Element, *allowed: str) -> bool:
        """Report every child that is neither decoration nor allowed."""
        clean = True
        for child in element:
            local = local_name(child)
            if not local or etree.QName(child).namespace != BPMN or local in DECORATION or local in allowed:
                continue
            clean = False
            cure = f"{INSTEAD.get(local, INSTEAD.get(local_name(element), 'Leave it out.'))} {SUPPORTED}"
            self.draft.problem("element.unsupported", element, f"{local} cannot be executed.", cure)
        return clean

    def _activity(self, element: etree._Element, *allowed: str) -> bool:
        clean = self._only(element, *allowed)
        if element.get("isForCompensation") == "true":
            message = "Compensation cannot be executed."
            self.draft.problem("element.unsupported", element, message, "Draw the work as a task of the process.")
            clean = False
        for key in ("startQuantity", "completionQuantity"):
            if element.get(key, "1") != "1":
                message = f"{key} other than 1 cannot be executed."
                self.draft.problem("element.unsupported", element, message, "Use a parallel gateway.")
                clean = False
        return clean

    def start_event(self, element: etree._Element) -> dict[str, Any] | None:
        """A start without a trigger."""
        return {"kind": Kind.START} if self._only(element) else None

    def end_event(self, element: etree._Element) -> dict[str, Any] | None:
        """A plain or terminating end."""
        if not self._only(element, "terminateEventDefinition"):
            return None
        terminates = element.find(f"{{{BPMN}}}terminateEventDefinition") is not None
        return {"kind": Kind.TERMINATE if terminates else Kind.END}

    def gateway(self, element: etree._Element) -> dict[str, Any] | None:
        """An exclusive, parallel or inclusive gateway."""
        kinds = {
            "exclusiveGateway": Kind.EXCLUSIVE,
            "parallelGateway": Kind.PARALLEL,
            "inclusiveGateway": Kind.INCLUSIVE,
        }
        return {"kind": kinds[local_name(element)]} if self._only(element) else None

    def person(self, element: etree._Element) -> dict[str, Any] | None:
        """A task for a person."""
        draft = self.draft
        if not self._activity(element):
            return None
        act = draft.own(element, "act") or Act.HANDLE
        if act not in ACTS:
            draft.problem("act.unknown", element, f"tb:act “{act}” is unknown.", f"Use one of {', '.join(ACTS)}.")
            return None
        special = draft.own(element, "special")
        if special and special not in SPECIAL:
            message = f"tb:special “{special}” is unknown."
            draft.problem("special.unknown", element, message, f"Use one of {', '.join(SPECIAL)}.")
            return None
        outcomes = tuple((draft.own(element, "outcomes") or "pass fail").split())
        if not all(_WORD.fullmatch(word) for word in outcomes):
            message = "tb:outcomes holds something that is not a word."
            draft.problem("outcomes.invalid", element, message, "Separate plain words by spaces, such as “pass fail”.")
            return None
        limit = self._limit(element)
        return {"kind": Kind.TASK, "act": Act(act), "special": special, "outcomes": outcomes, "limit": limit}

    def _limit(self, element: etree._Element) -> Limit | None:
        text = self.draft.own(element, "limit")
        if not text:
            return None
        try:
            return Limit.parse(text)
        except LimitError:
            message = f"tb:limit “{text}” is no limit."
            self.draft.problem("limit.invalid", element, message, "Write it like “3 working days”.")
            return None

    def service(self, element: etree._Element) -> dict[str, Any] | None:
        """A task that the system carries out."""
        if not self._activity(element):
            return None
        operation = self.draft.own(element, "operation")
        if not operation:
            message = "It does not say what the system does."
            self.draft.problem("operation.missing", element, message, "Set tb:operation, such as issue_certificate.")
            return None
        return {"kind": Kind.TASK, "act": Act.SERVICE, "operation": operation, "limit": self._limit(element)}

    def rule(self, element: etree._Element) -> dict[str, Any] | None:
        """A task that a decision table carries out at once."""
        draft = self.draft
        if not self._activity(element):
            return None
        act = draft.own(element, "act")
        if act not in ("", Act.DECIDE):
            message = f"tb:act “{act}” is not for a rule."
            draft.problem("act.unknown", element, message, "Use decide, or leave it out.")
            return None
        decision = draft.own(element, "decision")
        if not decision or find_decisions(draft.decisions, decision) is None:
            message = f"There is no decision “{decision}”." if decision else "It does not name its decision."
            draft.problem("decision.unknown", element, message, "Set tb:decision to the name or id of a decision.")
            return None
        result = draft.own(element, "result") or element.get("id", "")
        return {
            "kind": Kind.RULE,
            "act": Act.DECIDE if act else Act.RULE,
            "decision": decision,
            "result": result,
        }

    def subprocess(self, element: etree._Element) -> dict[str, Any] | None:
        """An embedded subprocess."""
        if element.get("triggeredByEvent") == "true":
            message = "An event subprocess cannot be executed."
            self.draft.problem("element.unsupported", element, message, "Use a boundary timer on the task.")
            return None
        # What is inside is read as a scope of its own; here only what belongs to the subprocess itself is checked.
        self._activity(
            element, *(local_name(child) for child in element if not local_name(child).endswith("Characteristics"))
        )
        return {"kind": Kind.SUBPROCESS}

    def catch(self, element: etree._Element) -> dict[str, Any] | None:
        """An intermediate timer."""
        if not self._only(element, "timerEventDefinition"):
            return None
        timer = self._timer(element)
        return None if timer is None else {"kind": Kind.CATCH, "timer": timer}

    def boundary(self, element: etree._Element) -> dict[str, Any] | None:
        """A timer on a task or subprocess."""
        details = self.catch(element)
        if details is None:
            return None
        return details | {"kind": Kind.BOUNDARY, "interrupting": element.get("cancelActivity", "true") != "false"}

    def _timer(self, element: etree._Element) -> TimerRule | None:
        draft = self.draft
        found = element.find(f"{{{BPMN}}}timerEventDefinition")
        if found is None:
            draft.problem("timer.missing", element, "It waits for nothing.", "Give it a timer.")
            return None
        for local in ("timeDuration", "timeDate"):
            spec = found.find(f"{{{BPMN}}}{local}")
            if spec is None:
                continue
            text = text_of(spec)
            working = "true" in (draft.own(element, "working"), draft.own(found, "working"), draft.own(spec, "working"))
            try:
                return duration_rule(text, working=working) if local == "timeDuration" else date_rule(text)
            except ValueError as error:
                message = f"Its {local} “{text}” cannot be read: {error}."
                draft.problem(
                    "timer.invalid", element, message, "Write it like P10D, PT36H or 2026-03-02T09:00:00+08:00."
                )
                return None
        message = "Its timer has neither a duration nor a date."
        draft.problem("timer.invalid", element, message, "Use timeDuration or timeDate; cycles are not executed.")
        return None


READERS: Mapping[str, Callable[[NodeReader, etree._Element], dict[str, Any] | None]] = {
    "startEvent": NodeReader.start_event,
    "endEvent": NodeReader.end_event,
    "userTask": NodeReader.person,
    "manualTask": NodeReader.person,
    "serviceTask": NodeReader.service,
    "businessRuleTask": NodeReader.rule,
    "exclusiveGateway": NodeReader.gateway,
    "parallelGateway": NodeReader.gateway,
    "inclusiveGateway": NodeReader.gateway,
    "subProcess": NodeReader.subprocess,
    "intermediateCatchEvent": NodeReader.catch,
    "boundaryEvent": NodeReader.boundary,
}
"""The flow nodes that are executed, by element."""
