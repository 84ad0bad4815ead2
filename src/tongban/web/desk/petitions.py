"""What people ask a decider for beside any step: a list, one of them, and an answer that is asked once, then final."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.errors import CaseError, UnknownCase
from tongban.apps.cases.queries import Page, PetitionLine
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import error_words

__all__ = ["Petition", "answer_page", "list_page"]

_LONGEST = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Petition:
    """One kind: ``pages`` is the page of the list and its place beside it, ``page`` that of one; words for both."""

    pages: str
    page: str
    template: str
    heading: Any
    about: Any
    nobody: Any
    nobody_yet: Any
    question: Any
    answers: Mapping[str, Any]
    listed: Callable[..., Page[PetitionLine]]

    @property
    def url(self) -> str:
        """Where the list is."""
        return reverse(f"desk:{self.pages}")


def list_page(request: Request, petition: Petition) -> HttpResponse:
    """Those that wait, the first that is due first."""
    cursor = request.GET.get("after", "")
    try:
        page = petition.listed(actor=request.actor, cursor=cursor)
    except ValueError:  # a cursor that somebody made up
        return redirect(petition.url)
    language = get_language() or "zh-hans"
    context = {
        "petition": petition,
        "groups": side_groups(actor=request.actor, here=petition.pages),
        "lines": [
            (each, each.row.matter_name.in_language(language), reverse(f"desk:{petition.page}", args=[each.row.number]))
            for each in page.rows
        ],
        "first_url": petition.url if cursor else "",
        "next_url": f"?after={page.next}" if page.next else "",
    }
    return render(request, "desk/petitions.html", context)


def answer_page(
    request: Request,
    petition: Petition,
    number: int,
    context: Mapping[str, Any],
    *,
    asking: Callable[[str], Mapping[str, Any]],
    conclude: Callable[[str, str], None],
) -> HttpResponse:
    """One of them, and its answer. ``asking`` says what an answer does; ``conclude`` gives it to the domain."""
    answer, reason = request.POST.get("answer", ""), request.POST.get("reason", "").strip()[:_LONGEST]
    shown = {**context, "petition": petition, "groups": side_groups(actor=request.actor, here=petition.pages)}
    if request.method != "POST":
        return render(request, petition.template, shown | _form(petition, "", "", {}))
    wrong = {} if answer in petition.answers else {"answer": _("Choose one of the two.")}
    wrong |= {} if reason else {"reason": _("Please give your reasons: the applicant reads them.")}
    if wrong or "edit" in request.POST:
        form = _form(petition, answer, reason, {} if "edit" in request.POST else wrong)
        return render(request, petition.template, shown | form, status=200 if "edit" in request.POST else 422)
    if request.POST.get("confirmed") != "yes":
        asked = {
            "said": [{"key": _("Reasons"), "value": reason}],
            "action": reverse(f"desk:{petition.page}", args=[number]),
            "hidden": {"answer": answer, "reason": reason},
        }
        return render(request, "desk/asked_once.html", shown | asked | dict(asking(answer)))
    try:
        conclude(answer, reason)
    except UnknownCase:
        raise
    except CaseError as error:
        return render(request, petition.template, shown | {"refused": error_words(error), "typed": reason}, status=409)
    messages.success(request, _("Put on record. The applicant is told."))
    return redirect(petition.url)


def _form(petition: Petition, answer: str, reason: str, wrong: dict[str, str]) -> dict[str, Any]:
    options = petition.answers.items()
    fields = [
        Field(
            kind="radios",
            name="answer",
            label=str(petition.question),
            options=tuple(Option(value=each, label=str(words), selected=each == answer) for each, words in options),
            errors=(wrong["answer"],) if "answer" in wrong else (),
        ),
        Field(
            kind="textarea",
            name="reason",
            label=_("Your reasons, for the applicant to read"),
            value=reason,
            errors=(wrong["reason"],) if "reason" in wrong else (),
            attributes={"maxlength": str(_LONGEST)},
        ),
    ]
    return {"fields": fields}
