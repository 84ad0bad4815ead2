"""From a diagram that was read to the tables that the token engine runs on."""

from __future__ import annotations

from collections.abc import Iterable

from .definition import Act, Definition, Flow, Kind, Node, Scope
from .reach import automatic_cycles, dead_ends, join_reach, unreachable
from .reading import Draft

__all__ = ["compile_draft"]

_LEADING = (Kind.START, Kind.BOUNDARY, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE)
_CONDITIONAL = (Kind.EXCLUSIVE, Kind.INCLUSIVE, Kind.TASK, Kind.SUBPROCESS, Kind.RULE)


def compile_draft(draft: Draft) -> Definition | None:
    """The definition, or None with the reasons added to the draft's problems."""
    ins, outs = _adjacency(draft)
    _check_shape(draft, ins, outs)
    boundaries = tuple(
        tuple(event.index for event in draft.nodes if event.attached == node.index) for node in draft.nodes
    )
    flows = tuple(draft.flows)
    nodes = tuple(draft.nodes)
    if draft.problems:
        return None
    for found in unreachable(nodes, flows, boundaries):
        draft.node_problem("node.unreachable", found, "No path leads to it.", "Connect it, or remove it.")
    for found in dead_ends(nodes, flows, boundaries):
        draft.node_problem("node.no-end", found, "No end can be reached from it.", "Lead a path out of the loop.")
    for found in automatic_cycles(nodes, flows):
        message = "It lies on a loop on which nothing ever waits."
        draft.node_problem("flow.endless", found, message, "Put a task or a timer into the loop.")
    if draft.problems:
        return None
    return Definition(
        id=draft.id,
        name=draft.name,
        name_en=draft.name_en,
        source=draft.source,
        nodes=nodes,
        flows=flows,
        lanes=tuple(draft.lanes),
        scopes=_scopes(draft, outs),
        index=dict(draft.index),
        ins=ins,
        outs=outs,
        boundaries=boundaries,
        conditional=tuple(any(_is_choice(flow) for flow in (flows[f] for f in out)) for out in outs),
        joins={
            node.index: join_reach(node.index, nodes, flows, boundaries)
            for node in nodes
            if node.kind is Kind.INCLUSIVE and len(ins[node.index]) > 1
        },
        decisions=draft.decisions,
        departments=draft.departments,
        has_accept=any(node.act is Act.ACCEPT for node in nodes),
        has_special=any(node.special for node in nodes),
        automatic=frozenset(len(flows) + node.index for node in nodes if node.decides_by_rule),
    )


def _is_choice(flow: Flow) -> bool:
    return flow.condition is not None or flow.default


def _adjacency(draft: Draft) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    ins: list[list[int]] = [[] for _ in draft.nodes]
    outs: list[list[int]] = [[] for _ in draft.nodes]
    for flow in draft.flows:
        outs[flow.source].append(flow.index)
        ins[flow.target].append(flow.index)
    return _frozen(ins), _frozen(outs)


def _frozen(rows: Iterable[list[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in rows)


def _scopes(draft: Draft, outs: tuple[tuple[int, ...], ...]) -> tuple[Scope, ...]:
    flow_count, node_count = len(draft.flows), len(draft.nodes)
    inside: list[set[int]] = [{flow_count + node_count + scope} for scope in range(len(draft.parents))]
    for flow in draft.flows:
        inside[draft.nodes[flow.source].scope].add(flow.index)
    for node in draft.nodes:
        inside[node.scope].add(flow_count + node.index)
    for scope in range(len(draft.parents) - 1, 0, -1):  # an inner scope always has a higher number
        inside[draft.parents[scope][1]] |= inside[scope]
    return tuple(
        Scope(
            node=draft.parents[scope][0],
            parent=draft.parents[scope][1],
            starts=tuple(flow for start in draft.starts[scope] for flow in outs[start]),
            places=frozenset(inside[scope]),
            done=flow_count + node_count + scope,
        )
        for scope in range(len(draft.parents))
    )


def _check_shape(draft: Draft, ins: tuple[tuple[int, ...], ...], outs: tuple[tuple[int, ...], ...]) -> None:
    for node in draft.nodes:
        if node.kind in (Kind.START, Kind.BOUNDARY) and ins[node.index]:
            message = "A sequence flow leads into it."
            draft.node_problem("flow.into-event", node, message, "Lead the flow to a task or gateway.")
        if node.kind in (Kind.END, Kind.TERMINATE) and outs[node.index]:
            draft.node_problem("flow.out-of-end", node, "A sequence flow leaves an end event.", "Remove the flow.")
        if node.kind in _LEADING and not outs[node.index] and not _touches_refused(draft, node):
            draft.node_problem("flow.missing", node, "No sequence flow leaves it.", "Connect it.")
        _check_conditions(draft, node, [draft.flows[flow] for flow in outs[node.index]])


def _touches_refused(draft: Draft, node: Node) -> bool:
    """A flow from here was drawn, but its other end was refused: that problem is reported already."""
    return any(element.get("sourceRef") == node.id for element, _ in draft.raw_flows)


def _check_conditions(draft: Draft, node: Node, out: list[Flow]) -> None:
    if node.kind not in _CONDITIONAL:
        if any(flow.text or flow.default for flow in out):
            message = "Sequence flows with a condition or default leave it, but it does not choose."
            draft.node_problem("condition.misplaced", node, message, "Use an exclusive or inclusive gateway.")
        return
    if node.kind in (Kind.EXCLUSIVE, Kind.INCLUSIVE) and len(out) > 1:
        for flow in out:
            if not flow.default and not flow.text:
                message = f"Its flow “{flow.id}” has no condition and is not the default."
                draft.node_problem("condition.missing", node, message, "Give it a condition, or make it the default.")
        return
    if len(out) > 1 and any(flow.default for flow in out) and not any(flow.text for flow in out if not flow.default):
        message = "It has a default flow but no conditions."
        draft.node_problem("condition.missing", node, message, "Give the other flows conditions.")
