"""Granted without asking (免申即享): a case is opened and decided by rule for who has agreed, and can be declined.

Two things are looked at, one after the other: the rule over what is held here, for all who have agreed; and only for
whom it holds, their record in a register, so that nothing is granted to who has died or moved away.
"""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from tongban.apps.cases import services as cases
from tongban.apps.cases.queries import get_by_rule, list_busy
from tongban.apps.catalog.city import get_calendar, get_offers, get_rights
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.definitions.offers import Granting, Offer
from tongban.apps.catalog.definitions.rights import ConsentVersion
from tongban.apps.catalog.errors import UnknownMatter
from tongban.apps.catalog.queries import PublishedMatter, get_matter
from tongban.apps.exchange.errors import ExchangeError
from tongban.apps.exchange.services import About, Answer, ask
from tongban.apps.intake.errors import DraftIncomplete
from tongban.apps.intake.models import HiddenOffer, Unasked
from tongban.apps.intake.offers import GRANTING, facts_of_age, plain_value, sources_of_granting
from tongban.apps.intake.services import file_directly, known_answers
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.apps.people.queries import (
    Agreement,
    Applicant,
    get_agreement,
    get_contact,
    list_agreed,
    list_births,
    list_identity_numbers,
)
from tongban.kernel.flow import Refused

__all__ = [
    "Consented",
    "UnaskedCount",
    "UnaskedView",
    "count_unasked",
    "get_consented",
    "get_unasked",
    "grant_unasked",
]

_AGAIN = timedelta(days=30)
"""After so long somebody to whom nothing was granted is looked at once more."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaskedView:
    """What was granted without asking: why, until when it can be declined, and whether it was."""

    offer: Offer | None
    because: Text
    until: date
    declined_at: datetime | None
    may_decline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnaskedCount:
    """Of one offer: to how many it was granted without asking, and how many of them declined."""

    code: str
    matter: str
    granted: int
    declined: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Consented:
    """Whether somebody lets things be granted to them without asking, and the words of it that hold today."""

    words: ConsentVersion
    is_on: bool


class _NotGrantedError(Exception):
    """The rule of the matter says no: nothing is opened, and nobody is denied what they have not asked for."""


def grant_unasked(*, at: datetime, batch: int = 500) -> int:
    """Grant what the city grants without asking to whoever is entitled and has agreed; return how many were.

    Each is a transaction of its own, once for each person and period: whatever ends this in between, the next run goes
    on. A batch of people takes a constant number of queries; who is entitled, one question to a register and a filing.
    """
    return sum(_grant_all(offer, each, at, batch) for offer in get_offers() if (each := offer.granting) is not None)


def _grant_all(offer: Offer, granting: Granting, at: datetime, batch: int) -> int:
    on = get_calendar().local_date(at)
    try:
        matter = get_matter(code=offer.matter, on=on)
    except UnknownMatter:
        return 0  # it is not offered at present
    done = 0
    for agreed in _batches(batch):
        births = _wanted(offer, granting, agreed, at)
        numbers = list_identity_numbers(persons=births)
        for person, facts in births.items():
            try:
                said = _ask(granting, matter, numbers[person], at)
            except ExchangeError as why:  # for everybody else it is away too: they have their turn next time
                log.warning("%s is not granted without asking now: %s", offer.code, why.code)
                return done
            done += _grant(offer, granting, matter, person, facts, said, at)
    return done


def _batches(batch: int) -> Iterator[list[tuple[int, Agreement]]]:
    after = 0
    while agreed := list_agreed(purpose=GRANTING, after=after, limit=batch):
        yield agreed
        after = agreed[-1][0]


def _wanted(
    offer: Offer, granting: Granting, agreed: Sequence[tuple[int, Agreement]], at: datetime
) -> dict[int, dict[str, Any]]:
    """Those of them to whom it may be granted as far as is known here, with their facts; four queries."""
    on = get_calendar().local_date(at)
    persons = {person for person, said in agreed if _covers(offer, said, on)}
    looked = Unasked.objects.filter(person__in=persons, code=offer.code, period=_period(granting, on))
    persons -= set(looked.filter(Q(case__isnull=False) | Q(looked_at__gt=at - _AGAIN)).values_list("person", flat=True))
    persons -= set(HiddenOffer.objects.filter(person__in=persons, code=offer.code).values_list("person", flat=True))
    persons -= list_busy(persons=persons, matter=offer.matter)
    facts = {person: facts_of_age(born, female, on) for person, (born, female) in list_births(persons=persons).items()}
    return {person: known for person, known in facts.items() if granting.when.evaluate(known) is True}


def _covers(offer: Offer, said: Agreement | None, on: date) -> bool:
    """Whether what somebody agreed to is this, in words that still hold."""
    consent = get_rights().consents.get(GRANTING)
    return (
        said is not None
        and consent is not None
        and said.sources.issuperset(offer.uses)
        and consent.holds(agreed=said.version, on=on)
    )


def _ask(granting: Granting, matter: PublishedMatter, number: str, at: datetime) -> Answer:
    return ask(
        register=granting.register,
        key=number,
        consumer=matter.definition.authority,
        purpose=granting.purpose,
        about=About(matter=matter.definition.code),
        actor=SYSTEM.id,
        at=at,
    )


def _grant(
    offer: Offer,
    granting: Granting,
    matter: PublishedMatter,
    person: int,
    facts: Mapping[str, Any],
    said: Answer,
    at: datetime,
) -> int:
    """Open and decide the case, or note that there is nothing to grant; return how many were granted."""
    on = get_calendar().local_date(at)
    seen = {**facts, **said.values}
    entitled = said.is_found and granting.holds.evaluate(seen) is True
    key = {"person_id": person, "code": offer.code, "period": _period(granting, on)}
    with transaction.atomic():
        Unasked.objects.get_or_create(**key, defaults={"looked_at": at})
        row = Unasked.objects.select_for_update().get(**key)
        row.looked_at = at
        # What was agreed to is asked once more: it may have ended while the register was asked.
        if row.case is None and entitled and _covers(offer, get_agreement(person_id=person, purpose=GRANTING), on):
            try:
                with transaction.atomic():
                    row.case = _open(offer, granting, matter, person, seen, said, at)
            except (_NotGrantedError, DraftIncomplete, Refused) as why:
                log.warning("%s is not granted without asking: %s", offer.code, type(why).__name__)
                row.case = None
            else:
                row.because = {"zh": offer.reason(seen, "zh-hans"), "en": offer.reason(seen, "en")}
                row.until = on + timedelta(days=granting.decline)
        row.save()
    return int(row.case is not None)


def _open(
    offer: Offer,
    granting: Granting,
    matter: PublishedMatter,
    person: int,
    seen: Mapping[str, Any],
    said: Answer,
    at: datetime,
) -> int:
    contact = get_contact(person_id=person, organisation_code=None)
    answers = known_answers(definition=matter.definition, contact=contact)
    answers |= {name: plain_value(each.evaluate(seen)) for name, each in granting.answers.items()}
    number = file_directly(
        matter=matter,
        applicant=Applicant(key=f"person:{person}", name=contact["name"], person_id=person),
        agent_id=None,
        answers=answers,
        materials={},
        channel=cases.UNASKED,
        actor=SYSTEM,
        at=at,
    )
    decided = get_by_rule(numbers=[number]).get(number)
    if decided is None or decided.outcome != "granted":
        raise _NotGrantedError
    until = get_calendar().local_date(at) + timedelta(days=granting.decline)
    note = {"offer": offer.code, "register": granting.register, "request": str(said.number), "until": until.isoformat()}
    cases.note_unasked(number=number, said=note, at=at)
    return number


def get_consented(*, actor: Actor, at: datetime) -> Consented | None:
    """What the reader says to being granted things without asking; None where the city grants nothing so; one query."""
    on, consent = get_calendar().local_date(at), get_rights().consents.get(GRANTING)
    words = consent.at(on) if consent else None
    if consent is None or words is None or actor.person_id is None or not sources_of_granting():
        return None
    said = get_agreement(person_id=actor.person_id, purpose=GRANTING)
    is_on = said is not None and bool(said.sources) and consent.holds(agreed=said.version, on=on)
    return Consented(words=words, is_on=is_on)


def get_unasked(*, number: int, at: datetime) -> UnaskedView | None:
    """Why a case was granted without asking, and whether it can be declined; None for any other; one query."""
    row = Unasked.objects.filter(case=number).first()
    if row is None or row.until is None:
        return None
    return UnaskedView(
        offer=next((each for each in get_offers() if each.code == row.code), None),
        because=Text(row.because["zh"], row.because["en"]),
        until=row.until,
        declined_at=row.declined_at,
        may_decline=row.declined_at is None and get_calendar().local_date(at) <= row.until,
    )


def count_unasked() -> list[UnaskedCount]:
    """How often each offer was granted without asking, and declined; one query."""
    rows = Unasked.objects.filter(case__isnull=False).values_list("code")
    counted = rows.annotate(granted=Count("pk"), declined=Count("declined_at"))
    found = {code: (granted, declined) for code, granted, declined in counted}
    return [
        UnaskedCount(code=each.code, matter=each.matter, granted=granted, declined=declined)
        for each in get_offers()
        if each.granting is not None
        for granted, declined in [found.get(each.code, (0, 0))]
    ]


def _period(granting: Granting, on: date) -> str:
    return str(on.year) if granting.yearly else ""
