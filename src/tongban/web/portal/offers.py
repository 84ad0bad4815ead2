"""What I may be entitled to: shown only with consent, each with its reason, switched off with one press."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.catalog.definitions.offers import SOURCES
from tongban.apps.intake import services
from tongban.apps.intake.errors import NotServed, UnknownOffer, WordsChanged
from tongban.apps.intake.queries import get_consented, list_offers
from tongban.web.access import signed_in
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.wording import error_words
from tongban.web.wording.offers import source_hint, source_words

__all__ = ["ask_for", "granting", "hide", "offers", "show_hidden", "switch"]


@signed_in
@require_safe
def offers(request: Request) -> HttpResponse:
    """The offers with their reasons, and what may be looked at for them."""
    found = list_offers(actor=request.actor, at=request.at)
    context = {
        "offers": found,
        "lines": [(each, [source_words(source) for source in each.uses]) for each in found.items],
        "sources": _sources_field(found.sources),
        "granting": get_consented(actor=request.actor, at=request.at),
        "person": request.actor.person_id is not None,
    }
    return render(request, "portal/offers.html", context)


@signed_in
@require_POST
def switch(request: Request) -> HttpResponse:
    """Let the ticked sources be used and no others; the button that says no lets none be."""
    ticked = set(request.POST.getlist("sources")) & set(SOURCES) if "off" not in request.POST else set()
    read = request.POST.get("words", "")
    if not ticked and "off" not in request.POST:  # a consent is given by ticking, and is never there beforehand
        messages.error(request, _("Tick what may be looked at, or say no."))
        return redirect("portal:offers")
    try:
        services.switch_offers_on(actor=request.actor, sources=ticked, read=read, at=request.at)
    except WordsChanged as changed:
        messages.error(request, error_words(changed))
        return redirect("portal:offers")
    if ticked:
        messages.success(request, _("Switched on. You can switch it off here at any time."))
    else:
        messages.success(request, _("Switched off. Nothing of yours is looked at for this any more."))
    return redirect("portal:offers")


@signed_in
@require_POST
def granting(request: Request) -> HttpResponse:
    """Let what the law allows be granted without asking, or not any more."""
    yes = "off" not in request.POST
    try:
        services.agree_to_granting(actor=request.actor, yes=yes, read=request.POST.get("words", ""), at=request.at)
    except WordsChanged as changed:
        messages.error(request, error_words(changed))
        return redirect("portal:offers")
    if yes:
        messages.success(request, _("Agreed. Whatever is granted so, you are told of at once, and can decline."))
    else:
        messages.success(request, _("Nothing is granted to you without your asking."))
    return redirect("portal:offers")


@signed_in
@require_POST
def ask_for(request: Request, code: str) -> HttpResponse:
    """Fill in all that is known, and lead to where it is read once more and sent, or to what is still missing."""
    try:
        draft = services.start_offered(actor=request.actor, code=code, at=request.at)
    except (UnknownOffer, NotServed) as refused:
        messages.info(request, error_words(refused))
        return redirect("portal:offers")
    return redirect("portal:resume", draft=draft)


@signed_in
@require_POST
def hide(request: Request, code: str) -> HttpResponse:
    """Do not show this one any more."""
    services.hide_offer(actor=request.actor, code=code, at=request.at)
    messages.info(request, _("We do not show this any more."))
    return redirect("portal:offers")


@signed_in
@require_POST
def show_hidden(request: Request) -> HttpResponse:
    """Show again what was hidden."""
    services.show_hidden_offers(actor=request.actor)
    return redirect("portal:offers")


def _sources_field(ticked: frozenset[str]) -> Field:
    return Field(
        kind="checkboxes",
        name="sources",
        label=_("What may be looked at"),
        options=tuple(
            Option(value=source, label=source_words(source), hint=source_hint(source), selected=source in ticked)
            for source in SOURCES
        ),
        required=False,
    )
