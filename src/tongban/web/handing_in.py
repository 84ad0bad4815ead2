"""What is still asked for in a case, handed in on one page: by the applicant, or by a clerk for who is at a counter."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from tongban.apps.cases import services
from tongban.apps.cases.queries import CaseView, LaterView
from tongban.apps.catalog.definitions import Field as Asked
from tongban.apps.catalog.definitions import MaterialSpec, Text
from tongban.apps.evidence.errors import EvidenceError, FileTooLarge
from tongban.apps.evidence.services import store_file
from tongban.kernel.flow import Refused
from tongban.web.fields import Field
from tongban.web.keeping import take_posted
from tongban.web.questions import error_texts, fields_of, upload_field
from tongban.web.reading_purposes import answers_from, questions_of_supplement, supplement_purpose
from tongban.web.readings import taken_of
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import day, leading
from tongban.web.wording import error_words

__all__ = ["Page", "answer_supplement", "files_field", "hand_in", "take_files"]

_OTHER = "other"
"""What is asked for in words that are neither a material nor a question of the matter comes in under this code."""


SHOWS = MaterialSpec(
    code=_OTHER,
    name=Text(zh="其他材料", en="Other papers"),
    need="1",
    source="10",
    form="upload",
    accept=("pdf", "jpg", "png"),
    max_mb=10,
    hint=None,
    when=None,
)
"""A file of which the matter knows nothing."""
MOST_FILES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Where it is handed in: the page's template, and where it leads when that is done.

    ``served`` is the applicant (by key) whom a clerk has before them; "" on the applicant's own page.
    """

    template: str
    done: str
    served: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)


def answer_supplement(request: Request, case: CaseView, page: Page) -> HttpResponse:
    """Hand in what was asked for: all of it, on one page, once."""
    if case.supplement is None:
        messages.info(request, error_words(Refused("supplement.not-open")))
        return redirect(page.done)
    files, asked = _files_asked(case), questions_of_supplement(case)
    if request.method == "GET":
        given = _given(case, asked, take_posted(request))
        if taken := answers_from(asked, taken_of(request)):
            messages.info(request, _("Filled in as you have confirmed it. Look it over, then hand it in."))
        return _show(request, case, page, {}, given | taken)
    answers, errors = _read(case, asked, request.POST)
    stored = {} if errors else _store(request, files, errors)
    if not stored and not answers and not errors:
        errors["general"] = _("Please add what was asked for before you hand it in.")
    if errors:
        return _show(request, case, page, errors, _given(case, asked, request.POST))
    try:
        services.answer_supplement(
            number=case.number,
            answers=answers,
            materials=stored,
            actor=request.actor,
            at=request.at,
            served=page.served,
        )
        messages.success(request, _("Thank you, we have it. The case goes on."))
    except Refused as refused:
        messages.error(request, error_words(refused))
    return redirect(page.done)


def take_files(request: Request) -> tuple[str, list[UUID]]:
    """The files that were sent under ``files`` beside words, kept; what is wrong, and none, where one of them is."""
    sent = request.FILES.getlist("files")
    if len(sent) > MOST_FILES:
        return _("At most %(count)d files. Put pages together in one PDF.") % {"count": MOST_FILES}, []
    stored: list[UUID] = []
    for file in sent:
        try:
            stored.append(_store_one(request, SHOWS, file))
        except EvidenceError as error:
            return f"{leading(file.name)}{error_words(error)}", []
    return "", stored


def files_field(label: str, *, error: str = "") -> Field:
    """The control of such files."""
    return Field(
        kind="file",
        name="files",
        label=label,
        hint=_("JPG, PNG or PDF, at most %(limit)s MB each.") % {"limit": SHOWS.max_mb},
        required=False,
        multiple=True,
        accept=",".join(f".{ending}" for ending in SHOWS.accept),
        errors=_said(error),
    )


def hand_in(request: Request, case: CaseView, page: Page) -> HttpResponse:
    """Hand in papers that may follow later: one of them, or all."""
    if not case.later:
        messages.info(request, error_words(Refused("material.not-awaited")))
        return redirect(page.done)
    if request.method == "GET":
        return _show_later(request, case, page, {})
    errors: dict[str, str] = {}
    stored = _store(request, [each.spec for each in case.later], errors)
    if not stored and not errors:
        errors["general"] = _("Please choose a file before you hand it in.")
    if errors:
        return _show_later(request, case, page, errors)
    try:
        services.hand_in(number=case.number, materials=stored, actor=request.actor, at=request.at, served=page.served)
        messages.success(request, _("Thank you, we have it."))
    except Refused as refused:
        messages.error(request, error_words(refused))
    return redirect(page.done)


def _show_later(request: Request, case: CaseView, page: Page, errors: Mapping[str, str]) -> HttpResponse:
    uploads = [
        upload_field(spec=each.spec, errors=_said(errors.get(f"file-{each.spec.code}")), note=_until(each))
        for each in case.later
    ]
    context = {
        **page.context,
        "case": case,
        "row": case.row,
        "heading": _("Hand in what was to follow"),
        "what_follows": _("You may hand in one now and the others another time."),
        "fields": uploads,
        "general": errors.get("general", ""),
    }
    return render(request, page.template, context, status=422 if errors else 200)


def _until(later: LaterView) -> str:
    words = _("It should have been here by %(day)s; we still take it.") if later.late else _("By %(day)s.")
    return words % {"day": day(later.due)}


def _items(case: CaseView) -> Sequence[str]:
    return [str(item) for item in (case.supplement or {}).get("items", ())]


def _files_asked(case: CaseView) -> list[MaterialSpec]:
    """The files asked for; one for anything else, where something is asked for in free words."""
    definition = case.definition
    specs = [spec for item in _items(case) if (spec := definition.material(item)) is not None]
    free = [item for item in _items(case) if definition.material(item) is None and item not in definition.form.fields]
    if free or (not specs and not questions_of_supplement(case)):
        specs.append(SHOWS)
    return specs


def _given(case: CaseView, asked: Sequence[Asked], posted: Any) -> dict[str, Any]:
    """What was typed for the questions asked for; nothing where nothing was posted."""
    if posted is None:
        return {}
    form, names = case.definition.form, {each.name for each in asked}
    answers = [form.parse_post(step, posted) for step in form.steps]
    return {name: value for each in answers for name, value in each.items() if name in names}


def _read(case: CaseView, asked: Sequence[Asked], posted: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers asked for, checked by the matter's own form, and what is wrong with them."""
    given = _given(case, asked, posted)
    result = case.definition.form.validate(answers={**case.answers, **given})
    texts = error_texts(asked=asked, errors=[error for error in result.errors if error.field in given])
    return {name: result.clean[name] for name in given if name in result.clean}, {k: v[0] for k, v in texts.items()}


def _store(request: Request, specs: Sequence[MaterialSpec], errors: dict[str, str]) -> dict[str, list[UUID]]:
    stored: dict[str, list[UUID]] = {}
    for spec in specs:
        for file in request.FILES.getlist(f"file-{spec.code}"):
            try:
                stored.setdefault(spec.code, []).append(_store_one(request, spec, file))
            except EvidenceError as error:
                errors[f"file-{spec.code}"] = f"{leading(file.name)}{error_words(error)}"
    return stored


def _store_one(request: Request, spec: MaterialSpec, file: "UploadedFile[Any]") -> UUID:
    if (file.size or 0) > spec.max_mb * 1_000_000:
        raise FileTooLarge(limit=spec.max_mb)
    return store_file(
        content=file.read(),
        name=file.name or "",
        allowed=spec.accept,
        max_megabytes=spec.max_mb,
        by=request.actor.id,
        at=request.at,
    ).pk


def _show(
    request: Request, case: CaseView, page: Page, errors: Mapping[str, str], answers: Mapping[str, Any]
) -> HttpResponse:
    uploads = [upload_field(spec=spec, errors=_said(errors.get(f"file-{spec.code}"))) for spec in _files_asked(case)]
    questions: list[Field] = [
        replace(field, errors=_said(errors.get(field.name)))
        for field in fields_of(asked=questions_of_supplement(case), answers={**_shown(case), **answers})
    ]
    known = {spec.code for spec in _files_asked(case)} | {field.name for field in questions}
    context = {
        **page.context,
        "case": case,
        "row": case.row,
        "heading": _("Hand in what is missing"),
        "what_follows": _("When you send this, the case goes on where it stopped."),
        "note": (case.supplement or {}).get("note", ""),
        "free": [item for item in _items(case) if item not in known],
        "fields": [*questions, *uploads],
        "general": errors.get("general", ""),
        "reads": supplement_purpose(case),
    }
    return render(request, page.template, context, status=422 if errors else 200)


def _shown(case: CaseView) -> dict[str, Any]:
    """The answers on file that may stand in a form: numbers of people are masked there, so they are asked anew."""
    fields = case.definition.form.fields
    return {name: value for name, value in case.answers.items() if name in fields and not fields[name].sensitive}


def _said(error: str | None) -> tuple[str, ...]:
    return (error,) if error else ()
