"""What a cart still asks for: questions that several matters ask, asked once, and papers, each handed in once."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.catalog.definitions import FieldError
from tongban.apps.evidence.errors import EvidenceError, FileTooLarge
from tongban.apps.intake.orders.contents import shared_form
from tongban.apps.intake.orders.queries import OrderView, PaperView, get_order
from tongban.apps.intake.orders.services import add_paper, remove_paper, save_shared
from tongban.web.access import signed_in
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.portal.cart import order_of, unsent
from tongban.web.portal.carting import first_shared, next_url
from tongban.web.portal.one_by_one import headed
from tongban.web.preferences import display_of
from tongban.web.questions import fields_of, upload_field
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import leading
from tongban.web.wording import error_words

__all__ = ["answers", "papers", "question"]


@signed_in
@keeps_posted
@unsent
@require_http_methods(["GET", "POST"])
def answers(request: Request, order: UUID) -> HttpResponse:
    """Everything that several matters ask, asked once."""
    found = order_of(request)
    if not found.shared:
        return redirect(next_url(found))
    form, step = shared_form(found.shared)
    if request.method == "GET":
        if display_of(request).is_elder:
            return redirect("portal:cart_question", order=order, question=first_shared(found))
        kept = take_posted(request)
        typed = form.parse_post(step, kept) if kept is not None else {}
        return _ask_shared(request, found, {**found.shared_answers, **typed})
    typed = form.parse_post(step, request.POST)
    result = save_shared(order=order, actor=request.actor, answers=typed, at=request.at)
    action = request.POST.get("action", "")
    if action == "leave":
        return _left(request)
    if action == "back":
        return redirect("portal:cart", order=order)
    if result.errors:
        return _ask_shared(request, found, typed, result.errors)
    return _onward(request, order)


@signed_in
@keeps_posted
@unsent
@require_http_methods(["GET", "POST"])
def question(request: Request, order: UUID, question: str) -> HttpResponse:
    """One of the questions that are asked once, alone on its page: in elder mode."""
    found = order_of(request)
    names = [each.id for each in found.shared]
    if question not in names or (request.method == "GET" and not display_of(request).is_elder):
        return redirect(reverse("portal:cart_answers", kwargs={"order": order}) + f"#id_{question}")
    form, step = shared_form(found.shared)
    if request.method == "GET":
        kept = take_posted(request)
        typed = form.parse_post(step, kept) if kept is not None else found.shared_answers
        return _ask_one(request, found, question, typed)
    typed = {question: form.parse_post(step, request.POST)[question]}
    result = save_shared(order=order, actor=request.actor, answers=typed, only=question, at=request.at)
    action, at = request.POST.get("action", ""), names.index(question)
    if action == "leave":
        return _left(request)
    if action == "back" and at == 0:
        return redirect("portal:cart", order=order)
    if action == "back":
        return redirect("portal:cart_question", order=order, question=names[at - 1])
    if result.errors:
        return _ask_one(request, found, question, typed, result.errors)
    if request.GET.get("from") == "review" or at + 1 == len(names):
        return _onward(request, order)
    return redirect("portal:cart_question", order=order, question=names[at + 1])


@signed_in
@unsent
@require_http_methods(["GET", "POST"])
def papers(request: Request, order: UUID) -> HttpResponse:
    """The papers that only the applicant has, each handed in once."""
    found = order_of(request)
    if not found.papers:
        return redirect("portal:cart", order=order)
    if request.method == "GET":
        return _papers(request, found, {})
    if remove := request.POST.get("remove", ""):
        file = int(remove) if remove.isascii() and remove.isdigit() else 0
        remove_paper(order=order, actor=request.actor, file=file, at=request.at)
        return redirect("portal:cart_papers", order=order)
    errors = _take_files(request, found)
    found = get_order(order=order, actor=request.actor, at=request.at)
    action = request.POST.get("action", "")
    if not errors and action in ("add", "leave", "back"):
        places = {"add": "portal:cart_papers", "back": "portal:cart"}
        return _left(request) if action == "leave" else redirect(places[action], order=order)
    missing = [each for each in found.papers if each.is_missing]
    if not errors:
        errors = {each.name: _("please choose a file") for each in missing}
    return _papers(request, found, errors) if errors else _onward(request, order)


def _onward(request: Request, order: UUID) -> HttpResponse:
    return redirect(next_url(get_order(order=order, actor=request.actor, at=request.at)))


def _left(request: Request) -> HttpResponse:
    messages.success(request, _("Your answers are kept. Go on whenever you like."))
    return redirect("portal:orders")


def _ask_shared(
    request: Request, found: OrderView, values: Mapping[str, Any], errors: Sequence[FieldError] = ()
) -> HttpResponse:
    known = _("Filled in from what we have on file.")
    fields = fields_of(asked=[each.field for each in found.shared], answers=values, errors=errors, known=known)
    context = {"order": found, "fields": fields, "failed": bool(errors)}
    return render(request, "portal/cart/answers.html", context, status=422 if errors else 200)


def _ask_one(
    request: Request, found: OrderView, question: str, values: Mapping[str, Any], errors: Sequence[FieldError] = ()
) -> HttpResponse:
    names = [each.id for each in found.shared]
    at = names.index(question)
    known = _("Filled in from what we have on file.")
    (field,) = fields_of(asked=[found.shared[at].field], answers=values, errors=errors, known=known)
    context = {"order": found, "field": headed(field), "fields": [field], "number": at + 1, "total": len(names)}
    return render(request, "portal/cart/question.html", context, status=422 if errors else 200)


def _take_files(request: Request, found: OrderView) -> dict[str, str]:
    """Keep every file that is in order; return what is wrong with the others, by paper."""
    errors: dict[str, str] = {}
    for each in found.papers:
        for file in request.FILES.getlist(_control(each)):
            try:
                _take(request, found, each, file)
            except EvidenceError as error:
                errors[each.name] = f"{leading(file.name)}{error_words(error)}"
    return errors


def _take(request: Request, found: OrderView, each: PaperView, file: "UploadedFile[Any]") -> None:
    if (file.size or 0) > each.paper.spec.max_mb * 1_000_000:  # not read into memory only to be refused
        raise FileTooLarge(limit=each.paper.spec.max_mb)
    content, name = file.read(), file.name or ""
    add_paper(order=found.id, actor=request.actor, paper=each.name, content=content, name=name, at=request.at)


def _control(each: PaperView) -> str:
    return "file-" + each.name.replace(".", "-")


def _papers(request: Request, found: OrderView, errors: Mapping[str, str]) -> HttpResponse:
    handed = [
        (
            each,
            upload_field(
                spec=each.paper.spec, errors=(errors[each.name],) if each.name in errors else (), name=_control(each)
            ),
        )
        for each in found.papers
    ]
    context = {
        "order": found,
        "handed": handed,
        "fields": [field for _, field in handed],
        "failed": bool(errors),
    }
    return render(request, "portal/cart/papers.html", context, status=422 if errors else 200)
