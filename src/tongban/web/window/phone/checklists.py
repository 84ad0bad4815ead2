"""What to bring for a matter, sent to the caller by SMS: the number is read back before anything goes out."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tongban.apps.calls import services
from tongban.apps.calls.errors import CallOver, ChecklistLimit, TelephoneUnfit
from tongban.apps.calls.queries import number_for
from tongban.apps.catalog.queries import get_matter
from tongban.apps.channels.queries import checklist_words
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.window.phone.forms import ChecklistForm
from tongban.web.wording import error_words

__all__ = ["checklist"]


@official("clerk")
@never_cache
@require_POST
def checklist(request: Request, call: int, matter: str) -> HttpResponse:
    """First the number and the words, to be read back; pressed once more, it is sent."""
    form = ChecklistForm(request.POST)
    if not form.is_valid():
        return redirect("window:script", call=call, matter=matter)
    given = form.cleaned_data
    try:
        number = number_for(call=call, telephone=given["telephone"], actor=request.actor, at=request.at)
        if given["read_back"]:
            services.send_checklist(
                call=call,
                telephone=number,
                matter=matter,
                language=given["language"],
                key=given["key"] or uuid4(),
                actor=request.actor,
                at=request.at,
            )
            messages.success(request, _("It is on its way to the caller."))
            return redirect("window:script", call=call, matter=matter)
    except CallOver as error:
        messages.info(request, error_words(error))
        return redirect("window:phone")
    except (TelephoneUnfit, ChecklistLimit) as error:
        messages.error(request, error_words(error))
        return redirect("window:script", call=call, matter=matter)
    definition = get_matter(code=matter, on=timezone.localdate(request.at)).definition
    context = {
        "groups": side_groups(actor=request.actor, here="phone"),
        "call": call,
        "matter": definition,
        "telephone": number,
        "spoken_as": f"{number[:3]} {number[3:7]} {number[7:]}",
        "language": given["language"],
        "words": checklist_words(definition, language=given["language"]),
        "key": uuid4(),
    }
    return render(request, "window/phone/checklist.html", context)
