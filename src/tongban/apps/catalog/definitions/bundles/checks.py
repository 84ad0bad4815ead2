"""Does a bundle fit the matters that it is made of, and can everything in it be reached?"""

from collections.abc import Iterator, Mapping, Sequence

from tongban.apps.catalog.definitions.answers import read_answer
from tongban.apps.catalog.definitions.form import Field
from tongban.apps.catalog.definitions.model import MaterialSpec, MatterDefinition
from tongban.apps.catalog.definitions.problems import Problem
from tongban.apps.catalog.definitions.source import Document

from .model import Bundle, Question
from .reader import ReadBundle

__all__ = ["check_bundle", "ways"]


def check_bundle(read: ReadBundle, *, definitions: Mapping[str, MatterDefinition | None]) -> list[Problem]:
    """Everything that does not fit. A matter of the city that could not be compiled is there with None."""
    bundle, document = read.bundle, read.document
    if bundle is None or document is None:
        return []
    known = {code: one for code, one in definitions.items() if one is not None}
    return [
        *_code(document, read.files.code),
        *_matters(document, definitions),
        *_served(document, bundle, known),
        *_later(document, bundle, known),
        *_guide_fields(document, bundle, known),
        *_shared(document, bundle, known),
        *_materials(document, bundle, known),
        *_rules(document, bundle),
        *_idle(document, bundle),
        *_reached(document, bundle),
        *_examples(document, bundle),
    ]


def ways(bundle: Bundle, answers: Mapping[str, str] | None = None) -> Iterator[dict[str, str]]:
    """Every way through the guide, as the answers that make it."""
    given = dict(answers or {})
    question = bundle.first_open(given)
    if question is None:
        yield given
        return
    for choice in question.choices:
        yield from ways(bundle, given | {question.id: choice.value})


def _code(document: Document, folder: str) -> Iterator[Problem]:
    code = document.value["code"]
    if code != folder:
        message = f"The code `{code}` is not the name of the folder, `{folder}`."
        yield document.problem(("code",), "bundle.code", message, "give both the same name")


def _matters(document: Document, definitions: Mapping[str, MatterDefinition | None]) -> Iterator[Problem]:
    for index, spec in enumerate(document.value["parts"]):
        if spec["matter"] not in definitions:
            message = f"There is no matter `{spec['matter']}`."
            cure = f"use one of {', '.join(definitions)}"
            yield document.problem(("parts", index, "matter"), "matter.unknown", message, cure)


def _served(document: Document, bundle: Bundle, known: Mapping[str, MatterDefinition]) -> Iterator[Problem]:
    """All parts are filed by one applicant, so each must be for everyone whom the bundle is for."""
    for index, spec in enumerate(document.value["parts"]):
        definition = known.get(spec["matter"])
        missing = sorted(set(bundle.served) - set(definition.served)) if definition else []
        if missing:
            message = f"The bundle is for {', '.join(missing)}, whom `{spec['matter']}` does not serve."
            cure = "take them out of `served`, or add them to that matter's"
            yield document.problem(("parts", index, "matter"), "bundle.served", message, cure)


def _later(document: Document, bundle: Bundle, known: Mapping[str, MatterDefinition]) -> Iterator[Problem]:
    for index, spec in enumerate(document.value["parts"]):
        for place, name in enumerate(spec.get("later", ())):
            path = ("parts", index, "later", place)
            if (definition := known.get(spec["matter"])) is None:
                continue
            if name not in definition.form.fields:
                yield _no_field(document, path, definition, name)
            elif any(shared.fields.get(spec["matter"]) == name for shared in bundle.shared):
                message = f"`{name}` comes later, but is also a shared answer, which is asked at the start."
                yield document.problem(path, "bundle.later-shared", message, "keep it in one of the two")


def _guide_fields(document: Document, bundle: Bundle, known: Mapping[str, MatterDefinition]) -> Iterator[Problem]:
    for index, question in enumerate(document.value["guide"]):
        for matter, name in question.get("fields", {}).items():
            path = ("guide", index, "fields", matter)
            yield from _unplaced(document, path, bundle, known, matter, name)
            field = known[matter].form.fields.get(name) if matter in known else None
            for choice in question["choices"] if field else ():
                assert field is not None
                if read_answer(field, choice["value"]).code or field.control == "checkboxes":
                    message = f"The choice `{choice['value']}` is no answer to `{name}` of `{matter}`."
                    cure = f"use its values ({_values(field)}), or remove it here"
                    yield document.problem(path, "bundle.choice-unfit", message, cure)


def _values(field: Field) -> str:
    return "`yes` and `no`" if field.type == "boolean" else ", ".join(one.value for one in field.choices) or field.type


def _shared(document: Document, bundle: Bundle, known: Mapping[str, MatterDefinition]) -> Iterator[Problem]:
    ids: set[str] = set()
    placed: set[tuple[str, str]] = {place for question in bundle.questions for place in question.fields.items()}
    for index, spec in enumerate(document.value.get("shared", ())):
        path = ("shared", index)
        if spec["id"] in ids:
            message = f"Two shared answers have the id `{spec['id']}`."
            yield document.problem((*path, "id"), "bundle.shared-twice", message, "give each its own id")
        ids.add(spec["id"])
        if len(spec["fields"]) < 2:
            message = f"`{spec['id']}` goes to one matter only, so it is shared with nothing."
            yield document.problem((*path, "fields"), "bundle.shared-alone", message, "name fields of two matters")
        fields: list[tuple[str, Field]] = []
        for matter, name in spec["fields"].items():
            where = (*path, "fields", matter)
            yield from _unplaced(document, where, bundle, known, matter, name)
            if (matter, name) in placed:
                message = f"`{name}` of `{matter}` is filled in twice."
                yield document.problem(where, "bundle.shared-twice", message, "let one question fill it in")
            placed.add((matter, name))
            if matter in known and name in known[matter].form.fields:
                fields.append((matter, known[matter].form.fields[name]))
        yield from _alike(document, path, fields)


def _alike(document: Document, path: tuple[str | int, ...], fields: Sequence[tuple[str, Field]]) -> Iterator[Problem]:
    """One answer can only go to fields that take the same kind of answer."""
    for matter, field in fields:
        where = (*path, "fields", matter)
        if field.schema.get("const") is not None:
            message = f"`{field.name}` of `{matter}` is a pledge, and a pledge is given to each matter by itself."
            yield document.problem(where, "bundle.shared-pledge", message, "ask for it in the matter only")
        first_matter, first = fields[0]
        for what, ours, theirs in (
            ("type", first.type, field.type),
            ("format", first.format, field.format),
            ("pattern", first.schema.get("pattern"), field.schema.get("pattern")),
            ("choices", _choices(first), _choices(field)),
        ):
            if ours != theirs:
                message = (
                    f"The {what} of `{field.name}` of `{matter}` ({_said(theirs)}) is not that of `{first.name}` of "
                    f"`{first_matter}` ({_said(ours)})."
                )
                yield document.problem(
                    where, "bundle.shared-differs", message, "make both forms ask alike, or do not share this answer"
                )


def _choices(field: Field) -> tuple[str, ...]:
    return tuple(sorted(choice.value for choice in field.choices))


def _said(value: object) -> str:
    return ", ".join(value) if isinstance(value, tuple) and value else str(value or "none")


def _unplaced(
    document: Document,
    path: tuple[str | int, ...],
    bundle: Bundle,
    known: Mapping[str, MatterDefinition],
    matter: str,
    name: str,
) -> Iterator[Problem]:
    if bundle.part(matter) is None:
        cure = f"use one of {', '.join(part.matter for part in bundle.parts)}"
        yield document.problem(path, "bundle.unknown-part", f"There is no part `{matter}` here.", cure)
    elif matter in known and name not in known[matter].form.fields:
        yield _no_field(document, path, known[matter], name)


def _no_field(document: Document, path: tuple[str | int, ...], definition: MatterDefinition, name: str) -> Problem:
    message = f"The form of `{definition.code}` has no field `{name}`."
    return document.problem(path, "form.unknown-field", message, f"use one of {', '.join(definition.form.fields)}")


def _materials(document: Document, bundle: Bundle, known: Mapping[str, MatterDefinition]) -> Iterator[Problem]:
    for index, group in enumerate(document.value.get("materials", ())):
        specs: list[MaterialSpec] = []
        for matter, code in group.items():
            path = ("materials", index, matter)
            if bundle.part(matter) is None:
                cure = f"use one of {', '.join(part.matter for part in bundle.parts)}"
                yield document.problem(path, "bundle.unknown-part", f"There is no part `{matter}` here.", cure)
            elif matter in known and (spec := known[matter].material(code)) is None:
                message = f"`{matter}` has no material `{code}`."
                cure = f"use one of {', '.join(one.code for one in known[matter].materials) or 'none'}"
                yield document.problem(path, "bundle.unknown-material", message, cure)
            elif matter in known and spec is not None:
                specs.append(spec)
        if len({spec.is_asked for spec in specs}) > 1:
            message = "One of these is handed in, another is got by the system: they cannot be one paper."
            yield document.problem(("materials", index), "bundle.paper-differs", message, "name only papers alike")
        elif specs and specs[0].is_asked and not set.intersection(*(set(spec.accept) for spec in specs)):
            message = "No kind of file is taken by all of these, so one file cannot serve them."
            cure = "let their `accept` have a kind in common"
            yield document.problem(("materials", index), "bundle.paper-differs", message, cure)


def _rules(document: Document, bundle: Bundle) -> Iterator[Problem]:
    if bundle.rules is None:
        return
    ids = {question.id for question in bundle.questions}
    for name in bundle.rules.names:
        if name in ids:
            message = f"The decision `{name}` has the name of a question."
            yield document.problem(("rules",), "bundle.rules-name", message, "give the decision another name")
        for needed in bundle.rules.inputs_of(name):
            if needed not in ids:
                message = f"The decision `{name}` needs `{needed}`, which the guide does not ask."
                cure = f"use one of {', '.join(sorted(ids)) or 'the questions, of which there are none'}"
                yield document.problem(("rules",), "rules.unknown-input", message, cure)


def _idle(document: Document, bundle: Bundle) -> Iterator[Problem]:
    """A question is asked for something: else it only costs time."""
    conditions = [
        *(question.when for question in bundle.questions),
        *(part.when for part in bundle.parts),
        *(shared.when for shared in bundle.shared),
    ]
    read = {name for condition in conditions if condition is not None for name in condition.names}
    if bundle.rules is not None:
        read |= {name for decision in bundle.rules.names for name in bundle.rules.inputs_of(decision)}
    for index, question in enumerate(bundle.questions):
        if question.id not in read and not question.fields:
            message = f"Nothing hangs on the question `{question.id}`."
            cure = "use it in a `when`, let it fill in `fields`, or remove it"
            yield document.problem(("guide", index), "bundle.idle-question", message, cure)


def _reached(document: Document, bundle: Bundle) -> Iterator[Problem]:
    reached: set[str] = set()
    questions: set[str] = set()
    for answers in ways(bundle):
        reached.update(part.matter for part in bundle.parts_for(answers))
        questions.update(answers)
    for index, spec in enumerate(document.value["parts"]):
        if spec["matter"] not in reached:
            message = f"With no answers does `{spec['matter']}` apply."
            yield document.problem(("parts", index), "bundle.unreachable", message, "correct its `when`, or remove it")
    for index, question in enumerate(bundle.questions):
        if question.id not in questions:
            message = f"The question `{question.id}` is never asked."
            yield document.problem(("guide", index), "bundle.unreachable", message, "correct its `when`, or remove it")


def _examples(document: Document, bundle: Bundle) -> Iterator[Problem]:
    if not bundle.examples:
        message = "No example shows what the guide says."
        yield document.problem(("examples",), "example.none", message, "add answers and the parts that come of them")
    for index, example in enumerate(bundle.examples):
        for name, value in example.answers.items():
            path = ("examples", index, "answers", name)
            question = bundle.question(name)
            if question is None:
                cure = f"use one of {', '.join(each.id for each in bundle.questions) or 'none'}"
                yield document.problem(path, "example.answer", f"There is no question `{name}`.", cure)
            elif question.choice(value) is None:
                yield document.problem(path, "example.answer", f"`{value}` is no choice of `{name}`.", _known(question))
            elif name not in bundle.clean(example.answers):
                message = f"`{name}` is answered, but is not asked in this case."
                yield document.problem(path, "example.not-asked", message, "remove the answer")
        missing = bundle.first_open(example.answers)
        if missing is not None and missing.id not in example.answers:
            message = f"The question `{missing.id}` is asked, but not answered."
            yield document.problem(("examples", index, "answers"), "example.answer", message, _known(missing))


def _known(question: Question) -> str:
    return f"use one of {', '.join(choice.value for choice in question.choices)}"
