"""A check found that my pledge is not kept yet: I read by when to put it right, and say and show what I did."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.cases import services
from tongban.apps.cases.errors import RectificationGone
from tongban.apps.cases.queries import RECTIFICATION_FILES, CaseView
from tongban.web.access import signed_in
from tongban.web.fields import Field
from tongban.web.handing_in import files_field, take_files
from tongban.web.portal.cases import own_case
from tongban.web.requests import Request
from tongban.web.wording import error_words

__all__ = ["put_right"]

_LONGEST = 2000


@signed_in
@require_http_methods(["GET", "POST"])
def put_right(request: Request, number: int) -> HttpResponse:
    """What was found, by when and by which law; posted, what was done about it, with photos or papers."""
    case = own_case(request, number)
    if case.rectification is None:
        messages.info(request, error_words(RectificationGone()))
        return redirect("portal:case", number=number)
    words = request.POST.get("words", "").strip()[:_LONGEST]
    if request.method == "GET" or not case.rectification.may_answer:
        return _show(request, case, words, {})
    unfit, files = take_files(request)
    wrong = {"files": unfit} if unfit else {}
    if not wrong and not words and not files:
        wrong["words"] = _("Say what you did, or add a photo or paper that shows it.")
    if wrong:
        return _show(request, case, words, wrong)
    try:
        services.answer_rectification(number=number, words=words, files=files, actor=request.actor, at=request.at)
        messages.success(request, _("Thank you, we have it. Somebody looks at it and tells you what comes of it."))
    except RectificationGone as refused:
        messages.info(request, error_words(refused))
    return redirect("portal:put_right", number=number)


def _show(request: Request, case: CaseView, words: str, wrong: dict[str, str]) -> HttpResponse:
    pledge = case.definition.pledge
    fields = [
        Field(
            kind="textarea",
            name="words",
            label=_("What you have done"),
            value=words,
            required=False,
            errors=(wrong["words"],) if "words" in wrong else (),
            attributes={"maxlength": str(_LONGEST)},
        ),
        files_field(_("Photos or papers that show it"), error=wrong.get("files", "")),
    ]
    context = {
        "case": case,
        "row": case.row,
        "asked": case.rectification,
        "rule": pledge.rectify if pledge is not None else None,
        "shown": [each for each in case.materials if each.code == RECTIFICATION_FILES],
        "fields": fields if case.rectification is not None and case.rectification.may_answer else [],
    }
    return render(request, "portal/put_right.html", context, status=422 if wrong else 200)
