"""The whole generated past: arrivals over the period, each case's life, written in batches."""

import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random
from typing import Any
from uuid import UUID

from django.db import transaction

from tongban.apps.cases.queries import count_cases
from tongban.apps.cases.services import Journal, begin, save_all
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.queries import PublishedMatter, get_matter, list_matters
from tongban.apps.evidence.services import store_sample
from tongban.apps.insight.history.habits import Habits, read_habits
from tongban.apps.insight.history.life import Cast, Life
from tongban.apps.insight.history.people import address, companies, phone, residents, shop_name
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import Applicant, list_officials
from tongban.apps.people.services import register_organisations, register_people

__all__ = ["Part", "Summary", "simulate"]

BATCH = 400
_SAMPLES = ("pdf", "png")
"""Papers of which there is a sample, the better one first."""
_TO_ONE_DENIED = 6
"""An example that is granted is drawn so much more often than one that is denied: who asks mostly may have it."""


@dataclass(slots=True)
class Summary:
    """What was generated."""

    cases: int = 0
    events: int = 0
    open: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """One of several processes that generate side by side: ``index`` of ``of``. Their case numbers cannot meet."""

    index: int = 0
    of: int = 1

    def draw(self, random: Random) -> Callable[[int], int]:
        """The source of case numbers of this part: every ``of``-th number is its own."""
        return lambda n: min(random.randrange(n) // self.of * self.of + self.index, n - 1)


def simulate(
    *,
    cases: int,
    seed: int,
    until: datetime,
    years: float = 2,
    report: Callable[[int], None] = lambda done: None,
    part: Part = Part(),  # frozen
    after: int | None = None,
) -> Summary:
    """Generate ``cases`` over the years before ``until`` and write them.

    In an empty city equal seeds give equal cases; in one that has cases already (``after`` so many; counted unless
    given), others. Every case goes through the kernel and the journal that a real one goes through; only the clock is
    virtual and the rows are written many at a time.
    """
    before = count_cases() if after is None else after
    random = Random(f"{seed}/{before}/{part.index}")  # noqa: S311  # a plausible past, not a secret
    stage = _Stage(random=random, until=until, count=cases, part=part)
    summary, batch, numbers = Summary(), list[Journal](), set[int]()
    for at in _arrivals(cases, until - timedelta(days=365.25 * years), until, stage.habits, random):
        journal = stage.live(at, numbers)
        numbers.add(journal.case.number)
        batch.append(journal)
        summary.open += journal.case.closed_at is None
        summary.events += len(journal.events)
        if len(batch) == BATCH:
            _write(batch)
            summary.cases += len(batch)
            report(summary.cases)
            batch = []
    _write(batch)
    summary.cases += len(batch)
    summary.refused = stage.refused
    return summary


def _write(batch: Sequence[Journal]) -> None:
    with transaction.atomic():
        save_all(batch)


def _arrivals(count: int, since: datetime, until: datetime, habits: Habits, random: Random) -> list[datetime]:
    """Return so many instants in order, thicker where people ask more."""
    zone = get_calendar().timezone
    hours = [since + timedelta(hours=hour) for hour in range(int((until - since).total_seconds() // 3600))]
    totals = list(accumulate(habits.arrival_weight(hour.astimezone(zone)) for hour in hours))
    # A small city would have an empty desk: some of its cases are of the last weeks, so that there is work to see.
    recent = min(count // 3, max(0, 200 - count * 8 * 24 // len(hours)))
    floor = totals[-8 * 24] if len(totals) > 8 * 24 else 0
    drawn = [random.random() * totals[-1] for _ in range(count - recent)]
    drawn += [floor + random.random() * (totals[-1] - floor) for _ in range(recent)]
    picked = [hours[min(bisect.bisect(totals, each), len(hours) - 1)] for each in drawn]
    return sorted(each + timedelta(seconds=random.randrange(3600)) for each in picked)


class _Stage:
    """Everything that a case needs to begin: matters, applicants, officials, sample files."""

    def __init__(self, *, random: Random, until: datetime, count: int, part: Part) -> None:
        self.random, self.until, self.refused = random, until, 0
        self.draw = part.draw(random)
        self.habits = habits = read_habits()
        people = residents(count=max(40, count // 3), habits=habits, random=random)
        bodies = companies(count=max(15, count // 15), habits=habits, random=random)
        self.people, self.companies = register_people(rows=people), register_organisations(rows=bodies)
        officials: dict[tuple[str, str], list[Actor]] = {}
        for official in list_officials():
            for role in sorted(official.roles):
                officials.setdefault(role, []).append(official)
        self.cast = Cast(officials, get_calendar())
        codes = [row.code for row in list_matters(on=until.date(), limit=1000).items]
        self.matters = [get_matter(code=code, on=until.date()) for code in codes]
        self.weights = [habits.matter_weight(code=matter.code, kind=matter.definition.kind) for matter in self.matters]
        # Checked once: what is changed below stays within what the forms allow.
        self.examples = {
            matter.version_id: [
                (matter.definition.form.validate(answers=example.answers).clean, example.at.date())
                for example in matter.definition.examples
            ]
            for matter in self.matters
        }
        self.likely = {
            matter.version_id: [
                1 if example.expect.get("outcome") == "denied" else _TO_ONE_DENIED
                for example in matter.definition.examples
            ]
            for matter in self.matters
        }
        self.samples: dict[str, UUID] = {}

    def live(self, at: datetime, taken: set[int]) -> Journal:
        """Return the journal of one whole life."""
        matter = self.random.choices(self.matters, self.weights)[0]
        applicant, owner, phone, capacity = self._applicant(matter)
        while True:
            journal = begin(
                matter=matter,
                applicant=applicant,
                agent_id=owner.person_id if applicant.is_organisation else None,
                answers=self._answers(matter, applicant, at.date()),
                materials=self._materials(matter, at),
                phone=phone,
                channel=self.habits.channel(self.random),
                actor=owner,
                at=at,
                random=self.draw,
            )
            if journal.case.number not in taken:
                break
        life = Life(journal, owner, capacity, self.cast, self.habits, self.random, self.until)
        life.run()
        self.refused += life.refused
        return journal

    def _applicant(self, matter: PublishedMatter) -> tuple[Applicant, Actor, str, str]:
        index = self.random.randrange(len(self.people))
        person = self.people[index]
        actor = Actor(id=f"person:{person.pk}", person_id=person.pk)
        number, served = phone(self.habits, self.random), matter.definition.served
        if "1" in served and ("2" not in served or self.habits.happens("by_person", self.random)):
            key = f"person:{person.pk}"
            return Applicant(key=key, name=person.name, person_id=person.pk), actor, number, "applicant"
        company = self.random.choice(self.companies)
        agent = Actor(id=f"person:{person.pk}", person_id=person.pk, organisations=frozenset({company.pk}))
        key = f"organisation:{company.pk}"
        return Applicant(key=key, name=company.name, organisation_code=company.pk), agent, number, "agent"

    def _answers(self, matter: PublishedMatter, applicant: Applicant, on: date) -> Mapping[str, Any]:
        """Answers of one of the matter's examples, with names, places and days of their own."""
        form, version = matter.definition.form, matter.version_id
        example, day = self.random.choices(self.examples[version], self.likely[version])[0]
        answers = dict(example)
        for name, answer in example.items():
            if name.endswith(tuple(self.habits.addresses["field_endings"])):
                answers[name] = address(habits=self.habits, random=self.random)
            elif name in self.habits.shops["fields"]:
                answers[name] = shop_name(habits=self.habits, random=self.random)
            elif form.fields[name].prefill == "name":
                answers[name] = applicant.name
            elif form.fields[name].format == "date" and not _born(answer, example):
                answers[name] = (date.fromisoformat(answer) + (on - day)).isoformat()
        return answers

    def _materials(self, matter: PublishedMatter, at: datetime) -> Mapping[str, Sequence[UUID]]:
        asked = [spec for spec in matter.definition.materials if spec.is_necessary and spec.when is None]
        endings = {spec.code: [each for each in _SAMPLES if each in spec.accept] for spec in asked}
        return {code: [self._sample(found[0], at)] for code, found in endings.items() if found}

    def _sample(self, ending: str, at: datetime) -> UUID:
        if ending not in self.samples:
            self.samples[ending] = store_sample(ending=ending, at=at)
        return self.samples[ending]


def _born(day: str, answers: Mapping[str, Any]) -> bool:
    """Whether an identity number among the answers says that day, so that it cannot move."""
    digits = day.replace("-", "")
    return any(isinstance(answer, str) and len(answer) == 18 and answer[6:14] == digits for answer in answers.values())
