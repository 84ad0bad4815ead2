"""Letting go of what a case no longer needs: its answers, files, signed papers and phone, and the words beside it.

The log holds no answers (docs/adr/0006): it stays whole, and still proves what was done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tongban.apps.cases.errors import CaseUnderWay, UnknownCase
from tongban.apps.cases.models import Case, HumanCheck, Material, PledgeRepair, Rating, Rectification
from tongban.apps.evidence.services import empty_files, let_go_of_papers
from tongban.apps.people.sealing import seal
from tongban.kernel.numbers import mask_name

__all__ = ["Erased", "erase", "lock_row"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What was let go of: how many answers, files and signed papers, and the bytes of the latter two."""

    answers: int
    files: int
    papers: int
    size: int


def lock_row(number: int) -> Case:
    """A case, locked until the transaction ends, so that nothing is let go of meanwhile. Raises ``UnknownCase``."""
    case = Case.objects.select_for_update().filter(pk=number).first()
    if case is None:
        raise UnknownCase
    return case


def erase(*, number: int, at: datetime, is_kept: Callable[[], bool] | None = None) -> Erased | None:
    """Let go of a case's answers, files, papers, phone and rating words; None where that was done or must not be.

    ``is_kept`` is asked once the case is locked. Raises ``UnknownCase``; ``CaseUnderWay`` for one that is not over,
    whoever asks and why: what was not decided loses no file.
    """
    with transaction.atomic():
        case = lock_row(number)
        if case.closed_at is None or not case.outcome:
            raise CaseUnderWay
        if case.erased_at is not None or (is_kept is not None and is_kept()):
            return None
        files = list(Material.objects.filter(case=number).values_list("file", flat=True))
        count, size = empty_files(ids=files, at=at)
        papers, more = let_go_of_papers(case=number, at=at)
        erased = Erased(answers=len(case.answers), files=count, papers=papers, size=size + more)
        case.answers, case.phone_sealed, case.erased_at = {}, seal(""), at
        case.applicant_name = mask_name(case.applicant_name)
        case.save(update_fields=["answers", "phone_sealed", "applicant_name", "erased_at"])
        Rating.objects.filter(case=number).update(words="", shown=False)
        HumanCheck.objects.filter(case=number).update(why="", words="")
        PledgeRepair.objects.filter(case=number).update(why="", words="")
        Rectification.objects.filter(case=number).update(words="", answer="")
        return erased
