"""The order of the pages of a filing, and what its review says. No requests here: drafts in, places and rows out."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.catalog.definitions import Field as Asked
from tongban.apps.catalog.definitions import FormStep, MaterialSpec, Pledge
from tongban.apps.intake.queries import DraftFileView, DraftView
from tongban.web.fields import Field
from tongban.web.questions import answer_rows, error_texts

__all__ = [
    "ONWARD",
    "Handed",
    "Place",
    "Review",
    "Section",
    "address",
    "asked_on",
    "barred_on",
    "elsewhere",
    "handed_in",
    "in_cart",
    "next_place",
    "place_of",
    "places",
    "pledged_on",
    "progress_of",
    "question_url",
    "review_of",
]

ONWARD = "onward"  # in the address of a cart: lead to what is still open, as from the last page of one of its parts


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a filing: a step by its id, or ``on_file``, ``materials`` or ``review``; for a part of an order its
    ``cart``.

    ``question``: that question of the step alone, where they are asked one by one (elder mode).
    """

    page: str
    step: str = ""
    question: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A material with the files that are there for it."""

    spec: MaterialSpec
    files: Sequence[DraftFileView]
    field: Field | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A step as the review shows it."""

    title: str
    rows: Sequence[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Review:
    """The whole filing to read. ``problems`` link to where each is put right; empty when it can be sent."""

    sections: Sequence[Section]
    handed: Sequence[Handed]
    problems: Sequence[dict[str, str]] = field(default_factory=tuple)


def in_cart(draft: DraftView) -> bool:
    """Whether it is a part of an order that has not been sent: papers and review are the order's then."""
    return draft.order is not None and draft.order.is_open


def elsewhere(draft: DraftView) -> frozenset[str]:
    """Fields that are asked once for the whole order, come later, or are known from what was taken."""
    of_order = draft.order.elsewhere if draft.order is not None else frozenset()
    return of_order | draft.on_file.taken


def asked_on(draft: DraftView, step: FormStep, answers: Mapping[str, Any]) -> tuple[Asked, ...]:
    """The questions of a step that its page asks."""
    away = elsewhere(draft)
    return tuple(each for each in draft.definition.form.fields_for(step, answers) if each.name not in away)


def pages_of(draft: DraftView) -> list[tuple[FormStep, tuple[Asked, ...]]]:
    """The steps that these answers lead through and whose pages ask anything, each with what its page asks."""
    away = elsewhere(draft)
    found = [
        (step, tuple(each for each in fields if each.name not in away))
        for step, fields in draft.definition.form.asked_for(draft.answers)
    ]
    return [(step, asked) for step, asked in found if asked]


def asks_files(draft: DraftView) -> bool:
    """Whether anything is to be handed in at all."""
    return any(spec.is_asked for spec in draft.definition.materials_for(draft.answers))


def places(draft: DraftView, *, one_by_one: bool = False) -> list[Place]:
    """All pages in order; ``one_by_one``: each question has a page of its own."""
    pages: list[Place] = []
    for step, asked in pages_of(draft):
        pages += [Place("step", step.id, each.name) for each in asked] if one_by_one else [Place("step", step.id)]
    if in_cart(draft):
        return [*pages, Place("cart")]
    return [*pages, *([Place("materials")] if asks_files(draft) else []), Place("review")]


def next_place(*, draft: DraftView, after: Place | None, one_by_one: bool = False) -> Place:
    """The page after another; None: the first page on which something is still to be done."""
    pages = places(draft, one_by_one=one_by_one)
    if after is not None:
        return pages[_index(pages, after, last=True) + 1]
    if draft.on_file.is_open:
        return Place("on_file")
    wrong = {error.field for error in draft.definition.form.validate(answers=draft.answers).errors}
    for page in pages:
        step = draft.definition.form.step(page.step)
        if step is not None and _is_open(draft, page, step, wrong):
            return page
        if page.page == "materials" and draft.missing:
            return page
    return pages[-1]


def _is_open(draft: DraftView, page: Place, step: FormStep, wrong: Collection[str]) -> bool:
    """Whether something on a page of questions is wrong, or nobody has gone on from it yet."""
    if page.question:
        return page.question in wrong or not draft.has_passed(step=step.id, question=page.question)
    return step.id not in draft.steps_done or any(each.name in wrong for each in asked_on(draft, step, draft.answers))


def _index(pages: Sequence[Place], at: Place, *, last: bool = False) -> int:
    """Where a page is; for a step of which each question has its own, the first or ``last`` of them. -1: nowhere."""
    found = [
        index
        for index, page in enumerate(pages)
        if (page.page, page.step) == (at.page, at.step) and at.question in ("", page.question)
    ] or [index for index, page in enumerate(pages) if (page.page, page.step) == (at.page, at.step)]
    return found[-1 if last else 0] if found else -1


def place_of(*, draft: DraftView, before: Place, one_by_one: bool = False) -> str:
    """The address of the page before another."""
    pages = places(draft, one_by_one=one_by_one)
    index = _index(pages, before)
    if index > 0:
        return address(draft=draft.id, place=pages[index - 1])
    if in_cart(draft) and draft.order is not None:
        return reverse("portal:cart", kwargs={"order": draft.order.id})
    if index == 0 and (draft.on_file.sources or draft.on_file.papers):
        return reverse("portal:on_file", kwargs={"draft": draft.id})
    return reverse("portal:matter", kwargs={"code": draft.definition.code})


def address(*, draft: UUID, place: Place) -> str:
    """The address of a page of questions, of papers, or of the review."""
    if place.question:
        return reverse("portal:question", kwargs={"draft": draft, "step": place.step, "question": place.question})
    if place.step:
        return reverse("portal:step", kwargs={"draft": draft, "step": place.step})
    return reverse(f"portal:{place.page}", kwargs={"draft": draft})


def question_url(*, draft: UUID, step: str, question: str, one_by_one: bool) -> str:
    """Where a question is answered once more, to come back to the review: its own page, or its place on its step's."""
    url = address(draft=draft, place=Place("step", step, question if one_by_one else ""))
    return f"{url}?from=review" if one_by_one else f"{url}?from=review#id_{question}"


def progress_of(*, draft: DraftView, at: Place, one_by_one: bool = False) -> tuple[int, int]:
    """Which page of how many this is; of questions asked one by one, which question of how many."""
    pages = places(draft, one_by_one=one_by_one)
    if at.question:
        pages = [page for page in pages if page.question]
    return max(_index(pages, at) + 1, 1), len(pages)


def handed_in(*, draft: DraftView) -> list[Handed]:
    """The materials that are asked for, with what is there."""
    asked = [spec for spec in draft.definition.materials_for(draft.answers) if spec.is_asked]
    return [Handed(spec, [file for file in draft.files if file.code == spec.code]) for spec in asked]


def review_of(*, draft: DraftView, one_by_one: bool = False) -> Review:
    """What is about to be filed, and what still keeps it from being filed."""
    form = draft.definition.form
    sections = []
    away, silent = elsewhere(draft), draft.on_file.unconfirmed
    for step, fields in form.asked_for(draft.answers):
        if all(each.name in away for each in fields):
            continue
        where = partial(question_url, draft=draft.id, step=step.id, one_by_one=one_by_one)
        asked = [each for each in fields if each.name not in draft.on_file.taken]
        rows = answer_rows(form=form, asked=asked, answers=draft.answers, where=where, unconfirmed=silent)
        sections.append(Section(step.title.in_language(_language()), rows))
    return Review(sections, handed_in(draft=draft), _problems(draft, one_by_one))


def pledged_on(draft: DraftView, questions: Iterable[Asked]) -> Pledge | None:
    """What is signed on a page with these questions; None where nothing is."""
    pledge = draft.definition.pledge
    return pledge if pledge is not None and any(each.name == pledge.field for each in questions) else None


def barred_on(draft: DraftView, pledge: Pledge | None, number: int) -> date | None:
    """Until which day no pledge of theirs counts: said before anything is filled in, and where one is signed."""
    return draft.barred if pledge is not None or number == 1 else None


def _problems(draft: DraftView, one_by_one: bool) -> list[dict[str, str]]:
    """What keeps it from being filed, each with the page on which it is mended."""
    form, found = draft.definition.form, []
    errors = form.validate(answers=draft.answers).errors
    texts = error_texts(asked=list(form.fields.values()), errors=errors)
    step_of = {asked.name: step.id for step in form.steps for asked in step.fields}
    for name, words in texts.items():
        if name in step_of:
            url = question_url(draft=draft.id, step=step_of[name], question=name, one_by_one=one_by_one)
            found.append({"text": words[0], "url": url})
    materials = reverse("portal:materials", kwargs={"draft": draft.id})
    for spec in draft.missing:
        words_missing = _("%(material)s: please add the file") % {"material": spec.name.in_language(_language())}
        found.append({"text": words_missing, "url": f"{materials}#id_file-{spec.code}"})
    return found


def _language() -> str:
    return get_language() or "zh-hans"
