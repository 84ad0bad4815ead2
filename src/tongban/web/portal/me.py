"""My page: what government holds of me, where it came from, and the ways to everything else that is mine."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.apps.catalog.city import get_rights
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import Applicant, Profile, get_profile, list_applicants
from tongban.apps.rights.queries import count_trace
from tongban.web.access import signed_in
from tongban.web.capacity import capacity_of
from tongban.web.portal.mandates import my_mandates
from tongban.web.portal.wallet import held_by
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import day
from tongban.web.wording import mandate_words

__all__ = ["data", "hub"]

_LATELY = timedelta(days=30)
_SHOWN = 5


@signed_in
@require_safe
def hub(request: Request) -> HttpResponse:
    """Who I am here, for whom I act and who for me, my certificates, and one way to each thing that is mine."""
    profile = _profile(request.actor)
    mandates = my_mandates(request)
    held = [each for each in held_by(request) if each.state != "ended"]
    context = {
        "profile": profile,
        "name": _name(profile) if profile else "",
        "tiles": _tiles(request),
        "organisations": _represented(request),
        "here": capacity_of(request).key,
        "given": mandates["acted"][:_SHOWN],
        "held": mandates["act"][:_SHOWN],
        "asked": [*mandates["answer"], *mandates["asked"]][:_SHOWN],
        "certificates": held[:_SHOWN],
        "all_certificates": len(held),
    }
    return render(request, "portal/me/hub.html", context)


@signed_in
@require_safe
def data(request: Request) -> HttpResponse:
    """What is on file, each with where it comes from and since when."""
    profile = _profile(request.actor)
    on = timezone.localdate(request.at)
    others = [each for each in list_applicants(actor=request.actor, on=on) if each.kind]
    context = {
        "rows": _rows(profile) if profile else [],
        "organisations": [_line(each) for each in others if each.is_organisation],
        "ask": get_rights().matters,
        "persons": [_line(each) for each in others if not each.is_organisation],
    }
    return render(request, "portal/me/data.html", context)


def _profile(actor: Actor) -> Profile | None:
    return None if actor.person_id is None else get_profile(person_id=actor.person_id)


def _name(profile: Profile) -> str:
    return profile.name if (get_language() or "zh").startswith("zh") else profile.name_en or profile.name


def _rows(profile: Profile) -> list[dict[str, str]]:
    source = _source(profile.since)
    return [
        {"key": _("Name"), "value": _name(profile), "source": source},
        {"key": _("Identity number"), "value": profile.identity_number, "source": source},
        {"key": _("Mobile"), "value": profile.phone or _("none on file"), "source": source if profile.phone else ""},
    ]


def _source(since: datetime | None) -> str:
    if since is None:
        return _("given when a case was filed")
    return _("given when the account was opened, %(day)s") % {"day": day(since)}


def _represented(request: Request) -> list[dict[str, str]]:
    """The organisations for which the reader acts, with as what."""
    others = list_applicants(actor=request.actor, on=timezone.localdate(request.at))
    return [{"key": each.key, **_line(each)} for each in others if each.is_organisation]


def _line(applicant: Applicant) -> dict[str, str]:
    return {"name": applicant.name, "masked": applicant.masked, "kind": mandate_words(applicant.kind)}


def _tiles(request: Request) -> Sequence[dict[str, Any]]:
    looks = count_trace(actor=request.actor, since=request.at - _LATELY)
    lately = ngettext("%(count)s time in the last 30 days", "%(count)s times in the last 30 days", looks)
    return [
        _tile("portal:my_data", "id", _("My data"), _("What government holds of me, and where it comes from")),
        _tile("portal:looks", "eye", _("Who looked at my data"), lately % {"count": looks}),
        _tile("portal:consents", "check", _("What I have agreed to"), _("To read again, and to withdraw")),
        _tile("portal:pledges", "edit", _("What I have pledged"), _("Kept or not, and until when that counts")),
        _tile("portal:export", "download", _("A copy of my data"), _("All of it, to read and to take away")),
        _tile("portal:wallet", "wallet", _("My certificates"), _("To show, to download, to renew")),
        _tile("portal:mandates", "users", _("My mandates"), _("For whom I act, and who acts for me")),
        _tile("portal:cases", "inbox", _("My cases"), _("How far they are, and what came of them")),
        _tile("portal:offers", "heart", _("What I may be entitled to"), _("Shown with my consent only")),
        _tile("portal:notices", "bell", _("How I am told"), _("Ways, times and languages")),
    ]


def _tile(route: str, icon: str, name: str, note: str) -> dict[str, str]:
    return {"url": reverse(route), "icon": icon, "name": name, "note": note}
