"""Joint visits: departments are told of a time that is proposed, its proposer of who cannot, who goes of the rest."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from tongban.apps.cases.queries import list_parties, may_do_act
from tongban.apps.cases.queries.awaited import list_tasks_of
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.queries import get_versions
from tongban.apps.channels.telling import NEWS, Telling, tell
from tongban.apps.inspections.queries import JointVisitFact, list_joint_visit_facts
from tongban.apps.ledger.services import Followed
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import list_colleagues, list_persons_of, list_standing_in

__all__ = ["OF_ARRANGING", "OF_CASES", "tell_of_arranging", "tell_who_goes"]

OF_ARRANGING = ("joint_visit.proposed", "joint_visit.answered")
OF_CASES = ("visit.fixed", "visit.other_day_asked", "visit.called_off")
_KINDS = {
    "visit.fixed": "desk_visit_fixed",
    "visit.other_day_asked": "desk_visit_other_day",
    "visit.called_off": "desk_visit_off",
}


def tell_of_arranging(events: Sequence[Followed], at: datetime) -> None:
    """Tell the departments that have not answered of a time that is proposed now, and its proposer of who cannot.

    Whoever has the step; where nobody has, all handlers of the department. A constant number of queries.
    """
    fresh = [each for each in events if each.event.at > at - NEWS]
    facts = list_joint_visit_facts(numbers={each.case for each in fresh}) if fresh else {}
    steps = list_tasks_of(numbers={fact.case for fact in facts.values()}) if facts else []
    holders = {(step.case, step.no): step.claimed_by for step in steps}
    colleagues = list_colleagues(departments={where for fact in facts.values() for where in fact.waiting})
    told = []
    for each in fresh:
        fact = facts.get(each.case)
        if fact is None or fact.state != "proposed" or each.event.data.get("time") != fact.time:
            continue
        if each.event.kind == "joint_visit.proposed":
            told += [(each, fact, "desk_visit_proposed", user) for user in _asked(fact, holders, colleagues)]
        elif each.event.data.get("answer") == "other":
            told.append((each, fact, "desk_visit_cannot", fact.proposer))
    _tell(told, at)


def tell_who_goes(events: Sequence[Followed], at: datetime) -> None:
    """Tell who goes there, and who proposed it, that a time holds or does not; a constant number of queries."""
    fresh = [each for each in events if each.event.at > at - NEWS]
    facts = list_joint_visit_facts(cases={each.case for each in fresh}) if fresh else {}
    _tell(
        [
            (each, fact, _KINDS[each.event.kind], user)
            for each in fresh
            if (fact := facts.get(each.case)) is not None and each.event.data.get("visit") == str(fact.number)
            for user in sorted({fact.proposer, *fact.officers})
        ],
        at,
    )


def _asked(
    fact: JointVisitFact, holders: Mapping[tuple[int, int], int | None], colleagues: Sequence[Actor]
) -> Iterator[int]:
    for department, task in fact.waiting.items():
        holder = holders.get((fact.case, task))
        if holder is not None:
            yield holder
            continue
        able = (each for each in colleagues if may_do_act(act="inspect", department=department, actor=each))
        yield from (each.user_id for each in able if each.user_id is not None)


def _tell(told: Sequence[tuple[Followed, JointVisitFact, str, int]], at: datetime) -> None:
    if not told:
        return
    day = get_calendar().local_date(at)
    stand_ins = list_standing_in(absent={user for *_, user in told}, on=day)
    parties = list_parties(numbers={fact.case for _, fact, *_ in told})
    versions = get_versions(version_ids={party.version_id for party in parties.values()})
    names = {case: versions[party.version_id].definition.name for case, party in parties.items()}
    reached = [
        (each, fact, kind, reader)
        for each, fact, kind, user in told
        for reader in sorted({user, *stand_ins.get(user, ())})
        if f"user:{reader}" != each.event.actor and fact.case in names
    ]
    people = list_persons_of(users={reader for *_, reader in reached})
    tellings = [
        Telling(
            person_id=people[reader],
            kind=kind,
            key=f"visit:{each.case}/{each.seq}:{kind}:{reader}",
            case=fact.case,
            desk=True,
            at=each.event.at,
            params=_params(each, names[fact.case].zh, names[fact.case].en, fact),
        )
        for each, fact, kind, reader in reached
        if reader in people
    ]
    tell(tellings=tellings, at=at)


def _params(each: Followed, zh: str, en: str, fact: JointVisitFact) -> dict[str, Any]:
    start = each.event.data.get("from")
    local = (datetime.fromisoformat(start) if start else fact.starts_at).astimezone(get_calendar().timezone)
    return {"matter": {"zh": zh, "en": en}, "due": local.date().isoformat(), "time": f"{local:%H:%M}"}
