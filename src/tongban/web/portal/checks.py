"""A rule has decided my case: I see why, and ask for a person to look at it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.cases import services
from tongban.apps.cases.errors import CheckGone, CheckTooLate, NoRuleDecided
from tongban.apps.catalog.city import get_rights
from tongban.web.access import signed_in
from tongban.web.fields import Field
from tongban.web.portal.cases import own_case
from tongban.web.requests import Request
from tongban.web.rulings import tell_rulings
from tongban.web.templatetags.tongban_ui import day
from tongban.web.wording import error_words, limit_words

__all__ = ["ask"]

_LONGEST = 2000


@signed_in
@require_http_methods(["GET", "POST"])
def ask(request: Request, number: int) -> HttpResponse:
    """Which facts decided, and, posted, a person is asked to look at it."""
    case = own_case(request, number)
    if not case.by_rule:
        messages.info(request, error_words(NoRuleDecided()))
        return redirect("portal:case", number=number)
    if request.method == "POST":
        why = request.POST.get("why", "").strip()[:_LONGEST]
        try:
            due = services.ask_for_check(number=number, why=why, actor=request.actor, at=request.at)
            messages.success(request, _("A person looks at it by %(day)s and tells you.") % {"day": day(due)})
        except (CheckGone, CheckTooLate) as refused:
            messages.info(request, error_words(refused))
        return redirect("portal:check", number=number)
    why_field = Field(
        kind="textarea",
        name="why",
        label=_("What do you think is wrong?"),
        hint=_("A few words help; you may leave it empty."),
        required=False,
        attributes={"maxlength": str(_LONGEST)},
    )
    rule = get_rights().human_check
    context = {
        "case": case,
        "row": case.row,
        "rulings": tell_rulings(case=case),
        "why": why_field,
        "rule": rule,
        "within": limit_words(rule.answer_within),
        "too_late": error_words(CheckTooLate(days=rule.days)),
    }
    return render(request, "portal/check.html", context)
