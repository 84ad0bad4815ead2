"""From a diagram that was read to the tables that the token engine runs on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .definition import Act, Definition, Flow, Kind, Node, Scope
from .reach import automatic_cycles, dead_ends, join_reach, unreachable
from .reading import Draft

__all__ = ["compile_draft"]

_Boundaries = tuple[tuple[int, ...], ...]

_LEADING = (Kind.START, Kind.BOUNDARY, Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.EVENTS, Kind.COMPLEX)
_CONDITIONAL = (
    Kind.EXCLUSIVE, Kind.INCLUSIVE, Kind.COMPLEX, Kind.TASK, Kind.SUBPROCESS, Kind.RULE, Kind.SCRIPT, Kind.THROW,
    Kind.CATCH,
)  # fmt: skip
_GATEWAYS = (Kind.EXCLUSIVE, Kind.INCLUSIVE)
_JOINS = (Kind.INCLUSIVE, Kind.COMPLEX)
_FIRST = ("message", "timer", "signal", "conditional")


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
    if draft.executable:
        _check_ways(draft, nodes, flows, boundaries)
    if draft.problems:
        return None
    rounds, seen, size = _counters(draft, ins)
    reacts = any(trigger.kind in ("conditional", "signal") for node in nodes for trigger in node.triggers)
    framed = any(node.loop is not None or node.triggered or node.called for node in nodes)
    return Definition(
        id=draft.id,
        name=draft.name,
        name_en=draft.name_en,
        source=draft.source,
        nodes=nodes,
        flows=flows,
        lanes=tuple(draft.lanes),
        scopes=_scopes(draft, outs, rounds, seen),
        index=dict(draft.index),
        ins=ins,
        outs=outs,
        boundaries=boundaries,
        conditional=tuple(_chooses(draft, node, [flows[f] for f in outs[node.index]]) for node in nodes),
        joins={
            node.index: join_reach(node.index, nodes, flows, boundaries)
            for node in nodes
            if node.kind in _JOINS and len(ins[node.index]) > 1
        },
        decisions=draft.decisions,
        departments=draft.departments,
        has_accept=any(node.act is Act.ACCEPT for node in nodes),
        has_special=any(node.special for node in nodes),
        automatic=frozenset(len(flows) + node.index for node in nodes if node.decides_by_rule),
        executable=draft.executable,
        assumed=tuple(draft.assumed),
        starts=tuple(draft.starts[0]),
        size=size,
        rounds=rounds,
        seen=seen,
        timed=tuple(tuple(_timed(draft, node, [flows[f] for f in outs[node.index]])) for node in nodes),
        reacts=reacts,
        hears=any(map(_hears, nodes)),
        framed=framed,
        steady=not reacts and not framed and not any(node.kind is Kind.COMPLEX for node in nodes),
        participants=draft.participants,
        messages=draft.messages,
        picture=draft.picture,
        extensions=draft.extensions,
    )


def _counters(draft: Draft, ins: tuple[tuple[int, ...], ...]) -> tuple[dict[int, int], dict[int, int], int]:
    """Places behind flows, nodes and scopes: rounds by node, what complex joins saw by flow; the size of a state."""
    first_seen = len(draft.flows) + len(draft.nodes) + len(draft.parents)
    joins = [node.index for node in draft.nodes if node.kind is Kind.COMPLEX and len(ins[node.index]) > 1]
    seen = {flow: first_seen + number for number, flow in enumerate(flow for join in joins for flow in ins[join])}
    first_round = first_seen + len(seen)
    looping = [node.index for node in draft.nodes if node.loop is not None]
    rounds = {node: first_round + number for number, node in enumerate(looping)}
    return rounds, seen, first_round + len(rounds)


def _hears(node: Node) -> bool:
    """Whether it waits for what others tell."""
    tells = node.kind in (Kind.THROW, Kind.END, Kind.TERMINATE)
    return not tells and any(trigger.kind in ("message", "signal") for trigger in node.triggers)


def _timed(draft: Draft, node: Node, out: list[Flow]) -> Iterator[int]:
    """The events with timers for which a token waits that comes into a node: those on its border left out."""
    if node.kind is Kind.CATCH:
        yield node.index
    elif node.kind is Kind.EVENTS:
        yield from (flow.target for flow in out if draft.nodes[flow.target].kind is Kind.CATCH)
    elif node.kind is Kind.SUBPROCESS:
        for inner in draft.nodes:
            if inner.triggered and inner.scope == node.inner:
                yield from draft.starts[inner.inner]


def _check_ways(draft: Draft, nodes: tuple[Node, ...], flows: tuple[Flow, ...], boundaries: _Boundaries) -> None:
    for found in unreachable(nodes, flows, boundaries):
        if found.id not in draft.undoing:
            draft.node_problem("node.unreachable", found, "No path leads to it.", "Connect it, or remove it.")
    for found in dead_ends(nodes, flows, boundaries):
        draft.node_problem("node.no-end", found, "No end can be reached from it.", "Lead a path out of the loop.")
    for found in automatic_cycles(nodes, flows):
        message = "It lies on a loop on which nothing ever waits."
        draft.node_problem("flow.endless", found, message, "Put a task or a timer into the loop.")


def _chooses(draft: Draft, node: Node, out: list[Flow]) -> bool:
    """Whether something must be asked before a token can leave. In a drawing, a gateway may go any way."""
    if any(flow.condition is not None or flow.default for flow in out):
        return True
    return not draft.executable and len(out) > 1 and (node.kind in _GATEWAYS or any(flow.text for flow in out))


def _adjacency(draft: Draft) -> tuple[tuple[tuple[int, ...], ...], tuple[tuple[int, ...], ...]]:
    ins: list[list[int]] = [[] for _ in draft.nodes]
    outs: list[list[int]] = [[] for _ in draft.nodes]
    for flow in draft.flows:
        outs[flow.source].append(flow.index)
        ins[flow.target].append(flow.index)
    return _frozen(ins), _frozen(outs)


def _frozen(rows: Iterable[list[int]]) -> tuple[tuple[int, ...], ...]:
    return tuple(tuple(row) for row in rows)


def _scopes(
    draft: Draft, outs: tuple[tuple[int, ...], ...], rounds: dict[int, int], seen: dict[int, int]
) -> tuple[Scope, ...]:
    flow_count, node_count = len(draft.flows), len(draft.nodes)
    inside: list[set[int]] = [{flow_count + node_count + scope} for scope in range(len(draft.parents))]
    for flow in draft.flows:
        inside[draft.nodes[flow.source].scope].add(flow.index)
        if flow.index in seen:
            inside[draft.nodes[flow.source].scope].add(seen[flow.index])
    for node in draft.nodes:
        inside[node.scope].add(flow_count + node.index)
        if node.index in rounds:
            inside[node.scope].add(rounds[node.index])
    for scope in range(len(draft.parents) - 1, 0, -1):  # an inner scope always has a higher number
        inside[draft.parents[scope][1]] |= inside[scope]
    found: list[Scope] = []
    for scope, (index, parent) in enumerate(draft.parents):
        around = draft.nodes[index] if index >= 0 else None
        deeper = around is not None and (around.loop is not None or around.triggered)
        depth = found[parent].depth + deeper if around is not None else 0
        frames = tuple((name, up + deeper) for name, up in found[parent].frames) if around is not None else ()
        if around is not None and (deeper or around.called):
            frames = (*frames, (around.id, 0))
        found.append(
            Scope(
                node=index,
                parent=parent,
                starts=_starts(draft, scope, outs),
                places=frozenset(inside[scope]),
                done=flow_count + node_count + scope,
                depth=depth,
                frames=frames,
                handlers=tuple(
                    start
                    for node in draft.nodes
                    if node.scope == scope and node.triggered
                    for start in draft.starts[node.inner]
                    if draft.nodes[start].triggers
                ),
            )
        )
    return tuple(found)


def _starts(draft: Draft, scope: int, outs: tuple[tuple[int, ...], ...]) -> tuple[int, ...]:
    """The flows with which a scope begins when nothing else is said: those of its plain start events."""
    starts = draft.starts[scope]
    plain = [start for start in starts if not draft.nodes[start].triggers]
    chosen = plain or starts
    if scope == 0 and draft.executable:
        chosen = chosen[:1]  # the others are alternatives
    return tuple(flow for start in chosen for flow in outs[start])


def _check_shape(draft: Draft, ins: tuple[tuple[int, ...], ...], outs: tuple[tuple[int, ...], ...]) -> None:
    for node in draft.nodes:
        if node.kind in (Kind.START, Kind.BOUNDARY) and ins[node.index]:
            message = "A sequence flow leads into it."
            draft.node_demand("flow.into-event", node, message, "Lead the flow to a task or gateway.")
        if node.kind in (Kind.END, Kind.TERMINATE) and outs[node.index]:
            draft.node_demand("flow.out-of-end", node, "A sequence flow leaves an end event.", "Remove the flow.")
        if node.kind in _LEADING and not outs[node.index] and node.id not in draft.drawn:
            draft.node_demand("flow.missing", node, "No sequence flow leaves it.", "Connect it.")
        if node.triggered and ins[node.index] + outs[node.index]:
            message = "Sequence flows touch an event subprocess."
            draft.node_demand("flow.into-event", node, message, "Remove them; it starts by its event.")
        out = [draft.flows[flow] for flow in outs[node.index]]
        if draft.executable:
            _check_conditions(draft, node, out)
            _check_starts(draft, node)
        if node.element == "complexGateway" and node.kind is Kind.INCLUSIVE and len(ins[node.index]) > 1:
            message = "It joins, but does not say when it goes on."
            cure = "Give it an activationCondition such as activationCount >= 2, or use an inclusive gateway."
            draft.node_demand("element.unsupported", node, message, cure)
        if node.kind is Kind.EVENTS:
            _check_events(draft, node, out, ins)


def _check_starts(draft: Draft, node: Node) -> None:
    if node.kind is not Kind.SUBPROCESS:
        return
    starts = [draft.nodes[start] for start in draft.starts[node.inner]]
    plain = [start for start in starts if not start.triggers]
    if node.triggered and len(starts) > 1:
        message = "An event subprocess has one start event."
        draft.node_problem("start.many", starts[1], message, "Draw one event subprocess for each event.")
    elif not node.triggered and len(plain) > 1:
        message = "There is more than one start event here."
        cure = "Draw one; begin parallel work with a parallel gateway."
        draft.node_problem("start.many", plain[1], message, cure)


def _check_events(draft: Draft, node: Node, out: list[Flow], ins: tuple[tuple[int, ...], ...]) -> None:
    """Behind an event-based gateway stand events that wait, and nothing else leads to them."""
    for flow in out:
        target = draft.nodes[flow.target]
        kinds = {trigger.kind for trigger in target.triggers}
        if target.kind is not Kind.CATCH or not kinds <= set(_FIRST) or target.loop is not None:
            message = f"“{target.id}” behind it waits for no event."
            draft.node_demand("events.target", node, message, "Let it lead to catching events or receive tasks only.")
        elif len(ins[target.index]) > 1:
            message = f"“{target.id}” behind it is reached by another way, too."
            draft.node_demand("events.target", node, message, "Draw an event of its own for the other way.")


def _check_conditions(draft: Draft, node: Node, out: list[Flow]) -> None:
    if node.kind not in _CONDITIONAL:
        if any(flow.text or flow.default for flow in out):
            message = "Sequence flows with a condition or default leave it, but it does not choose."
            draft.node_problem("condition.misplaced", node, message, "Use an exclusive or inclusive gateway.")
        return
    if node.kind in _GATEWAYS and len(out) > 1:
        for flow in out:
            if not flow.default and not flow.text:
                message = f"Its flow “{flow.id}” has no condition and is not the default."
                draft.node_problem("condition.missing", node, message, "Give it a condition, or make it the default.")
        return
    if len(out) > 1 and any(flow.default for flow in out) and not any(flow.text for flow in out if not flow.default):
        message = "It has a default flow but no conditions."
        draft.node_problem("condition.missing", node, message, "Give the other flows conditions.")
