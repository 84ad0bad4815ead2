"""Activities that repeat, and calls of other processes: loops and mappings, also as vendors write them."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from .definition import Loop, Transfer
from .expressions import feel, unwrapped
from .reading import Draft, foreign, foreign_child, local_name, text_of
from .vocabulary import BPMN

__all__ = ["called_process", "read_loop", "transfers"]


def read_loop(draft: Draft, element: etree._Element) -> Loop | None:
    """How the activity repeats; None when it does not, or when that is refused."""
    for child in element:
        local = local_name(child)
        if local == "standardLoopCharacteristics":
            return _standard(draft, element, child)
        if local == "multiInstanceLoopCharacteristics":
            return _instances(draft, element, child)
    return None


def _standard(draft: Draft, element: etree._Element, found: etree._Element) -> Loop:
    raw = found.find(f"{{{BPMN}}}loopCondition")
    text = "" if raw is None else text_of(raw)
    most = (found.get("loopMaximum") or "").strip()
    if most and not (most.isdecimal() and int(most) > 0):
        message = f"loopMaximum “{most}” is no number above 0."
        draft.demand("loop.maximum", element, message, "Write it as a number, or leave it out.")
        most = ""
    if not text and not most:
        message = "Its loop never ends: it has neither a condition nor a maximum."
        draft.demand("loop.endless", element, message, "Give it a loopCondition in FEEL, or a loopMaximum.")
    return Loop(
        sequential=True,
        standard=True,
        condition=feel(draft, element, text, what="loop condition", code="loop") if text else None,
        before=found.get("testBefore") == "true",
        most=int(most) if most else 0,
    )


def _instances(draft: Draft, element: etree._Element, found: etree._Element) -> Loop:
    def expression(text: str, what: str) -> object:
        return feel(draft, element, text, what=what, code="loop") if text else None

    def child(local: str) -> str:
        raw = found.find(f"{{{BPMN}}}{local}")
        return "" if raw is None else text_of(raw)

    vendor = next(foreign_child(found, "loopCharacteristics"), None)

    def zeebe(key: str) -> str:
        return "" if vendor is None else (vendor.get(key) or "").strip()

    cardinality = child("loopCardinality")
    collection = zeebe("inputCollection") or foreign(found, "collection") or _referred(draft, child("loopDataInputRef"))
    if not cardinality and not collection:
        message = "It does not say how often it runs."
        draft.demand("loop.unbounded", element, message, "Give it a loopCardinality or a collection in FEEL.")
    behaviour = found.get("behavior", "All")
    if behaviour != "All":
        message = f"Events while it runs (behavior “{behaviour}”) cannot be executed."
        draft.demand("element.unsupported", element, message, "Leave behavior out; throw the event behind it.")
    loop = Loop(
        sequential=found.get("isSequential") == "true",
        cardinality=expression(cardinality, "cardinality"),  # type: ignore[arg-type]
        collection=expression(collection, "collection"),  # type: ignore[arg-type]
        item=zeebe("inputElement") or foreign(found, "elementVariable") or _item(found, "inputDataItem"),
        condition=expression(child("completionCondition"), "completion condition"),  # type: ignore[arg-type]
        result=zeebe("outputCollection") or _referred(draft, child("loopDataOutputRef")),
    )
    collected = zeebe("outputElement") or _item(found, "outputDataItem")
    return loop._replace(result_item=expression(collected, "output element"))  # type: ignore[arg-type]


def _item(found: etree._Element, local: str) -> str:
    raw = found.find(f"{{{BPMN}}}{local}")
    return "" if raw is None else (raw.get("name") or raw.get("id") or "").strip()


def _referred(draft: Draft, ref: str) -> str:
    """The variable behind a data object or data input: its name."""
    return (draft.name_of(ref) or ref) if ref else ""


def called_process(element: etree._Element) -> str:
    """The id of the process that a call activity runs."""
    for found in foreign_child(element, "calledElement"):
        return (found.get("processId") or "").strip()
    return (element.get("calledElement") or "").strip()


def transfers(draft: Draft, element: etree._Element) -> tuple[tuple[Transfer, ...], tuple[Transfer, ...]]:
    """What goes into a call and what comes out of it."""
    into = [*_vendor(draft, element, "in", "input"), *_standard_data(draft, element, "dataInputAssociation")]
    out = [*_vendor(draft, element, "out", "output"), *_standard_data(draft, element, "dataOutputAssociation")]
    return tuple(into), tuple(out)


def _vendor(draft: Draft, element: etree._Element, plain: str, mapped: str) -> Iterator[Transfer]:
    for one in (*foreign_child(element, plain), *foreign_child(element, "ioMapping", mapped)):
        if one.get("variables") == "all" or one.get("businessKey") is not None:
            continue  # all names of the caller are seen by what it calls, and what came of that has the call's name
        source = one.get("source") or one.get("sourceExpression") or ""
        value = feel(draft, element, source, what=f"{plain}put mapping", code="mapping")
        target = (one.get("target") or "").strip()
        if not target:
            draft.demand("mapping.target", element, "A mapping has no target.", "Name the variable that it sets.")
        if value is not None and target:
            yield Transfer(target, value)


def _standard_data(draft: Draft, element: etree._Element, local: str) -> Iterator[Transfer]:
    for found in element.iterfind(f"{{{BPMN}}}{local}"):
        pairs = [(text_of(one[0]), text_of(one[1])) for one in found.iterfind(f"{{{BPMN}}}assignment") if len(one) == 2]
        source, target = found.find(f"{{{BPMN}}}sourceRef"), found.find(f"{{{BPMN}}}targetRef")
        if not pairs and source is not None and target is not None:
            pairs = [(text_of(source), text_of(target))]
        for begin, end in pairs:
            text = unwrapped(_referred(draft, begin))
            value = feel(draft, element, text, what="data association", code="mapping")
            if value is not None and end:
                yield Transfer(_referred(draft, unwrapped(end)), value)
