"""Processes for tests: a shape in Python, written as BPMN, with what must always be true of its tokens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from tongban.kernel.flow import Definition, load_bpmn

__all__ = ["Built", "Shape", "bpmn", "build", "shape"]

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tb="urn:tongban:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test">'
)


def bpmn(content: str, *, process: str = "p") -> bytes:
    """A file around the content of one process."""
    return f'{HEAD}<process id="{process}" isExecutable="true">{content}</process></definitions>'.encode()


@dataclass(frozen=True)
class Shape:
    """`task`, or a `seq`, `par`, `xor`, `inc`, `sub` or `loop` of shapes."""

    kind: str
    parts: tuple[Shape, ...] = ()


def shape(kind: str, *parts: Shape) -> Shape:
    """Short for `Shape`."""
    return Shape(kind, parts)


@dataclass
class Region:
    """Part of a diagram: its own flows and nodes, the parts inside, and how many of these run at a time."""

    rule: str
    own: list[str] = field(default_factory=list)
    parts: list[Region] = field(default_factory=list)


@dataclass
class Built:
    """A loaded process, the names of its conditions, and its regions."""

    definition: Definition
    conditions: list[str]
    region: Region

    def check_tokens(self, marking: Iterable[int]) -> None:
        """No token is lost or doubled: every part has as many as its shape allows."""
        counts: dict[str, int] = {}
        for place in marking:
            node = self.definition.waiting(place)
            if place < len(self.definition.flows):
                name = self.definition.flows[place].id
            elif node is not None:
                name = node.id
            else:
                continue
            counts[name] = counts.get(name, 0) + 1
        threads = _threads(self.region, counts)
        assert threads == 1 or not counts, (threads, counts)


def _threads(region: Region, counts: dict[str, int]) -> int:
    own = sum(counts.get(name, 0) for name in region.own)
    inside = [_threads(part, counts) for part in region.parts]
    if region.rule == "sub":
        # The token in the subprocess stands for what runs inside.
        assert own in (0, 1)
        assert sum(inside) == own, (region, counts)
        return own
    if region.rule == "one":
        assert own + sum(inside) in (0, 1), (region, counts)
        return own + sum(inside)
    assert own == 0
    assert all(count in (0, 1) for count in inside)
    if region.rule == "all":
        assert sum(inside) in (0, len(inside)), (region, counts)
    return 1 if any(inside) else 0


class _Writer:
    def __init__(self) -> None:
        self.elements: list[list[str]] = [[]]
        self.conditions: list[str] = []
        self.number = 0

    def name(self, kind: str) -> str:
        self.number += 1
        return f"{kind}{self.number}"

    def add(self, text: str) -> None:
        self.elements[-1].append(text)

    def flow(self, source: str, target: str, region: Region, condition: str = "", default: bool = False) -> str:
        flow = self.name("f")
        inner = f"<conditionExpression>{condition}</conditionExpression>" if condition else ""
        self.add(f'<sequenceFlow id="{flow}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>')
        region.own.append(flow)
        return flow

    def condition(self) -> str:
        name = self.name("c")
        self.conditions.append(name)
        return name

    def write(self, what: Shape, region: Region) -> tuple[str, str]:
        """Its first and last node."""
        if what.kind == "task":
            task = self.name("task")
            self.add(f'<userTask id="{task}" name="{task}"/>')
            region.own.append(task)
            return task, task
        if what.kind == "seq":
            return self.sequence(what, region)
        if what.kind == "sub":
            return self.subprocess(what, region)
        if what.kind == "loop":
            return self.loop(what, region)
        return self.branches(what, region)

    def part(self, what: Shape, region: Region) -> tuple[str, str]:
        inner = Region("one")
        region.parts.append(inner)
        return self.write(what, inner)

    def sequence(self, what: Shape, region: Region) -> tuple[str, str]:
        first, last = self.part(what.parts[0], region)
        for one in what.parts[1:]:
            begin, end = self.part(one, region)
            self.flow(last, begin, region)
            last = end
        return first, last

    def subprocess(self, what: Shape, region: Region) -> tuple[str, str]:
        node, start, end = self.name("sub"), self.name("start"), self.name("end")
        outer = Region("sub", [node])
        inner = Region("one")
        outer.parts.append(inner)
        region.parts.append(outer)
        self.elements.append([])
        self.add(f'<startEvent id="{start}"/><endEvent id="{end}"/>')
        first, last = self.part(what.parts[0], inner)
        self.flow(start, first, inner)
        self.flow(last, end, inner)
        content = "".join(self.elements.pop())
        self.add(f'<subProcess id="{node}">{content}</subProcess>')
        return node, node

    def loop(self, what: Shape, region: Region) -> tuple[str, str]:
        head, tail = self.name("head"), self.name("tail")
        first, last = self.part(what.parts[0], region)
        self.flow(head, first, region)
        self.flow(last, tail, region)
        again = self.flow(tail, head, region, self.condition())
        out = self.name("out")
        default = self.flow(tail, out, region)
        assert again
        self.add(f'<exclusiveGateway id="{head}"/><exclusiveGateway id="{tail}" default="{default}"/>')
        self.add(f'<exclusiveGateway id="{out}"/>')
        return head, out

    def branches(self, what: Shape, region: Region) -> tuple[str, str]:
        element = {"par": "parallelGateway", "xor": "exclusiveGateway", "inc": "inclusiveGateway"}[what.kind]
        split, join = self.name("split"), self.name("join")
        block = Region({"par": "all", "xor": "one", "inc": "some"}[what.kind])
        region.parts.append(block)
        default = ""
        for number, one in enumerate(what.parts):
            branch = Region("one")
            block.parts.append(branch)
            first, last = self.part(one, branch)
            last_one = number == len(what.parts) - 1
            condition = "" if what.kind == "par" or last_one else self.condition()
            flow = self.flow(split, first, branch, condition)
            default = flow if last_one and what.kind != "par" else default
            self.flow(last, join, branch)
        chosen = f' default="{default}"' if default else ""
        self.add(f'<{element} id="{split}"{chosen}/><{element} id="{join}"/>')
        return split, join


def build(what: Shape) -> Built:
    """Write, load, and keep what must be true."""
    writer = _Writer()
    region = Region("one")
    writer.add('<startEvent id="start"/><endEvent id="end"/>')
    first, last = writer.part(what, region)
    writer.flow("start", first, region)
    writer.flow(last, "end", region)
    return Built(load_bpmn(bpmn("".join(writer.elements[0]))), writer.conditions, region)
