"""The catalogue as JSON."""

from datetime import date
from typing import Any

from pydantic import BaseModel, Field

from tongban.api.v1.schemas.common import Words, words
from tongban.apps.catalog.definitions import Form, MaterialSpec
from tongban.apps.catalog.queries import MatterRow, PublishedMatter
from tongban.apps.people.queries import DepartmentNames

__all__ = ["Matter", "MatterPage", "MatterSummary", "matter_of", "summary_of"]


class Authority(BaseModel):
    """A department."""

    code: str
    name: Words


class MatterSummary(BaseModel):
    """A matter in a list."""

    code: str
    name: Words
    summary: Words
    kind: str = Field(description="`instant` or `promised` (GB/T 39046).")
    topics: list[str]
    served: list[str] = Field(description="Who may ask: 1 natural person, 2 enterprise, … (GB/T 39046).")
    authority: Authority
    href: str


class MatterPage(BaseModel):
    """Some of the matters in force."""

    items: list[MatterSummary]
    total: int
    next: str | None = Field(description="The cursor of the next page; null on the last.")


class Basis(BaseModel):
    """The law on which a matter rests."""

    law: Words
    article: Words


class Limits(BaseModel):
    """How long it may take, such as `20 working days`."""

    statutory: str
    promised: str
    extension: str | None


class Fee(BaseModel):
    """What it costs, in yuan."""

    amount: str
    basis: Words


class Result(BaseModel):
    """What comes of it."""

    name: Words
    type: str
    validity: str


class Material(BaseModel):
    """Evidence that is needed. Only `upload` is handed in; `fetched` and `held` government gets itself."""

    code: str
    name: Words
    need: str = Field(description="1 necessary, 2 not necessary, 3 may follow later.")
    source: str = Field(description="10 applicant, 20 government, 99 other.")
    form: str
    accept: list[str]
    max_mb: int
    when: str | None = Field(description="A FEEL condition on the answers; null: always.")
    hint: Words | None


class Question(BaseModel):
    """What people ask about it."""

    question: Words
    answer: Words


class Phones(BaseModel):
    """Whom to call."""

    consultation: str
    complaint: str


class Matter(MatterSummary):
    """The whole guide of a matter, as it is in force today."""

    version: int
    effective_from: date
    implementation_code: str = Field(description="GB/T 39046: credit code, level, basic code.")
    area: str
    joint_with: list[Authority]
    ways: list[str]
    legal_basis: list[Basis]
    limits: Limits
    visits: int
    fee: Fee
    result: Result
    materials: list[Material]
    conditions: list[Words]
    refusals: list[Words]
    remedies: Words
    questions: list[Question]
    phones: Phones
    form: dict[str, Any] = Field(description="JSON Schema 2020-12 of `answers`; `x-when` holds FEEL conditions.")


def summary_of(row: MatterRow, *, href: str) -> MatterSummary:
    """A row of the catalogue."""
    return MatterSummary(
        code=row.code,
        name=words(row.name),
        summary=words(row.summary),
        kind=row.kind,
        topics=list(row.topics),
        served=list(row.served),
        authority=Authority(code=row.authority, name=words(row.authority_name)),
        href=href,
    )


def matter_of(published: PublishedMatter, *, departments: DepartmentNames, href: str) -> Matter:
    """A published version with everything that it says."""
    matter = published.definition
    own = departments[matter.authority]
    return Matter(
        code=matter.code,
        name=words(matter.name),
        summary=words(matter.summary),
        kind=matter.kind,
        topics=list(matter.topics),
        served=list(matter.served),
        authority=Authority(code=own.code, name=words(own)),
        href=href,
        version=published.version,
        effective_from=published.effective_from,
        implementation_code=matter.implementation_code(own.credit_code),
        area=matter.area,
        joint_with=[Authority(code=code, name=words(departments[code])) for code in matter.joint_with],
        ways=list(matter.ways),
        legal_basis=[Basis(law=words(each.law), article=words(each.article)) for each in matter.legal_basis],
        limits=Limits(
            statutory=str(matter.statutory),
            promised=str(matter.promised),
            extension=str(matter.extension) if matter.extension else None,
        ),
        visits=matter.visits,
        fee=Fee(amount=f"{matter.fee.amount:f}", basis=words(matter.fee.basis)),
        result=Result(name=words(matter.result.name), type=matter.result.type, validity=matter.result.validity),
        materials=[_material(spec) for spec in matter.materials],
        conditions=[words(each) for each in matter.conditions],
        refusals=[words(each) for each in matter.refusals],
        remedies=words(matter.remedies),
        questions=[Question(question=words(each.question), answer=words(each.answer)) for each in matter.faq],
        phones=Phones(consultation=matter.phones.consultation, complaint=matter.phones.complaint),
        form=form_schema(matter.form),
    )


def form_schema(form: Form) -> dict[str, Any]:
    """The form as JSON Schema. A field under a condition is not in `required`: whether it is, its condition says."""
    conditional = {field.name for step in form.steps for field in step.fields if step.when or field.when}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": False,
        "required": [name for name, field in form.fields.items() if field.required and name not in conditional],
        "properties": {
            field.name: {
                **field.schema,
                "x-title": {"zh": field.title.zh, "en": field.title.en},
                **({"x-hint": {"zh": field.hint.zh, "en": field.hint.en}} if field.hint else {}),
                **({"x-labels": _labels(field.choices)} if field.choices else {}),
                **({"x-when": when} if (when := _condition(step.when, field.when)) else {}),
                **({"x-required": True} if field.required else {}),
            }
            for step in form.steps
            for field in step.fields
        },
    }


def _labels(choices: Any) -> dict[str, dict[str, str]]:
    return {choice.value: {"zh": choice.label.zh, "en": choice.label.en} for choice in choices}


def _condition(*conditions: Any) -> str:
    return " and ".join(f"({each.text})" for each in conditions if each is not None)


def _material(spec: MaterialSpec) -> Material:
    return Material(
        code=spec.code,
        name=words(spec.name),
        need=spec.need,
        source=spec.source,
        form=spec.form,
        accept=list(spec.accept),
        max_mb=spec.max_mb,
        when=spec.when.text if spec.when else None,
        hint=words(spec.hint) if spec.hint else None,
    )
