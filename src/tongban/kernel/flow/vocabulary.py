"""The words of BPMN 2.0: what is executed, what is decoration, and what to draw instead of the rest."""

from __future__ import annotations

__all__ = ["BPMN", "DECORATION", "INSTEAD", "PROPERTIES", "SUPPORTED", "TB"]

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
TB = "urn:tongban:bpmn:1"

SUPPORTED = (
    "Supported are start and end events, terminate ends, user, manual, service and business-rule tasks, "
    "exclusive, parallel and inclusive gateways, embedded subprocesses, intermediate and boundary timers, and lanes."
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
        "dataStoreReference",
        "documentation",
        "extensionElements",
        "group",
        "humanPerformer",
        "incoming",
        "inputSet",
        "ioSpecification",
        "laneSet",
        "monitoring",
        "outgoing",
        "outputSet",
        "performer",
        "potentialOwner",
        "property",
        "rendering",
        "resourceRole",
        "supportedInterfaceRef",
        "textAnnotation",
    }
)
"""Elements that say something to a reader but nothing to a token."""

INSTEAD = {
    "task": "Say who does it: make it a userTask, manualTask, serviceTask or businessRuleTask.",
    "scriptTask": "Use a businessRuleTask with a decision, or a condition in FEEL on a sequence flow.",
    "sendTask": "Use a serviceTask with tb:operation; notices to the applicant are sent by the platform.",
    "receiveTask": "Use a userTask for who waits for the message, or an intermediate timer.",
    "callActivity": "Put the steps into an embedded subProcess.",
    "transaction": "Use an embedded subProcess.",
    "adHocSubProcess": "Use an embedded subProcess with an inclusive gateway.",
    "eventBasedGateway": "Use a userTask with a boundary timer.",
    "complexGateway": "Use an inclusive gateway with conditions.",
    "intermediateThrowEvent": "Leave it out, or use a serviceTask.",
    "intermediateCatchEvent": "Use a timer event.",
    "boundaryEvent": "Use a boundary timer.",
    "multiInstanceLoopCharacteristics": "Draw one task for each who takes part, between two parallel gateways.",
    "standardLoopCharacteristics": "Draw the loop with an exclusive gateway.",
    "messageFlow": "Leave the other pool out, or use a serviceTask for what is sent.",
    "choreography": "Draw a process.",
    "conversation": "Draw a process.",
}
"""What to draw instead of an element that is not executed."""

PROPERTIES: dict[str, frozenset[str]] = {
    "lane": frozenset({"name_en", "department"}),
    "userTask": frozenset({"name_en", "act", "limit", "special", "outcomes"}),
    "manualTask": frozenset({"name_en", "act", "limit", "special", "outcomes"}),
    "serviceTask": frozenset({"name_en", "operation", "limit"}),
    "businessRuleTask": frozenset({"name_en", "act", "decision", "result"}),
    "intermediateCatchEvent": frozenset({"name_en", "working"}),
    "boundaryEvent": frozenset({"name_en", "working"}),
}
"""Our own attributes (namespace `urn:tongban:bpmn:1`) by element; elsewhere only `name_en`."""
