"""The rules that a published catalogue is held to (the lint of the national catalogue checkers).

Each rule looks at the facts of one matter and yields what breaks it. Durations in different units are compared by the
length that they have on average: five working days to seven calendar days, eight working hours to a working day.
"""

from collections.abc import Callable, Iterator
from decimal import Decimal

from tongban.kernel.clock import Limit, Unit
from tongban.kernel.flow import Definition
from tongban.kernel.flow.definition import Act, Kind, Node

from .conclusions import DECISION
from .model import MatterDefinition, Pledge, Rectify
from .problems import Problem
from .retention import LEAST_MONTHS
from .source import Document

__all__ = ["lint", "working_days"]

COUNTER, WEB, POST = "1", "2", "4"
LICENCE = "01"
GOVERNMENT = "20"
ISSUES = "issue_certificate"
"""The operation of a service task that issues what was granted."""
ALONE, EXTENSION = Limit(20, Unit.WORKING_DAYS), Limit(10, Unit.WORKING_DAYS)
JOINT, JOINT_EXTENSION = Limit(45, Unit.WORKING_DAYS), Limit(15, Unit.WORKING_DAYS)
"""Administrative Licensing Law (行政许可法), 42: for one authority, and for several that decide together."""

Rule = Callable[[MatterDefinition, Document], Iterator[Problem]]
_DAYS = {
    Unit.WORKING_DAYS: Decimal(1),
    Unit.CALENDAR_DAYS: Decimal(5) / 7,
    Unit.WORKING_HOURS: Decimal(1) / 8,
    Unit.HOURS: Decimal(5) / 7 / 24,
}


def lint(definition: MatterDefinition, matter: Document) -> list[Problem]:
    """Everything in a matter that breaks a rule of the catalogue."""
    return [problem for rule in _RULES for problem in rule(definition, matter)]


def working_days(limit: Limit) -> Decimal:
    """A limit's length in working days, for comparing."""
    return limit.amount * _DAYS[limit.unit]


def _promise(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    if working_days(definition.promised) > working_days(definition.statutory):
        message = f"{definition.promised} are promised, but the law allows {definition.statutory}."
        cure = f"promise no more than {definition.statutory}"
        yield matter.problem(("limits", "promised"), "limit.promise-longer", message, cure)


def _ceilings(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    """What the law allows without another law: 20 working days and 10 more, jointly 45 and 15 (Licensing Law, 42)."""
    if definition.limit_basis is not None:
        return
    jointly = bool(definition.joint_with)
    words = "departments that decide together" if jointly else "one authority"
    most, more = (JOINT, JOINT_EXTENSION) if jointly else (ALONE, EXTENSION)
    cure = "shorten it, or cite the law that allows more: `limits.basis: {law: …, article: …}`"
    if working_days(definition.statutory) > working_days(most):
        message = f"{definition.statutory} are more than the {most} that {words} may take."
        yield matter.problem(("limits", "statutory"), "limit.ceiling", message, cure)
    if definition.extension is not None and working_days(definition.extension) > working_days(more):
        message = f"{definition.extension} are more than the {more} by which {words} may lengthen the limit."
        yield matter.problem(("limits", "extension"), "limit.ceiling", message, cure)


def _extension(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    extension = definition.extension
    if extension is not None and extension.unit is not definition.statutory.unit:
        message = f"The limit is {definition.statutory}, but is lengthened by {extension}."
        yield matter.problem(("limits", "extension"), "limit.extension-unit", message, "count both in the same unit")
    if extension is not None and definition.kind == "instant":
        message = "An instant matter is decided on the spot, but can be lengthened."
        yield matter.problem(("limits", "extension"), "limit.instant", message, "remove `extension`")


def _instant(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    at_once = working_days(definition.promised) <= 1
    if definition.kind == "instant" and not at_once:
        message = f"An instant matter is decided on the spot, but {definition.promised} are promised."
        yield matter.problem(
            ("kind",), "limit.instant", message, "promise hours or one working day, or make it `promised`"
        )
    if definition.kind == "instant" and definition.special_procedures:
        message = "An instant matter is decided on the spot, but has special procedures."
        yield matter.problem(("special_procedures",), "limit.instant", message, "remove them, or make it `promised`")
    if definition.kind == "promised" and definition.promised.amount == 0:
        message = "No time at all is promised: that is an instant matter."
        yield matter.problem(("kind",), "limit.instant", message, "make it `instant`, or promise some time")


def _visits(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    if definition.visits and definition.visits_reason is None:
        message = f"People must come {definition.visits} times, and nobody says why."
        yield matter.problem(("visits",), "visits.no-reason", message, "add `visits_reason`, or make it 0 visits")
    if not definition.visits and WEB not in definition.ways and POST not in definition.ways:
        message = "Nobody has to come, but it can be filed neither on the web nor by post."
        yield matter.problem(("ways",), "visits.no-way", message, 'add "2" (web) or "4" (post) to `ways`')
    if definition.visits and COUNTER not in definition.ways:
        message = "It is handled fully online, but people must come to a counter."
        yield matter.problem(("visits",), "visits.online", message, 'make it 0 visits, or add "1" (counter) to `ways`')


def _by_call(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    """What a caller knows is a password at best."""
    if definition.is_by_call and definition.assurance not in ("", "low"):
        message = f"It asks for a sign-in that is `{definition.assurance}`, and can be filed by a call."
        yield matter.problem(
            ("ways",), "assurance.by-call", message, 'take "5" out of `ways`, or leave out `assurance`'
        )


def _phones(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    digits = [
        "".join(filter(str.isdigit, number)) for number in (definition.phones.consultation, definition.phones.complaint)
    ]
    if digits[0] == digits[1]:
        message = "Complaints go to the same phone as questions."
        yield matter.problem(("phones", "complaint"), "phones.same", message, "give a complaint phone of its own")


def _faq(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    if definition.type == LICENCE and not definition.faq:
        yield matter.problem(("faq",), "faq.missing", "A licence needs questions and answers.", "add `faq`")


def _fee(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    if definition.fee.is_free and definition.online_payment:
        message = "It is free, yet asks for payment online."
        yield matter.problem(("online_payment",), "fee.free-payment", message, "set `online_payment: false`")


def _result(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    result = definition.result
    if result.type == "none":
        yield from _nothing_issued(definition, matter)
        return
    if definition.conclusion != DECISION:
        message = "What is answered, and not applied for, comes with no certificate: the answer is a letter."
        yield matter.problem(("result", "type"), "result.of-an-answer", message, "write `type: none`")
    if not result.sample:
        yield matter.problem(
            ("result",), "result.no-sample", "The result has no sample.", "add `sample` with a value for each field"
        )
    elif missing := [field.field for field in result.fields if field.field not in result.sample]:
        message = f"The sample says nothing for {', '.join(missing)}."
        yield matter.problem(("result", "sample"), "result.no-sample", message, "add a value for each field")
    if result.type == "certificate" and not result.code:
        message = "A certificate needs a code for its numbers."
        yield matter.problem(("result",), "result.no-code", message, "add `code`, such as `JY`")
    if result.type == "certificate" and not result.fields:
        message = "The certificate says nothing."
        yield matter.problem(("result",), "result.no-fields", message, "add `fields`")


def _nothing_issued(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    """Who is granted what they applied for waits for what the process promises; an answer is in the log."""
    if definition.conclusion != DECISION:
        return
    steps = [node.id for node in definition.process.nodes if node.operation == ISSUES]
    if steps:
        message = f"Step `{steps[0]}` of the process issues a certificate, but the result is `none`: nothing is issued."
        cure = "describe the certificate under `result`, or name a process that issues none"
        yield matter.problem(("result", "type"), "result.none-issued", message, cure)


def _materials(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    for index, material in enumerate(definition.materials):
        if material.source == GOVERNMENT and material.form == "upload":
            message = f"`{material.code}` is issued by government, yet people are asked for it."
            cure = "make its form `fetched` or `held`, or correct its source"
            yield matter.problem(("materials", index), "material.government", message, cure)
        if material.source != GOVERNMENT and material.form == "held":
            message = f"`{material.code}` is not issued by government, so government does not hold it."
            yield matter.problem(
                ("materials", index), "material.not-held", message, 'make its form `upload`, or its source "20"'
            )
    codes = [material.code for material in definition.materials]
    for index, code in enumerate(codes):
        if code in codes[:index]:
            message = f"Two materials have the code `{code}`."
            yield matter.problem(("materials", index), "material.twice", message, "give each its own code")


def _steps(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    longest, path = longest_way(definition.process)
    if longest > working_days(definition.promised):
        steps = " + ".join(f"{node.id} {node.limit}" for node in path)
        message = f"The limits of the steps sum to more than the {definition.promised} promised: {steps}."
        yield matter.problem(("limits", "promised"), "limit.steps-longer", message, "shorten a step, or promise more")


def _special(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    for index, procedure in enumerate(definition.special_procedures):
        if bool(procedure.node) == bool(procedure.procedure):
            message = "A special procedure is a step of the process, or one that an officer begins."
            yield matter.problem(
                ("special_procedures", index), "special.of-what", message, "give it one of `node` and `procedure`"
            )
    told = {one.node: index for index, one in enumerate(definition.special_procedures) if one.node}
    for name, index in told.items():
        at = definition.process.index.get(name)
        path = ("special_procedures", index, "node")
        if at is None:
            message = f"The process has no step `{name}`."
            known = ", ".join(node.id for node in definition.process.nodes if node.special) or "none so far"
            yield matter.problem(
                path, "special.unknown-node", message, f"name a step with tb:special; there is {known}"
            )
        elif not definition.process.nodes[at].special:
            message = f"The step `{name}` of the process is not marked as a special procedure."
            yield matter.problem(path, "special.not-marked", message, "set tb:special on the step, or remove it here")
        elif definition.process.nodes[at].limit != definition.special_procedures[index].limit:
            said, own = definition.special_procedures[index].limit, definition.process.nodes[at].limit or "none"
            message = f"Applicants are told that `{name}` takes {said}; the step's own limit is {own}."
            cure = f'set tb:limit="{said}" on the step, or correct it here'
            yield matter.problem(("special_procedures", index, "limit"), "special.limit", message, cure)
    for node in definition.process.nodes:
        if node.special and node.id not in told:
            message = f"The clock stops during `{node.id}`, and applicants are not told for how long."
            cure = f"add `{{node: {node.id}, name: …, limit: …}}` to `special_procedures`"
            yield matter.problem(("special_procedures",), "special.not-told", message, cure)


def longest_way(process: Definition) -> tuple[Decimal, list[Node]]:
    """The longest sum of step limits on any way from acceptance to decision, in working days, with its steps.

    Not counted: acceptance (the promise runs from it), delivery and what follows it (after the decision) and special
    procedures (the clock stands still). Branches run side by side, so the longest counts. A loop counts once.
    """
    best: dict[int, tuple[Decimal, list[Node]]] = {}
    under_way: set[int] = set()

    def after(index: int) -> tuple[Decimal, list[Node]]:
        if index in best:
            return best[index]
        if index in under_way:
            return Decimal(0), []
        node = process.nodes[index]
        if node.act is Act.DELIVER:
            return Decimal(0), []
        under_way.add(index)
        onward = [after(process.flows[flow].target) for flow in process.outs[index]]
        onward += [after(event) for event in process.boundaries[index]]
        rest, steps = max(onward, key=lambda one: one[0], default=(Decimal(0), []))
        if node.kind is Kind.SUBPROCESS:
            inner_rest, inner_steps = after(_start_of(process, node.inner))
            rest, steps = rest + inner_rest, inner_steps + steps
        if node.limit is not None and not node.special and node.act is not Act.ACCEPT:
            rest, steps = rest + working_days(node.limit), [node, *steps]
        under_way.discard(index)
        best[index] = rest, steps
        return best[index]

    return after(_start_of(process, 0))


def _start_of(process: Definition, scope: int) -> int:
    return next(node.index for node in process.nodes if node.scope == scope and node.kind is Kind.START)


def _retention(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    kept = definition.retention
    if kept is not None and kept.months < LEAST_MONTHS:
        message = "Answers and files would be gone while the decision can still be taken to court."
        cure = f"keep them for at least {LEAST_MONTHS} months"
        yield matter.problem(("retention", "keep"), "retention.short", message, cure)


def _pledge(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    pledge = definition.pledge
    asked = None if pledge is None else definition.form.fields.get(pledge.field)
    if pledge is not None and (asked is None or asked.type != "boolean"):
        message = f"The pledge is signed with `{pledge.field}`, which is no yes-or-no question of the form."
        yield matter.problem(("pledge", "field"), "pledge.field", message, "name the question that signs it")
    if pledge is not None:
        yield from _repair(pledge, matter)
    if pledge is not None and pledge.rectify is not None:
        yield from _rectify(pledge.rectify, definition.process, matter)


def _repair(pledge: Pledge, matter: Document) -> Iterator[Problem]:
    if pledge.repair is not None and pledge.repair.months >= pledge.barred:
        message = "The bar is over before an earlier end of it can be asked for."
        yield matter.problem(
            ("pledge", "repair", "after"), "pledge.repair-late", message, "let it be asked for earlier"
        )


def _rectify(rectify: Rectify, process: Definition, matter: Document) -> Iterator[Problem]:
    node = process.nodes[process.index[rectify.step]] if rectify.step in process.index else None
    if node is None or node.kind is not Kind.TASK or node.act not in (Act.HANDLE, Act.INSPECT):
        message = f"`{rectify.step}` is no step in which somebody checks what was pledged."
        cure = "name a `handle` or `inspect` step of the process"
        yield matter.problem(("pledge", "rectify", "step"), "pledge.rectify-step", message, cure)
    if rectify.least.unit is not Unit.WORKING_DAYS or rectify.most.unit is not Unit.WORKING_DAYS:
        message = "What is to be put right is given working days."
        yield matter.problem(("pledge", "rectify"), "pledge.rectify-days", message, "write `10 working days`")
    elif rectify.least.amount > rectify.most.amount:
        message = "No day is right: the shortest time to put it right is longer than the longest."
        yield matter.problem(("pledge", "rectify"), "pledge.rectify-days", message, "make `least` the shorter one")


_RULES: tuple[Rule, ...] = (
    _promise,
    _ceilings,
    _extension,
    _instant,
    _visits,
    _by_call,
    _phones,
    _faq,
    _fee,
    _result,
    _materials,
    _steps,
    _special,
    _retention,
    _pledge,
)
