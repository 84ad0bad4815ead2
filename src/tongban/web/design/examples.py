"""Invented contents for the living page. Nothing here is a figure of the city: it shows shapes, not facts."""

from datetime import datetime, timedelta, timezone
from typing import Any

from django.core.paginator import Paginator
from django.utils.translation import gettext as _

from tongban.apps.channels.queries import NoticeRow
from tongban.web.drawings import icon_names, illustration_names
from tongban.web.fields import Field, Option

__all__ = ["desk", "portal"]

_AT = datetime(2026, 11, 24, 10, 12, tzinfo=timezone(timedelta(hours=8)))
_NUMBER = 2611220483917724
COLOURS = (
    ("ink", "ink-2", "ink-3", "edge", "line", "paper", "sunk", "card"),
    ("river", "river-2", "river-soft", "fill", "fill-2", "hero-1", "hero-2", "side"),
    ("seal", "seal-fill", "seal-fill-2", "seal-soft", "sun", "sun-soft", "sun-ink", "done", "done-soft"),
)


def _text_fields() -> list[Field]:
    return [
        Field(
            kind="text",
            name="shop_name",
            label=_("Name of the restaurant"),
            hint=_("As it will stand on the sign."),
            value=_("Riverside Bistro"),
        ),
        Field(
            kind="text",
            name="mobile",
            label=_("Mobile phone"),
            hint=_("We text this number when we need something from you."),
            value="138 1234",
            errors=(_("A mobile phone number has 11 digits: 138 0013 8000"),),
            width=20,
            type="tel",
            inputmode="tel",
            autocomplete="tel",
        ),
        Field(
            kind="text", name="area", label=_("Floor area"), suffix="m²", width=5, inputmode="decimal", required=False
        ),
        Field(kind="textarea", name="note", label=_("What else should we know?"), required=False, rows=3),
        Field(
            kind="select",
            name="district",
            label=_("District"),
            options=(
                Option("", _("Choose one")),
                Option("a", _("Linjiang District"), selected=True),
                Option("b", _("Qingping District")),
            ),
        ),
    ]


def _choice_fields() -> list[Field]:
    return [
        Field(
            kind="radios",
            name="kitchen",
            label=_("Will you cook there?"),
            options=(
                Option("yes", _("Yes, there is a kitchen"), selected=True),
                Option("no", _("No, cold dishes and drinks only"), hint=_("No inspection on site is needed then.")),
            ),
        ),
        Field(
            kind="radios",
            name="post",
            label=_("Shall we post the licence to you?"),
            options=(Option("yes", _("Yes")), Option("no", _("No"))),
            errors=(_("Say whether we shall post it"),),
            inline=True,
        ),
        Field(
            kind="checkboxes",
            name="kinds",
            label=_("What will you sell?"),
            hint=_("Choose all that apply."),
            options=(
                Option("hot", _("Hot dishes"), selected=True),
                Option("cold", _("Cold dishes")),
                Option("drinks", _("Drinks made on the spot")),
            ),
        ),
        Field(
            kind="date",
            name="opening",
            label=_("When will you open?"),
            hint=_("For example 2026 12 1"),
            parts={"year": "2026"},
        ),
        Field(
            kind="file",
            name="floor_plan",
            label=_("Floor plan"),
            hint=_("A photo will do. PDF, JPG or PNG, at most 10 MB."),
            accept=".pdf,.jpg,.png",
        ),
        Field(
            kind="checkbox", name="pledge", label=_("What I have said is true, and I know what follows if it is not.")
        ),
        Field(
            kind="rating",
            name="grade",
            label=_("How was it?"),
            options=(
                Option("5", _("Very good")),
                Option("4", _("Good"), selected=True),
                Option("3", _("Fair")),
                Option("2", _("Poor")),
                Option("1", _("Very poor")),
            ),
        ),
    ]


def _timeline() -> list[dict[str, Any]]:
    return [
        {
            "name": _("You have filed"),
            "state": "done",
            "lines": [_("By phone, with 6 materials; 5 of them came from the system")],
            "at": _AT - timedelta(days=2),
        },
        {
            "name": _("Accepted, the clock has started"),
            "state": "done",
            "lines": [_("Window 3, Wang Qian")],
            "at": _AT - timedelta(days=2),
        },
        {
            "name": _("Please send one more material (clock paused)"),
            "state": "waiting",
            "lines": [_("Missing: floor plan")],
            "at": _AT,
        },
        {
            "name": _("Visit on site"),
            "state": "ahead",
            "lines": [_("Does not count; we agree on a time with you first")],
        },
        {"name": _("Decision and licence"), "state": "ahead", "lines": [], "at": _("by 4 December at the latest")},
    ]


def _parts() -> list[dict[str, str]]:
    return [
        {"name": _("Filed"), "state": "done"},
        {"name": _("Accepted"), "state": "done"},
        {"name": _("Supplement"), "state": "waiting"},
        {"name": _("Visit"), "state": "active"},
        {"name": _("Decision"), "state": "ahead"},
    ]


def _stats() -> list[dict[str, str]]:
    return [
        {
            "label": _("Time actually taken (median)"),
            "value": _("4.2 days"),
            "note": _("15.8 days faster than the law"),
            "tone": "done",
        },
        {"label": _("Visits"), "value": _("None"), "note": _("an inspector comes to you once")},
        {"label": _("Cost"), "value": _("Free")},
        {"label": _("Rating"), "value": "4.8 / 5", "note": _("3,206 this year")},
    ]


def _notice(*, read: bool) -> NoticeRow:
    title = _("The result has reached you") if read else _("Something is missing: waiting for you")
    body = _("How was it?") if read else _("We need one thing from you")
    return NoticeRow(
        id=1,
        kind="supplement",
        group="wanted",
        title=title,
        body=body,
        case=_NUMBER,
        order=None,
        at=_AT,
        legal=not read,
        read=read,
    )


def _states() -> list[dict[str, str]]:
    """What a part of a page shows when it is not simply full."""
    return [
        {"drawing": "empty", "name": _("Empty"), "rule": _("Say what will stand here, and offer one way on.")},
        {
            "drawing": "wait",
            "name": _("Loading"),
            "rule": _("Pages come whole, so it is rare: one line of words, read aloud, no turning wheel."),
        },
        {
            "drawing": "lost",
            "name": _("Gone wrong"),
            "rule": _("Say what happened, that nothing is lost, and what to do next; with the telephone."),
        },
        {"drawing": "done", "name": _("Done"), "rule": _("The number, what happens next, and by when.")},
        {"drawing": "offline", "name": _("Offline"), "rule": _("What can be read now; what was typed is held back.")},
        {
            "drawing": "gate",
            "name": _("Not yours to enter"),
            "rule": _("Whose it is, and how to get there if it is yours."),
        },
    ]


def _modes() -> list[dict[str, str]]:
    return [
        {
            "key": _("Elder mode"),
            "value": _("22 px words, 60 px targets, one column, few choices, a telephone on every page."),
        },
        {"key": _("High contrast"), "value": _("Black and white; lines say what soft colours said.")},
        {"key": _("Dark colours"), "value": _("Tokens of their own; every pair that carries words is tested.")},
        {"key": _("Motion"), "value": _("Only colours that fade when pointed at; none where it is not wanted.")},
        {"key": _("Paper"), "value": _("A4 without what can be pressed; where links lead is written out.")},
    ]


def portal() -> dict[str, Any]:
    """What the portal's half of the living page shows."""
    texts, choices = _text_fields(), _choice_fields()
    return {
        "states": _states(),
        "modes": _modes(),
        "colours": COLOURS,
        "icons": icon_names(),
        "illustrations": illustration_names(),
        "texts": texts,
        "choices": choices,
        "all_fields": [*texts, *choices],
        "inbox": [_notice(read=False), _notice(read=True)],
        "statuses": ("draft", "received", "accepted", "supplement", "suspended", "not_accepted", "withdrawn"),
        "outcomes": ("granted", "denied", "closed"),
        "timeline": _timeline(),
        "parts": _parts(),
        "stats": _stats(),
        "steps": [
            {"title": _("You file"), "text": _("About 6 minutes.")},
            {"title": _("We tell you within 5 working days"), "text": _("If you hear nothing, it is accepted.")},
            {"title": _("The licence comes to your phone")},
        ],
        "rows": [
            {"key": _("Name of the restaurant"), "value": _("Riverside Bistro"), "url": "#summary"},
            {"key": _("Mobile phone"), "value": "138****8000", "url": "#summary"},
            {"key": _("Case number"), "value": "2611 2204 8391 7724"},
        ],
        "crumbs": [
            {"name": _("Home"), "url": "#top"},
            {"name": _("Business"), "url": "#top"},
            {"name": _("Food licence")},
        ],
        "page": Paginator(range(200), 10).page(7),
        "facet": {
            "label": _("Department"),
            "icon": "building",
            "chosen": "",
            "all_url": "#controls",
            "choices": [
                {"name": _("Linjiang District"), "url": "#controls", "count": 12, "here": False},
                {"name": _("Qingping District"), "url": "#controls", "count": 7, "here": False},
            ],
        },
        "number": _NUMBER,
        "at": _AT,
        "effects": [
            _("The clock stops today, on its 6th working day."),
            _("It goes on when the applicant has answered."),
        ],
    }


def desk() -> dict[str, Any]:
    """What the desk's half of the living page shows."""
    return {
        "groups": [
            {
                "name": "",
                "links": [
                    {"name": _("My queue"), "url": "#queue", "icon": "inbox", "count": 23, "here": True},
                    {"name": _("My section"), "url": "#queue", "icon": "users", "count": 146},
                    {"name": _("Joint review"), "url": "#queue", "icon": "flow", "count": 5},
                    {"name": _("Paused"), "url": "#queue", "icon": "pause", "count": 31},
                ],
            },
            {
                "name": _("Supervision"),
                "links": [
                    {"name": _("About to be late"), "url": "#queue", "icon": "alert", "count": 4, "warn": True},
                ],
            },
        ],
        "queue": _queue(),
        "number": _NUMBER,
        "at": _AT,
        "log": [
            _("Filed on the web"),
            _("Accepted at window 3"),
            _("Floor plan asked for; the clock stopped on its 2nd working day"),
        ],
        "opinion": Field(kind="textarea", name="opinion", label=_("Opinion"), rows=3),
        "filters": [
            Field(kind="select", name="matter", label=_("Matter"), options=(Option("", _("All")),)),
            Field(kind="text", name="q", label=_("Number or name"), required=False),
        ],
    }


def _queue() -> list[dict[str, Any]]:
    """Three cases, the most urgent first."""
    return [
        {
            "name": _("Food business licence"),
            "who": _("Chuanwei Restaurant"),
            "node": _("Review"),
            "left": _("today 17:30"),
            "percent": 96,
            "tone": "seal",
            "tag": _("urgent"),
        },
        {
            "name": _("Opening a restaurant, joint review"),
            "who": _("Riverside Bistro"),
            "node": _("Handle"),
            "left": _("2 days left"),
            "percent": 78,
            "tone": "sun",
            "tag": _("lead"),
        },
        {
            "name": _("Shop sign"),
            "who": _("Zhao Jianguo"),
            "node": _("Accept"),
            "left": _("4 days left"),
            "percent": 20,
            "tone": "",
            "tag": "",
        },
    ]
