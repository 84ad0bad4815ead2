"""What the pages of a cart say: its parts and where each is gone on with. Orders in, lines and addresses out."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.answers import mask_answer
from tongban.apps.intake.orders.queries import OrderView, PartView
from tongban.web.portal.filing import question_url
from tongban.web.questions import answer_rows, answer_words, error_texts

__all__ = ["Line", "ReviewSection", "first_shared", "next_url", "part_lines", "problem_links", "review_sections"]


@dataclass(frozen=True, slots=True)
class Line:
    """A part as a row: what is to be done for it, and where."""

    part: PartView
    words: str
    tone: str
    icon: str
    url: str


@dataclass(frozen=True, slots=True)
class ReviewSection:
    """A group of answers to read once more."""

    title: str
    rows: Sequence[dict[str, str]]


def part_lines(order: OrderView) -> list[Line]:
    """Each part with what is still to be done for it."""
    return [_line(part) for part in order.parts]


def next_url(order: OrderView) -> str:
    """Where the next thing is done: what is on file, shared answers, each part, papers, then the whole to read."""
    if order.is_offered:
        return reverse("portal:cart_on_file", kwargs={"order": order.id})
    if order.shared_open:
        return reverse("portal:cart_answers", kwargs={"order": order.id})
    for part in order.parts:
        if not part.is_done:
            return reverse("portal:resume", kwargs={"draft": part.draft})
    if any(paper.is_missing for paper in order.papers):
        return reverse("portal:cart_papers", kwargs={"order": order.id})
    return reverse("portal:cart_review", kwargs={"order": order.id})


def first_shared(order: OrderView) -> str:
    """The shared question to begin with where they are asked one by one: without an answer, or else a wrong one."""
    open_ones = [each.id for each in order.shared if each.id not in order.shared_answers]
    wrong = [each.id for each in order.shared if each.id in order.shared_missing]
    return next(iter([*open_ones, *wrong, *(each.id for each in order.shared)]))


def review_sections(order: OrderView, *, one_by_one: bool = False) -> list[ReviewSection]:
    """What is about to be sent: what was asked once, then what is specific to each matter."""
    sections: list[ReviewSection] = []
    if order.shared:
        sections.append(ReviewSection(_("Asked once, for all"), _shared_rows(order, one_by_one)))
    for part in order.parts:
        form = part.definition.form
        rows: list[dict[str, str]] = []
        for step, fields in form.asked_for(part.answers):
            asked = [each for each in fields if each.name not in part.elsewhere]
            where = partial(question_url, draft=part.draft, step=step.id, one_by_one=one_by_one)
            rows += answer_rows(form=form, asked=asked, answers=part.answers, where=where)
        sections.append(ReviewSection(part.definition.name.in_language(_language()), rows))
    return sections


def problem_links(order: OrderView, *, one_by_one: bool = False) -> list[dict[str, str]]:
    """What keeps it from being sent, each with the page on which it is mended."""
    found: list[dict[str, str]] = []
    if order.shared_open:
        url = reverse("portal:cart_answers", kwargs={"order": order.id})
        found.append({"text": _("Some of what is asked once is still missing"), "url": url})
    for part in order.parts:
        found += _problems_of(part, one_by_one)
    papers = reverse("portal:cart_papers", kwargs={"order": order.id})
    for paper in order.papers:
        if paper.is_missing:
            words = _("%(material)s: please add the file") % {
                "material": paper.paper.spec.name.in_language(_language())
            }
            found.append({"text": words, "url": f"{papers}#id_file-{paper.name.replace('.', '-')}"})
    return found


def _problems_of(part: PartView, one_by_one: bool) -> list[dict[str, str]]:
    form = part.definition.form
    name = part.definition.name.in_language(_language())
    step_of = {asked.name: step.id for step in form.steps for asked in step.fields}
    texts = error_texts(asked=list(form.fields.values()), errors=part.errors)
    found = []
    for field, words in texts.items():
        url = question_url(draft=part.draft, step=step_of[field], question=field, one_by_one=one_by_one)
        found.append({"text": f"{name} · {words[0]}", "url": url})
    if not found and not part.is_done:
        url = reverse("portal:resume", kwargs={"draft": part.draft})
        found.append({"text": _("%(matter)s: please look through its pages") % {"matter": name}, "url": url})
    return found


def _line(part: PartView) -> Line:
    url = reverse("portal:resume", kwargs={"draft": part.draft})
    if part.is_done and not part.has_pages:
        return Line(part, _("nothing more to fill in"), "done", "check", "")
    if part.is_done:
        first = next(
            step
            for step, fields in part.definition.form.asked_for(part.answers)
            if any(each.name not in part.elsewhere for each in fields)
        )
        url = reverse("portal:step", kwargs={"draft": part.draft, "step": first.id})
        return Line(part, _("filled in"), "done", "check", url)
    return Line(part, _("to fill in"), "sun", "edit", url)


def _shared_rows(order: OrderView, one_by_one: bool) -> list[dict[str, str]]:
    rows = []
    for one in order.shared:
        value = order.shared_answers.get(one.id)
        shown = mask_answer(field=one.field, value=value) if one.field.sensitive and value else value
        rows.append(
            {
                "key": one.field.title.in_language(_language()),
                "value": answer_words(asked=one.field, value=shown),
                "url": _shared_url(order, one.id, one_by_one),
            }
        )
    return rows


def _shared_url(order: OrderView, question: str, one_by_one: bool) -> str:
    if one_by_one:
        return reverse("portal:cart_question", kwargs={"order": order.id, "question": question}) + "?from=review"
    return reverse("portal:cart_answers", kwargs={"order": order.id}) + f"#id_{question}"


def _language() -> str:
    return get_language() or "zh-hans"
