"""Where the nodes of one scope go: layers along the flow, rows across it, and points for every sequence flow.

Coordinates here are `main` (along the flow) and `cross`; drawing turns them into x and y, either way round. Long flows
pass through placeholders in every layer between their ends, so that no line runs through a box.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

__all__ = ["Edge", "Item", "Placed", "Spacing", "place"]

_SWEEPS = 4


class Item(NamedTuple):
    """A box to place. `band` orders items across the flow before anything else: the lane."""

    main: float
    cross: float
    band: int


class Edge(NamedTuple):
    """A flow between two items; `room` is what its label needs along the flow."""

    key: int
    source: int
    target: int
    room: float


class Spacing(NamedTuple):
    """Distances in pixels."""

    layer: float = 28
    channel: float = 10
    row: float = 26


@dataclass(slots=True)
class Placed:
    """The result: centres of items, points of edges, extents of bands, and the whole size."""

    centres: dict[int, tuple[float, float]] = field(default_factory=dict)
    points: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    bands: dict[int, tuple[float, float]] = field(default_factory=dict)
    main: float = 0
    cross: float = 0


class _Slot(NamedTuple):
    """What stands in a layer: an item, or a placeholder of an edge."""

    item: int
    edge: int
    layer: int


def place(*, items: Mapping[int, Item], edges: Sequence[Edge], start: int, spacing: Spacing) -> Placed:
    """Lay out one scope. Deterministic; terminates on any graph."""
    forward = _forward(items, edges, start)
    layers = _layers(items, edges, forward)
    chains, columns = _chains(items, edges, forward, layers)
    rows = _rows(items, columns, chains)
    return _coordinates(items, edges, chains, columns, rows, forward, spacing)


def _forward(items: Mapping[int, Item], edges: Sequence[Edge], start: int) -> dict[int, bool]:
    """Which edges go forward; the others close a loop."""
    outs: dict[int, list[Edge]] = {item: [] for item in items}
    for one in edges:
        outs[one.source].append(one)
    forward: dict[int, bool] = {}
    state = dict.fromkeys(items, 0)
    for root in [start, *items]:
        if state[root]:
            continue
        state[root] = 1
        stack: list[tuple[int, Iterator[Edge]]] = [(root, iter(outs[root]))]
        while stack:
            at, rest = stack[-1]
            edge = next(rest, None)
            if edge is None:
                state[at] = 2
                stack.pop()
                continue
            forward[edge.key] = state[edge.target] != 1
            if not state[edge.target]:
                state[edge.target] = 1
                stack.append((edge.target, iter(outs[edge.target])))
    return forward


def _layers(items: Mapping[int, Item], edges: Sequence[Edge], forward: Mapping[int, bool]) -> dict[int, int]:
    """The longest way from a beginning."""
    ahead: dict[int, list[int]] = {item: [] for item in items}
    degree = dict.fromkeys(items, 0)
    for edge in edges:
        if edge.source != edge.target:
            a, b = (edge.source, edge.target) if forward[edge.key] else (edge.target, edge.source)
            ahead[a].append(b)
            degree[b] += 1
    layers = dict.fromkeys(items, 0)
    ready = [item for item in items if not degree[item]]
    while ready:
        at = ready.pop()
        for target in ahead[at]:
            layers[target] = max(layers[target], layers[at] + 1)
            degree[target] -= 1
            if not degree[target]:
                ready.append(target)
    return layers


_Chains = dict[int, list[_Slot]]
_Columns = list[list[_Slot]]


def _chains(
    items: Mapping[int, Item], edges: Sequence[Edge], forward: Mapping[int, bool], layers: Mapping[int, int]
) -> tuple[_Chains, _Columns]:
    """Each edge as slots from layer to layer, always in the direction of the layers."""
    columns: _Columns = [[] for _ in range(max(layers.values()) + 1)]
    own = {item: _Slot(item, -1, layers[item]) for item in items}
    for item in items:
        columns[layers[item]].append(own[item])
    chains: _Chains = {}
    for edge in edges:
        if edge.source == edge.target:
            continue
        a, b = (edge.source, edge.target) if forward[edge.key] else (edge.target, edge.source)
        between = [_Slot(-1, edge.key, layer) for layer in range(layers[a] + 1, layers[b])]
        for slot in between:
            columns[slot.layer].append(slot)
        chains[edge.key] = [own[a], *between, own[b]]
    return chains, columns


def _rows(items: Mapping[int, Item], columns: _Columns, chains: _Chains) -> dict[_Slot, tuple[int, int]]:
    """Band and row of every slot: near to what it is connected with, nothing on top of anything else."""
    before: dict[_Slot, list[_Slot]] = {slot: [] for column in columns for slot in column}
    after: dict[_Slot, list[_Slot]] = {slot: [] for column in columns for slot in column}
    for chain in chains.values():
        for a, b in pairwise(chain):
            before[b].append(a)
            after[a].append(b)
    band = {slot: items[slot.item].band for column in columns for slot in column if slot.edge < 0}
    for chain in chains.values():
        for slot in chain[1:-1]:
            band[slot] = max(band[chain[0]], band[chain[-1]])
    row: dict[_Slot, int] = {}
    for column in columns:
        _settle(column, band, row, before)
    for _ in range(_SWEEPS):
        for column in reversed(columns[:-1]):
            _order(column, band, row, after)
            _settle(column, band, row, before)
        for column in columns[1:]:
            _order(column, band, row, before)
            _settle(column, band, row, before)
    return {slot: (band[slot], row[slot]) for slot in row}


def _wish(slot: _Slot, row: Mapping[_Slot, int], near: Mapping[_Slot, list[_Slot]]) -> float:
    known = [row[other] for other in near[slot] if other in row]
    return sum(known) / len(known) if known else row.get(slot, 0)


def _order(
    column: list[_Slot], band: Mapping[_Slot, int], row: Mapping[_Slot, int], near: Mapping[_Slot, list[_Slot]]
) -> None:
    column.sort(key=lambda slot: (band[slot], _wish(slot, row, near), slot.edge >= 0))


def _settle(
    column: list[_Slot], band: Mapping[_Slot, int], row: dict[_Slot, int], before: Mapping[_Slot, list[_Slot]]
) -> None:
    """Give rows in the present order: the row of the first predecessor in the same band, if it is free."""
    last: dict[int, int] = {}
    for slot in sorted(column, key=lambda slot: band[slot]):
        same = [row[other] for other in before[slot] if other in row and band[other] == band[slot]]
        wished = min(same, default=0)
        row[slot] = max(wished, last.get(band[slot], -1) + 1)
        last[band[slot]] = row[slot]


def _coordinates(
    items: Mapping[int, Item],
    edges: Sequence[Edge],
    chains: _Chains,
    columns: _Columns,
    rows: Mapping[_Slot, tuple[int, int]],
    forward: Mapping[int, bool],
    spacing: Spacing,
) -> Placed:
    placed = Placed()
    cross = _cross_positions(items, rows, placed, spacing)
    gaps = _gaps(edges, chains, cross, rows, len(columns), spacing)
    starts: list[tuple[float, float]] = []
    at = spacing.layer / 2
    for layer, column in enumerate(columns):
        width = max((items[slot.item].main for slot in column if slot.edge < 0), default=0)
        starts.append((at, at + width))
        for slot in column:
            if slot.edge < 0:
                placed.centres[slot.item] = (at + width / 2, cross[rows[slot]])
        at += width + gaps[layer].width
    placed.main = at - gaps[-1].width + spacing.layer / 2
    for edge in edges:
        if edge.source != edge.target:
            points = _points(chains[edge.key], edge.key, items, placed, starts, gaps, cross, rows)
            placed.points[edge.key] = points if forward[edge.key] else points[::-1]
        else:
            placed.points[edge.key] = _loop(placed.centres[edge.source], items[edge.source])
    return placed


def _cross_positions(
    items: Mapping[int, Item], rows: Mapping[_Slot, tuple[int, int]], placed: Placed, spacing: Spacing
) -> dict[tuple[int, int], float]:
    heights: dict[tuple[int, int], float] = {}
    for slot, key in rows.items():
        height = items[slot.item].cross if slot.edge < 0 else spacing.row / 2
        heights[key] = max(heights.get(key, 0), height)
    at = 0.0
    found: dict[tuple[int, int], float] = {}
    for band in sorted({item.band for item in items.values()}):
        begin = at
        at += spacing.row / 2
        for key in sorted(key for key in heights if key[0] == band):
            found[key] = at + heights[key] / 2
            at += heights[key] + spacing.row
        at -= spacing.row / 2
        placed.bands[band] = (begin, at)
    placed.cross = at
    return found


class _Gap(NamedTuple):
    width: float
    channels: Mapping[int, int]


def _gaps(
    edges: Sequence[Edge],
    chains: _Chains,
    cross: Mapping[tuple[int, int], float],
    rows: Mapping[_Slot, tuple[int, int]],
    count: int,
    spacing: Spacing,
) -> list[_Gap]:
    """Between two layers: one channel for each edge that changes its row, and room for labels."""
    turning: list[list[tuple[float, int]]] = [[] for _ in range(count)]
    room = [0.0] * count
    wanted = {edge.key: edge.room for edge in edges}
    for key, chain in chains.items():
        room[chain[0].layer] = max(room[chain[0].layer], wanted[key])
        for a, b in pairwise(chain):
            if rows[a] != rows[b]:
                turning[a.layer].append((-cross[rows[b]], key))
    gaps = []
    for layer in range(count):
        channels = {key: number for number, (_, key) in enumerate(sorted(turning[layer]))}
        gaps.append(_Gap(spacing.layer + spacing.channel * len(channels) + room[layer], channels))
    return gaps


def _points(
    chain: list[_Slot],
    key: int,
    items: Mapping[int, Item],
    placed: Placed,
    starts: Sequence[tuple[float, float]],
    gaps: Sequence[_Gap],
    cross: Mapping[tuple[int, int], float],
    rows: Mapping[_Slot, tuple[int, int]],
) -> list[tuple[float, float]]:
    first, last = chain[0], chain[-1]
    begin = placed.centres[first.item][0] + items[first.item].main / 2
    points = [(begin, cross[rows[first]])]
    for a, b in pairwise(chain):
        if rows[a] != rows[b]:
            turn = starts[a.layer][1] + 12 + 10 * gaps[a.layer].channels[key]
            points += [(turn, cross[rows[a]]), (turn, cross[rows[b]])]
    points.append((placed.centres[last.item][0] - items[last.item].main / 2, cross[rows[last]]))
    return points


def _loop(centre: tuple[float, float], item: Item) -> list[tuple[float, float]]:
    """A flow from an item to itself, round below it."""
    main, cross = centre
    left, right, low = main - item.main / 2, main + item.main / 2, cross + item.cross / 2 + 8
    return [(right, cross), (right + 8, cross), (right + 8, low), (left - 8, low), (left - 8, cross), (left, cross)]
