"""What can be reached from where, by the sequence flows alone."""

from __future__ import annotations

from collections.abc import Sequence

from .definition import Flow, JoinReach, Kind, Node

__all__ = ["automatic_cycles", "dead_ends", "join_reach", "unreachable"]

_Boundaries = Sequence[Sequence[int]]


def join_reach(
    join: int, nodes: Sequence[Node], flows: Sequence[Flow], boundaries: _Boundaries
) -> tuple[JoinReach, ...]:
    """For each incoming flow of an inclusive join: from which places a token can arrive there without passing the join.

    Only its own scope counts: tokens inside a subprocess are represented by the one that waits in the subprocess, and
    tokens outside do not enter a subprocess that is already running.
    """
    into: list[list[int]] = [[] for _ in nodes]
    for flow in flows:
        into[flow.target].append(flow.index)
    found = []
    for entry in into[join]:
        seen = {entry}
        stack = [entry]
        places = 1 << entry
        while stack:
            source = nodes[flows[stack.pop()].source]
            at = source.attached if source.kind is Kind.BOUNDARY else source.index
            places |= 1 << (len(flows) + at)
            fresh = [flow for flow in into[at] if flow not in seen] if at != join else []
            seen.update(fresh)
            stack.extend(fresh)
            for place in fresh:
                places |= 1 << place
        found.append(JoinReach(entry, places))
    return tuple(found)


def _next(node: Node, outs: list[list[int]], boundaries: _Boundaries) -> list[int]:
    return outs[node.index] + list(boundaries[node.index])


def _targets(nodes: Sequence[Node], flows: Sequence[Flow]) -> list[list[int]]:
    outs: list[list[int]] = [[] for _ in nodes]
    for flow in flows:
        outs[flow.source].append(flow.target)
    return outs


def unreachable(nodes: Sequence[Node], flows: Sequence[Flow], boundaries: _Boundaries) -> list[Node]:
    """Nodes to which no path leads from the start of their scope, or whose subprocess is not reached."""
    outs = _targets(nodes, flows)
    inner = {node.inner: node for node in nodes if node.kind is Kind.SUBPROCESS}
    inside: dict[int, list[Node]] = {}
    for node in nodes:
        inside.setdefault(node.scope, []).append(node)
    seen: set[int] = set()
    stack = [node.index for node in nodes if (node.kind is Kind.START or node.triggered) and node.scope == 0]
    while stack:
        index = stack.pop()
        if index in seen:
            continue
        seen.add(index)
        node = nodes[index]
        stack.extend(_next(node, outs, boundaries))
        if node.kind is Kind.SUBPROCESS:
            stack.extend(n.index for n in inside.get(node.inner, ()) if n.kind is Kind.START or n.triggered)
    lost = [node for node in nodes if node.index not in seen]
    # Of a subprocess that is not reached only the subprocess is named.
    return [node for node in lost if node.scope == 0 or inner[node.scope].index in seen]


def dead_ends(nodes: Sequence[Node], flows: Sequence[Flow], boundaries: _Boundaries) -> list[Node]:
    """Nodes from which no end of their scope can be reached."""
    outs = _targets(nodes, flows)
    back: list[list[int]] = [[] for _ in nodes]
    for node in nodes:
        for target in _next(node, outs, boundaries):
            back[target].append(node.index)
    stack = [node.index for node in nodes if not outs[node.index]]
    seen: set[int] = set()
    while stack:
        index = stack.pop()
        if index not in seen:
            seen.add(index)
            stack.extend(back[index])
    return [node for node in nodes if node.index not in seen]


def automatic_cycles(nodes: Sequence[Node], flows: Sequence[Flow]) -> list[Node]:
    """Nodes on a cycle along which no token ever waits: it would turn for ever."""
    passing = [not node.waits and not _holds(node, nodes) for node in nodes]
    outs = _targets(nodes, flows)
    ahead = [{t for t in outs[node.index] if passing[t]} if passing[node.index] else set() for node in nodes]
    behind: list[set[int]] = [set() for _ in nodes]
    for index, targets in enumerate(ahead):
        for target in targets:
            behind[target].add(index)
    # Peel off what has nothing ahead or nothing behind; what is left lies on a cycle or between two.
    stack = list(range(len(nodes)))
    gone: set[int] = set()
    while stack:
        index = stack.pop()
        if index in gone or (ahead[index] and behind[index]):
            continue
        gone.add(index)
        for target in ahead[index]:
            behind[target].discard(index)
            stack.append(target)
        for origin in behind[index]:
            ahead[origin].discard(index)
            stack.append(origin)
    return [node for node in nodes if node.index not in gone]


def _holds(node: Node, nodes: Sequence[Node]) -> bool:
    """Whether a subprocess has something to wait for inside, at any depth."""
    if node.kind is not Kind.SUBPROCESS:
        return False
    # A repetition whose rounds take no time ends by itself: their number is bounded.
    inside = [other for other in nodes if other.scope == node.inner]
    return any(other.waits or _holds(other, nodes) for other in inside)
