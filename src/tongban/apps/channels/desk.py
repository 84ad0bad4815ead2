"""Which events of a case an official is told of: a step given or returned to them, an answer that they waited for."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from tongban.apps.cases.queries import list_parties
from tongban.apps.cases.queries.awaited import TaskFact, list_tasks_of
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.queries import get_versions
from tongban.apps.channels.choosing import item_name, step_name
from tongban.apps.channels.telling import NEWS, Telling, tell
from tongban.apps.ledger.queries import list_latest
from tongban.apps.ledger.services import Followed
from tongban.apps.people.queries import get_user_names, list_persons_of
from tongban.kernel import flow

__all__ = ["WATCHED", "tell_officials"]

WATCHED = (
    *("task.transferred", "task.delegated", "task.returned", "supplement.answered"),
    *("material.handed_in", "timer.fired", "rectification.answered", "rectification.missed"),
)
_ASKED = {
    "supplement.requested": ("supplement.answered",),
    "rectification.ordered": ("rectification.answered", "rectification.missed"),
}
"""What somebody asked for is told to who asked, when it is answered or not."""
_ANSWERS = {
    "supplement.answered": "desk_answered",
    "rectification.answered": "desk_rectified",
    "rectification.missed": "desk_rectify_missed",
}
_USER = "user:"


def tell_officials(events: Sequence[Followed], at: datetime) -> None:
    """Tell officials what has come to them; a constant number of queries. What is days old is in their queue anyway."""
    fresh = [each for each in events if each.event.at > at - NEWS and _is_news(each)]
    if not fresh:
        return
    numbers = {each.case for each in fresh}
    parties = list_parties(numbers=numbers)
    versions = get_versions(version_ids={party.version_id for party in parties.values()})
    steps: dict[int, list[TaskFact]] = {}
    for fact in list_tasks_of(numbers=numbers):
        steps.setdefault(fact.case, []).append(fact)
    asked: dict[int, flow.Event] = {}
    for kind, answers in _ASKED.items():
        if cases := {each.case for each in fresh if each.event.kind in answers}:
            asked |= list_latest(cases=cases, kind=kind)
    found = [
        (each, kind, user, params)
        for each in fresh
        if (party := parties.get(each.case)) is not None
        for kind, user, params in _of(
            each,
            versions[party.version_id].definition,
            steps.get(each.case, []),
            asked[each.case].actor if each.case in asked else "",
        )
        if f"{_USER}{user}" != each.event.actor
    ]
    people = list_persons_of(users={user for _, _, user, _ in found})
    givers = get_user_names(ids={no for each in fresh if (no := _user(each.event.actor)) is not None})
    tellings = [
        Telling(
            person_id=people[user],
            kind=kind,
            key=f"{each.case}/{each.seq}:{kind}:{user}",
            case=each.case,
            desk=True,
            at=each.event.at,
            params=params | _giver(kind, givers.get(_user(each.event.actor) or 0)),
        )
        for each, kind, user, params in found
        if user in people
    ]
    tell(tellings=tellings, at=at)


def _is_news(followed: Followed) -> bool:
    """Of the timers, only those of papers that did not come."""
    return followed.event.kind != "timer.fired" or "late" in followed.event.data


def _of(
    followed: Followed, definition: MatterDefinition, steps: Sequence[TaskFact], asker: str
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """Yield kind, sign-in and what fills the words in."""
    event = followed.event
    matter = {"matter": {"zh": definition.name.zh, "en": definition.name.en}}
    match event.kind:
        case "task.transferred" | "task.delegated":
            if (user := _user(str(event.data.get("to", "")))) is not None:
                yield "desk_assigned", user, matter | _step(definition, event.node)
        case "task.returned":
            node = str(event.data.get("to", ""))
            done = [each.finished_by for each in steps if each.node == node and each.finished_by]
            if done and (user := _user(done[-1])) is not None:
                yield "desk_returned", user, matter | _step(definition, node)
        case "supplement.answered" | "rectification.answered" | "rectification.missed":
            users = {each.claimed_by for each in steps if each.is_open and each.claimed_by is not None}
            users |= {user} if (user := _user(asker)) is not None else set()
            for each in sorted(users):
                yield _ANSWERS[event.kind], each, matter
        case "material.handed_in" | "timer.fired":
            came = event.kind == "material.handed_in"
            items = [item_name(definition, code) for code in event.data["brought" if came else "late"]]
            for each in sorted({each.claimed_by for each in steps if each.is_open and each.claimed_by is not None}):
                yield "desk_material_in" if came else "desk_material_late", each, matter | {"items": items}


def _step(definition: MatterDefinition, node: str) -> dict[str, Any]:
    name = step_name(definition, node)
    return {"step": {"zh": name.zh, "en": name.en}}


def _giver(kind: str, name: tuple[str, str] | None) -> dict[str, Any]:
    return {"who": {"zh": name[0], "en": name[1]}} if kind == "desk_assigned" and name is not None else {}


def _user(actor: str) -> int | None:
    number = actor.removeprefix(_USER)
    return int(number) if actor.startswith(_USER) and number.isdigit() else None
