"""Finding a matter: by words, with suggestions while typing, by topic, by department and by who one is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.apps.catalog.bundles import PublishedBundle
from tongban.apps.catalog.life_events import find_bundles
from tongban.apps.catalog.queries import Facets, MatterRow, Page, find_matters, get_matter, suggest
from tongban.apps.catalog.services import record_choice
from tongban.apps.crossings.queries import list_offers
from tongban.apps.people.addresses import address_of
from tongban.apps.people.queries import get_department_names
from tongban.web.access import public
from tongban.web.portal.home import topics_of
from tongban.web.requests import Request
from tongban.web.wording import served_words, topic_words

__all__ = ["elsewhere", "listing", "open_result", "suggestions"]

_PAGE = 20
_LONGEST = 120
_FACETS = ("topic", "served", "authority")


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: where it leads, and how many matters it leaves."""

    name: str
    url: str
    count: int
    here: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """A facet as a menu; ``chosen`` is the name of its value, ``all_url`` takes it away."""

    label: str
    icon: str
    chosen: str
    all_url: str
    choices: list[Choice]


@dataclass(frozen=True, slots=True)
class Way:
    """A topic as a chip."""

    name: str
    icon: str
    url: str
    code: str


@public
@require_safe
def listing(request: Request) -> HttpResponse:
    """All matters, or those that fit words and facets."""
    asked = {name: request.GET.get(name, "").strip()[:64] for name in _FACETS}
    text, today = _text(request), timezone.localdate(request.at)
    found = find_matters(on=today, text=text, **asked, offset=_offset(request), limit=_PAGE)
    kept = {"q": text, **asked}
    # Where nothing was found, the choices lead to everything that there is.
    led = kept if found.page.total else dict.fromkeys(kept, "")
    context = {
        "found": found.page,
        "text": text,
        "bundles": _events(text, found.page, today),
        "meant": [] if text in found.meant else found.meant,
        "topic": led["topic"],
        "topic_name": topic_words(led["topic"]) if led["topic"] else "",
        "topics": _topics(led, found.facets),
        "every_topic_url": _url(led, topic=""),
        "menus": _menus(led, found.facets),
        "asked": asked,
        "narrowed": any(asked.values()),
        "words_alone_url": _url({"q": text}),
        "previous_url": _page_url(kept, found.page.previous_offset),
        "next_url": _page_url(kept, found.page.next_offset),
    }
    return render(request, "portal/matters.html", context)


@public
@require_safe
def elsewhere(request: Request) -> HttpResponse:
    """What other cities decide and is filed from here, city by city; and what has to be asked for there, and why."""
    return render(request, "portal/elsewhere.html", {"cities": list_offers(on=timezone.localdate(request.at))})


@public
@require_safe
def suggestions(request: Request) -> HttpResponse:
    """The choices under a search box, as a piece of a page."""
    text = _text(request)
    today = timezone.localdate(request.at)
    bundles, rows = find_bundles(text=text, on=today, limit=1), suggest(text=text, on=today)
    context = {"bundles": bundles, "rows": rows, "count": len(bundles) + len(rows), "text": text}
    response = render(request, "portal/_suggestions.html", context)
    response["Cache-Control"] = "private, max-age=60"
    response["X-Robots-Tag"] = "noindex"
    return response


@public
@require_safe
def open_result(request: Request, code: str) -> HttpResponse:
    """Lead to a matter that a search found, and let the search learn that it was the right one."""
    today = timezone.localdate(request.at)
    get_matter(code=code, on=today)
    # What a browser fetches ahead, nobody has chosen yet.
    if request.method == "GET" and "prefetch" not in request.headers.get("sec-purpose", ""):
        record_choice(text=_text(request), matter=code, visitor=address_of(request), on=today)
    response = redirect("portal:matter", code=code)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _events(text: str, page: Page[MatterRow], on: date) -> Sequence[PublishedBundle]:
    """Above the first page of what fits."""
    return () if page.offset else find_bundles(text=text, matters=[row.code for row in page.items[:1]], on=on)


def _text(request: Request) -> str:
    return request.GET.get("q", "").strip()[:_LONGEST]


def _topics(kept: Mapping[str, str], facets: Facets) -> list[Way]:
    return [Way(each.name, each.icon, _url(kept, topic=each.code), each.code) for each in topics_of(facets.topics)]


def _menus(kept: Mapping[str, str], facets: Facets) -> list[Menu]:
    language = get_language() or "zh-hans"
    departments = {code: each.short(language) for code, each in get_department_names().items()}
    served = {code: served_words(code) for code in facets.served}
    return [
        _menu(kept, "served", _("For whom"), "person", served, facets.served),
        _menu(kept, "authority", _("Department"), "building", departments, facets.authorities),
    ]


def _menu(
    kept: Mapping[str, str], name: str, label: str, icon: str, names: Mapping[str, str], counts: Mapping[str, int]
) -> Menu:
    here = kept[name]
    choices = [
        Choice(names.get(code, code), _url(kept, **{name: code}), count, code == here) for code, count in counts.items()
    ]
    return Menu(label, icon, names.get(here, here), _url(kept, **{name: ""}), choices)


def _url(kept: Mapping[str, str], **changed: str) -> str:
    told = {name: value for name, value in {**kept, **changed}.items() if value}
    return reverse("portal:matters") + (f"?{urlencode(told)}" if told else "")


def _offset(request: Request) -> int:
    text = request.GET.get("from", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _page_url(kept: Mapping[str, str], offset: int | None) -> str:
    return "" if offset is None else _url(kept, **{"from": str(offset)})
