"""Calls that were promised: to a caller, kept by whoever's department has it, handed over, given up."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.apps.calls import services
from tongban.apps.calls.errors import CallBackOver, CallBackUnfit, CallError, TelephoneUnfit
from tongban.apps.calls.queries import TIMES, answers_phone, get_call, get_call_back, list_promised, list_told_cases
from tongban.apps.people.queries import get_department_names
from tongban.apps.rights.services import record_called_up
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import error_words, limit_words

__all__ = ["keep", "kept", "promise", "promised"]

_ROLES = ("clerk", "handler", "reviewer", "decider")


class PromiseForm(forms.Form):
    """What is promised. The cases to choose from are those that the caller may hear of."""

    question = forms.CharField(
        label=gettext_lazy("What is it about"),
        help_text=gettext_lazy("Only what the call needs. It is sealed, and let go of after its time."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": "3"}),
    )
    telephone = forms.CharField(
        label=gettext_lazy("Which number to call"),
        help_text=gettext_lazy("Leave it empty for the one that they call from."),
        required=False,
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "data-width": "20"}),
    )
    within = forms.ChoiceField(label=gettext_lazy("Within"))
    department = forms.ChoiceField(label=gettext_lazy("Who calls"))
    case = forms.TypedChoiceField(label=gettext_lazy("About which case"), coerce=int, empty_value=None, required=False)

    def __init__(self, *args: Any, cases: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "zh-hans"
        choices: Mapping[str, list[tuple[str, str]]] = {
            "within": [(each, str(limit_words(each))) for each in TIMES],
            "department": [(code, each.short(language)) for code, each in get_department_names().items()],
            "case": [("", _("none")), *cases],
        }
        for name, values in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = values
        if not cases:
            del self.fields["case"]


@official("clerk")
@never_cache
@require_http_methods(["GET", "POST"])
def promise(request: Request, call: int) -> HttpResponse:
    """Promise the caller a call."""
    view = get_call(number=call, actor=request.actor, at=request.at)
    language = get_language() or "zh-hans"
    told = list_told_cases(number=call, actor=request.actor, at=request.at)
    cases = [(str(row.number), f"{row.matter_name.in_language(language)} {row.number:016d}") for row in told]
    desk = min(request.actor.departments)
    form = PromiseForm(request.POST or None, cases=cases, initial={"department": desk, "within": TIMES[1]})
    if request.method == "POST" and form.is_valid():
        try:
            services.promise(call=call, **form.cleaned_data, actor=request.actor, at=request.at)
        except (TelephoneUnfit, CallBackUnfit) as error:
            form.add_error("telephone", error_words(error))
        else:
            messages.success(request, _("It is promised. You are reminded an hour before."))
            return redirect("window:call", call=call)
    if view.level == "person":
        record_called_up(person=view.person, what="person", purpose="phone", actor=request.actor, at=request.at)
    context = {"groups": side_groups(actor=request.actor, here="phone"), "call": view, "form": form}
    return render(request, "window/phone/promise.html", context, status=422 if form.errors else 200)


@official(*_ROLES)
@never_cache
@require_GET
def promised(request: Request) -> HttpResponse:
    """The calls that my departments have promised, the first that is due first."""
    context = {
        "groups": side_groups(actor=request.actor, here="call-backs"),
        "rows": list_promised(actor=request.actor, at=request.at),
        "answers": answers_phone(actor=request.actor),
    }
    return render(request, "window/phone/promised.html", context)


@official(*_ROLES)
@never_cache
@require_GET
def keep(request: Request, promise: int) -> HttpResponse:
    """One promise: whom to call, about what. That it was opened is on record where they had shown who they are."""
    try:
        found = get_call_back(number=promise, actor=request.actor)
    except CallBackOver as error:
        messages.info(request, error_words(error))
        return redirect("window:call_backs")
    if found.person is not None:
        record_called_up(person=found.person, what="person", purpose="phone", actor=request.actor, at=request.at)
    language = get_language() or "zh-hans"
    context = {
        "groups": side_groups(actor=request.actor, here="call-backs"),
        "row": found,
        "late": found.due_at < request.at,
        "departments": [
            (code, each.short(language)) for code, each in get_department_names().items() if code != found.department
        ],
    }
    return render(request, "window/phone/keep.html", context)


@official(*_ROLES)
@require_POST
def kept(request: Request, promise: int, how: str) -> HttpResponse:
    """Called, not reached, given up, or handed to another department."""
    given: dict[str, Any] = {"number": promise, "actor": request.actor, "at": request.at}
    if how == "hand-over":
        given["department"] = request.POST.get("department", "")
    if how not in _KEPT:
        raise Http404
    command, words = _KEPT[how]
    try:
        command(**given)
    except (CallBackOver, CallBackUnfit) as error:
        messages.error(request, error_words(error))
    except CallError as error:
        if error.code != "call-back.too-few-tries":
            raise
        messages.error(request, error_words(error))
        return redirect("window:call_back", promise=promise)
    else:
        messages.success(request, str(words))
    return redirect("window:call_backs")


_KEPT: Mapping[str, tuple[Callable[..., None], Any]] = {
    "done": (services.note_done, gettext_lazy("They were called.")),
    "not-reached": (services.note_not_reached, gettext_lazy("Noted. The promise stays open.")),
    "give-up": (services.give_up, gettext_lazy("Given up: nobody could be reached.")),
    "hand-over": (services.hand_over, gettext_lazy("The other department calls them now.")),
}
