"""Having an answered inquiry looked into once more: what is not right about the answer, said once."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tongban.apps.cases.queries import get_own_case
from tongban.apps.voice.errors import AgainTooEarly, AgainTooLate, AskedAgain, NothingSaid, UnknownInquiry
from tongban.apps.voice.queries import WITHIN, may_ask_again
from tongban.apps.voice.services import ask_again
from tongban.web.access import signed_in
from tongban.web.requests import Request

__all__ = ["once_more"]


class AgainForm(forms.Form):
    """What is not right about the answer."""

    why = forms.CharField(
        label=gettext_lazy("What is not right about the answer?"),
        help_text=gettext_lazy("The department looks into it anew. This can be asked for once."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": "5"}),
        error_messages={"required": gettext_lazy("Say what is not right, so that it is looked at.")},
    )


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def once_more(request: Request, number: int) -> HttpResponse:
    """Ask for it, or read why it cannot be asked for."""
    case, _answers = get_own_case(number=number, actor=request.actor, at=request.at)
    if case.definition.voice is None:
        raise Http404
    form = AgainForm(request.POST or None, use_required_attribute=False)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            again = ask_again(number=number, why=form.cleaned_data["why"], actor=request.actor, at=request.at)
        except UnknownInquiry as error:
            raise Http404 from error
        except NothingSaid:
            form.add_error("why", _("Say a little more, so that somebody can look into it."))
        except (AgainTooEarly, AgainTooLate, AskedAgain) as error:
            refused = _why_not(error)
        else:
            messages.success(request, _("It is looked into once more. This is its own number."))
            return redirect("portal:case", number=again)
    may = may_ask_again(number=number, actor=request.actor, at=request.at)
    context = {"case": case, "form": form, "may": may, "refused": refused}
    return render(request, "voice/once_more.html", context, status=422 if form.errors or refused else 200)


def _why_not(error: AgainTooEarly | AgainTooLate | AskedAgain) -> str:
    if isinstance(error, AgainTooEarly):
        return _("It has not been answered yet.")
    if isinstance(error, AskedAgain):
        return _("It was looked into once more already. You may turn to the authority above.")
    return _("It was answered more than %(days)d days ago. Say it anew instead.") % {"days": WITHIN.days}
