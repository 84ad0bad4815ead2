"""What a bundle says: several matters for one event of life, which of them apply, and what is asked once for all."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from tongban.apps.catalog.definitions.form import Choice
from tongban.apps.catalog.definitions.text import Text
from tongban.kernel.rules import Decisions, Expression

__all__ = [
    "Bundle",
    "BundleExample",
    "BundleVisits",
    "Dependency",
    "GuideChoice",
    "Part",
    "Question",
    "SharedAnswer",
]


@dataclass(frozen=True, slots=True)
class GuideChoice(Choice):
    """One of the answers to a question of the guide."""

    hint: Text | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A question of the guide. ``fields`` are those that its answer fills in, by matter; ``when`` limits it."""

    id: str
    title: Text
    hint: Text | None
    choices: tuple[GuideChoice, ...]
    when: Expression | None
    fields: Mapping[str, str]

    def choice(self, value: object) -> GuideChoice | None:
        """The choice of that value."""
        return next((choice for choice in self.choices if choice.value == value), None)


@dataclass(frozen=True, slots=True)
class Dependency:
    """``part`` (a matter) must have been granted first, and ``why``."""

    part: str
    why: Text


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A matter of the bundle. ``later`` are fields that only the outcome of an earlier part gives."""

    matter: str
    optional: bool
    when: Expression | None
    note: Text | None
    after: tuple[Dependency, ...]
    later: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class SharedAnswer:
    """A question asked once: ``fields`` are where its answer goes, by matter."""

    id: str
    title: Text
    hint: Text | None
    when: Expression | None
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class BundleVisits:
    """How often people come at most when all is filed together, and why it is less than one by one."""

    most: int
    why: Text


@dataclass(frozen=True, slots=True)
class BundleExample:
    """Answers to the guide and what must come of them; ``materials`` as ``matter.material``. None: not told."""

    name: Text
    line: int
    answers: Mapping[str, Any]
    parts: tuple[str, ...]
    materials: tuple[str, ...] | None
    fee: Decimal | None
    visits: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """One version of a bundle. ``parts`` stand so that each comes after those that it depends on.

    ``place`` is where it stands in lists: small numbers first.
    """

    code: str
    name: Text
    summary: Text
    keywords_zh: tuple[str, ...]
    keywords_en: tuple[str, ...]
    icon: str
    place: int
    served: tuple[str, ...]
    questions: tuple[Question, ...]
    rules: Decisions | None
    parts: tuple[Part, ...]
    shared: tuple[SharedAnswer, ...]
    materials: tuple[Mapping[str, str], ...]
    visits: BundleVisits | None
    examples: tuple[BundleExample, ...]

    def keywords(self, language: str) -> tuple[str, ...]:
        """Words under which people look for it: Chinese for ``zh`` and its kin, English for everything else."""
        return self.keywords_zh if language.startswith("zh") else self.keywords_en

    def question(self, question_id: str) -> Question | None:
        """The question of that id."""
        return next((question for question in self.questions if question.id == question_id), None)

    def part(self, matter: str) -> Part | None:
        """The part that is this matter."""
        return next((part for part in self.parts if part.matter == matter), None)

    def asked(self, answers: Mapping[str, Any]) -> tuple[Question, ...]:
        """The questions that the guide asks, given the answers so far, in order."""
        return tuple(question for question, _ in self._walk(answers))

    def clean(self, answers: Mapping[str, Any]) -> dict[str, str]:
        """The answers to questions that are asked, where they are among the choices; the others are dropped."""
        return {question.id: value for question, value in self._walk(answers) if value is not None}

    def first_open(self, answers: Mapping[str, Any]) -> Question | None:
        """The first question that is asked and not answered; None when the guide has been walked to its end."""
        return next((question for question, value in self._walk(answers) if value is None), None)

    def facts(self, answers: Mapping[str, Any]) -> dict[str, Any]:
        """What conditions see: each question's answer (null where none), and the results of the rules by name."""
        facts: dict[str, Any] = dict.fromkeys((question.id for question in self.questions), None)
        facts |= self.clean(answers)
        if self.rules is not None:
            facts |= {name: self.rules.evaluate(name, facts).value for name in self.rules.names}
        return facts

    def parts_for(self, answers: Mapping[str, Any]) -> tuple[Part, ...]:
        """The parts that apply with these answers, each after those that it depends on."""
        facts = self.facts(answers)
        return tuple(part for part in self.parts if part.when is None or part.when.evaluate(facts) is True)

    def shared_for(self, answers: Mapping[str, Any], matters: Sequence[str]) -> tuple[SharedAnswer, ...]:
        """What is asked once for these matters: questions of at least one of them whose condition holds."""
        facts = self.facts(answers)
        return tuple(
            shared
            for shared in self.shared
            if any(matter in shared.fields for matter in matters)
            and (shared.when is None or shared.when.evaluate(facts) is True)
        )

    def known(self, answers: Mapping[str, Any], matter: str) -> dict[str, str]:
        """What the guide's answers fill in of a matter's form, by field; as typed, for its form to read."""
        clean = self.clean(answers)
        return {
            question.fields[matter]: clean[question.id]
            for question in self.questions
            if matter in question.fields and question.id in clean
        }

    def _walk(self, answers: Mapping[str, Any]) -> Iterator[tuple[Question, str | None]]:
        facts: dict[str, Any] = dict.fromkeys(question.id for question in self.questions)
        for question in self.questions:
            if question.when is None or question.when.evaluate(facts) is True:
                choice = question.choice(answers.get(question.id))
                facts[question.id] = choice.value if choice else None
                yield question, facts[question.id]
