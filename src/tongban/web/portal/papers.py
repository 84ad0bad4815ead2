"""Papers of a case: what was handed in, what came of it, and what is still asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.cases import services
from tongban.apps.cases.queries import CaseView, LaterView, get_case
from tongban.apps.catalog.definitions import Field as Asked
from tongban.apps.catalog.definitions import MaterialSpec, Text
from tongban.apps.evidence.errors import EvidenceError, FileTooLarge
from tongban.apps.evidence.queries import read_file
from tongban.apps.evidence.services import hand_out_certificate, store_file
from tongban.apps.rights.services import record_look
from tongban.kernel.flow import Refused
from tongban.web.access import signed_in
from tongban.web.documents import document_response
from tongban.web.fields import Field
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.portal.cases import own_case
from tongban.web.questions import error_texts, fields_of, upload_field
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import day, leading
from tongban.web.wording import error_words

__all__ = ["certificate", "document", "hand_in", "material", "supplement"]

_OTHER = "other"
"""What is asked for in words that are neither a material nor a question of the matter comes in under this code."""


@signed_in
@require_safe
def certificate(request: Request, number: int) -> HttpResponse:
    """The result as PDF, for its owner and for officials of the case."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    found = case.certificate
    if found is None:
        raise Http404
    record_look(view=case, actor=request.actor, at=request.at, what="paper")
    verify = reverse("open:certificate", kwargs={"identifier": found.identifier})
    content = hand_out_certificate(certificate=found, verify_url=f"{settings.BASE_URL}{verify}", at=request.at)
    return _download(content, name=f"{found.name(get_language() or 'zh-hans')}-{number}.pdf", kind="application/pdf")


@signed_in
@require_safe
def document(request: Request, number: int, entry: int) -> HttpResponse:
    """A document that the case owes, for its owner and for officials of the case."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    record_look(view=case, actor=request.actor, at=request.at, what="paper")
    return document_response(case, entry, at=request.at)


@signed_in
@require_safe
def material(request: Request, number: int, no: int) -> HttpResponse:
    """A file of the case, for its owner and for officials of the case; never shown inside a page of ours."""
    case = get_case(number=number, actor=request.actor, at=request.at)
    found = next((each for each in case.materials if each.no == no), None)
    if found is None:
        raise Http404
    record_look(view=case, actor=request.actor, at=request.at, what="paper", no=no)
    return _download(read_file(sha256=found.file.sha256), name=found.file.name, kind=found.file.media_type)


def _download(content: bytes, *, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


# --- what is still asked for ------------------------------------------------------------------------------------------


@signed_in
@keeps_posted
@require_http_methods(["GET", "POST"])
def supplement(request: Request, number: int) -> HttpResponse:
    """Hand in what was asked for: all of it, on one page, once."""
    case = own_case(request, number)
    if case.supplement is None:
        messages.info(request, error_words(Refused("supplement.not-open")))
        return redirect("portal:case", number=number)
    files, asked = _files_asked(case), _questions_asked(case)
    if request.method == "GET":
        return _show(request, case, {}, _given(case, asked, take_posted(request)))
    answers, errors = _read(case, asked, request.POST)
    stored = {} if errors else _store(request, files, errors)
    if not stored and not answers and not errors:
        errors["general"] = _("Please add what was asked for before you hand it in.")
    if errors:
        return _show(request, case, errors, _given(case, asked, request.POST))
    try:
        services.answer_supplement(number=number, answers=answers, materials=stored, actor=request.actor, at=request.at)
        messages.success(request, _("Thank you, we have it. The case goes on."))
    except Refused as refused:
        messages.error(request, error_words(refused))
    return redirect("portal:case", number=number)


@signed_in
@require_http_methods(["GET", "POST"])
def hand_in(request: Request, number: int) -> HttpResponse:
    """Hand in papers that may follow later: one of them, or all."""
    case = own_case(request, number)
    if not case.later:
        messages.info(request, error_words(Refused("material.not-awaited")))
        return redirect("portal:case", number=number)
    if request.method == "GET":
        return _show_later(request, case, {})
    errors: dict[str, str] = {}
    stored = _store(request, [each.spec for each in case.later], errors)
    if not stored and not errors:
        errors["general"] = _("Please choose a file before you hand it in.")
    if errors:
        return _show_later(request, case, errors)
    try:
        services.hand_in(number=number, materials=stored, actor=request.actor, at=request.at)
        messages.success(request, _("Thank you, we have it."))
    except Refused as refused:
        messages.error(request, error_words(refused))
    return redirect("portal:case", number=number)


def _show_later(request: Request, case: CaseView, errors: Mapping[str, str]) -> HttpResponse:
    uploads = [
        upload_field(spec=each.spec, errors=_said(errors.get(f"file-{each.spec.code}")), note=_until(each))
        for each in case.later
    ]
    context = {
        "case": case,
        "row": case.row,
        "heading": _("Hand in what was to follow"),
        "what_follows": _("You may hand in one now and the others another time."),
        "fields": uploads,
        "general": errors.get("general", ""),
    }
    return render(request, "portal/supplement.html", context, status=422 if errors else 200)


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
    if free or (not specs and not _questions_asked(case)):
        name = Text(zh="其他材料", en="Other papers")
        specs.append(
            MaterialSpec(
                code=_OTHER,
                name=name,
                need="1",
                source="10",
                form="upload",
                accept=("pdf", "jpg", "png"),
                max_mb=10,
                hint=None,
                when=None,
            )
        )
    return specs


def _questions_asked(case: CaseView) -> list[Asked]:
    fields = case.definition.form.fields
    return [fields[item] for item in _items(case) if item in fields]


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


def _show(request: Request, case: CaseView, errors: Mapping[str, str], answers: Mapping[str, Any]) -> HttpResponse:
    uploads = [upload_field(spec=spec, errors=_said(errors.get(f"file-{spec.code}"))) for spec in _files_asked(case)]
    questions: list[Field] = [
        replace(field, errors=_said(errors.get(field.name)))
        for field in fields_of(asked=_questions_asked(case), answers={**_shown(case), **answers})
    ]
    known = {spec.code for spec in _files_asked(case)} | {field.name for field in questions}
    context = {
        "case": case,
        "row": case.row,
        "heading": _("Hand in what is missing"),
        "what_follows": _("When you send this, the case goes on where it stopped."),
        "note": (case.supplement or {}).get("note", ""),
        "free": [item for item in _items(case) if item not in known],
        "fields": [*questions, *uploads],
        "general": errors.get("general", ""),
    }
    return render(request, "portal/supplement.html", context, status=422 if errors else 200)


def _shown(case: CaseView) -> dict[str, Any]:
    """The answers on file that may stand in a form: numbers of people are masked there, so they are asked anew."""
    fields = case.definition.form.fields
    return {name: value for name, value in case.answers.items() if name in fields and not fields[name].sensitive}


def _said(error: str | None) -> tuple[str, ...]:
    return (error,) if error else ()
