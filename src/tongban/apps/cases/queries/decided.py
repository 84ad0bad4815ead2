"""Cases by when they were decided, with what an audit chooses them by; none of it names an applicant."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from tongban.apps.cases.models import Case, Task

__all__ = ["DecidedCase", "list_decided", "list_handlers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidedCase:
    """A case that is decided, by whom it was and in which version of its matter."""

    number: int
    matter: str
    version_id: int
    authority: str
    by_rule: bool
    decided_at: datetime


def list_decided(
    *,
    since: datetime,
    until: datetime,
    matters: Collection[str],
    department: str = "",
    by_rule: bool | None = None,
    late: bool = False,
    grade: int = 0,
    officer: int = 0,
    number: int = 0,
) -> list[DecidedCase]:
    """Return the cases of these matters decided from ``since`` until before ``until``, by number; one query.

    Narrowed to one authority, to those a rule has decided or has not, to those decided past their promise, rated with
    ``grade`` or less, in which ``officer`` (a sign-in) did a step, and to one ``number``.
    """
    rows = Case.objects.filter(matter__in=list(matters), decided_at__gte=since, decided_at__lt=until)
    if department:
        rows = rows.filter(authority=department)
    if by_rule is not None:
        rows = rows.filter(by_rule=by_rule)
    if late:
        rows = rows.filter(decided_at__gt=F("promised_due"))
    if grade:
        rows = rows.filter(rating__grade__lte=grade)
    if officer:
        done = Task.objects.filter(case=OuterRef("pk"), finished_by=f"user:{officer}")
        rows = rows.filter(Exists(done))
    if number:
        rows = rows.filter(pk=number)
    columns = ("number", "matter", "matter_version", "authority", "by_rule", "decided_at")
    return [
        DecidedCase(number=each, matter=matter, version_id=version, authority=authority, by_rule=rule, decided_at=at)
        for each, matter, version, authority, rule, at in rows.order_by("number").values_list(*columns)
        if at is not None
    ]


def list_handlers(*, number: int) -> frozenset[int]:
    """Return the sign-ins that have, or had, a step of this case; one query."""
    rows = Task.objects.filter(case=number).filter(Q(claimed_by__isnull=False) | ~Q(finished_by=""))
    found: set[int] = set()
    for claimed, finished in rows.values_list("claimed_by", "finished_by"):
        found |= {claimed} if claimed is not None else set()
        user = finished.removeprefix("user:")
        found |= {int(user)} if finished.startswith("user:") and user.isdigit() else set()
    return frozenset(found)
