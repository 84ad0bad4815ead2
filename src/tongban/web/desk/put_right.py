"""What the check of a pledge found is to be put right by a day: ordered here, and what the holder said to it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.cases import services
from tongban.apps.cases.errors import CaseError, UnknownCase
from tongban.apps.cases.queries import RECTIFICATION_FILES, CaseView, TaskView, get_case
from tongban.apps.catalog.definitions import Rectify
from tongban.apps.rights.services import record_look
from tongban.kernel.flow import Refused
from tongban.web.access import official
from tongban.web.fields import Field
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.templatetags.tongban_ui import day
from tongban.web.wording import error_words, limit_words

__all__ = ["put_right", "rectifying_part"]

_LONGEST = 2000


@official("handler", "reviewer", "decider")
@require_http_methods(["GET", "HEAD", "POST"])
def put_right(request: Request, number: int) -> HttpResponse:
    """By when and what, asked once; then the holder is told. What they answered stands here, too."""
    view = get_case(number=number, actor=request.actor, at=request.at)
    part = rectifying_part(view)
    if part is None:
        raise UnknownCase
    record_look(view=view, actor=request.actor, at=request.at)
    context = part | {"groups": side_groups(actor=request.actor), "case": view.row}
    days, words = request.POST.get("days", "").strip(), request.POST.get("words", "").strip()[:_LONGEST]
    edits = "edit" in request.POST
    if request.method != "POST" or edits:
        context |= _form(view, part, days, words, {})
        return render(request, "desk/put_right.html", context)
    wrong = {} if days.isdecimal() else {"days": _("Give a number of working days.")}
    wrong |= {} if words else {"words": _("Say what is to be put right: the holder reads it.")}
    if wrong:
        return render(request, "desk/put_right.html", context | _form(view, part, days, words, wrong), status=422)
    if request.POST.get("confirmed") != "yes":
        return render(request, "desk/asked_once.html", context | _asking(number, days, words))
    try:
        task = part["task"].no if part["task"] else 0
        due = services.order_rectification(
            number=number, task=task, days=int(days[:4]), words=words, actor=request.actor, at=request.at
        )
    except UnknownCase:
        raise
    except (CaseError, Refused) as error:
        said = {"refused": error_words(error)} | _form(view, part, days, words, {})
        return render(request, "desk/put_right.html", context | said, status=409)
    messages.success(request, _("The holder is told to put it right by %(day)s.") % {"day": day(due)})
    return redirect("desk:case", number=number)


def rectifying_part(view: CaseView) -> dict[str, Any] | None:
    """What pages of the desk show of it: the open check, and what was ordered and answered; None where it is nothing.

    ``may_order``: the reader can give a day now.
    """
    pledge = view.definition.pledge
    rule = pledge.rectify if pledge is not None else None
    found = view.rectification
    task = None if rule is None else _check(view, rule)
    if task is None and found is None:
        return None
    waits = found is not None and found.state == "open"
    return {
        "rectification": found,
        "rule": rule,
        "task": task,
        "may_order": task is not None and task.may_act and not waits,
        "shown": [each for each in view.materials if each.code == RECTIFICATION_FILES],
    }


def _check(view: CaseView, rule: Rectify) -> TaskView | None:
    return next((each for each in view.open_tasks if each.node == rule.step), None)


def _asking(number: int, days: str, words: str) -> dict[str, Any]:
    said = [{"key": _("Working days"), "value": days}, {"key": _("What is to be put right"), "value": words}]
    return {
        "title": _("Order it to be put right?"),
        "button": _("Yes, order it"),
        "effects": [
            _("The holder is told at once, with the day and the law."),
            _("Until that day the pledge cannot be found broken, unless they answer before."),
        ],
        "said": said,
        "action": reverse("desk:put_right", args=[number]),
        "hidden": {"days": days, "words": words},
    }


def _form(view: CaseView, part: dict[str, Any], days: str, words: str, wrong: dict[str, str]) -> dict[str, Any]:
    if not part["may_order"]:
        return {"fields": []}
    rule, found = part["rule"], part["rectification"]
    bounds = {"least": limit_words(rule.least), "most": limit_words(rule.most)}
    hint = _("At least %(least)s, at most %(most)s.") % bounds
    if found is not None:
        hint = _("No later than %(day)s.") % {"day": day(found.last)}
    fields = [
        Field(
            kind="text",
            name="days",
            label=_("How many working days they have"),
            hint=hint,
            value=days,
            width=3,
            inputmode="numeric",
            errors=(wrong["days"],) if "days" in wrong else (),
        ),
        Field(
            kind="textarea",
            name="words",
            label=_("What is to be put right"),
            hint=_("What was found, and how it should be. The holder reads it."),
            value=words,
            errors=(wrong["words"],) if "words" in wrong else (),
            attributes={"maxlength": str(_LONGEST)},
        ),
    ]
    return {"fields": fields}
