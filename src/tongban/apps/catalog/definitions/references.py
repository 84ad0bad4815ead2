"""What one file of a matter says about another: does it hold?"""

from collections.abc import Collection, Iterator

from tongban.kernel.flow import Definition
from tongban.kernel.flow.definition import Act, Kind, Node
from tongban.kernel.flow.departments import RESPONSIBLE

from .checklist_reader import check_checklists
from .compiled import Compiled
from .decision_checks import check_decisions
from .expressions import unknown_names
from .model import Example, MatterDefinition
from .problems import Problem
from .source import Document

__all__ = ["check_references"]

# Who else acts in an example: the clock stands for time that passes.
_OTHERS = frozenset({"applicant", "system", "clock", ""})
_TASK_ACTS = frozenset({"claim", "release", "complete", "return", "decide", "service"})


def check_references(compiled: Compiled, departments: Collection[str]) -> list[Problem]:
    """Departments, fields, steps, names and examples that do not fit together."""
    definition, matter = compiled.definition, compiled.matter
    if definition is None or matter is None:
        return []
    process_file = compiled.files.label(matter.value["process"])
    return [
        *_code(compiled, matter),
        *_departments(definition, matter, departments),
        *_result_fields(definition, matter),
        *_drafted(definition, matter),
        *_lanes(definition, matter, process_file, departments),
        *check_checklists(
            process=definition.process,
            form=definition.form,
            checklists=definition.checklists,
            matter=matter,
            files=compiled.documents,
        ),
        *_branches(definition, process_file),
        *_ends(definition, process_file),
        *check_decisions(
            definition,
            texts=compiled.files.texts,
            labels={name: compiled.files.label(name) for name in definition.decisions},
            names=_names(definition),
        ),
        *(
            problem
            for example in definition.examples
            for problem in _example(compiled, definition, example, departments)
        ),
        *_has_examples(compiled, matter),
    ]


def _code(compiled: Compiled, matter: Document) -> Iterator[Problem]:
    code = matter.value["code"]
    if code != compiled.files.code:
        message = f"The code `{code}` is not the name of the folder, `{compiled.files.code}`."
        yield matter.problem(("code",), "matter.code", message, "give both the same name")


def _departments(definition: MatterDefinition, matter: Document, departments: Collection[str]) -> Iterator[Problem]:
    named = [(("authority",), definition.authority)]
    named += [(("joint_with", index), code) for index, code in enumerate(definition.joint_with)]  # type: ignore[misc]
    for path, code in named:
        if code not in departments:
            message = f"There is no department `{code}`."
            yield matter.problem(path, "department.unknown", message, f"use one of {', '.join(sorted(departments))}")
    if definition.authority in definition.joint_with:
        message = "The authority itself is among those that it decides with."
        yield matter.problem(("joint_with",), "department.twice", message, "name only the other departments")


def _result_fields(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    for index, field in enumerate(definition.result.fields):
        if field.field not in definition.form.fields:
            message = f"The form has no field `{field.field}`."
            cure = f"use one of {', '.join(definition.form.fields)}"
            yield matter.problem(("result", "fields", index), "result.unknown-field", message, cure)


def _drafted(definition: MatterDefinition, matter: Document) -> Iterator[Problem]:
    """A draft is written where the case is handled, and read by others before it is signed."""
    code, process = definition.drafted_at, definition.process
    if not code:
        return
    node = process.nodes[process.index[code]] if code in process.index else None
    if node is None or node.act is not Act.HANDLE:
        known = ", ".join(each.id for each in process.nodes if each.act is Act.HANDLE)
        message = f"The decision cannot be drafted at `{code}`: it is no step that handles the case."
        yield matter.problem(("drafted_at",), "draft.step", message, f"use one of {known}")
    missing = {Act.REVIEW, Act.DECIDE} - {each.act for each in process.nodes}
    if missing:
        message = "The decision is drafted, but no step reviews the draft, or none decides."
        yield matter.problem(("drafted_at",), "draft.review", message, "give the process both steps, or remove this")


def _lanes(
    definition: MatterDefinition, matter: Document, file: str, departments: Collection[str]
) -> Iterator[Problem]:
    known = {*departments, *definition.process.departments.values(), RESPONSIBLE}
    asked = {node.department for node in definition.process.nodes}
    for lane in definition.process.lanes:
        line = min(
            (
                node.line
                for node in definition.process.nodes
                if node.lane >= 0 and definition.process.lanes[node.lane] is lane
            ),
            default=0,
        )
        if lane.department not in known:
            message = f"The lane `{lane.id}` belongs to the department `{lane.department}`, which is not known."
            yield Problem(
                file,
                line,
                "lane.department",
                message,
                "set tb:department to `authority`, `responsible`, `window` or a department's code",
            )
    dispatching = [node for node in definition.process.nodes if node.dispatches]
    if RESPONSIBLE in asked and not dispatching:
        message = "Whoever it is dispatched to has steps, but no step dispatches."
        yield matter.problem(("process",), "lane.dispatch", message, 'give a step tb:dispatches="true"')
    if dispatching and RESPONSIBLE not in asked:
        message = f"The step `{dispatching[0].id}` dispatches, but nothing lies with whoever it is dispatched to."
        cure = 'give a lane with steps tb:department="responsible"'
        yield Problem(file, dispatching[0].line, "lane.responsible", message, cure)
    for node in definition.process.nodes:
        if node.kind is Kind.TASK and not node.department:
            message = f"The step `{node.id}` is in no lane, so no department has it."
            yield Problem(file, node.line, "lane.missing", message, "put it into a lane with tb:department")
    for index, code in enumerate(definition.joint_with):
        if code not in asked:
            message = f"`{code}` decides with us, but has no step in the process."
            yield matter.problem(
                ("joint_with", index), "lane.joint", message, "give it a lane with a step, or remove it here"
            )


def _branches(definition: MatterDefinition, file: str) -> Iterator[Problem]:
    """Every branch is decided: its names have values, and one of its ways is always open."""
    process = definition.process
    names = _names(definition)
    for flow in process.flows:
        if flow.condition is not None:
            for message, cure in unknown_names(flow.condition, names):
                yield Problem(file, flow.line, "feel.unknown-name", f"`{flow.id}`: {message}", cure)
    for node in process.nodes:
        out = [process.flows[flow] for flow in process.outs[node.index]]
        if len(out) > 1 and all(flow.condition is not None for flow in out):
            message = f"`{node.id}` has a condition on every way out: a case for which none holds is stuck."
            yield Problem(file, node.line, "branch.no-default", message, "make one of its flows the default")


def _names(definition: MatterDefinition) -> set[str]:
    process = definition.process
    results = {node.result for node in process.nodes if node.result}
    return {
        *definition.form.fields,
        "answers",
        *results,
        *(
            node.variable
            for node in process.nodes
            if node.kind is Kind.TASK or node.triggers or node.loop or node.called
        ),
        *(name for node in process.nodes for name in _of_rounds(node)),
        *(one.target for node in process.nodes for one in (*node.inputs, *node.outputs)),
    }


def _of_rounds(node: Node) -> Iterator[str]:
    """What a step that repeats adds to what expressions know."""
    if node.loop is not None:
        yield "loopCounter"
        yield from (name for name in (node.loop.item, node.loop.result) if name)


def _ends(definition: MatterDefinition, file: str) -> Iterator[Problem]:
    """A case can be granted and denied somewhere, and no name means two things."""
    process = definition.process
    if not any(node.act is Act.DECIDE for node in process.nodes):
        message = "No step decides, so no case can be granted or denied."
        yield Problem(file, 0, "process.no-decision", message, 'give one step tb:act="decide"')
    for node in process.nodes:
        if node.id in definition.form.fields and (node.kind is Kind.TASK or node.result):
            message = f"`{node.id}` is both a step and a field of the form: expressions cannot tell them apart."
            yield Problem(file, node.line, "name.twice", message, "rename the step or the field")


def _has_examples(compiled: Compiled, matter: Document) -> Iterator[Problem]:
    if not compiled.files.examples():
        message = "The matter has no example."
        yield matter.problem(
            (), "example.none", message, "add examples/<name>.yaml with a case and what must come of it"
        )


def _example(
    compiled: Compiled, definition: MatterDefinition, example: Example, departments: Collection[str]
) -> Iterator[Problem]:
    document = next(one for one in compiled.documents.values() if one.file == example.file)
    checked = definition.form.validate(answers=example.answers)
    for error in checked.errors:
        message = f"The answer to `{error.field}` is refused: {error.code}" + (
            f" {dict(error.params)}." if error.params else "."
        )
        yield document.problem(("answers", error.field), "example.answer", message, "correct the answer, or the form")
    for name in example.answers:
        if (
            name in definition.form.fields
            and name not in checked.clean
            and all(error.field != name for error in checked.errors)
        ):
            message = f"`{name}` is answered, but is not asked in this case."
            yield document.problem(("answers", name), "example.not-asked", message, "remove the answer")
    codes = {material.code for material in definition.materials if material.is_asked}
    for index, code in enumerate(example.materials):
        if code not in codes:
            message = f"No material `{code}` is handed in for this matter."
            yield document.problem(
                ("materials", index), "example.material", message, f"use one of {', '.join(sorted(codes)) or 'none'}"
            )
    if checked.is_valid:
        for material in definition.materials_for(checked.clean):
            if material.is_necessary and material.code not in example.materials:
                message = f"The necessary material `{material.code}` is missing."
                yield document.problem(
                    ("materials",), "example.material", message, "add it: such a case cannot be filed"
                )
    yield from _example_steps(
        document, definition.process, example, {*departments, *definition.process.departments, *_OTHERS}
    )


def _example_steps(document: Document, process: Definition, example: Example, actors: set[str]) -> Iterator[Problem]:
    for index, step in enumerate(example.steps):
        for key, name in (("node", step.node), ("to", str(step.values.get("to", "")))):
            if name and name not in process.index:
                message = f"The process has no step `{name}`."
                yield document.problem(
                    ("steps", index, key), "example.node", message, f"use one of {', '.join(_steps(process))}"
                )
        if step.do in _TASK_ACTS and not step.node and len(_steps(process)) > 1:
            message = f"`{step.do}` does not say on which step."
            yield document.problem(("steps", index), "example.node", message, "add `node`")
        if step.by not in actors:
            message = f"There is no department `{step.by}`."
            yield document.problem(
                ("steps", index, "by"),
                "department.unknown",
                message,
                "use a department's code, window, applicant, system or clock",
            )


def _steps(process: Definition) -> list[str]:
    return [node.id for node in process.nodes if _is_step(node)]


def _is_step(node: Node) -> bool:
    return node.kind is Kind.TASK
