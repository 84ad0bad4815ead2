"""The start page, and the way home after signing in."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.queries import CaseRow, list_cases
from tongban.apps.catalog.bundles import list_bundles
from tongban.apps.catalog.overview import get_overview
from tongban.apps.catalog.queries import MatterRow, get_version
from tongban.apps.insight.queries import get_city_figures
from tongban.apps.intake.orders.queries import OrderRow, list_orders
from tongban.apps.intake.queries import DraftRow, list_drafts, list_offers
from tongban.web.access import public, signed_in
from tongban.web.capacity import capacity_of
from tongban.web.city import get_city
from tongban.web.following import parts_of
from tongban.web.preferences import display_of
from tongban.web.requests import Request
from tongban.web.wording import topic_icon, topic_words

__all__ = ["home", "topics_of", "welcome"]

_SHOWN = 3
_ASKED_OFTEN = 4
_ELDERS_COME_FOR = ("retirement", "health", "papers")


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic as a tile."""

    code: str
    name: str
    icon: str
    count: int


@public
def home(request: Request) -> HttpResponse:
    """Ask first, then what of mine is moving, then topics, then what the log says of the city."""
    if display_of(request).is_elder:
        return render(request, "portal/home_elder.html", _few(request))
    today = timezone.localdate(request.at)
    overview = get_overview(on=today)
    mine = _moving(request) if request.user.is_authenticated else []
    context = {
        "greeting": _greeting(timezone.localtime(request.at).hour),
        "count": overview.count,
        "chips": _chips(overview.first),
        "mine": [(row, parts_of(row)) for row in mine],
        "drafts": _drafts(request, _SHOWN) if request.user.is_authenticated else [],
        "offers": list_offers(actor=request.actor, at=request.at, limit=_SHOWN)
        if request.user.is_authenticated
        else None,
        "bundles": list_bundles(on=today),
        "orders": _orders(request),
        "topics": topics_of(overview.topics),
        "figures": get_city_figures(at=request.at),
    }
    return render(request, "portal/home.html", context)


@signed_in
def welcome(request: Request) -> HttpResponse:
    """Lead whoever has just signed in to where their work is."""
    actor = request.actor
    if actor.has_role("supervisor"):
        route = "supervise:overview"
    elif actor.has_role("clerk"):
        route = "window:start"
    else:
        route = "desk:queue" if actor.is_official else "portal:cases"
    try:
        return redirect(reverse(route))
    except NoReverseMatch:
        return redirect("portal:cases")


def topics_of(counts: dict[str, int]) -> list[Topic]:
    """Topics as tiles, the fullest first."""
    codes = sorted(counts, key=lambda code: (-counts[code], code))
    return [Topic(code, topic_words(code), topic_icon(code), counts[code]) for code in codes]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the few things on the start page of elder mode."""

    name: str
    note: str
    icon: str
    url: str


def _few(request: Request) -> dict[str, Any]:
    """What moves of mine, and the handful of things that elders come for."""
    is_known, matters = request.user.is_authenticated, reverse("portal:matters")
    topics = get_overview(on=timezone.localdate(request.at)).topics
    follow = (
        Choice(_("My cases"), _("How far they are"), "inbox", reverse("portal:cases"))
        if is_known
        else Choice(_("Where is my case?"), _("With its number"), "inbox", reverse("open:track"))
    )
    phone = get_city().phones["hotline"]
    events = list_bundles(on=timezone.localdate(request.at))
    return {
        "greeting": _greeting(timezone.localtime(request.at).hour),
        "mine": [(row, parts_of(row)) for row in _moving(request)[:1]] if is_known else [],
        "drafts": _drafts(request, 1) if is_known else [],
        "choices": [
            Choice(_("Somebody does it for me"), _("Call %(phone)s") % {"phone": phone}, "phone", f"tel:{phone}"),
            follow,
            *(
                Choice(topic_words(code), "", topic_icon(code), f"{matters}?topic={code}")
                for code in _ELDERS_COME_FOR
                if code in topics
            ),
            *(
                [Choice(_("Life events"), _("Several matters in one go"), "heart", reverse("portal:bundles"))]
                if events
                else []
            ),
            Choice(_("Something else"), _("Search, or look through all"), "search", matters),
        ],
    }


def _moving(request: Request) -> Sequence[CaseRow]:
    """What waits for the reader, then what else is under way; for whom they are here."""
    listed = partial(list_cases, actor=request.actor, applicant=capacity_of(request).key, limit=_SHOWN)
    others = [row for row in listed(group="open").rows if row.status != "supplement"]
    return [*listed(group="waiting").rows, *others][:_SHOWN]


def _drafts(request: Request, limit: int) -> Sequence[DraftRow]:
    """What was begun and not sent; for whom the reader is here."""
    return list_drafts(actor=request.actor, applicant=capacity_of(request).key, limit=limit)


def _orders(request: Request) -> Sequence[OrderRow]:
    """Carts, and what was sent together and is not over."""
    if not request.user.is_authenticated:
        return []
    rows = list_orders(actor=request.actor, at=request.at, applicant=capacity_of(request).key, limit=_SHOWN)
    return [row for row in rows if row.number is None or any(state != "done" for _, state in row.parts)]


def _greeting(hour: int) -> str:
    if 5 <= hour < 12:
        return _("Good morning. What would you like to get done?")
    if 12 <= hour < 18:
        return _("Good afternoon. What would you like to get done?")
    return _("Good evening. What would you like to get done?")


def _chips(rows: Sequence[MatterRow]) -> list[str]:
    """Words that people search for, one from each of a few matters of different topics."""
    chips, topics = [], set()
    for row in rows:
        topic = row.topics[0] if row.topics else ""
        words = get_version(version_id=row.version_id).definition.keywords(get_language() or "zh-hans")
        if topic not in topics and words:
            topics.add(topic)
            chips.append(words[0])
    return chips[:_ASKED_OFTEN]
