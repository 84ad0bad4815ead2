"""The files that a sample is drawn from, and whether a draw can be repeated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tongban.apps.audits.drawing import Criteria, digest_of, draw
from tongban.apps.audits.models import Sample
from tongban.apps.cases.queries.decided import DecidedCase, list_decided
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.queries import list_codes
from tongban.apps.insight.queries import list_cases_with
from tongban.apps.ledger.checkpoints import get_checkpoint

__all__ = ["Proof", "list_population", "parts_of", "prove_draw", "seed_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Whether a draw comes out the same: the seed is that of the checkpoint, the files are those that there were, and
    drawing from them again gives these."""

    seed: bool
    population: bool
    draw: bool

    @property
    def holds(self) -> bool:
        """Whether all of it does."""
        return self.seed and self.population and self.draw


def list_population(*, criteria: Criteria) -> list[DecidedCase]:
    """Return the files that fit; two queries, and one more for a pattern that evades the clock."""
    zone = get_calendar().timezone
    since = datetime.combine(criteria.since, time(0), zone)
    until = datetime.combine(criteria.until + timedelta(days=1), time(0), zone)
    found = list_decided(
        since=since,
        until=until,
        matters=criteria.matters or list_codes(),
        department=criteria.department,
        by_rule={"rule": True, "officer": False}.get(criteria.of),
        late=criteria.late,
        grade=criteria.grade,
        officer=criteria.officer,
        number=criteria.case,
    )
    if criteria.pattern and found:
        shown = list_cases_with(pattern=criteria.pattern)
        found = [case for case in found if case.number in shown]
    return found


def parts_of(cases: Sequence[DecidedCase], *, by: str) -> list[tuple[int, str]]:
    """Each file with the part that it is drawn from: its department, or its matter."""
    return [(case.number, case.matter if by == "matter" else case.authority) for case in cases]


def seed_of(sample: Sample) -> str:
    """The hash of the checkpoint that the sample is drawn with, in hexadecimal; "" while that day is not signed."""
    signed = get_checkpoint(day=sample.seed_day) if sample.seed_day is not None else None
    return signed.hash.hex() if signed is not None else ""


def prove_draw(*, sample: Sample, chosen: Sequence[int]) -> Proof:
    """Draw a random sample once more from what the log and the checkpoints say now."""
    cases = list_population(criteria=Criteria.from_json(sample.criteria))
    again = draw(
        population=parts_of(cases, by=sample.by),
        seed=bytes.fromhex(sample.seed),
        share=sample.share,
        minimum=sample.minimum,
        most=sample.most,
        audited=set(sample.skipped),
    )
    return Proof(
        seed=bool(sample.seed) and seed_of(sample) == sample.seed,
        population=digest_of(case.number for case in cases) == sample.digest,
        draw=list(again.chosen) == list(chosen),
    )
