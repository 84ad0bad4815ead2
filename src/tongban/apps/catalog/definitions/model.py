"""What a matter says, as values: the facts of GB/T 39046-2020 beside form, process and rules."""

import hashlib
from calendar import monthrange
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import rfc8785

from tongban.kernel.clock import Limit, Unit
from tongban.kernel.flow import Definition
from tongban.kernel.rules import Decisions, Expression

from .articles import Article
from .checklists import Checklist
from .conclusions import CONCLUSIONS, name_of
from .form import Form
from .origins import Origin
from .text import Text
from .voice import VoiceSpec

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
    "Pledge",
    "Rectify",
    "Repair",
    "ResultField",
    "ResultSpec",
    "Retention",
    "SpecialProcedure",
]

TOPICS = ("business", "family", "work", "housing", "retirement", "health", "transport", "papers", "rights")
"""Under what people look for a matter; the schema of ``matter.yaml`` allows these."""


FOLLOW = Limit(10, Unit.WORKING_DAYS)
"""How long after the filing a paper may follow, where the matter does not say."""

FEN = Decimal("0.01")
"""The smallest amount of money."""


def months_after(day: date, months: int) -> date:
    """The same day so many months later; the last one of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class Rectify:
    """That what a check of a pledge finds may be ordered to be put right by a day (责令限期整改), and by which laws.

    ``step`` is the check. The day lies at least ``least`` working days ahead, and never more than ``most`` after the
    first time that one was given.
    """

    step: str
    least: Limit
    most: Limit
    basis: tuple[Article, ...]


@dataclass(frozen=True, slots=True)
class Repair:
    """That the bar after a broken pledge may end early (信用修复), if its holder asks and the authority agrees.

    ``months``: so long after it was found broken at the earliest; ``answer``: within that it is decided.
    """

    months: int
    answer: Limit
    basis: tuple[Article, ...]

    def earliest(self, broken: date) -> date:
        """From which day on it can be asked for."""
        return months_after(broken, self.months)


@dataclass(frozen=True, slots=True)
class Pledge:
    """What is pledged (告知承诺) instead of being proven: signed with ``field``, a yes-or-no question of the form.

    ``breach`` is what follows when it is broken; for so many months, ``barred``, no other pledge counts in that matter.
    """

    field: str
    text: Text
    breach: Text
    barred: int
    rectify: Rectify | None = None
    repair: Repair | None = None

    @property
    def sha256(self) -> str:
        """The hash of what is signed, both languages, as canonical JSON (RFC 8785)."""
        words = {
            "text": {"en": self.text.en, "zh": self.text.zh},
            "breach": {"en": self.breach.en, "zh": self.breach.zh},
        }
        return hashlib.sha256(rfc8785.dumps(words)).hexdigest()

    def is_signed(self, answers: Mapping[str, Any]) -> bool:
        """Whether these answers sign it."""
        return answers.get(self.field) is True

    def until(self, broken: date) -> date:
        """Until which day no other counts, when one was broken on that day."""
        return months_after(broken, self.barred)


@dataclass(frozen=True, slots=True)
class Retention:
    """How long answers and files of a case are kept after it came out, in months, and the law that says so."""

    months: int
    basis: Article

    def since(self, on: date) -> date:
        """The day by which a case must have come out, for its answers and files not to be kept on that day any more."""
        year, month = divmod(on.year * 12 + on.month - 1 - self.months, 12)
        return date(year, month + 1, min(on.day, monthrange(year, month + 1)[1]))

    def until(self, came_out: date) -> date:
        """The last day on which they are kept."""
        year, month = divmod(came_out.year * 12 + came_out.month - 1 + self.months, 12)
        return date(year, month + 1, min(came_out.day, monthrange(year, month + 1)[1]))


@dataclass(frozen=True, slots=True)
class SpecialProcedure:
    """A hearing, inspection, test or expert review; its time is not counted (Administrative Licensing Law, 45).

    ``node`` is the step of the process that it is; or, where an officer begins it, ``procedure`` is its kind.
    """

    node: str
    name: Text
    limit: Limit
    procedure: str = ""


@dataclass(frozen=True, slots=True)
class Fee:
    """What the matter costs in yuan (0: nothing) and on what basis.

    ``formula`` gives the amount of one case where that depends on its answers; ``amount`` is then what most pay.
    ``due`` is from when it can be paid: ``filing``, ``acceptance`` or ``grant``. ``kept``: it is not paid back when the
    case ends without what was asked for.
    """

    amount: Decimal
    basis: Text
    formula: Expression | None = None
    due: str = "filing"
    kept: bool = False

    @property
    def is_free(self) -> bool:
        """Whether nothing is charged, whatever is answered."""
        return self.amount == 0 and self.formula is None

    def amount_for(self, facts: Mapping[str, Any]) -> Decimal:
        """Yuan for a case with these facts (``Form.facts``), to the fen; ``amount`` where the formula has no answer."""
        value = self.formula.evaluate(facts) if self.formula is not None else None
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal) or value < 0:
            value = self.amount
        return Decimal(value).quantize(FEN, ROUND_HALF_UP)


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
    ``origins``: where it can be had, the best place first. ``follow_within``: how long after the filing it may follow.
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
    origins: tuple[Origin, ...] = ()
    follow_within: Limit | None = None

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

    @property
    def may_follow(self) -> bool:
        """Whether the applicant may hand it in after the filing."""
        return self.is_asked and self.need == "3"

    @property
    def follow_limit(self) -> Limit:
        """How long after the filing it may follow."""
        return self.follow_within or FOLLOW


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
    """Everything that one version of a matter says, compiled and ready to run. ``checklists`` are by step."""

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
    limit_basis: Article | None
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
    conclusion: str
    retention: Retention | None
    pledge: Pledge | None
    four_eyes: bool
    drafted_at: str
    opinions: str
    assurance: str
    express: bool
    online_payment: bool
    minutes: int | None
    form: Form
    process: Definition
    decisions: Mapping[str, Decisions]
    examples: tuple[Example, ...]
    checklists: Mapping[str, Checklist] = field(default_factory=dict)
    voice: VoiceSpec | None = None

    def keywords(self, language: str) -> tuple[str, ...]:
        """Words under which people look for it: Chinese for ``zh`` and its kin, English for everything else."""
        return self.keywords_zh if language.startswith("zh") else self.keywords_en

    def implementation_code(self, credit_code: str) -> str:
        """GB/T 39046: credit code of the authority (18), level (1), basic code (12)."""
        return f"{credit_code}{self.level}{self.basic_code}"

    def limits_for(self, answers: Mapping[str, Any]) -> tuple[Limit, Limit]:
        """By law, and as promised, for a case with these answers: what people say is answered sooner or later by kind.

        A kind's own limit holds for both: its law is local.
        """
        own = self.voice.limits.get(self.voice.kind_of(answers)) if self.voice is not None else None
        return (own, own) if own is not None else (self.statutory, self.promised)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What somebody can decide for in such a matter."""
        return tuple(CONCLUSIONS[self.conclusion])

    def concluded(self, outcome: str) -> str:
        """What an outcome is called here: ``granted`` of a complaint is ``resolved``."""
        return name_of(conclusion=self.conclusion, outcome=outcome)

    @property
    def is_by_call(self) -> bool:
        """Whether a clerk may file it for whoever calls."""
        return "5" in self.ways

    def materials_for(self, answers: Mapping[str, Any]) -> tuple[MaterialSpec, ...]:
        """The materials that a case with these answers has to do with, in order."""
        # Most matters ask for the same papers whatever was answered: then nothing need be read.
        facts = self.form.facts(answers) if any(each.when is not None for each in self.materials) else {}
        return tuple(material for material in self.materials if material.applies(facts))

    def following(self, *, answers: Mapping[str, Any], there: Collection[str]) -> dict[str, Limit]:
        """The papers that may follow later and are not ``there``, with how long after the filing; by code."""
        if not any(spec.may_follow for spec in self.materials):
            return {}
        return {
            spec.code: spec.follow_limit
            for spec in self.materials_for(answers)
            if spec.may_follow and spec.code not in there
        }

    def procedure_limit(self, procedure: str) -> Limit | None:
        """How long the matter says that a special procedure of that kind takes; the longest where it has several."""
        nodes, places = self.process.nodes, self.process.index
        own = [
            each.limit
            for each in self.special_procedures
            if procedure == (each.procedure or (nodes[places[each.node]].special if each.node in places else ""))
        ]
        return max(own, key=lambda limit: limit.amount, default=None)

    def material(self, code: str) -> MaterialSpec | None:
        """The material of that code."""
        return next((material for material in self.materials if material.code == code), None)
