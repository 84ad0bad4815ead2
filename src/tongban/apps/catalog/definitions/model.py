"""What a matter says, as values: the facts of GB/T 39046-2020 beside form, process and rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from tongban.kernel.clock import Limit
from tongban.kernel.flow import Definition
from tongban.kernel.rules import Decisions, Expression

from .form import Form
from .text import Text

__all__ = [
    "TOPICS",
    "Article",
    "Example",
    "ExampleStep",
    "Faq",
    "Fee",
    "MaterialSpec",
    "MatterDefinition",
    "Phones",
    "ResultField",
    "ResultSpec",
    "SpecialProcedure",
]

TOPICS = ("business", "family", "work", "housing", "retirement", "health", "transport", "papers", "rights")
"""Under what people look for a matter; the schema of ``matter.yaml`` allows these."""


@dataclass(frozen=True, slots=True)
class Article:
    """A law and the article of it on which the matter rests."""

    law: Text
    article: Text


@dataclass(frozen=True, slots=True)
class SpecialProcedure:
    """A hearing, inspection, test or expert review; its time is not counted (Administrative Licensing Law, 45)."""

    node: str
    name: Text
    limit: Limit


@dataclass(frozen=True, slots=True)
class Fee:
    """What the matter costs in yuan (0: nothing) and on what basis."""

    amount: Decimal
    basis: Text

    @property
    def is_free(self) -> bool:
        """Whether nothing is charged."""
        return self.amount == 0


@dataclass(frozen=True, slots=True)
class ResultField:
    """A line of the certificate: an answer of the form under a label."""

    field: str
    label: Text


@dataclass(frozen=True, slots=True)
class ResultSpec:
    """What the applicant receives. ``validity`` is as written, such as ``5 years``; ``none`` for no end."""

    name: Text
    type: str
    code: str
    validity: str
    fields: tuple[ResultField, ...]
    sample: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MaterialSpec:
    """Evidence that the matter needs.

    ``need``: 1 necessary, 2 not necessary, 3 may follow later. ``source``: 10 applicant, 20 government, 99 other.
    ``form``: ``upload`` is asked for; ``fetched`` and ``held`` are got by the system. ``when`` limits it to some cases.
    """

    code: str
    name: Text
    need: str
    source: str
    form: str
    accept: tuple[str, ...]
    max_mb: int
    hint: Text | None
    when: Expression | None

    def applies(self, facts: Mapping[str, Any]) -> bool:
        """Whether a case with these facts (``Form.facts``) has to do with this material at all."""
        return self.when is None or self.when.evaluate(facts) is True

    @property
    def is_asked(self) -> bool:
        """Whether the applicant hands it in."""
        return self.form == "upload"

    @property
    def is_necessary(self) -> bool:
        """Whether a case cannot be filed without it."""
        return self.is_asked and self.need == "1"


@dataclass(frozen=True, slots=True)
class Faq:
    """A question that people ask, and its answer."""

    question: Text
    answer: Text


@dataclass(frozen=True, slots=True)
class Phones:
    """Whom to ask, and whom to complain to."""

    consultation: str
    complaint: str


@dataclass(frozen=True, slots=True)
class ExampleStep:
    """One thing that someone does to the example case; ``after`` counts from the step before, as written."""

    do: str
    by: str
    after: str
    node: str
    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Example:
    """A case, step by step, and what must come of it."""

    file: str
    name: Text
    applicant: str
    at: datetime
    answers: Mapping[str, Any]
    materials: tuple[str, ...]
    steps: tuple[ExampleStep, ...]
    expect: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MatterDefinition:
    """Everything that one version of a matter says, compiled and ready to run."""

    code: str
    name: Text
    summary: Text
    keywords_zh: tuple[str, ...]
    keywords_en: tuple[str, ...]
    icon: str
    topics: tuple[str, ...]
    authority: str
    joint_with: tuple[str, ...]
    basic_code: str
    type: str
    level: str
    served: tuple[str, ...]
    kind: str
    ways: tuple[str, ...]
    area: str
    legal_basis: tuple[Article, ...]
    statutory: Limit
    promised: Limit
    extension: Limit | None
    restarts: bool
    visits: int
    visits_reason: Text | None
    special_procedures: tuple[SpecialProcedure, ...]
    fee: Fee
    result: ResultSpec
    materials: tuple[MaterialSpec, ...]
    conditions: tuple[Text, ...]
    refusals: tuple[Text, ...]
    remedies: Text
    faq: tuple[Faq, ...]
    phones: Phones
    appointment: bool
    express: bool
    online_payment: bool
    minutes: int | None
    form: Form
    process: Definition
    decisions: Mapping[str, Decisions]
    examples: tuple[Example, ...]

    def keywords(self, language: str) -> tuple[str, ...]:
        """Words under which people look for it, in ``zh-hans`` or ``en``."""
        return self.keywords_en if language.startswith("en") else self.keywords_zh

    def implementation_code(self, credit_code: str) -> str:
        """GB/T 39046: credit code of the authority (18), level (1), basic code (12)."""
        return f"{credit_code}{self.level}{self.basic_code}"

    def materials_for(self, answers: Mapping[str, Any]) -> tuple[MaterialSpec, ...]:
        """The materials that a case with these answers has to do with, in order."""
        facts = self.form.facts(answers)
        return tuple(material for material in self.materials if material.applies(facts))

    def material(self, code: str) -> MaterialSpec | None:
        """The material of that code."""
        return next((material for material in self.materials if material.code == code), None)
