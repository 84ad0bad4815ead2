"""Papers handed in at the counter, for a case that is there already: whose card lies there is asked first."""

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.queries import CaseView, get_case_of
from tongban.apps.people.errors import NameDiffers
from tongban.apps.people.services import find_on_file
from tongban.apps.rights.services import record_look
from tongban.web import handing_in
from tongban.web.access import official
from tongban.web.readings import taken_of
from tongban.web.requests import Request
from tongban.web.served import lies_there, served_at_counter
from tongban.web.side import side_groups
from tongban.web.window.forms import CaseOfOrganisationForm, CaseOfPersonForm, mismatch_words
from tongban.web.window.meeting import stands_there

__all__ = ["hand_in", "let_hand_in", "papers", "supplement"]


@official("clerk")
@require_http_methods(["GET", "POST"])
def papers(request: Request) -> HttpResponse:
    """Whose case, with its number and the card of who asked; then what is still asked for in it."""
    of_body = request.GET.get("for") == "organisation"
    kind = CaseOfOrganisationForm if of_body else CaseOfPersonForm
    known = {"case": request.GET.get("case", "")[:30], **taken_of(request)}
    form = kind(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        view = _found(request, form)
        if view is not None:
            return let_hand_in(request, view)
    context = {
        "groups": side_groups(actor=request.actor, here="window"),
        "form": form,
        "kind": form.kind,
        "here": reverse("window:papers"),
    }
    return render(request, "window/papers.html", context, status=422 if form.errors else 200)


@official("clerk")
@require_http_methods(["GET", "POST"])
def supplement(request: Request, number: int) -> HttpResponse:
    """Hand in what the applicant was asked for, all of it."""
    return _handed(request, number, handing_in.answer_supplement)


@official("clerk")
@require_http_methods(["GET", "POST"])
def hand_in(request: Request, number: int) -> HttpResponse:
    """Hand in papers that were to follow: one of them, or all."""
    return _handed(request, number, handing_in.hand_in)


def let_hand_in(request: Request, view: CaseView) -> HttpResponse:
    """Lead to what is asked for in the case, whose applicant's card lies there from now on for a while."""
    lies_there(request, number=view.number, served=view.applicant_key)
    page = "window:supplement" if view.supplement is not None else "window:hand_in"
    return redirect(page, number=view.number)


def _found(request: Request, form: CaseOfPersonForm | CaseOfOrganisationForm) -> CaseView | None:
    """The case of who stands there, or for whom somebody does. None: the form says why."""
    given = form.cleaned_data
    number = {form.number: given[form.number]}
    try:
        applicant = find_on_file(name=given["name"], **number)
    except NameDiffers:
        form.add_error("name", mismatch_words())
        return None
    try:
        if applicant is None:
            raise UnknownCase
        view = get_case_of(number=given["case"], served=applicant.key, actor=request.actor, at=request.at)
    except UnknownCase:
        form.add_error("case", _("They have no case with this number. Please compare both once more."))
        return None
    met = stands_there(request, form, applicant, matters=[view.row.matter], version=view.version_id)
    return view if met is not None else None


def _handed(
    request: Request, number: int, hand: Callable[[Request, CaseView, handing_in.Page], HttpResponse]
) -> HttpResponse:
    """The page of what is asked for, where the card of its applicant lies on this clerk's counter."""
    view = _served(request, number)
    if view is None:
        return redirect(f"{reverse('window:papers')}?case={number:016d}")
    return hand(request, view, _page(request, view))


def _served(request: Request, number: int) -> CaseView | None:
    """The case, if the card was there a short while ago; the look at it is on record."""
    served = served_at_counter(request, number=number)
    if not served:
        return None
    view = get_case_of(number=number, served=served, actor=request.actor, at=request.at)
    record_look(view=view, actor=request.actor, at=request.at)
    return view


def _page(request: Request, view: CaseView) -> handing_in.Page:
    context = {
        "groups": side_groups(actor=request.actor, here="window"),
        "applicant": view.row.applicant_name,
        "both": view.supplement is not None and bool(view.later),
    }
    return handing_in.Page(
        template="window/hand_in.html", done=reverse("window:start"), served=view.applicant_key, context=context
    )
