"""What a rule decided and an applicant wants a person to look at: the list, and one of them with its answer."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.cases import services
from tongban.apps.cases.queries import get_case, list_checks, require_check
from tongban.apps.rights.services import record_look
from tongban.web.access import official
from tongban.web.desk.petitions import Petition, answer_page, list_page
from tongban.web.requests import Request
from tongban.web.rulings import tell_rulings

__all__ = ["check", "checks"]

_CHECKS = Petition(
    pages="checks",
    page="check",
    template="desk/check.html",
    heading=gettext_lazy("Human checks"),
    about=gettext_lazy(
        "A rule decided these, and the applicant asks for a person to look at it. Whoever decides in the department "
        "answers by the day that stands there."
    ),
    nobody=gettext_lazy("Nobody waits for a check"),
    nobody_yet=gettext_lazy("Who asks for one appears here."),
    question=gettext_lazy("What is right?"),
    answers={
        "confirm": gettext_lazy("It stays as the rule decided"),
        "change": gettext_lazy("Decide the other way"),
    },
    listed=list_checks,
)


@official("decider")
@require_safe
def checks(request: Request) -> HttpResponse:
    """Those that wait, the first that is due first."""
    return list_page(request, _CHECKS)


@official("decider")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: Request, number: int) -> HttpResponse:
    """Why the rule decided so, what the applicant says, and the answer: asked once, then final."""
    found = require_check(number=number, actor=request.actor)
    view = get_case(number=number, actor=request.actor, at=request.at)
    record_look(view=view, actor=request.actor, at=request.at)
    context = {
        "view": view,
        "case": view.row,
        "asked": found,
        "is_open": found.state == "open",
        "rulings": tell_rulings(case=view),
    }

    def conclude(answer: str, reason: str) -> None:
        changed = answer == "change"
        services.conclude_check(number=number, changed=changed, reason=reason, actor=request.actor, at=request.at)

    outcome = view.row.outcome
    return answer_page(
        request, _CHECKS, number, context, asking=lambda answer: _asking(answer, outcome), conclude=conclude
    )


def _asking(answer: str, outcome: str) -> dict[str, Any]:
    """What it does, before it is done."""
    effects = [_("The applicant is told and reads your reasons.")]
    if answer == "confirm":
        title, button = _("Let it stay as the rule decided?"), _("Yes, confirm it")
    elif outcome == "denied":
        title, button = _("Grant what the rule denied?"), _("Yes, grant it")
        effects.insert(0, _("It is granted, and the certificate is issued with it."))
    else:
        title, button = _("Deny what the rule granted?"), _("Yes, deny it")
        effects.insert(0, _("It is denied, and the certificate is revoked for good."))
    return {"title": title, "button": button, "effects": effects}
