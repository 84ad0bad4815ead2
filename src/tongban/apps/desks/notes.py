"""Notes on a material or an answer of a case, for those who work on it: sealed, never shown to who asked.

They are what officers tell each other while they work, no part of the log. They stay as long as the case's answers do.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from tongban.apps.cases.consequences import Work
from tongban.apps.desks.errors import StepMoved, TooManyNotes, UnknownNote, WordsTooLong
from tongban.apps.desks.models import Note
from tongban.apps.desks.spots import Spot
from tongban.apps.people.errors import SealBroken
from tongban.apps.people.sealing import open_sealed, seal
from tongban.apps.people.services import Resealed, reseal_column

__all__ = ["LONGEST_NOTE", "LONGEST_PLACE", "NoteRow", "add", "list_of", "reseal_notes", "settle", "sweep"]

LONGEST_NOTE, LONGEST_PLACE = 1000, 80
_MOST = 200
"""A case with more notes than that is not read any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """A note: on a material, by its number there, or on an answer, by the name of its field; where in it, and by whom.

    ``place`` says where in words, ``spot`` shows it on the picture.

    ``settled_by`` and ``settled_at``: who has said that it is done with, and when; None while it is open.
    """

    id: int
    material: int
    field: str
    place: str
    spot: Spot | None
    words: str
    name: tuple[str, str]
    at: datetime
    settled_by: tuple[str, str] | None
    settled_at: datetime | None


def add(*, work: Work, material: int, field: str, place: str, spot: Spot | None, words: str, at: datetime) -> int:
    """See ``services.add_note``."""
    me = _worker(work)
    on_material = material in {item.no for item in work.view.materials}
    on_answer = field in work.view.definition.form.fields
    if on_material == on_answer or not words.strip():
        raise UnknownNote
    if len(words) > LONGEST_NOTE or len(place) > LONGEST_PLACE:
        raise WordsTooLong
    if Note.objects.filter(case=work.view.number).count() >= _MOST:
        raise TooManyNotes(most=_MOST)
    said: dict[str, Any] = {"place": place.strip(), "words": words.strip()}
    if spot is not None and on_material and spot.is_one:
        said["spot"] = asdict(spot)
    text = json.dumps(said, ensure_ascii=False)
    row = Note.objects.create(
        case_id=work.view.number,
        material=material if on_material else 0,
        field="" if on_material else field,
        sealed=seal(text),
        user_id=me,
        at=at,
    )
    return row.pk


def settle(*, work: Work, note: int, settled: bool, at: datetime) -> None:
    """See ``services.settle_note``."""
    me = _worker(work)
    rows = Note.objects.filter(pk=note, case=work.view.number)
    if not rows.exists():
        raise UnknownNote
    if settled:
        rows.filter(settled_at=None).update(settled_by=me, settled_at=at)
    else:
        rows.update(settled_by=None, settled_at=None)


def list_of(*, case: int) -> list[NoteRow]:
    """See ``queries.list_notes``."""
    found = []
    for row in Note.objects.filter(case=case).select_related("user", "settled_by").order_by("pk"):
        try:
            said = json.loads(open_sealed(row.sealed))
        except SealBroken:
            continue  # its key is gone; the case itself must open all the same
        done = row.settled_by
        found.append(
            NoteRow(
                id=row.pk,
                material=row.material,
                field=row.field,
                place=said["place"],
                spot=Spot(**said["spot"]) if "spot" in said else None,
                words=said["words"],
                name=(row.user.name, row.user.name_en or row.user.name),
                at=row.at,
                settled_by=(done.name, done.name_en or done.name) if done else None,
                settled_at=row.settled_at,
            )
        )
    return found


def sweep() -> int:
    """See ``services.sweep_notes``."""
    return Note.objects.filter(case__erased_at__isnull=False).delete()[0]


def reseal_notes(*, batch: int) -> Iterator[Resealed]:
    """After a new data key: seal the notes anew; yields after each batch."""
    yield from reseal_column(model=Note, column="sealed", batch=batch)


def _worker(work: Work) -> int:
    """Who works on the case: nobody else writes there."""
    if work.actor.user_id is None or not work.mine:
        raise StepMoved
    return work.actor.user_id
