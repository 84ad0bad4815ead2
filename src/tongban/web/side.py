"""The side of all staff pages: my queues with their counts, and the other rooms that my roles open."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongban.apps.channels.queries import count_unread
from tongban.apps.desks.queries import FilterRow, list_filters
from tongban.apps.people.actors import Actor
from tongban.apps.supervision.queries import count_appealed, count_unanswered

__all__ = ["GROUPS", "filter_url", "side_groups"]

GROUPS = {
    "department": (gettext_lazy("All open"), "inbox"),
    "mine": (gettext_lazy("Mine"), "person"),
    "free": (gettext_lazy("Nobody has it"), "flag"),
    "paused": (gettext_lazy("Paused"), "pause"),
}
"""Parts of the queue, in the order of the side."""


def side_groups(*, actor: Actor, here: str = "", counts: Mapping[str, int] | None = None) -> list[dict[str, Any]]:
    """Groups of links for ``desk/side.html``. ``here``: the queue's part, filters, filter-7, inbox,
    stand_ins, phrases, certificates, window, queue, appointments, supervise, likely, patterns, cards, desk-cards,
    payments, notices."""
    groups: list[dict[str, Any]] = []
    if any(role not in ("supervisor", "administrator") for _where, role in actor.roles):
        told = {"name": _("Inbox"), "url": reverse("desk:inbox"), "icon": "bell", "here": here == "inbox"}
        groups.append({"name": _("Queue"), "links": _queue_links(actor, here, counts)})
        link = {
            "name": _("Stand-ins"),
            "url": reverse("desk:stand_ins"),
            "icon": "users",
            "here": here == "stand_ins",
        }
        shown = {"name": _("Cards"), "url": reverse("desk:cards"), "icon": "flag", "here": here == "desk-cards"}
        shown |= _warned(count_unanswered(departments=actor.departments))
        ready = {"name": _("Ready-made texts"), "url": reverse("desk:phrases"), "icon": "edit"}
        links = [told | {"count": _unread(actor)}, shown, link, ready | {"here": here == "phrases"}]
        groups.append({"name": _("Colleagues"), "links": links})
    if any(actor.has_role(role) for role in ("handler", "reviewer", "decider")):
        issued = {"name": _("Issued"), "url": reverse("desk:certificates"), "icon": "id"}
        groups.append({"name": _("Certificates"), "links": [issued | {"here": here == "certificates"}]})
    if actor.has_role("clerk"):
        link = {
            "name": _("File for someone"),
            "url": reverse("window:start"),
            "icon": "users",
            "here": here == "window",
        }
        waiting = {"name": _("Numbers"), "url": reverse("window:queue"), "icon": "wait", "here": here == "queue"}
        booked = {
            "name": _("Appointments"),
            "url": reverse("window:appointments"),
            "icon": "calendar",
            "here": here == "appointments",
        }
        groups.append({"name": _("Front desk"), "links": [link, waiting, booked]})
    if actor.has_role("supervisor") or actor.has_role("administrator"):
        link = {
            "name": _("What is late"),
            "url": reverse("supervise:overview"),
            "icon": "chart",
            "here": here == "supervise",
        }
        asked = {
            "name": _("Registers"),
            "url": reverse("supervise:registers"),
            "icon": "building",
            "here": here == "registers",
        }
        cards = {"name": _("Cards"), "url": reverse("supervise:cards"), "icon": "flag", "here": here == "cards"}
        ahead = {"name": _("What will be late"), "url": reverse("supervise:likely"), "icon": "clock"}
        evaded = {"name": _("Around the clock"), "url": reverse("supervise:patterns"), "icon": "eye"}
        links = [
            link,
            ahead | {"here": here == "likely"},
            evaded | {"here": here == "patterns"},
            cards | _warned(count_appealed()),
            asked,
        ]
        if actor.has_role("administrator"):
            money = {
                "name": _("Fees and statements"),
                "url": reverse("supervise:payments"),
                "icon": "card",
                "here": here == "payments",
            }
            links.append(money)
            unsent = {
                "name": _("What did not go out"),
                "url": reverse("supervise:notices"),
                "icon": "bell",
                "here": here == "notices",
            }
            links.append(unsent)
        groups.append({"name": _("Supervision"), "links": links})
    return groups


def _warned(count: int) -> dict[str, Any]:
    """What waits, where something does."""
    return {"count": count or None, "warn": bool(count)}


def _unread(actor: Actor) -> int | None:
    return count_unread(person_id=actor.person_id, desk=True) or None if actor.person_id is not None else None


def _queue_links(actor: Actor, here: str, counts: Mapping[str, int] | None) -> list[dict[str, Any]]:
    """The parts of the queue, then one's own filters. With a filter to begin with, all of it has an address too."""
    saved = [row for row in list_filters(actor=actor) if not row.removed]
    links = [_queue_link(name, here, counts) for name in GROUPS]
    if any(row.is_first for row in saved):
        links[0]["url"] += "?group=department"
    links += [_filter_link(row, here) for row in saved]
    if saved:
        edit = {"name": _("My filters"), "url": reverse("desk:filters"), "icon": "edit", "here": here == "filters"}
        links.append(edit)
    return links


def _filter_link(row: FilterRow, here: str) -> dict[str, Any]:
    return {"name": row.name, "url": filter_url(row), "icon": "search", "here": here == f"filter-{row.id}"}


def filter_url(row: FilterRow) -> str:
    """The queue as a saved filter shows it."""
    asked = {"group": row.part, "matter": row.matter, "within": row.within}
    return f"{reverse('desk:queue')}?{urlencode({name: value for name, value in asked.items() if value})}"


def _queue_link(name: str, here: str, counts: Mapping[str, int] | None) -> dict[str, Any]:
    words, icon = GROUPS[name]
    url = reverse("desk:queue") + ("" if name == "department" else f"?group={name}")
    count = counts.get(name) if counts is not None else None
    return {"name": str(words), "url": url, "icon": icon, "here": here == name, "count": count}
