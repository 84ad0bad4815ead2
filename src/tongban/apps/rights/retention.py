"""How long what was filed is kept, and letting go of it: nightly, on record, and never of what is not over.

Personal Information Protection Law (个人信息保护法) 19: no longer than the purpose needs; 47: then it is deleted.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction

from tongban.apps.cases.queries import OverCase, count_files, list_over, list_over_versions
from tongban.apps.cases.services import erase
from tongban.apps.catalog.city import get_calendar, get_rights
from tongban.apps.catalog.definitions import Article, Retention
from tongban.apps.catalog.queries import get_version
from tongban.apps.correspondence.services import forget_case as forget_messages
from tongban.apps.exchange.extracts import forget_case
from tongban.apps.inspections.services import let_go as let_go_of_inspections
from tongban.apps.rights.holds import reasons_to_keep
from tongban.apps.rights.models import Removal

__all__ = ["Swept", "let_go", "retention_of_version", "sweep"]

_BATCH = 200
SWEEP = "sweep"


@dataclass(slots=True, kw_only=True)
class Swept:
    """What a sweep did (or would do) with one matter: cases let go of with their files and bytes, and those kept."""

    matter: str
    cases: int = 0
    files: int = 0
    size: int = 0
    kept: int = 0


def retention_of_version(version_id: int) -> Retention | None:
    """How long cases of a version of a matter are kept: as it says, else as the city says; None: for ever."""
    return get_version(version_id=version_id).definition.retention or get_rights().retention


def sweep(*, at: datetime, dry_run: bool = False, limit: int | None = None) -> list[Swept]:
    """Let go of what need not be kept any longer; return what was done by matter.

    Each case is one transaction, with what stands against it looked at under its lock: killed at any moment, a sweep
    has done whole cases, and the next one goes on. ``limit``: no more than so many cases.
    """
    done: dict[str, Swept] = {}
    left = limit
    for version in list_over_versions():
        for batch in _due(version, at):
            if left is not None:
                batch = batch[:left]
            _take(batch, done, at, dry_run=dry_run)
            left = None if left is None else left - len(batch)
            if left == 0:
                return list(done.values())
    return list(done.values())


def _due(version: int, at: datetime) -> Iterator[Sequence[OverCase]]:
    retention = retention_of_version(version)
    if retention is None:
        return
    calendar = get_calendar()
    before = datetime.combine(retention.since(calendar.local_date(at)), time(0), calendar.timezone)
    after = 0
    while batch := list_over(version_id=version, before=before, after=after, limit=_BATCH):
        yield batch
        after = batch[-1].number


def _take(batch: Sequence[OverCase], done: dict[str, Swept], at: datetime, *, dry_run: bool) -> None:
    kept = reasons_to_keep(cases=[case.number for case in batch], on=get_calendar().local_date(at))
    for case in batch:
        line = done.setdefault(case.matter, Swept(matter=case.matter))
        if case.number in kept:
            line.kept += 1
        elif dry_run:
            files, size = count_files(numbers=[case.number])
            line.cases, line.files, line.size = line.cases + 1, line.files + files, line.size + size
        elif removal := let_go(case=case, because=SWEEP, at=at):
            line.cases, line.files, line.size = line.cases + 1, line.files + removal.files, line.size + removal.size


def let_go(*, case: OverCase, because: str, at: datetime) -> Removal | None:
    """Let go of what one case holds and put that on record; None where something has come in between.

    Raises ``CaseUnderWay`` for a case that is not over.
    """
    retention = retention_of_version(case.version_id)
    on = get_calendar().local_date(at)
    with transaction.atomic():
        erased = erase(number=case.number, at=at, is_kept=lambda: bool(reasons_to_keep(cases=[case.number], on=on)))
        if erased is None:
            return None
        forget_case(case=case.number)
        let_go_of_inspections(case=case.number)
        forget_messages(case=case.number)
        return Removal.objects.create(
            case=case.number,
            matter=case.matter,
            at=at,
            because=because,
            answers=erased.answers,
            files=erased.files,
            papers=erased.papers,
            size=erased.size,
            basis=basis_of(retention.basis) if retention else {},
        )


def basis_of(article: Article) -> dict[str, dict[str, str]]:
    """A law and its article as they go on record."""
    return {
        "law": {"zh": article.law.zh, "en": article.law.en},
        "article": {"zh": article.article.zh, "en": article.article.en},
    }
