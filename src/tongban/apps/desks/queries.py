"""What officers keep at their desks, for reading."""

from tongban.apps.cases.consequences import Work
from tongban.apps.desks import checks, filters, missing, notes, phrases, unsent
from tongban.apps.desks.checks import CheckedRow
from tongban.apps.desks.filters import MOST_FILTERS, FilterRow
from tongban.apps.desks.missing import LONGEST_MISSING, MissingRow, Saying
from tongban.apps.desks.notes import LONGEST_NOTE, LONGEST_PLACE, NoteRow
from tongban.apps.desks.phrases import ACTS, MOST, PhraseRow, kept_departments
from tongban.apps.desks.spots import Spot, read_spot
from tongban.apps.desks.unsent import UnsentRow
from tongban.apps.people.actors import Actor

__all__ = [
    "ACTS",
    "LONGEST_MISSING",
    "LONGEST_NOTE",
    "LONGEST_PLACE",
    "MOST",
    "MOST_FILTERS",
    "CheckedRow",
    "FilterRow",
    "MissingRow",
    "NoteRow",
    "PhraseRow",
    "Saying",
    "Spot",
    "UnsentRow",
    "get_phrase",
    "get_saying",
    "kept_departments",
    "list_checked",
    "list_filters",
    "list_fitting_phrases",
    "list_missing",
    "list_notes",
    "list_phrases",
    "list_unsent",
    "read_spot",
]


def list_phrases(*, actor: Actor) -> list[PhraseRow]:
    """Return the actor's own texts and those of their departments, by title, also those taken out; one query."""
    return phrases.list_all(actor=actor)


def list_fitting_phrases(*, actor: Actor, matter: str) -> list[PhraseRow]:
    """Return the texts that are offered in a case of this matter, by title; one query. ``PhraseRow.fits`` narrows."""
    return phrases.list_fitting(actor=actor, matter=matter)


def get_phrase(*, phrase: int, actor: Actor) -> PhraseRow:
    """Return a text that the actor may read. Raises ``UnknownPhrase``."""
    return phrases.get(phrase=phrase, actor=actor)


def list_unsent(*, case: int, actor: Actor) -> dict[tuple[str, int], UnsentRow]:
    """Return what the actor has written in a case and not sent, by command and step; one query."""
    return unsent.list_own(case=case, actor=actor)


def list_checked(*, case: int) -> dict[int, list[CheckedRow]]:
    """Return who has checked which material of a case, by its number, who was first first; one query."""
    return checks.list_of(case=case)


def list_missing(*, case: int) -> list[MissingRow]:
    """Return what departments miss of what was filed, who was first first; one query. For officials of the case."""
    return missing.list_of(case=case)


def get_saying(*, work: Work) -> Saying | None:
    """Return whether the officer may say what a department misses, until when; None where nobody is ever asked so."""
    return missing.saying(work=work)


def list_notes(*, case: int) -> list[NoteRow]:
    """Return the notes on a case, opened, the first first; one query. For officials who may open the case alone."""
    return notes.list_of(case=case)


def list_filters(*, actor: Actor) -> list[FilterRow]:
    """Return the actor's filters of the queue in their order, also those taken out; one query."""
    return filters.list_own(actor=actor)
