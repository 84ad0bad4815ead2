"""Questions one a page, as elder mode asks them. What a page of a whole step keeps, these keep as well."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.catalog.definitions import Field as Asked
from tongban.apps.catalog.definitions import FieldError, FormStep
from tongban.apps.intake.queries import DraftView, get_draft
from tongban.apps.intake.services import save_answer
from tongban.web.access import signed_in
from tongban.web.fields import Field
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.portal.drafts import to_place, unfiled, version_notice
from tongban.web.portal.filing import Place, address, asked_on, barred_on, elsewhere, place_of, pledged_on, progress_of
from tongban.web.preferences import display_of
from tongban.web.questions import fields_of
from tongban.web.requests import Request

__all__ = ["first_question", "headed", "question"]


@signed_in
@keeps_posted
@unfiled
@require_http_methods(["GET", "POST"])
def question(request: Request, draft: UUID, step: str, question: str) -> HttpResponse:
    """One question of a form. Whoever does not read in elder mode is led to the page of its step."""
    view = get_draft(draft=draft, actor=request.actor, at=request.at)
    group = view.definition.form.step(step)
    questions = asked_on(view, group, view.answers) if group is not None else ()
    asked = next((each for each in questions if each.name == question), None)
    if group is None or asked is None:
        return to_place(request, view, None)
    if request.method == "POST":
        return _save(request, view, group, asked)
    if not display_of(request).is_elder:
        return redirect(f"{address(draft=draft, place=Place('step', step))}#id_{question}")
    kept = take_posted(request)
    if kept is None:
        return _ask(request, view, group, asked, view.answers)
    messages.info(request, _("You are signed in again, and your answers are still here. Press Continue to keep them."))
    return _ask(request, view, group, asked, {**view.answers, **_posted(view, group, asked, kept)})


def first_question(draft: DraftView, step: FormStep) -> str:
    """The address of the first question of a step that nobody has gone on from yet; else of its first."""
    asked = asked_on(draft, step, draft.answers)
    new = [each for each in asked if not draft.has_passed(step=step.id, question=each.name)]
    question = next((each.name for each in [*new, *asked]), "")
    return address(draft=draft.id, place=Place("step", step.id, question))


def headed(field: Field) -> Field:
    """The field as the only one of its page: its words are the heading, but for a box to tick, which has its own."""
    return field if field.kind == "checkbox" else replace(field, heading=True)


def _save(request: Request, view: DraftView, group: FormStep, asked: Asked) -> HttpResponse:
    answers = _posted(view, group, asked, request.POST)
    result = save_answer(
        draft=view.id,
        actor=request.actor,
        step=group.id,
        question=asked.name,
        answers=answers,
        elsewhere=elsewhere(view),
        at=request.at,
    )
    action = request.POST.get("action", "")
    if action == "leave":
        messages.success(request, _("Your answers are kept. Go on whenever you like."))
        return redirect("portal:cases")
    saved = get_draft(draft=view.id, actor=request.actor, at=request.at)
    here = Place("step", group.id, asked.name)
    if action == "back":
        return redirect(place_of(draft=saved, before=here, one_by_one=True))
    if result.errors:
        return _ask(request, saved, group, asked, {**saved.answers, **answers}, result.errors, status=422)
    # Of a part whose turn has come, only what was not known before is asked.
    to_open = request.GET.get("from") == "review" or (saved.order is not None and not saved.order.is_open)
    return to_place(request, saved, here, to_open=to_open)


def _posted(view: DraftView, group: FormStep, asked: Asked, data: QueryDict) -> dict[str, Any]:
    return {asked.name: view.definition.form.parse_post(group, data)[asked.name]}


def _ask(
    request: Request,
    view: DraftView,
    group: FormStep,
    asked: Asked,
    answers: Mapping[str, Any],
    errors: tuple[FieldError, ...] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    known = _("Filled in from what we have on file.")
    (field,) = fields_of(asked=[asked], answers=answers, errors=errors, known=known)
    number, total = progress_of(draft=view, at=Place("step", group.id, asked.name), one_by_one=True)
    pledge = pledged_on(view, [asked])
    context = {
        "draft": view,
        "matter": view.definition,
        "step": group,
        "is_first": asked_on(view, group, answers)[:1] == (asked,),
        "field": headed(field),
        "fields": [field],
        "number": number,
        "total": total,
        "notice": version_notice(request, view),
        "pledge": pledge,
        "barred": barred_on(view, pledge, number),
    }
    return render(request, "portal/question.html", context, status=status)
