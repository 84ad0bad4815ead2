"""What I have agreed to: the very words, since when, and one press to withdraw; and all that I said before."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.catalog.city import get_calendar, get_rights
from tongban.apps.catalog.definitions.offers import SOURCES
from tongban.apps.people.queries import Agreement, list_agreements
from tongban.apps.people.services import end_consent
from tongban.web.access import signed_in
from tongban.web.requests import Request
from tongban.web.wording.offers import source_words

__all__ = ["history", "withdraw"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing that was said. ``outdated``: its words have changed in substance since, so it counts no more."""

    agreement: Agreement
    name: str
    sources: str
    words: str
    outdated: bool

    @property
    def is_yes(self) -> bool:
        """Whether anything was agreed to."""
        return bool(self.agreement.sources)


@signed_in
@require_safe
def history(request: Request) -> HttpResponse:
    """What holds now, then what was said before."""
    person = request.actor.person_id
    said = [_said(request, each) for each in list_agreements(person_id=person)] if person is not None else []
    now = [each for each in said if each.agreement.ended_at is None and each.is_yes]
    return render(request, "portal/me/consents.html", {"now": now, "before": [x for x in said if x not in now]})


@signed_in
@require_POST
def withdraw(request: Request, purpose: str) -> HttpResponse:
    """End it, at once and without a reason (Personal Information Protection Law, 15)."""
    if purpose not in get_rights().consents or request.actor.person_id is None:
        raise Http404
    end_consent(person_id=request.actor.person_id, purpose=purpose, at=request.at)
    messages.success(request, _("Withdrawn. Nothing of yours is looked at for this any more."))
    return redirect("portal:consents")


def _said(request: Request, agreement: Agreement) -> Said:
    language = get_language() or "zh-hans"
    consent = get_rights().consents.get(agreement.purpose)
    on = get_calendar().local_date(request.at)
    return Said(
        agreement=agreement,
        name=consent.name.in_language(language) if consent else agreement.purpose,
        sources=_(", ").join(source_words(source) for source in SOURCES if source in agreement.sources),
        words=agreement.words.text(language) if agreement.words else "",
        outdated=consent is not None and not consent.holds(agreed=agreement.version, on=on),
    )
