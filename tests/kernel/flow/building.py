"""Processes for tests: a shape in Python, written as BPMN, with what must always be true of its tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from tongban.kernel.flow import Definition, load_bpmn
from tongban.kernel.flow.definition import COPIES, within

__all__ = ["ROUNDS", "Built", "Shape", "bpmn", "build", "shape"]

ROUNDS = 3

HEAD = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:tb="urn:tongban:bpmn:1" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="urn:test">'
)


def bpmn(content: str, *, process: str = "p") -> bytes:
    """A file around the content of one process."""
    return f'{HEAD}<process id="{process}" isExecutable="true">{content}</process></definitions>'.encode()


@dataclass(frozen=True)
class Shape:
    """`task`, `votes` or `wait`, or a `seq`, `par`, `xor`, `inc`, `sub`, `loop` of shapes, or one of `EVENTFUL`."""

    kind: str
    parts: tuple[Shape, ...] = ()


def shape(kind: str, *parts: Shape) -> Shape:
    """Short for `Shape`."""
    return Shape(kind, parts)


@dataclass
class Region:
    """Part of a diagram: its own flows and nodes, the parts inside, and how many of these run at a time.

    `handler` is the event subprocess that may take the place of what runs in a subprocess.
    """

    rule: str
    own: list[str] = field(default_factory=list)
    parts: list[Region] = field(default_factory=list)
    handler: str = ""


@dataclass
class Built:
    """A loaded process, the names of its conditions, and its regions."""

    definition: Definition
    conditions: list[str]
    region: Region

    def check_tokens(self, marking: Iterable[int]) -> None:
        """No token is lost or doubled: every part has as many as its shape allows, in each round by itself."""
        definition = self.definition
        counts: _Counts = {}
        for token in marking:
            copy, place = definition.at(token)
            node = definition.waiting(place)
            if place < len(definition.flows):
                name = definition.flows[place].id
            elif node is not None:
                name = node.id
            elif place >= definition.size - len(definition.rounds):
                name = f"{definition.nodes[definition.looping[place - definition.size]].id} done"
            else:
                continue
            inside = counts.setdefault(copy, {})
            inside[name] = inside.get(name, 0) + 1
        threads = _threads(self.region, counts, 0)
        assert threads == 1 or not counts or _aside(self.region, counts, 0), (threads, counts)


_Counts = dict[int, dict[str, int]]


def _threads(region: Region, counts: _Counts, copy: int) -> int:
    here = counts.get(copy, {})
    own = sum(here.get(name, 0) for name in region.own)
    if region.rule in ("beside", "in turn"):
        return _rounds(region, counts, copy, own)
    inside = [_threads(part, counts, copy) for part in region.parts]
    if region.rule == "aside":
        return 0  # reminders come and go; that they end is seen at the end
    if region.rule == "sub":
        # The token in the subprocess stands for what runs inside, in itself or in the handler that took its place.
        handled = [one for one in counts if one // COPIES == copy and one > copy and region.handler in counts[one]]
        assert own in (0, 1)
        inner = sum(inside) + len(handled)
        assert inner == own or (own and not inner and _aside(region, counts, copy)), (region, counts)
        return own
    if region.rule == "one":
        assert own + sum(inside) in (0, 1), (region, counts)
        return own + sum(inside)
    assert own == 0
    assert all(count in (0, 1) for count in inside)
    if region.rule == "all":
        assert sum(inside) in (0, len(inside)), (region, counts)
    return 1 if any(inside) else 0


def _rounds(region: Region, counts: _Counts, copy: int, own: int) -> int:
    """The token of the whole, one for each open round, and as many that are done as there were."""
    (name,) = region.own
    assert own in (0, 1)
    done = counts.get(copy, {}).get(f"{name} done", 0)
    open_rounds = [one for one in counts if one and one // COPIES == copy and counts[one].get(name)]
    assert all(counts[one][name] == 1 for one in open_rounds)
    if not own:
        assert not done
        assert not open_rounds
        return 0
    assert len(open_rounds) == (1 if region.rule == "in turn" else ROUNDS - done), (region, counts)
    assert done < ROUNDS
    for one in open_rounds:
        inner = sum(_threads(part, counts, one) for part in region.parts)
        assert inner == (1 if region.parts else 0) or (not inner and _aside(region, counts, one)), (region, counts)
    return 1


def _aside(region: Region, counts: _Counts, copy: int) -> bool:
    """Whether a reminder is under way, which the end of its surroundings waits for."""
    if region.rule == "aside" and any(
        within(one, copy) and any(name in here for name in region.own) for one, here in counts.items()
    ):
        return True
    return any(_aside(part, counts, copy) for part in region.parts)


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
        if what.kind == "votes":
            return self.votes(region)
        if what.kind == "wait":
            return self.wait(region)
        if what.kind in ("rounds", "turns"):
            return self.rounds(what, region)
        if what.kind in ("guarded", "reminded"):
            return self.watched(what, region)
        if what.kind == "handled":
            return self.handled(what, region)
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

    def repeated(self, sequential: bool) -> str:
        kind = ' isSequential="true"' if sequential else ""
        return (
            f"<multiInstanceLoopCharacteristics{kind}><loopCardinality>{ROUNDS}</loopCardinality>"
            f"<completionCondition>{self.condition()}</completionCondition></multiInstanceLoopCharacteristics>"
        )

    def votes(self, region: Region) -> tuple[str, str]:
        task = self.name("vote")
        region.parts.append(Region("beside", [task]))
        self.add(f'<userTask id="{task}">{self.repeated(False)}</userTask>')
        return task, task

    def wait(self, region: Region) -> tuple[str, str]:
        """The first of a message and a timer; both ways lead on."""
        gateway, merge = self.name("events"), self.name("merge")
        message, timer = self.name("message"), self.name("timer")
        self.add(f'<eventBasedGateway id="{gateway}"/><exclusiveGateway id="{merge}"/>')
        self.add(f'<receiveTask id="{message}"/><intermediateCatchEvent id="{timer}"><timerEventDefinition>')
        self.add("<timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>")
        region.own += [gateway, message, timer]
        for event in (message, timer):
            self.flow(gateway, event, region)
            self.flow(event, merge, region)
        return gateway, merge

    def rounds(self, what: Shape, region: Region) -> tuple[str, str]:
        first, last = self.subprocess(what, region)
        outer = region.parts[-1]
        outer.rule = "in turn" if what.kind == "turns" else "beside"
        text = self.elements[-1][-1]
        head, _, rest = text.partition(">")
        self.elements[-1][-1] = f"{head}>{self.repeated(what.kind == 'turns')}{rest}"
        return first, last

    def watched(self, what: Shape, region: Region) -> tuple[str, str]:
        """A message takes the place of what runs, or brings a task beside it."""
        node, _ = self.subprocess(what, region)
        event, task, merge = self.name("event"), self.name("task"), self.name("merge")
        soft = what.kind == "reminded"
        self.add(
            f'<boundaryEvent id="{event}" attachedToRef="{node}" cancelActivity="{str(not soft).lower()}">'
            f'<messageEventDefinition/></boundaryEvent><userTask id="{task}"/><exclusiveGateway id="{merge}"/>'
        )
        self.flow(node, merge, region)
        aside = Region("aside") if soft else region
        aside.own.append(task)
        if soft:
            region.parts.append(aside)
            end = self.name("end")
            self.add(f'<endEvent id="{end}"/>')
            self.flow(event, task, aside)
            self.flow(task, end, aside)
        else:
            self.flow(event, task, region)
            self.flow(task, merge, region)
        return node, merge

    def handled(self, what: Shape, region: Region) -> tuple[str, str]:
        """A message inside takes the place of all that runs there."""
        node, _ = self.subprocess(what, region)
        handler, start, task, end = (self.name(kind) for kind in ("handler", "start", "task", "end"))
        region.parts[-1].handler = handler
        text = self.elements[-1].pop()
        inner = (
            f'<subProcess id="{handler}" triggeredByEvent="true"><startEvent id="{start}"><messageEventDefinition/>'
            f'</startEvent><userTask id="{task}"/><endEvent id="{end}"/>'
            f'<sequenceFlow id="{start}_f" sourceRef="{start}" targetRef="{task}"/>'
            f'<sequenceFlow id="{end}_f" sourceRef="{task}" targetRef="{end}"/></subProcess>'
        )
        self.add(text.removesuffix("</subProcess>") + inner + "</subProcess>")
        return node, node

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


def build(what: Shape, change: Callable[[str], str] = lambda text: text) -> Built:
    """Write, load, and keep what must be true. `change` makes another version of what was written."""
    writer = _Writer()
    region = Region("one")
    writer.add('<startEvent id="start"/><endEvent id="end"/>')
    first, last = writer.part(what, region)
    writer.flow("start", first, region)
    writer.flow(last, "end", region)
    return Built(load_bpmn(bpmn(change("".join(writer.elements[0])))), writer.conditions, region)
