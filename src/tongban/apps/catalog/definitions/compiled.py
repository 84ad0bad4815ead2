"""A matter's files to its definition: every file read, every problem in them collected."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from tongban.kernel.clock import Limit
from tongban.kernel.flow import Definition, DefinitionError, load_bpmn
from tongban.kernel.flow.departments import AUTHORITY, FRONT_DESK
from tongban.kernel.rules import Decisions, RulesError, load_dmn

from .checklist_reader import checklist_of
from .checklists import Checklist
from .conclusions import DECISION
from .expressions import expression_of
from .folder import MatterFiles
from .form import Form
from .form_reader import read_form
from .model import (
    Example,
    ExampleStep,
    Faq,
    Fee,
    MaterialSpec,
    MatterDefinition,
    Phones,
    Pledge,
    Rectify,
    Repair,
    ResultField,
    ResultSpec,
    SpecialProcedure,
)
from .origins import origins_of
from .problems import Problem
from .retention import article_of, months_of, retention_of
from .schema import check_schema
from .source import Document, read_yaml
from .text import Text, text_of
from .voice import check_voice, voice_of

__all__ = ["Compiled", "compile_matter"]

DEFAULT_MAX_MB = 10
DEFAULT_ACCEPT = ("pdf", "jpg", "png")


@dataclass(slots=True)
class Compiled:
    """What came of a matter's files. ``definition`` is there only when nothing kept it from being compiled."""

    files: MatterFiles
    documents: dict[str, Document] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    form: Form | None = None
    decisions: dict[str, Decisions] = field(default_factory=dict)
    process: Definition | None = None
    examples: list[Example] = field(default_factory=list)
    checklists: dict[str, Checklist] = field(default_factory=dict)
    definition: MatterDefinition | None = None
    published: bool = False

    @property
    def matter(self) -> Document | None:
        """``matter.yaml``, when it has the right shape."""
        return self.documents.get("matter.yaml")


def compile_matter(files: MatterFiles, *, published: bool = False, front_desk: str = "") -> Compiled:
    """Read and compile everything; never raises for what stands in the files of a folder.

    ``published`` files were checked when they were published. They are only compiled: what a later check would find in
    them must not stop the cases that run on them. ``front_desk`` is the department that lanes call ``window``; the
    matter's own authority where the city has none.
    """
    found = Compiled(files, published=published)
    matter = _document(found, "matter.yaml", "matter")
    form = _document(found, "form.yaml", "form")
    if form is not None:
        found.form, problems = read_form(form)
        found.problems += problems
    if matter is not None:
        _load_rules(found, matter.value)
        _load_process(found, matter.value, front_desk)
    for name in files.examples():
        document = _document(found, name, "example")
        if document is not None:
            found.examples.append(_example(document))
    if matter is not None and found.form is not None:
        materials = _materials(matter, found.form, found.problems)
        fee = _fee(matter, found.form, found.problems)
        _load_checklists(found, matter.value, found.form)
        found.problems += [] if published else check_voice(matter, found.form)
        if found.process is not None and (published or not found.problems):
            found.definition = _definition(matter.value, materials, fee, found)
    return found


def _document(found: Compiled, name: str, schema: str) -> Document | None:
    text = found.files.texts.get(name)
    if text is None:
        return None
    document = read_yaml(text, file=found.files.label(name))
    if isinstance(document, Problem):
        found.problems.append(document)
        return None
    problems = [] if found.published else check_schema(document, schema=schema)
    if problems:
        found.problems += problems
        return None
    found.documents[name] = document
    return document


def _load_rules(found: Compiled, matter: Mapping[str, Any]) -> None:
    for name in matter.get("rules", []):
        text = found.files.texts.get(name)
        if text is None:
            continue
        label = found.files.label(name)
        try:
            found.decisions[name] = load_dmn(text.encode(), source=label)
        except RulesError as error:
            message = f"These rules cannot be used: {error}."
            cure = "correct what stands there; the reference of rules lists what is supported"
            found.problems.append(Problem(label, error.line, error.code, message, cure))


def _load_process(found: Compiled, matter: Mapping[str, Any], front_desk: str) -> None:
    name = matter["process"]
    text = found.files.texts.get(name)
    if text is None or len(found.decisions) < len(matter.get("rules", [])):
        return
    label = found.files.label(name)
    try:
        found.process = load_bpmn(
            text.encode(),
            source=label,
            decisions=found.decisions,
            executable=True,
            departments={AUTHORITY: matter["authority"], FRONT_DESK: front_desk or matter["authority"]},
        )
    except DefinitionError as error:
        for problem in error.problems:
            named = f"`{problem.element}`" + (f" ({problem.name})" if problem.name else "")
            message = f"{named}: {problem.message}"
            found.problems.append(Problem(label, problem.line, problem.code, message, problem.cure))


def _load_checklists(found: Compiled, matter: Mapping[str, Any], form: Form) -> None:
    for entry in matter.get("checklists", ()):
        document = found.documents.get(entry["file"]) or _document(found, entry["file"], "checklist")
        if document is not None:
            node = entry["node"]
            found.checklists[node] = checklist_of(document, node=node, form=form, problems=found.problems)


def _materials(document: Document, form: Form, problems: list[Problem]) -> tuple[MaterialSpec, ...]:
    return tuple(
        MaterialSpec(
            code=spec["code"],
            name=text_of(spec["name"]),
            need=spec["need"],
            source=spec["source"],
            form=spec["form"],
            accept=tuple(spec.get("accept", DEFAULT_ACCEPT if spec["form"] == "upload" else ())),
            max_mb=spec.get("max_mb", DEFAULT_MAX_MB),
            hint=_optional(spec.get("hint")),
            when=expression_of(
                document, ("materials", index, "when"), spec.get("when"), names=form.fields, problems=problems
            ),
            origins=origins_of(spec),
            follow_within=Limit.parse(spec["follow_within"]) if "follow_within" in spec else None,
        )
        for index, spec in enumerate(document.value["materials"])
    )


def _fee(document: Document, form: Form, problems: list[Problem]) -> Fee:
    value = document.value["fee"]
    return Fee(
        amount=Decimal(value["amount"]),
        basis=text_of(value["basis"]),
        formula=expression_of(document, ("fee", "formula"), value.get("formula"), names=form.fields, problems=problems),
        due=value.get("due", "filing"),
        kept=value.get("kept", False),
    )


def _definition(
    value: Mapping[str, Any], materials: tuple[MaterialSpec, ...], fee: Fee, found: Compiled
) -> MatterDefinition:
    assert found.form is not None
    assert found.process is not None
    limits = value["limits"]
    return MatterDefinition(
        code=value["code"],
        name=text_of(value["name"]),
        summary=text_of(value["summary"]),
        keywords_zh=tuple(value["keywords"]["zh"]),
        keywords_en=tuple(value["keywords"]["en"]),
        icon=value["icon"],
        topics=tuple(value["topics"]),
        authority=value["authority"],
        joint_with=tuple(value.get("joint_with", ())),
        basic_code=value["basic_code"],
        type=value["type"],
        level=value["level"],
        served=tuple(value["served"]),
        kind=value["kind"],
        ways=tuple(value["ways"]),
        area=value["area"],
        legal_basis=tuple(article_of(one) for one in value["legal_basis"]),
        statutory=Limit.parse(limits["statutory"]),
        limit_basis=article_of(limits["basis"]) if "basis" in limits else None,
        promised=Limit.parse(limits["promised"]),
        extension=Limit.parse(limits["extension"]) if "extension" in limits else None,
        restarts=limits.get("restarts", False),
        visits=value["visits"],
        visits_reason=_optional(value.get("visits_reason")),
        special_procedures=tuple(
            SpecialProcedure(
                one.get("node", ""), text_of(one["name"]), Limit.parse(one["limit"]), one.get("procedure", "")
            )
            for one in value.get("special_procedures", ())
        ),
        fee=fee,
        result=_result(value["result"]),
        materials=materials,
        conditions=tuple(text_of(one) for one in value["conditions"]),
        refusals=tuple(text_of(one) for one in value["refusals"]),
        remedies=text_of(value["remedies"]),
        faq=tuple(Faq(text_of(one["q"]), text_of(one["a"])) for one in value.get("faq", ())),
        phones=Phones(value["phones"]["consultation"], value["phones"]["complaint"]),
        appointment=value.get("appointment", False),
        conclusion=value.get("conclusion", DECISION),
        retention=retention_of(value.get("retention")),
        pledge=_pledge(value.get("pledge")),
        four_eyes=value.get("four_eyes", False),
        drafted_at=value.get("drafted_at", ""),
        opinions=value.get("opinions", "open"),
        assurance=value.get("assurance", ""),
        express=value.get("express", False),
        online_payment=value.get("online_payment", False),
        minutes=value.get("minutes"),
        form=found.form,
        process=found.process,
        decisions=found.decisions,
        examples=tuple(found.examples),
        checklists=found.checklists,
        voice=voice_of(value.get("voice")),
    )


def _pledge(value: Mapping[str, Any] | None) -> Pledge | None:
    if value is None:
        return None
    return Pledge(
        field=value["field"],
        text=text_of(value["text"]),
        breach=text_of(value["breach"]),
        barred=months_of(value["barred"]),
        rectify=_rectify(value.get("rectify")),
        repair=_repair(value.get("repair")),
    )


def _repair(value: Mapping[str, Any] | None) -> Repair | None:
    if value is None:
        return None
    basis = tuple(article_of(one) for one in value["basis"])
    return Repair(months_of(value["after"]), Limit.parse(value["answer"]), basis)


def _rectify(value: Mapping[str, Any] | None) -> Rectify | None:
    if value is None:
        return None
    basis = tuple(article_of(one) for one in value["basis"])
    return Rectify(value["step"], Limit.parse(value["least"]), Limit.parse(value["most"]), basis)


def _result(value: Mapping[str, Any]) -> ResultSpec:
    return ResultSpec(
        name=text_of(value["name"]),
        type=value["type"],
        code=value.get("code", ""),
        validity=value.get("validity", "none"),
        fields=tuple(ResultField(one["field"], text_of(one["label"])) for one in value.get("fields", ())),
        sample=value.get("sample", {}),
    )


def _example(document: Document) -> Example:
    value = document.value
    return Example(
        file=document.file,
        name=text_of(value["name"]),
        applicant=value["applicant"],
        at=datetime.fromisoformat(value["at"]),
        answers=value["answers"],
        materials=tuple(value.get("materials", ())),
        steps=tuple(
            ExampleStep(
                do=step["do"],
                by=step.get("by", ""),
                after=step.get("after", ""),
                node=step.get("node", ""),
                line=document.line("steps", index),
                values={key: one for key, one in step.items() if key not in {"do", "by", "after", "node"}},
            )
            for index, step in enumerate(value.get("steps", ()))
        ),
        expect=value["expect"],
    )


def _optional(value: Mapping[str, str] | None) -> Text | None:
    return None if value is None else text_of(value)
