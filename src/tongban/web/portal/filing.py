"""The order of the pages of a filing, and what its review says. No requests here: drafts in, places and rows out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.catalog.definitions import FormStep, MaterialSpec
from tongban.apps.intake.queries import DraftFileView, DraftView
from tongban.web.fields import Field
from tongban.web.questions import answer_rows, error_texts

__all__ = ["Handed", "Place", "Review", "Section", "handed_in", "next_place", "place_of", "progress_of", "review_of"]


@dataclass(frozen=True, slots=True)
class Place:
    """A page of a filing: a step by its id, or ``materials`` or ``review``."""

    page: str
    step: str = ""


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
    url: str
    rows: Sequence[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Review:
    """The whole filing to read. ``problems`` link to where each is put right; empty when it can be sent."""

    sections: Sequence[Section]
    handed: Sequence[Handed]
    problems: Sequence[dict[str, str]] = field(default_factory=tuple)


def steps_of(draft: DraftView) -> Sequence[FormStep]:
    """The steps that these answers lead through."""
    return draft.definition.form.steps_for(draft.answers)


def asks_files(draft: DraftView) -> bool:
    """Whether anything is to be handed in at all."""
    return any(spec.is_asked for spec in draft.definition.materials_for(draft.answers))


def places(draft: DraftView) -> list[Place]:
    """All pages in order."""
    pages = [Place("step", step.id) for step in steps_of(draft)]
    return [*pages, *([Place("materials")] if asks_files(draft) else []), Place("review")]


def next_place(*, draft: DraftView, after: str | None) -> Place:
    """The page after step ``after``; None: the first page on which something is still to be done."""
    pages = places(draft)
    if after is not None:
        index = next((at for at, page in enumerate(pages) if page.step == after), -1)
        return pages[index + 1]
    open_step = draft.definition.form.first_open_step(draft.answers)
    for page in pages:
        if page.page == "step" and (page.step not in draft.steps_done or (open_step and open_step.id == page.step)):
            return page
        if page.page == "materials" and draft.missing:
            return page
    return pages[-1]


def place_of(*, draft: DraftView, before: str) -> str:
    """The address of the page before a step, or before ``materials`` or ``review``."""
    pages = places(draft)
    index = next((at for at, page in enumerate(pages) if before == (page.step or page.page)), 0)
    if index == 0:
        return reverse("portal:matter", kwargs={"code": draft.definition.code})
    page = pages[index - 1]
    if page.step:
        return reverse("portal:step", kwargs={"draft": draft.id, "step": page.step})
    return reverse(f"portal:{page.page}", kwargs={"draft": draft.id})


def progress_of(*, draft: DraftView, at: str) -> tuple[int, int]:
    """Which page of how many this is."""
    names = [page.step or page.page for page in places(draft)]
    return (names.index(at) + 1 if at in names else 1), len(names)


def handed_in(*, draft: DraftView) -> list[Handed]:
    """The materials that are asked for, with what is there."""
    asked = [spec for spec in draft.definition.materials_for(draft.answers) if spec.is_asked]
    return [Handed(spec, [file for file in draft.files if file.code == spec.code]) for spec in asked]


def review_of(*, draft: DraftView) -> Review:
    """What is about to be filed, and what still keeps it from being filed."""
    form = draft.definition.form
    sections = []
    for step in steps_of(draft):
        url = reverse("portal:step", kwargs={"draft": draft.id, "step": step.id}) + "?from=review"
        asked = form.fields_for(step, draft.answers)
        rows = answer_rows(form=form, asked=asked, answers=draft.answers, url=url)
        sections.append(Section(step.title.in_language(_language()), url, rows))
    return Review(sections, handed_in(draft=draft), _problems(draft))


def _problems(draft: DraftView) -> list[dict[str, str]]:
    """What keeps it from being filed, each with the page on which it is mended."""
    form, found = draft.definition.form, []
    errors = form.validate(answers=draft.answers).errors
    texts = error_texts(asked=list(form.fields.values()), errors=errors)
    step_of = {asked.name: step.id for step in form.steps for asked in step.fields}
    for name, words in texts.items():
        if name in step_of:
            url = reverse("portal:step", kwargs={"draft": draft.id, "step": step_of[name]})
            found.append({"text": words[0], "url": f"{url}?from=review#id_{name}"})
    materials = reverse("portal:materials", kwargs={"draft": draft.id})
    for spec in draft.missing:
        words_missing = _("%(material)s: please add the file") % {"material": spec.name.in_language(_language())}
        found.append({"text": words_missing, "url": f"{materials}#id_file-{spec.code}"})
    return found


def _language() -> str:
    return get_language() or "zh-hans"
