"""A case as it was handed in, opened: for whoever hands it over to another city. Never for a screen or a log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tongban.apps.cases.answers import open_answers
from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.models import Case, Material, Task
from tongban.apps.people.sealing import open_sealed

__all__ = ["Filed", "OpenStep", "get_filed", "get_head", "get_open_step"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What was handed in, and by whom; ``materials`` are codes with the files that are there for them."""

    number: int
    version_id: int
    authority: str
    person: int | None
    organisation: str | None
    phone: str = field(repr=False)
    answers: Mapping[str, Any] = field(repr=False)
    materials: Sequence[tuple[str, UUID]]
    filed_at: datetime


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step under way, by number and act."""

    no: int
    act: str


def get_filed(*, number: int) -> Filed:
    """Return what was handed in with a case until now; two queries. Raises ``UnknownCase``."""
    case = Case.objects.filter(pk=number).first()
    if case is None:
        raise UnknownCase
    materials = Material.objects.filter(case=number).order_by("no").values_list("code", "file")
    return Filed(
        number=number,
        version_id=case.matter_version_id,
        authority=case.authority_id,
        person=case.person_id,
        organisation=case.organisation_id,
        phone=open_sealed(case.phone_sealed),
        answers=open_answers(answers=case.answers),
        materials=list(materials),
        filed_at=case.filed_at,
    )


def get_head(*, number: int) -> tuple[int, bytes]:
    """Return where a case's log ends: the number of its last entry, and its hash. Raises ``UnknownCase``."""
    row = Case.objects.filter(pk=number).values_list("last_seq", "last_hash").first()
    if row is None:
        raise UnknownCase
    return row[0], bytes(row[1])


def get_open_step(*, number: int) -> OpenStep | None:
    """Return the first step under way, None when there is none."""
    row = Task.objects.filter(case=number, finished=None).order_by("no").values_list("no", "act").first()
    return OpenStep(*row) if row is not None else None
