"""“I act for …”: in whose name somebody is here, chosen in the header and said on every page until it is changed.

The choice is the session's and decides nothing by itself: each form says for whom it is, each command checks the
mandate again. It ends with the mandate.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import Applicant

__all__ = ["Capacity", "capacity_of", "choose_capacity"]

_KEY = "acting"


@dataclass(frozen=True, slots=True)
class Capacity:
    """In whose name the reader is here. ``key`` is "" for themselves; ``offered``: there is somebody else to choose."""

    key: str = ""
    name: str = ""
    offered: bool = False


def capacity_of(request: HttpRequest) -> Capacity:
    """What is chosen; a choice whose mandate has ended is dropped. No query: names ride in the session."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None or actor.user_id is None:
        return Capacity()
    kept = request.session.get(_KEY)
    if not kept:
        return Capacity(offered=actor.acts_for_others)
    if not actor.may_be(kept["key"]):
        del request.session[_KEY]
        return Capacity(offered=actor.acts_for_others)
    return Capacity(key=kept["key"], name=kept["name"], offered=True)


def choose_capacity(request: HttpRequest, applicant: Applicant) -> None:
    """Be here in the name of ``applicant`` from now on; of oneself, when that is who it is."""
    if applicant.kind:
        request.session[_KEY] = {"key": applicant.key, "name": applicant.name}
    else:
        request.session.pop(_KEY, None)
