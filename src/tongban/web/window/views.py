"""The counter's pages: find the matter, say for whom, then the same draft as everywhere."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from tongban.apps.catalog.queries import get_matter, list_matters
from tongban.apps.intake.filings import list_filed
from tongban.apps.intake.queries import list_drafts
from tongban.apps.intake.services import start_for
from tongban.apps.people.errors import NameDiffers
from tongban.apps.people.services import find_or_register_organisation, find_or_register_person
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.window.forms import OrganisationForm, PersonForm, mismatch_words

__all__ = ["start", "who"]


@official("clerk")
@require_GET
def start(request: Request) -> HttpResponse:
    """What is asked for, what I have begun, what I have filed today."""
    today, language = timezone.localdate(request.at), get_language() or "zh-hans"
    text = request.GET.get("q", "").strip()[:80]
    found = list_matters(on=today, text=text, limit=12)
    context = {
        "groups": side_groups(actor=request.actor, here="window"),
        "text": text,
        "matters": [
            (row, row.name.in_language(language), row.authority_name.in_language(language)) for row in found.items
        ],
        "more": found.total - len(found.items),
        "drafts": [(row, row.matter_name.in_language(language)) for row in list_drafts(actor=request.actor)],
        "filed": [(row, row.matter_name.in_language(language)) for row in list_filed(actor=request.actor, on=today)],
    }
    return render(request, "window/start.html", context)


@official("clerk")
@require_http_methods(["GET", "POST"])
def who(request: Request, matter: str) -> HttpResponse:
    """For whom: found by their number or registered with it, then the draft opens."""
    published = get_matter(code=matter, on=timezone.localdate(request.at))
    of_body = request.GET.get("for") == "organisation"
    form = OrganisationForm(request.POST or None) if of_body else PersonForm(request.POST or None)
    find_or_register = find_or_register_organisation if of_body else find_or_register_person
    if request.method == "POST" and form.is_valid():
        try:
            applicant = find_or_register(**form.cleaned_data)
        except NameDiffers:
            form.add_error("name", mismatch_words())
        else:
            draft = start_for(actor=request.actor, matter=matter, applicant=applicant, channel="window", at=request.at)
            return redirect("portal:resume", draft)
    groups = side_groups(actor=request.actor, here="window")
    name = published.definition.name.in_language(get_language() or "zh-hans")
    context = {"groups": groups, "form": form, "kind": form.kind, "name": name, "matter": matter}
    return render(request, "window/who.html", context, status=422 if form.errors else 200)
