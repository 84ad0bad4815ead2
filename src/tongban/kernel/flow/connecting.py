"""Connecting what was read: sequence flows, boundary events, links, and starts that are not drawn."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from tongban.kernel.clock import Unit

from .definition import Flow, Kind, Node
from .expressions import feel, is_feel
from .reading import Draft, RawFlow, line_of, text_of
from .vocabulary import BPMN

__all__ = ["connect"]

_HOSTS = (Kind.TASK, Kind.SUBPROCESS)


def connect(draft: Draft) -> None:
    """Every node is known now."""
    for raw in draft.raw_flows:
        _add_flow(draft, raw)
    for node, element, prefix in draft.raw_boundaries:
        _attach(draft, node, element, prefix)
    _links(draft)
    for scope in range(len(draft.parents)):
        _begin(draft, scope)


def _add_flow(draft: Draft, raw: RawFlow) -> None:
    """A sequence flow between two nodes of the same scope, with its condition."""
    element = raw.element
    draft.check_own(element)
    ends: list[int] = []
    for key in ("sourceRef", "targetRef"):
        ref = (element.get(key) or "").strip()
        draft.drawn.add(raw.prefix + ref)
        end = draft.index.get(raw.prefix + ref)
        if end is not None:
            ends.append(end)
        elif not draft.is_refused(ref):
            message = f"{key} “{ref}” is no node of this process."
            draft.problem("flow.dangling", element, message, "Connect both ends.")
    text, condition = _condition(draft, element)
    if len(ends) < 2:
        return
    source, target = draft.nodes[ends[0]], draft.nodes[ends[1]]
    if source.scope != target.scope:
        message = f"It crosses the border of a subprocess between “{source.id}” and “{target.id}”."
        draft.problem("flow.crosses", element, message, "Connect it to the subprocess itself.")
        return
    flow_id = raw.prefix + element.get("id", "")
    default = draft.defaults.get(flow_id) == source.index
    draft.flows.append(
        Flow(
            index=len(draft.flows),
            id=flow_id,
            name=element.get("name", ""),
            name_en=draft.own(element, "name_en"),
            source=source.index,
            target=target.index,
            line=line_of(element),
            text=text,
            condition=None if default else condition,
            default=default,
        )
    )


def _condition(draft: Draft, element: etree._Element) -> tuple[str, Any]:
    raw = element.find(f"{{{BPMN}}}conditionExpression")
    if raw is None:
        return "", None
    text = text_of(raw).removeprefix("=").strip()
    language = raw.get("language") or ""
    if not is_feel(language):
        message = f"Its condition is written in {language}."
        draft.demand("condition.language", element, message, "Write it in FEEL.")
        return text, None
    return text, feel(draft, element, text, what="condition", code="condition")


def _attach(draft: Draft, node: int, element: etree._Element, prefix: str) -> None:
    """Hang a boundary event on its activity."""
    ref = (element.get("attachedToRef") or "").strip()
    host = draft.index.get(prefix + ref)
    if host is None:
        if not draft.is_refused(ref):
            message = f"It is attached to “{ref}”, which is no node of this process."
            draft.problem("boundary.dangling", element, message, "Attach it to a task or a subprocess.")
        return
    at = draft.nodes[host]
    stays = at.kind in _HOSTS or at.element == "receiveTask" or at.loop is not None
    if at.scope != draft.nodes[node].scope or not (stays or (not draft.executable and at.element.endswith("Task"))):
        message = f"It cannot hang on “{ref}”."
        draft.problem("boundary.host", element, message, "Attach it to a task that waits, or to a subprocess.")
        return
    draft.change(node, attached=host)
    _check_silence(draft, draft.nodes[node], at, element)


def _check_silence(draft: Draft, event: Node, host: Node, element: etree._Element) -> None:
    """What counts a limit ends its step, once, when that limit is over."""
    if not event.silence:
        return
    rule, limit = event.timer, host.limit
    working = limit.amount if limit is not None and limit.unit is Unit.WORKING_DAYS else 0
    if rule is None or rule.repeats or not event.interrupting or not working or rule.working_days != working:
        message = "tb:silence is for a timer that ends a step when the limit of that step is over."
        cure = "Give the step a limit in working days, and the timer the same, such as P4D with tb:working."
        draft.problem("silence.limit", element, message, cure)


def _links(draft: Draft) -> None:
    """From every throwing link to the catching one of its name, in the same scope."""
    linked = [node for node in draft.nodes if any(one.kind == "link" for one in node.triggers)]
    targets: dict[tuple[int, str], Node] = {}
    for node in linked:
        if node.element == "intermediateCatchEvent":
            key = (node.scope, _link(node))
            if key in targets:
                draft.node_demand("link.twice", node, f"Two links end at “{key[1]}”.", "Give one another name.")
            targets.setdefault(key, node)
    for node in linked:
        if node.element == "intermediateThrowEvent":
            target = targets.get((node.scope, _link(node)))
            if target is None:
                message = f"No link “{_link(node)}” comes out in this scope."
                draft.node_demand("link.missing", node, message, "Draw a catching link event of the same name.")
            else:
                draft.hidden_flow(node.index, target.index)


def _link(node: Node) -> str:
    return next(one.name for one in node.triggers if one.kind == "link")


def _begin(draft: Draft, scope: int) -> None:
    """Without a start event everything that nothing leads to begins (BPMN 2.0, 10.5.2, 13.3.4)."""
    if draft.starts[scope]:
        return
    first = [node.index for node in _roots(draft, scope)]
    if not first:
        _no_start(draft, scope)
        return
    node = draft.parents[scope][0]
    outside = draft.nodes[node] if node >= 0 else None
    start = len(draft.nodes)
    start_id = f"{outside.id if outside is not None else draft.id}.start"
    draft.index[start_id] = start
    draft.starts[scope].append(start)
    draft.nodes.append(
        Node(
            index=start,
            id=start_id,
            name="",
            name_en="",
            element="startEvent",
            kind=Kind.START,
            line=draft.nodes[first[0]].line,
            scope=scope,
            hidden=True,
        )
    )
    for index in first:
        draft.hidden_flow(start, index)


def _roots(draft: Draft, scope: int) -> Iterator[Node]:
    reached = {flow.target for flow in draft.flows}
    for node in draft.nodes:
        if node.scope != scope or node.index in reached or node.triggered or node.kind is Kind.BOUNDARY:
            continue
        if node.id in draft.undoing or (node.element == "intermediateCatchEvent" and node.kind is Kind.THROW):
            continue
        yield node


def _no_start(draft: Draft, scope: int) -> None:
    node = draft.parents[scope][0]
    message = "There is no start event, and nothing with which it could begin."
    cure = "Draw one start event and connect it."
    if node >= 0:
        if draft.nodes[node].element != "callActivity":
            draft.node_demand("start.missing", draft.nodes[node], message, cure)
    elif draft.process is not None and not draft.problems:
        draft.problem("start.missing", draft.process, message, cure)
