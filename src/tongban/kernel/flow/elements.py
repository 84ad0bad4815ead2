"""The single elements of a process: what each must have to be executed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

from tongban.kernel.clock import Limit, LimitError

from .definition import ACTS, SPECIAL, Act, Kind, Node, Trigger
from .expressions import feel
from .loops import called_process, read_loop, transfers
from .ports import find_decisions
from .reading import Draft, foreign, foreign_child, kept, line_of, local_name, text_of
from .silences import SILENCES
from .triggers import message_of, read_triggers
from .vocabulary import BPMN, DECORATION

__all__ = ["READERS", "NodeReader"]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
_MOST_NODES = 20_000

_BEGINS = frozenset({"timer", "message", "signal", "conditional"})
_ARRIVES = frozenset({*_BEGINS, "error", "escalation"})
_CATCHES = frozenset({*_BEGINS, "link"})
_TELLS = frozenset({"message", "signal", "escalation", "link"})
_ENDS = frozenset({"message", "signal", "escalation", "error", "terminate"})
_GATEWAYS = {
    "exclusiveGateway": Kind.EXCLUSIVE,
    "parallelGateway": Kind.PARALLEL,
    "inclusiveGateway": Kind.INCLUSIVE,
    "complexGateway": Kind.INCLUSIVE,
    "eventBasedGateway": Kind.EVENTS,
}


class NodeReader:
    """Reads the flow nodes of one scope."""

    def __init__(self, draft: Draft, scope: int) -> None:
        self.draft = draft
        self.scope = scope

    def read(self, local: str, element: etree._Element) -> int | None:
        """Add the node to the draft; None when it was refused."""
        draft = self.draft
        draft.check_own(element)
        node_id = draft.node_id(element)
        if not node_id:
            draft.problem("id.missing", element, "It has no id.", "Give it one.")
            return None
        if node_id in draft.index:
            draft.problem("id.twice", element, "Its id is used twice.", "Give it another.")
            return None
        details = READERS[local](self, element)
        if details is None:
            return None
        if len(draft.nodes) >= _MOST_NODES:
            self._too_many(element)
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
                **kept(element),
                **details,
            )
        )
        if local == "startEvent":
            draft.starts[self.scope].append(index)
        if local == "boundaryEvent":
            draft.raw_boundaries.append((index, element, draft.prefix))
        if default := element.get("default"):
            draft.defaults[draft.prefix + default] = index
        if element.get("isForCompensation") == "true":
            draft.undoing.add(node_id)
        return index

    def _too_many(self, element: etree._Element) -> None:
        """Told once; of those after it nothing is said, nor of the flows that lead to them."""
        if not self.draft.full:
            self.draft.full = True
            message = f"With this the process has more than {_MOST_NODES} nodes, called processes counted each time."
            self.draft.problem("process.too-large", element, message, "Divide it.")
        self.draft.refused.add(element.get("id", ""))

    def _lane(self, node_id: str) -> int:
        """Its own lane, or that of the subprocess around it."""
        own = self.draft.lane_of.get(node_id)
        if own is not None:
            return own
        around = self.draft.parents[self.scope][0]
        return self.draft.nodes[around].lane if around >= 0 else -1

    def _only(self, element: etree._Element, *allowed: str) -> bool:
        """Report every child that is neither decoration nor allowed."""
        clean = True
        for child in element:
            local = local_name(child)
            if not local or etree.QName(child).namespace != BPMN or local in DECORATION or local in allowed:
                continue
            if local.endswith("EventDefinition") or local == "eventDefinitionRef":
                continue  # read by the event itself, or reported below
            clean = False
            self.draft.unsupported(element, local, always=True)
        return clean

    def _activity(self, element: etree._Element, *allowed: str) -> dict[str, Any] | None:
        """What all activities have in common; None when something of it is refused."""
        clean = self._only(element, *_LOOPS, *allowed)
        if element.get("isForCompensation") == "true":
            self.draft.unsupported(element, "isForCompensation")
            clean = clean and not self.draft.executable
        for key in ("startQuantity", "completionQuantity"):
            if element.get(key, "1") != "1":
                message = f"{key} other than 1 cannot be executed."
                self.draft.demand("element.unsupported", element, message, "Use a parallel gateway.")
                clean = clean and not self.draft.executable
        loop = read_loop(self.draft, element)
        return {"loop": loop} if clean else None

    def _event(self, element: etree._Element, kind: Kind, allowed: frozenset[str], *more: str) -> dict[str, Any] | None:
        if not self._only(element, *more):
            return None
        triggers = read_triggers(self.draft, element, allowed)
        if triggers is None:
            return None
        timer = next((one.timer for one in triggers if one.timer is not None), None)
        return {"kind": kind, "triggers": triggers, "timer": timer}

    def start_event(self, element: etree._Element) -> dict[str, Any] | None:
        """A start: of the process, of a subprocess, or the event of an event subprocess."""
        around = self.draft.parents[self.scope][0]
        node = self.draft.nodes[around] if around >= 0 else None
        if node is not None and node.triggered:
            details = self._event(element, Kind.START, _ARRIVES)
            if details is not None and not details["triggers"]:
                message = "Nothing triggers the event subprocess that it starts."
                self.draft.demand("start.untriggered", element, message, "Give it an event, such as a timer.")
            return details and details | {"interrupting": element.get("isInterrupting", "true") != "false"}
        details = self._event(element, Kind.START, _BEGINS)
        if details is not None and node is not None and details["triggers"]:
            message = "A subprocess begins when it is reached, not by an event."
            self.draft.demand("start.triggered", element, message, "Remove the event, or make it an event subprocess.")
        return details

    def end_event(self, element: etree._Element) -> dict[str, Any] | None:
        """A plain or terminating end, or one that tells somebody."""
        details = self._event(element, Kind.END, _ENDS)
        if details is not None and any(one.kind == "terminate" for one in details["triggers"]):
            details["kind"] = Kind.TERMINATE
        return details

    def gateway(self, element: etree._Element) -> dict[str, Any] | None:
        """A gateway. An event-based one that begins the process waits for its first event, too."""
        if not self._only(element, "activationCondition"):
            return None
        local = local_name(element)
        kind = _GATEWAYS[local]
        if kind is Kind.EVENTS and element.get("eventGatewayType") == "Parallel":
            kind = Kind.PARALLEL
        raw = element.find(f"{{{BPMN}}}activationCondition")
        if local != "complexGateway" or raw is None or not self.draft.executable:
            return {"kind": kind}
        condition = feel(self.draft, element, text_of(raw), what="activation condition", code="condition")
        return {"kind": Kind.COMPLEX, "script": condition}

    def person(self, element: etree._Element) -> dict[str, Any] | None:
        """A task for a person."""
        draft = self.draft
        details = self._activity(element)
        if details is None:
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
        if details["loop"] is not None and act in (Act.ACCEPT, Act.DECIDE):
            message = f"A step that is there to {act} is done once."
            draft.demand("loop.act", element, message, "Let several give opinions (tb:act “opinion”) before it.")
            if draft.executable:
                return None
        limit = self._limit(element)
        own = {"kind": Kind.TASK, "act": Act(act), "special": special, "outcomes": outcomes, "limit": limit}
        flags = {name: draft.own(element, name) == "true" for name in ("settles", "dispatches")}
        return details | own | flags

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
        details = self._activity(element)
        if details is None:
            return None
        operation = self.draft.own(element, "operation") or self._operation(element)
        if not operation:
            message = "It does not say what the system does."
            self.draft.outside("operation.missing", element, message, "Set tb:operation, such as issue_certificate.")
            if self.draft.strict:
                return None
        own = {"kind": Kind.TASK, "act": Act.SERVICE, "operation": operation, "limit": self._limit(element)}
        return details | own

    def _operation(self, element: etree._Element) -> str:
        """What other vendors call the work of the system."""
        for found in foreign_child(element, "taskDefinition"):
            if found.get("type"):
                return str(found.get("type")).strip()
        for key in ("topic", "delegateExpression", "class", "expression"):
            if found_key := foreign(element, key):
                return found_key
        operation = element.get("operationRef", "")
        return (self.draft.name_of(operation) or operation) if operation else ""

    def send(self, element: etree._Element) -> dict[str, Any] | None:
        """A message to somebody: on record at once, or an operation of the system."""
        if self.draft.own(element, "operation"):
            return self.service(element)
        details = self._activity(element)
        return details and details | {"kind": Kind.THROW, "triggers": (message_of(self.draft, element),)}

    def receive(self, element: etree._Element) -> dict[str, Any] | None:
        """Waits for a message."""
        details = self._activity(element)
        return details and details | {"kind": Kind.CATCH, "triggers": (message_of(self.draft, element),)}

    def rule(self, element: etree._Element) -> dict[str, Any] | None:
        """A task that a decision table carries out at once."""
        draft = self.draft
        details = self._activity(element)
        if details is None:
            return None
        act = draft.own(element, "act")
        if act not in ("", Act.DECIDE):
            message = f"tb:act “{act}” is not for a rule."
            draft.problem("act.unknown", element, message, "Use decide, or leave it out.")
            return None
        if act and details["loop"] is not None:
            message = "A rule that decides is asked once."
            draft.problem("loop.act", element, message, "Let it be asked once, or leave tb:act out.")
            return None
        called = next(foreign_child(element, "calledDecision"), None)
        vendor = "" if called is None else called.get("decisionId", "")
        decision = draft.own(element, "decision") or vendor or foreign(element, "decisionRef")
        if not decision or find_decisions(draft.decisions, decision) is None:
            message = f"There is no decision “{decision}”." if decision else "It does not name its decision."
            draft.outside("decision.unknown", element, message, "Set tb:decision to the name or id of a decision.")
            if draft.strict:
                return None
        variable = "" if called is None else called.get("resultVariable", "")
        result = draft.own(element, "result") or variable or foreign(element, "resultVariable")
        return details | {
            "kind": Kind.RULE,
            "act": Act.DECIDE if act else Act.RULE,
            "decision": decision,
            "result": result or element.get("id", ""),
        }

    def script(self, element: etree._Element) -> dict[str, Any] | None:
        """An expression in FEEL, worked out at once."""
        details = self._activity(element, "script")
        if details is None:
            return None
        language = (element.get("scriptFormat") or "").lower()
        raw = element.find(f"{{{BPMN}}}script")
        text = "" if raw is None else text_of(raw)
        result = self.draft.own(element, "result") or foreign(element, "resultVariable")
        for found in foreign_child(element, "script"):
            language, text = "feel", found.get("expression") or ""
            result = result or found.get("resultVariable") or ""
        script = None
        if "feel" in language:
            script = feel(self.draft, element, text, what="script", code="script")
        elif self.draft.executable:
            self.draft.unsupported(element, f"a script in {language}" if language else "a script in no language")
        if script is None and self.draft.executable:
            return None
        return details | {"kind": Kind.SCRIPT, "script": script, "result": result or element.get("id", "")}

    def subprocess(self, element: etree._Element) -> dict[str, Any] | None:
        """An embedded subprocess, or one that an event starts."""
        local = local_name(element)
        if local != "subProcess":
            self.draft.unsupported(element)
        # What is inside is read as a scope of its own; here only what belongs to the subprocess itself is checked.
        details = self._activity(element, *(local_name(child) for child in element))
        if details is None:
            return None
        triggered = element.get("triggeredByEvent") == "true"
        if triggered and details["loop"] is not None:
            message = "An event subprocess starts by its event, so it does not repeat."
            self.draft.demand("loop.event", element, message, "Remove its loop, or put a subprocess inside.")
            details["loop"] = None
        return details | {"kind": Kind.SUBPROCESS, "triggered": triggered}

    def call(self, element: etree._Element) -> dict[str, Any] | None:
        """A process that another runs as one of its steps."""
        details = self._activity(element)
        if details is None:
            return None
        into, out = transfers(self.draft, element)
        return details | {
            "kind": Kind.SUBPROCESS, "called": called_process(element).rpartition(":")[2], "inputs": into,
            "outputs": out,
        }  # fmt: skip

    def catch(self, element: etree._Element) -> dict[str, Any] | None:
        """Waits for an event; the end of a link waits for nothing."""
        details = self._event(element, Kind.CATCH, _CATCHES)
        if details is None:
            return None
        if not details["triggers"]:
            self.draft.demand("event.missing", element, "It waits for nothing.", "Give it an event, such as a timer.")
            return None if self.draft.executable else details
        if all(one.kind == "link" for one in details["triggers"]):
            details["kind"] = Kind.THROW
        return details

    def throw(self, element: etree._Element) -> dict[str, Any] | None:
        """Tells somebody, or nobody, and passes."""
        return self._event(element, Kind.THROW, _TELLS)

    def boundary(self, element: etree._Element) -> dict[str, Any] | None:
        """An event on an activity."""
        details = self._event(element, Kind.BOUNDARY, _ARRIVES)
        if details is None:
            return None
        interrupting = element.get("cancelActivity", "true") != "false"
        triggers: tuple[Trigger, ...] = details["triggers"]
        if not triggers:
            self.draft.demand("event.missing", element, "It waits for nothing.", "Give it an event, such as a timer.")
            return None if self.draft.executable else details
        if not interrupting and any(one.kind == "error" for one in triggers):
            message = "An error ends its activity, so its event cannot leave it running."
            self.draft.demand("boundary.error", element, message, "Make it interrupting, or use an escalation.")
        silence = self.draft.own(element, "silence")
        if silence and silence not in SILENCES:
            message = f"tb:silence “{silence}” is unknown."
            self.draft.problem("silence.unknown", element, message, f"Use one of {', '.join(SILENCES)}.")
            return None
        return details | {"interrupting": interrupting, "silence": silence}


READERS: Mapping[str, Callable[[NodeReader, etree._Element], dict[str, Any] | None]] = {
    "startEvent": NodeReader.start_event,
    "endEvent": NodeReader.end_event,
    "task": NodeReader.person,
    "userTask": NodeReader.person,
    "manualTask": NodeReader.person,
    "serviceTask": NodeReader.service,
    "sendTask": NodeReader.send,
    "receiveTask": NodeReader.receive,
    "businessRuleTask": NodeReader.rule,
    "scriptTask": NodeReader.script,
    "exclusiveGateway": NodeReader.gateway,
    "parallelGateway": NodeReader.gateway,
    "inclusiveGateway": NodeReader.gateway,
    "complexGateway": NodeReader.gateway,
    "eventBasedGateway": NodeReader.gateway,
    "subProcess": NodeReader.subprocess,
    "transaction": NodeReader.subprocess,
    "adHocSubProcess": NodeReader.subprocess,
    "callActivity": NodeReader.call,
    "intermediateCatchEvent": NodeReader.catch,
    "intermediateThrowEvent": NodeReader.throw,
    "boundaryEvent": NodeReader.boundary,
}
"""The flow nodes that are read, by element."""
