"""A call: begun, the caller shows who they are, hears where things stand, and it ends."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.apps.calls import services
from tongban.apps.calls.errors import CallOpen, CallOver, NoPhoneDesk, TelephoneUnfit, TriesUsed
from tongban.apps.calls.queries import (
    CallView,
    answers_phone,
    count_overdue,
    get_call,
    get_caller,
    get_open_call,
    get_told_case,
    list_calls,
    list_told_cases,
)
from tongban.apps.catalog.city import get_phone
from tongban.apps.catalog.definitions.phone import Way
from tongban.apps.catalog.queries import list_matters
from tongban.apps.rights.services import record_called_up, record_look
from tongban.web.access import official
from tongban.web.following import follow
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.window.phone.forms import BeginForm, ShowForm
from tongban.web.wording import error_words

__all__ = ["begin", "call", "end", "phone", "told"]

_FOUND = 8


@official("clerk")
@never_cache
@require_GET
def phone(request: Request) -> HttpResponse:
    """My telephone: begin a call, go back to the one that is open, my calls of today."""
    return _desk(request, BeginForm(initial={"key": uuid4()}))


@official("clerk")
@require_POST
def begin(request: Request) -> HttpResponse:
    """Begin a call."""
    form = BeginForm(request.POST)
    if not form.is_valid():
        return _desk(request, form)
    try:
        number = services.begin(**form.cleaned_data, actor=request.actor, at=request.at)
    except TelephoneUnfit as error:
        form.add_error("telephone", error_words(error))
        return _desk(request, form)
    except CallOpen as error:
        messages.error(request, error_words(error))
        return redirect("window:phone")
    return redirect("window:call", call=number)


@official("clerk")
@never_cache
@require_http_methods(["GET", "POST"])
def call(request: Request, call: int) -> HttpResponse:
    """The call: who it is by what they know, and then where their things stand."""
    try:
        view = get_call(number=call, actor=request.actor, at=request.at)
    except CallOver as error:
        messages.info(request, error_words(error))
        return redirect("window:phone")
    way = _way(request)
    form = ShowForm(request.POST or None, way=way)
    if request.method == "POST" and form.is_valid() and _shown(request, call, way, form):
        return redirect("window:call", call=call)
    left = get_call(number=call, actor=request.actor, at=request.at).left if request.method == "POST" else view.left
    context = {
        "groups": side_groups(actor=request.actor, here="phone"),
        "call": view,
        "form": form,
        "way": way,
        "ways": list(get_phone().ways.values()),
        "left": left,
        **_matters(request),
        **_caller(request, view),
    }
    return render(request, "window/phone/call.html", context, status=422 if form.errors else 200)


@official("clerk")
@require_POST
def end(request: Request, call: int) -> HttpResponse:
    """They have hung up."""
    services.end(number=call, actor=request.actor, at=request.at)
    messages.success(request, _("The call is over. Nothing of it can be opened any more."))
    return redirect("window:phone")


@official("clerk")
@never_cache
@require_GET
def told(request: Request, call: int, number: int) -> HttpResponse:
    """Where one of their cases stands, to be said on the telephone; that it was opened is on record."""
    case = services.tell(number=call, case=number, actor=request.actor, at=request.at)
    record_look(view=case, actor=request.actor, at=request.at, purpose="phone")
    context = {
        "groups": side_groups(actor=request.actor, here="phone"),
        "call": call,
        "case": case,
        "row": case.row,
        "following": follow(case=case),
    }
    return render(request, "window/phone/told.html", context)


def _desk(request: Request, form: BeginForm) -> HttpResponse:
    if not answers_phone(actor=request.actor):
        raise NoPhoneDesk
    context = {
        "groups": side_groups(actor=request.actor, here="phone"),
        "form": form,
        "late": count_overdue(actor=request.actor, at=request.at),
        "open": get_open_call(actor=request.actor, at=request.at),
        "calls": list_calls(actor=request.actor, on=timezone.localdate(request.at)),
    }
    return render(request, "window/phone/desk.html", context, status=422 if form.errors else 200)


def _matters(request: Request) -> dict[str, Any]:
    """What fits the words that the caller uses."""
    text = request.GET.get("q", "").strip()[:80]
    found = list_matters(on=timezone.localdate(request.at), text=text, limit=_FOUND).items if text else []
    language = get_language() or "zh-hans"
    return {"text": text, "matters": [(row.code, row.name.in_language(language)) for row in found]}


def _way(request: Request) -> Way:
    """The way that was chosen; the city's first otherwise."""
    ways = get_phone().ways
    return ways.get(request.GET.get("way", ""), next(iter(ways.values())))


def _shown(request: Request, call: int, way: Way, form: ShowForm) -> bool:
    """Whether it all fits. If not the form says so, and they read it whom the caller said they were."""
    try:
        outcome = services.show(
            number=call, way=way.code, answers=form.cleaned_data, actor=request.actor, at=request.at
        )
    except TriesUsed as error:
        form.add_error(None, error_words(error))
        return False
    if outcome.passed:
        return True
    if outcome.concerned is not None:
        record_called_up(
            person=outcome.concerned, what="caller", purpose="phone-refused", actor=request.actor, at=request.at
        )
    words = ngettext(
        "This does not all fit, and which of it is not said. They can try %(count)d more time.",
        "This does not all fit, and which of it is not said. They can try %(count)d more times.",
        outcome.left,
    )
    none = _("This does not all fit. They have tried often enough: any counter helps them with their card.")
    form.add_error(None, words % {"count": outcome.left} if outcome.left else none)
    return False


def _caller(request: Request, view: CallView) -> dict[str, Any]:
    """Who it is, once they have shown it, and what they ask for; that it was called up is on record first."""
    if not view.level:
        return {}
    cases = list_told_cases(number=view.number, actor=request.actor, at=request.at)
    if view.level == "person":
        caller = get_caller(number=view.number, actor=request.actor, at=request.at)
        record_called_up(person=caller.person_id, what="person", purpose="phone", actor=request.actor, at=request.at)
        return {"caller": caller.name, "cases": cases}
    for row in cases:
        case = get_told_case(number=view.number, case=row.number, actor=request.actor, at=request.at)
        record_look(view=case, actor=request.actor, at=request.at, purpose="phone")
    return {"cases": cases}
