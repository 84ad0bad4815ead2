"""What my authority has issued: what ends soon, what is suspended or revoked; and one that I look for."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.cases.queries import Party, list_parties
from tongban.apps.evidence.queries import (
    PARTS,
    CertificatePage,
    CertificateView,
    find_of_authorities,
    list_of_authorities,
)
from tongban.apps.rights.services import record_found
from tongban.kernel.numbers import mask_name
from tongban.web.access import official
from tongban.web.fields import Field
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import standing_words, verdict_words

__all__ = ["listing"]

_ROLES = ("handler", "reviewer", "decider")
_PARTS = {
    "all": gettext_lazy("All"),
    "ending": gettext_lazy("About to expire"),
    "suspended": gettext_lazy("Suspended"),
    "revoked": gettext_lazy("Revoked"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A certificate in the list. ``holder`` is a company, or a person's name but for its first character."""

    certificate: CertificateView
    name: str
    holder: str
    standing: str
    icon: str
    url: str


@official(*_ROLES)
@require_http_methods(["GET", "POST"])
def listing(request: Request) -> HttpResponse:
    """Certificates of the authorities in which I have a role. A search is posted, so that no name stands in an address;
    whoever is found by it reads that."""
    authorities = sorted({where for where, role in request.actor.roles if role in _ROLES})
    today = timezone.localdate(request.at)
    term = request.POST.get("term", "").replace("\0", "").strip()[:120]
    part = request.GET.get("part", "all")
    part = part if part in PARTS else "all"
    cursor = request.GET.get("after", "")
    if term:
        page = find_of_authorities(authorities=authorities, term=term)
    else:
        page = list_of_authorities(authorities=authorities, part=part, on=today, cursor=cursor)
    parties = list_parties(numbers={each.case for each in page.rows})
    if term:
        record_found(parties=list(parties.values()), actor=request.actor, at=request.at)
    context = {
        "part": part,
        "parts": [(name, words, _url(name), name == part and not term) for name, words in _PARTS.items()],
        "term": term,
        "field": _field(term),
        "lines": [_line(each, parties.get(each.case), today) for each in page.rows],
        **_pages(page, part, cursor, term),
        "groups": side_groups(actor=request.actor, here="certificates"),
    }
    return render(request, "desk/certificates.html", context)


def _pages(page: CertificatePage, part: str, cursor: str, term: str) -> dict[str, Any]:
    return {
        "more": bool(term and page.next),
        "first_url": _url(part) if cursor and not term else "",
        "next_url": _url(part, after=page.next) if page.next and not term else "",
    }


def _url(part: str, **more: str) -> str:
    asked = ({} if part == "all" else {"part": part}) | more
    return reverse("desk:certificates") + (f"?{urlencode(asked)}" if asked else "")


def _field(term: str) -> Field:
    return Field(
        kind="text",
        name="term",
        label=_("Number or holder"),
        hint=_("The whole number, or the whole name. Whoever is found is told that you looked."),
        value=term,
        autocomplete="off",
        attributes={"maxlength": "120"},
    )


def _line(certificate: CertificateView, party: Party | None, today: date) -> Line:
    standing = certificate.standing(on=today)
    is_company = party is not None and party.organisation is not None
    return Line(
        certificate=certificate,
        name=certificate.name(get_language() or "zh-hans"),
        holder=certificate.holder if is_company else mask_name(certificate.holder),
        standing=standing_words(standing),
        icon=verdict_words(standing).icon,
        url=reverse("desk:certificate", args=[certificate.case]),
    )
