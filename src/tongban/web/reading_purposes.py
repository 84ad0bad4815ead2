"""What a photographed paper is read for: which papers will do, and which of their fields are of use."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.queries import CaseView, get_case, get_case_of
from tongban.apps.catalog.definitions import Field as Question
from tongban.apps.catalog.definitions import FormStep, MatterDefinition
from tongban.apps.intake.errors import DraftFiled, UnknownDraft
from tongban.apps.intake.queries import DraftView, get_draft
from tongban.apps.people.actors import Actor
from tongban.apps.recognition.errors import UnknownReading
from tongban.apps.recognition.queries import Asked
from tongban.web.wording.readings import read_field_words

__all__ = [
    "Purpose",
    "answers_from",
    "draft_purpose",
    "purpose_of",
    "questions_of_supplement",
    "supplement_purpose",
]

_READABLE = ("text", "textarea", "date", "number", "radios")


@dataclass(frozen=True, slots=True, kw_only=True)
class Purpose:
    """``papers`` are the kinds that will do; of their fields only the ``wanted`` are shown, and so taken.

    ``form`` are the questions of a form, where the paper may be that, ``answered`` those of them that are of use,
    ``labels`` what fields are called.
    """

    name: str
    papers: Sequence[str]
    wanted: Sequence[str]
    answered: Sequence[str] = ()
    form: Mapping[str, Asked] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)

    def label(self, name: str) -> str:
        """What a field is called."""
        return self.labels.get(name) or read_field_words(name)

    def of_use(self, kind: str) -> Sequence[str]:
        """The fields of a paper of this kind that are of use: of a card those that the page asks, and no more."""
        if kind == "form":
            return self.answered
        number = "credit_code" if kind == "licence" else "identity_number"
        return [name for name in self.wanted if name in (number, "name")]

    def other_words(self, kind: str) -> str:
        """What is said of a picture of something else."""
        if "card-front" in self.papers and kind == "card-back":
            return _("This is the back of the card. Photograph the side with the portrait and the name.")
        if self.name == "organisation":
            return _(
                "No business licence was made out on this picture. Take it again, the licence filling the picture."
            )
        if self.form is not None:
            return _("Nothing that is asked here was made out on this picture. Take it again, or type it.")
        return _("No identity card was made out on this picture. Take it again, the card filling the picture.")


_PERSON = Purpose(name="person", papers=("card-front",), wanted=("identity_number", "name"))
_ORGANISATION = Purpose(name="organisation", papers=("licence",), wanted=("credit_code", "name"))


def purpose_of(text: str, *, actor: Actor, at: datetime, served: str = "") -> Purpose:
    """The purpose that a reading was begun with. Raises ``UnknownReading`` where its draft is gone, and where a case
    asks for nothing any more.

    ``served``: the applicant (by key) of that case whose card lies before the actor, who is a clerk then.
    """
    if text.startswith("case:"):
        return _of_case(text.removeprefix("case:"), actor, at, served)
    if not text.startswith("draft:"):
        return _ORGANISATION if text == "organisation" else _PERSON
    try:
        _draft, key, name = text.split(":", 2)
        view = get_draft(draft=UUID(key), actor=actor, at=at)
    except (ValueError, UnknownDraft, DraftFiled) as error:
        raise UnknownReading from error
    step = view.definition.form.step(name)
    purpose = draft_purpose(view, step) if step is not None else None
    if purpose is None:
        raise UnknownReading
    return purpose


def questions_of_supplement(case: CaseView) -> list[Question]:
    """Those of its questions that a case asks for anew."""
    fields = case.definition.form.fields
    return [fields[str(item)] for item in (case.supplement or {}).get("items", ()) if str(item) in fields]


def supplement_purpose(case: CaseView) -> Purpose | None:
    """What may be read for what a case asks for anew; None where nothing of it could be read."""
    return _purpose(f"case:{case.number:016d}", questions_of_supplement(case), case.definition)


def _of_case(text: str, actor: Actor, at: datetime, served: str) -> Purpose:
    try:
        number = int(text)
        if served:
            case = get_case_of(number=number, served=served, actor=actor, at=at)
        else:
            case = get_case(number=number, actor=actor, at=at)
    except (ValueError, UnknownCase) as error:
        raise UnknownReading from error
    purpose = supplement_purpose(case) if served or case.is_owner else None
    if purpose is None:
        raise UnknownReading
    return purpose


def draft_purpose(view: DraftView, step: FormStep) -> Purpose | None:
    """What may be read for one page of a draft: its form on paper, and a card or licence where it asks for that."""
    return _purpose(f"draft:{view.id}:{step.id}", step.fields, view.definition)


def _purpose(name: str, questions: Sequence[Question], definition: MatterDefinition) -> Purpose | None:
    readable = [each for each in questions if each.control in _READABLE]
    if not any(each.control != "radios" for each in readable):
        return None
    language = get_language() or "zh-hans"
    papers, by_card = ["form"], _by_card(questions)
    if "identity_number" in by_card:
        papers.append("card-front")
    if "credit_code" in by_card:
        papers.append("licence")
    return Purpose(
        name=name,
        papers=papers,
        wanted=list(by_card),
        answered=[each.name for each in readable],
        form={
            each.name: Asked(labels=(each.title.zh, each.title.en), format=each.format)
            for each in definition.form.fields.values()
        },
        labels={each.name: each.title.in_language(language) for each in readable},
    )


def answers_from(questions: Sequence[Question], taken: Mapping[str, str]) -> dict[str, str]:
    """The answers to a page's questions that were confirmed from a paper."""
    by_card = {name: question for name, question in _by_card(questions).items() if name in taken}
    answers: dict[str, str] = {}
    for each in questions:
        source = next((name for name, question in by_card.items() if question == each.name), each.name)
        if source in taken and each.control in _READABLE and (value := _value(each, taken[source])):
            answers[each.name] = value
    return answers


def _by_card(asked: Sequence[Question]) -> dict[str, str]:
    """Which question a number on a card or licence answers, and which the name beside it, where no doubt is."""
    found: dict[str, str] = {}
    for kind, source in (("identity-number", "identity_number"), ("credit-code", "credit_code")):
        questions = [each.name for each in asked if each.format == kind]
        if len(questions) == 1:
            found[source] = questions[0]
    names = [each.name for each in asked if each.prefill == "name" or each.title.zh in ("姓名", "名称")]
    if len(found) == 1 and len(names) == 1:
        found["name"] = names[0]
    return found


def _value(question: Question, text: str) -> str:
    """The answer that words on paper are; "" where they are none that the question takes."""
    if question.control == "radios":
        fits = [each.value for each in question.choices if text in (each.value, each.label.zh, each.label.en)]
        return fits[0] if fits else ""
    if question.control == "number":
        number = re.match(r"[0-9]+(\.[0-9]+)?", text)
        return number[0] if number else ""
    return text
