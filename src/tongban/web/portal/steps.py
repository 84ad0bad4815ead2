"""The pages of a filing on which something is filled in: questions and papers. Every button keeps what is there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.catalog.definitions import FieldError, FormStep, MaterialSpec
from tongban.apps.evidence.errors import EvidenceError, FileTooLarge
from tongban.apps.intake.queries import DraftView, get_draft
from tongban.apps.intake.services import add_file, remove_file, save_step
from tongban.web.access import signed_in
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.portal.drafts import to_place, unfiled, version_notice
from tongban.web.portal.filing import (
    Handed,
    Place,
    asked_on,
    barred_on,
    elsewhere,
    handed_in,
    in_cart,
    place_of,
    pledged_on,
    progress_of,
)
from tongban.web.portal.on_file import fetched_rows, follow_words
from tongban.web.portal.one_by_one import first_question
from tongban.web.preferences import display_of
from tongban.web.questions import fields_of, upload_field
from tongban.web.reading_purposes import answers_from, draft_purpose
from tongban.web.readings import taken_of
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import leading
from tongban.web.wording import error_words

__all__ = ["materials", "step"]


@signed_in
@keeps_posted
@unfiled
@require_http_methods(["GET", "POST"])
def step(request: Request, draft: UUID, step: str) -> HttpResponse:
    """One group of questions."""
    view = get_draft(draft=draft, actor=request.actor, at=request.at)
    asked = view.definition.form.step(step)
    if asked is None or asked not in view.definition.form.steps_for(view.answers):
        return to_place(request, view, None)
    if request.method == "POST":
        return _save(request, view, asked)
    if display_of(request).is_elder:
        return redirect(first_question(view, asked))
    kept = take_posted(request)
    if taken := answers_from(asked.fields, taken_of(request)):
        messages.info(request, _("Filled in as you have confirmed it. Press Continue to keep it."))
        return _ask(request, view, asked, {**view.answers, **taken})
    if kept is None:
        return _ask(request, view, asked, view.answers)
    messages.info(request, _("You are signed in again, and your answers are still here. Press Continue to keep them."))
    return _ask(request, view, asked, {**view.answers, **_posted(view, asked, kept)})


def _save(request: Request, view: DraftView, asked: FormStep) -> HttpResponse:
    answers = _posted(view, asked, request.POST)
    result = save_step(
        draft=view.id, actor=request.actor, step=asked.id, answers=answers, elsewhere=elsewhere(view), at=request.at
    )
    action = request.POST.get("action", "")
    if action == "leave":
        messages.success(request, _("Your answers are kept. Go on whenever you like."))
        return redirect("portal:cases")
    saved = get_draft(draft=view.id, actor=request.actor, at=request.at)
    if action == "back":
        return redirect(place_of(draft=saved, before=Place("step", asked.id)))
    if result.errors or _asks_more(request, asked, saved):
        return _again(request, saved, asked, answers, result.errors)
    # Of a part whose turn has come, only what was not known before is asked.
    to_open = request.GET.get("from") == "review" or (saved.order is not None and not saved.order.is_open)
    return to_place(request, saved, Place("step", asked.id), to_open=to_open)


def _posted(view: DraftView, asked: FormStep, data: QueryDict) -> dict[str, Any]:
    """What was typed; fields that the page did not ask are left as they are."""
    typed = view.definition.form.parse_post(asked, data)
    return {name: value for name, value in typed.items() if name not in elsewhere(view)}


def _asks_more(request: Request, asked: FormStep, saved: DraftView) -> bool:
    """Whether these answers bring up a question that was not on the page: also one that may be left empty is shown."""
    shown = set(request.POST.get("asked", "").split())
    fields = asked_on(saved, asked, saved.answers)
    return bool(shown) and any(each.name not in shown for each in fields)


def _again(
    request: Request, view: DraftView, asked: FormStep, answers: Mapping[str, Any], errors: tuple[FieldError, ...]
) -> HttpResponse:
    """Ask once more. A question that only these answers have brought up is asked, not scolded for."""
    shown = set(request.POST.get("asked", "").split())
    old = tuple(error for error in errors if error.field in shown or not shown)
    if not old:
        messages.info(request, _("Your answer brings up something more. Please fill that in too."))
    return _ask(request, view, asked, {**view.answers, **answers}, old, status=422)


def _ask(
    request: Request,
    view: DraftView,
    asked: FormStep,
    answers: Mapping[str, Any],
    errors: tuple[FieldError, ...] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    questions = asked_on(view, asked, answers)
    known = _("Filled in from what we have on file.")
    fields = fields_of(asked=questions, answers=answers, errors=errors, known=known)
    number, total = progress_of(draft=view, at=Place("step", asked.id))
    pledge = pledged_on(view, questions)
    context = {
        "draft": view,
        "for_whom": view.applicant_name,
        "assisted": view.is_assisted,
        "matter": view.definition,
        "step": asked,
        "fields": fields,
        "asked": " ".join(field.name for field in fields),
        "number": number,
        "total": total,
        "failed": bool(errors),
        "notice": version_notice(request, view),
        "reads": draft_purpose(view, asked),
        "pledge": pledge,
        "barred": barred_on(view, pledge, number),
    }
    return render(request, "portal/step.html", context, status=status)


# --- papers -----------------------------------------------------------------------------------------------------------


@signed_in
@unfiled
@require_http_methods(["GET", "POST"])
def materials(request: Request, draft: UUID) -> HttpResponse:
    """The papers that only the applicant has; the others are named, so that nobody goes to fetch them."""
    view = get_draft(draft=draft, actor=request.actor, at=request.at)
    if in_cart(view):
        return to_place(request, view, None)
    if request.method == "GET":
        return _papers(request, view, {})
    if remove := request.POST.get("remove", ""):
        file = int(remove) if remove.isascii() and remove.isdigit() else 0
        remove_file(draft=draft, actor=request.actor, file=file, at=request.at)
        return redirect("portal:materials", draft=draft)
    errors = _take_files(request, view)
    view = get_draft(draft=draft, actor=request.actor, at=request.at)
    action = request.POST.get("action", "")
    if not errors and action == "back":
        one_by_one = display_of(request).is_elder
        return redirect(place_of(draft=view, before=Place("materials"), one_by_one=one_by_one))
    if not errors and action == "leave":
        messages.success(request, _("Your files are kept. Go on whenever you like."))
        return redirect("portal:cases")
    if not errors and action != "add" and not view.missing:
        return redirect("portal:review", draft=draft)
    if not errors and action != "add":
        errors = {spec.code: _("please choose a file") for spec in view.missing}
    return _papers(request, view, errors) if errors else redirect("portal:materials", draft=draft)


def _take_files(request: Request, view: DraftView) -> dict[str, str]:
    """Keep every file that is in order; return what is wrong with the others, by material."""
    errors: dict[str, str] = {}
    for handed in handed_in(draft=view):
        for file in request.FILES.getlist(f"file-{handed.spec.code}"):
            try:
                _take(request, view, handed.spec, file)
            except EvidenceError as error:
                errors[handed.spec.code] = f"{leading(file.name)}{error_words(error)}"
    return errors


def _take(request: Request, view: DraftView, spec: MaterialSpec, file: "UploadedFile[Any]") -> None:
    if (file.size or 0) > spec.max_mb * 1_000_000:  # not read into memory only to be refused
        raise FileTooLarge(limit=spec.max_mb)
    add_file(
        draft=view.id, actor=request.actor, code=spec.code, content=file.read(), name=file.name or "", at=request.at
    )


def _papers(request: Request, view: DraftView, errors: Mapping[str, str]) -> HttpResponse:
    handed = [
        Handed(
            each.spec,
            each.files,
            upload_field(spec=each.spec, errors=_said(errors.get(each.spec.code)), note=follow_words(each.spec)),
        )
        for each in handed_in(draft=view)
    ]
    at = Place("materials")
    number, total = progress_of(draft=view, at=at, one_by_one=display_of(request).is_elder)
    context = {
        "draft": view,
        "for_whom": view.applicant_name,
        "assisted": view.is_assisted,
        "matter": view.definition,
        "handed": handed,
        "fields": [each.field for each in handed],
        "fetched": fetched_rows(view),
        "number": number,
        "total": total,
        "failed": bool(errors),
        "notice": version_notice(request, view),
    }
    return render(request, "portal/materials.html", context, status=422 if errors else 200)


def _said(error: str | None) -> tuple[str, ...]:
    return (error,) if error else ()
