"""The words of BPMN 2.0: what is executed, what is decoration, and what to draw instead of the rest."""

from __future__ import annotations

__all__ = ["BPMN", "DECORATION", "INSTEAD", "PROPERTIES", "SUPPORTED", "TB"]

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
TB = "urn:tongban:bpmn:1"

SUPPORTED = (
    "Supported are none, message, timer, signal, conditional, escalation, error, link and terminate events, "
    "event subprocesses, user, manual, service, send, receive, business-rule and FEEL script tasks, "
    "exclusive, inclusive, parallel, event-based and complex gateways, embedded subprocesses, call activities, loops, "
    "multi-instance activities, lanes and pools."
)

DECORATION = frozenset(
    {
        "artifact",
        "association",
        "auditing",
        "category",
        "correlationSubscription",
        "dataInput",
        "dataInputAssociation",
        "dataObject",
        "dataObjectReference",
        "dataOutput",
        "dataOutputAssociation",
        "dataState",
        "dataStoreReference",
        "documentation",
        "extensionElements",
        "group",
        "humanPerformer",
        "incoming",
        "inputSet",
        "ioBinding",
        "ioSpecification",
        "laneSet",
        "monitoring",
        "outgoing",
        "outputSet",
        "performer",
        "potentialOwner",
        "property",
        "relationship",
        "rendering",
        "resourceRole",
        "supportedInterfaceRef",
        "supports",
        "textAnnotation",
    }
)
"""Elements that say something to a reader but nothing to a token."""

INSTEAD = {
    "scriptTask": "Write the script in FEEL (scriptFormat “feel”), or use a serviceTask or a businessRuleTask.",
    "transaction": "Use an embedded subProcess with boundary error events.",
    "adHocSubProcess": "Use an embedded subProcess with an inclusive gateway.",
    "complexGateway": "Use an inclusive gateway with conditions, or a multi-instance task with a completion condition.",
    "compensateEventDefinition": "Draw what undoes the work as tasks of the process, behind an error event.",
    "cancelEventDefinition": "Use an error end event and a boundary error event.",
    "isForCompensation": "Draw the work as a task of the process.",
    "choreography": "Draw a process.",
    "globalChoreographyTask": "Draw a process.",
    "conversation": "Draw a process.",
}
"""What to draw instead of an element that is not executed."""

PROPERTIES: dict[str, frozenset[str]] = {
    "task": frozenset({"name_en", "act", "limit", "special", "outcomes"}),
    "lane": frozenset({"name_en", "department"}),
    "userTask": frozenset({"name_en", "act", "limit", "special", "outcomes", "settles", "dispatches"}),
    "manualTask": frozenset({"name_en", "act", "limit", "special", "outcomes"}),
    "serviceTask": frozenset({"name_en", "operation", "limit"}),
    "sendTask": frozenset({"name_en", "operation", "limit"}),
    "businessRuleTask": frozenset({"name_en", "act", "decision", "result"}),
    "scriptTask": frozenset({"name_en", "result"}),
    "startEvent": frozenset({"name_en", "working"}),
    "intermediateCatchEvent": frozenset({"name_en", "working"}),
    "boundaryEvent": frozenset({"name_en", "working", "silence"}),
}
"""Our own attributes (namespace `urn:tongban:bpmn:1`) by element; elsewhere only `name_en`."""
