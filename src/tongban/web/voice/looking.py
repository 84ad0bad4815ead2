"""The last look before something becomes public, and putting right how it was sorted: pages of officials."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.apps.cases.queries import get_case
from tongban.apps.voice.errors import NotForThem, NotToPublish, StillPersonal, UnknownCategory, UnknownInquiry
from tongban.apps.voice.queries import list_to_look_at
from tongban.apps.voice.services import correct, propose, publish, withhold
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.sorted_voices import look_lines
from tongban.web.voice.forms import LookForm, WithholdForm
from tongban.web.wording.voices import WITHHELD

__all__ = ["category", "look", "to_look_at"]

_ROLES = ("clerk", "handler", "reviewer", "decider")
_FIELDS = ("subject", "text", "reply")


@official(*_ROLES)
@never_cache
@require_safe
def to_look_at(request: Request) -> HttpResponse:
    """What may become public and waits for somebody to look at it, the oldest first."""
    numbers = list_to_look_at(actor=request.actor, at=request.at)
    context = {
        "groups": side_groups(actor=request.actor, here="voices"),
        "rows": look_lines(numbers=numbers, at=request.at),
    }
    return render(request, "voice/to_look_at.html", context)


@official(*_ROLES)
@never_cache
@require_http_methods(["GET", "POST"])
def look(request: Request, number: int) -> HttpResponse:
    """The words as they were said beside those that all would read: published, or withheld with a reason."""
    try:
        proposal = propose(number=number, actor=request.actor, at=request.at)
    except (UnknownInquiry, NotForThem) as error:
        raise Http404 from error
    form = LookForm(None, initial={name: getattr(proposal, name) for name in _FIELDS}, use_required_attribute=False)
    other = WithholdForm(None, use_required_attribute=False)
    if request.method == "POST":
        if "withhold" in request.POST:
            other = WithholdForm(request.POST, use_required_attribute=False)
            if other.is_valid():
                withhold(number=number, reason=other.cleaned_data["reason"], actor=request.actor, at=request.at)
                messages.success(request, _("It is not public. Whoever said it is answered all the same."))
                return redirect("voice:to_look_at")
        else:
            form = LookForm(request.POST, use_required_attribute=False)
            if form.is_valid() and _published(request, number, form):
                messages.success(request, _("It is public."))
                return redirect("voice:to_look_at")
    context = {
        "groups": side_groups(actor=request.actor, here="voices"),
        "proposal": proposal,
        "form": form,
        "other": other,
        "withheld": WITHHELD.get(proposal.withheld, ""),
        "wrong": other if other.errors else form,
    }
    return render(request, "voice/look.html", context, status=422 if form.errors or other.errors else 200)


@official(*_ROLES)
@require_POST
def category(request: Request, number: int) -> HttpResponse:
    """Say where an inquiry belongs."""
    get_case(number=number, actor=request.actor, at=request.at)  # raises for whoever may not read it
    try:
        correct(number=number, category=request.POST.get("category", ""), actor=request.actor, at=request.at)
    except (UnknownInquiry, NotForThem) as error:
        raise Http404 from error
    except UnknownCategory:
        messages.error(request, _("Choose a category of the directory."))
    else:
        messages.success(request, _("It is put right. The next that is like it follows at once."))
    return redirect("desk:case", number=number)


def _published(request: Request, number: int, form: forms.Form) -> bool:
    try:
        publish(number=number, **form.cleaned_data, actor=request.actor, at=request.at)
    except StillPersonal as error:
        words = _("“%(words)s” is surely somebody's. Take it out before others read it.")
        form.add_error(None, words % {"words": error.params["words"]})
    except NotToPublish:
        form.add_error(None, _("Whoever said it did not agree to its being public. Withhold it."))
    else:
        return True
    return False
