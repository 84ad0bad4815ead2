"""The side of all staff pages: my queues with their counts, and the other rooms that my roles open."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.apps.audits.queries import count_to_answer
from tongban.apps.calls.queries import answers_phone
from tongban.apps.cases.queries import count_checks, count_repairs
from tongban.apps.channels.queries import count_unread
from tongban.apps.desks.queries import FilterRow
from tongban.apps.people.actors import Actor
from tongban.apps.questions.queries import count_waiting
from tongban.apps.supervision.queries import count_appealed, count_unanswered

__all__ = ["GROUPS", "filter_url", "side_groups"]

GROUPS = {
    "department": (gettext_lazy("All open"), "inbox"),
    "mine": (gettext_lazy("Mine"), "person"),
    "free": (gettext_lazy("Nobody has it"), "flag"),
    "paused": (gettext_lazy("Paused"), "pause"),
}
"""Parts of the queue, in the order of the side."""


def side_groups(
    *,
    actor: Actor,
    here: str = "",
    counts: Mapping[str, int] | None = None,
    saved: Sequence[FilterRow] = (),
) -> list[dict[str, Any]]:
    """Groups of links for ``desk/side.html``. ``here`` is the name that the page has below, or a part of the queue.

    ``saved``: the reader's filters, where the page is the queue.
    """
    groups: list[dict[str, Any]] = []
    if any(role not in ("supervisor", "administrator") for _where, role in actor.roles):
        groups.append({"name": _("Queue"), "links": _queue_links(here, counts, saved)})
        groups.append({"name": _("Colleagues"), "links": _colleagues(actor, here)})
    if actor.has_role("handler"):
        groups.append({"name": _("On the road"), "links": [_link("field", here, _("Visits"), "field:tasks", "map")]})
    if any(actor.has_role(role) for role in ("handler", "reviewer", "decider")):
        issued = _link("certificates", here, _("Issued"), "desk:certificates", "id")
        groups.append({"name": _("Certificates"), "links": [issued]})
    if actor.has_role("clerk"):
        groups.append({"name": _("Front desk"), "links": _front_desk(actor, here)})
    if actor.has_role("supervisor") or actor.has_role("administrator"):
        groups.append({"name": _("Supervision"), "links": _supervision(actor, here)})
    return groups


def _link(own: str, here: str, name: str, page: str, icon: str) -> dict[str, Any]:
    return {"name": name, "url": _address(page), "icon": icon, "here": here == own}


_address = cache(reverse)
"""Addresses of rooms stay the same; every page of the staff's links to twenty of them."""


def _colleagues(actor: Actor, here: str) -> list[dict[str, Any]]:
    cards = _link("desk-cards", here, _("Cards"), "desk:cards", "flag")
    audits = _link("desk-audits", here, _("Audits"), "desk:audits", "eye")
    return [
        _link("inbox", here, _("Inbox"), "desk:inbox", "bell") | {"count": _unread(actor)},
        _link("questions", here, _("Colleagues ask"), "desk:questions", "users") | _warned(count_waiting(actor=actor)),
        cards | _warned(count_unanswered(departments=actor.departments)),
        *_checks(actor, here),
        audits | _warned(count_to_answer(departments=actor.departments)),
        _link("topics", here, _("What many people say"), "voice:topics", "users"),
        _link("voices", here, _("Before it is public"), "voice:to_look_at", "eye"),
        _link("promises", here, _("What we promised"), "voice:promises", "check"),
        _link("call-backs", here, _("Promised calls"), "window:call_backs", "phone"),
        _link("stand_ins", here, _("Stand-ins"), "desk:stand_ins", "users"),
        _link("phrases", here, _("Ready-made texts"), "desk:phrases", "edit"),
        _link("numbers", here, _("My numbers"), "desk:numbers", "chart"),
    ]


def _checks(actor: Actor, here: str) -> list[dict[str, Any]]:
    """What deciders are asked to look at beside any step."""
    if not actor.has_role("decider"):
        return []
    repairs = _link("repairs", here, _("Earlier end of a bar"), "desk:repairs", "undo")
    return [
        _link("checks", here, _("Human checks"), "desk:checks", "eye") | _warned(count_checks(actor=actor)),
        repairs | _warned(count_repairs(actor=actor)),
        _link("by_rule", here, _("Decided by rule"), "desk:by_rule", "scales"),
    ]


def _front_desk(actor: Actor, here: str) -> list[dict[str, Any]]:
    phone = [_link("phone", here, _("Telephone"), "window:phone", "phone")] if answers_phone(actor=actor) else []
    return [
        _link("window", here, _("File for someone"), "window:start", "users"),
        _link("queue", here, _("Numbers"), "window:queue", "wait"),
        _link("appointments", here, _("Appointments"), "window:appointments", "calendar"),
        *phone,
    ]


def _supervision(actor: Actor, here: str) -> list[dict[str, Any]]:
    links = [
        _link("supervise", here, _("What is late"), "supervise:overview", "chart"),
        _link("likely", here, _("What will be late"), "supervise:likely", "clock"),
        _link("patterns", here, _("Around the clock"), "supervise:patterns", "eye"),
        _link("topics", here, _("What many people say"), "voice:topics", "users"),
        _link("cards", here, _("Cards"), "supervise:cards", "flag") | _warned(count_appealed()),
        _link("calendar", here, _("Calendar changes"), "supervise:calendar", "calendar"),
        _link("audits", here, _("Audits"), "supervise:audits", "check"),
        _link("registers", here, _("Registers"), "supervise:registers", "building"),
    ]
    if actor.has_role("administrator"):
        links.append(_link("payments", here, _("Fees and statements"), "supervise:payments", "card"))
        links.append(_link("notices", here, _("What did not go out"), "supervise:notices", "bell"))
    return links


def _warned(count: int) -> dict[str, Any]:
    """What waits, where something does."""
    return {"count": count or None, "warn": bool(count)}


def _unread(actor: Actor) -> int | None:
    return count_unread(person_id=actor.person_id, desk=True) or None if actor.person_id is not None else None


def _queue_links(here: str, counts: Mapping[str, int] | None, saved: Sequence[FilterRow]) -> list[dict[str, Any]]:
    """The parts of the queue, and beside the queue itself one's own filters, which no other page reads."""
    links = [_queue_link(name, here, counts) for name in GROUPS]
    links[0]["key"] = "q"
    if here not in GROUPS and not here.startswith("filter"):
        links[0]["url"] += "?group=department"  # whether another filter is the one to begin with is not known here
        return links
    if any(row.is_first for row in saved):
        links[0]["url"] += "?group=department"
    links += [_filter_link(row, here) for row in saved]
    if saved:
        links.append(_link("filters", here, _("My filters"), "desk:filters", "edit"))
    return links


def _filter_link(row: FilterRow, here: str) -> dict[str, Any]:
    return {"name": row.name, "url": filter_url(row), "icon": "search", "here": here == f"filter-{row.id}"}


def filter_url(row: FilterRow) -> str:
    """The queue as a saved filter shows it."""
    asked = {"group": row.part, "matter": row.matter, "within": row.within}
    return f"{_address('desk:queue')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _queue_link(name: str, here: str, counts: Mapping[str, int] | None) -> dict[str, Any]:
    words, icon = GROUPS[name]
    url = _address("desk:queue") + ("" if name == "department" else f"?group={name}")
    count = counts.get(name) if counts is not None else None
    return {"name": str(words), "url": url, "icon": icon, "here": here == name, "count": count}
