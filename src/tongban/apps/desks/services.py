"""Commands around an officer's desk. Each is one transaction."""

from collections.abc import Sequence
from datetime import datetime

from tongban.apps.cases.consequences import Work
from tongban.apps.desks import checks, filters, missing, notes, phrases, presence, unsent
from tongban.apps.desks.missing import reseal_missing
from tongban.apps.desks.notes import reseal_notes
from tongban.apps.desks.presence import PresentRow
from tongban.apps.desks.spots import Spot
from tongban.apps.desks.unsent import Fields, reseal_unsent
from tongban.apps.people.actors import Actor

__all__ = [
    "PresentRow",
    "add_filter",
    "add_note",
    "add_phrase",
    "begin_with_filter",
    "change_phrase",
    "come_in",
    "keep_unsent",
    "let_go_of_unsent",
    "mark_checked",
    "move_filter_up",
    "remove_filter",
    "remove_phrase",
    "reseal_missing",
    "reseal_notes",
    "reseal_unsent",
    "restore_filter",
    "restore_phrase",
    "say_missing",
    "settle_note",
    "sweep_checked",
    "sweep_filters",
    "sweep_missing",
    "sweep_notes",
    "sweep_phrases",
    "sweep_present",
    "sweep_unsent",
]


def add_phrase(
    *, department: str = "", matter: str = "", act: str = "", title: str, words: str, actor: Actor, at: datetime
) -> int:
    """Keep a ready-made text, the actor's own or a ``department``'s, and return its number.

    ``matter`` and ``act`` narrow where it is offered. Raises ``NotAllowed`` for a department whose texts are not the
    actor's to keep, ``TooManyPhrases``.
    """
    return phrases.add(department=department, matter=matter, act=act, title=title, words=words, actor=actor, at=at)


def change_phrase(
    *, phrase: int, version: int, matter: str, act: str, title: str, words: str, actor: Actor, at: datetime
) -> None:
    """Change a text that was read as ``version``. Raises ``PhraseChanged``, ``UnknownPhrase``, ``NotAllowed``."""
    phrases.change(phrase=phrase, version=version, matter=matter, act=act, title=title, words=words, actor=actor, at=at)


def remove_phrase(*, phrase: int, actor: Actor, at: datetime) -> None:
    """Take a text out; it can be put back for thirty days. Raises ``UnknownPhrase``, ``NotAllowed``."""
    phrases.remove(phrase=phrase, actor=actor, at=at)


def restore_phrase(*, phrase: int, actor: Actor) -> None:
    """Put a text back. Raises ``UnknownPhrase``, ``NotAllowed``, ``TooManyPhrases``."""
    phrases.restore(phrase=phrase, actor=actor)


def sweep_phrases(*, at: datetime) -> int:
    """Delete what was taken out thirty days ago; return how many."""
    return phrases.sweep(at=at)


def keep_unsent(*, work: Work, command: str, task: int, fields: Fields, seen: int, at: datetime) -> bool:
    """Keep what the officer of ``work`` has written for a command; return whether there was anything to keep.

    No ``fields``: what was kept before is let go of. ``seen``: how many entries of the log they had read. Raises
    ``StepMoved`` where the command is not theirs to give now, ``WordsTooLong``.
    """
    return unsent.keep(work=work, command=command, task=task, fields=fields, seen=seen, at=at)


def let_go_of_unsent(*, case: int, task: int, command: str, actor: Actor) -> None:
    """After a command was given: its draft goes, and all drafts of steps that are over, whosever they are."""
    unsent.let_go(case=case, task=task, command=command, actor=actor)


def sweep_unsent(*, case: int | None = None) -> int:
    """Delete drafts of steps and cases that are over, some hundred at a time; return how many."""
    return unsent.sweep(case=case)


def mark_checked(*, work: Work, material: int, checked: bool, at: datetime) -> None:
    """Note that the officer of ``work`` has checked a material, or has not.

    Raises ``StepMoved`` where they have nothing to do in the case.
    """
    checks.mark(work=work, material=material, checked=checked, at=at)


def sweep_checked() -> int:
    """Delete the marks of cases that are over; return how many."""
    return checks.sweep()


def add_note(
    *,
    work: Work,
    material: int = 0,
    field: str = "",
    place: str = "",
    spot: Spot | None = None,
    words: str,
    at: datetime,
) -> int:
    """Note something on a material or on an answer of a case; return the note's number.

    ``place`` says in words where in it, ``spot`` on its picture. Raises ``StepMoved`` where the officer of ``work`` has
    nothing to do, ``UnknownNote``, ``WordsTooLong``, ``TooManyNotes``.
    """
    return notes.add(work=work, material=material, field=field, place=place, spot=spot, words=words, at=at)


def settle_note(*, work: Work, note: int, settled: bool, at: datetime) -> None:
    """Say that a note is done with, or open it again. Raises ``StepMoved``, ``UnknownNote``."""
    notes.settle(work=work, note=note, settled=settled, at=at)


def sweep_notes() -> int:
    """Delete the notes on cases whose answers were let go of; return how many."""
    return notes.sweep()


def say_missing(*, work: Work, department: str, items: Sequence[str], words: str, at: datetime) -> None:
    """Say what a department misses: ``items`` are codes of materials. Said again it is instead; nothing takes it back.

    Raises ``StepMoved`` for who gives no opinion there now, ``AskedAlready``, ``TooLateToSay``, ``WordsTooLong``.
    """
    missing.say(work=work, department=department, items=items, words=words, at=at)


def sweep_missing() -> int:
    """Delete what was missing of cases whose answers were let go of; return how many."""
    return missing.sweep()


def come_in(*, work: Work, at: datetime) -> tuple[PresentRow, ...]:
    """Note that the officer of ``work`` has the case open; return who else has, since when, the longest first.

    Whoever has given no sign for ten minutes is gone. Who has nothing to do in it is neither noted nor told.
    """
    return presence.come_in(work=work, at=at)


def sweep_present(*, at: datetime) -> int:
    """Forget who had which case open and is gone; return how many."""
    return presence.sweep(at=at)


def add_filter(*, name: str, part: str, matter: str, within: str, actor: Actor, at: datetime) -> int:
    """Save a filter of the queue behind the actor's others; return its number. Raises ``TooManyFilters``."""
    return filters.add(name=name, part=part, matter=matter, within=within, actor=actor, at=at)


def begin_with_filter(*, number: int, actor: Actor) -> None:
    """Let the actor's desk open with that filter; 0: with everything. Raises ``UnknownFilter``."""
    filters.begin_with(number=number, actor=actor)


def move_filter_up(*, number: int, actor: Actor) -> None:
    """Let a filter change places with the one before it. Raises ``UnknownFilter``."""
    filters.move_up(number=number, actor=actor)


def remove_filter(*, number: int, actor: Actor, at: datetime) -> None:
    """Take a filter out; it can be put back for thirty days. Raises ``UnknownFilter``."""
    filters.remove(number=number, actor=actor, at=at)


def restore_filter(*, number: int, actor: Actor) -> None:
    """Put a filter back. Raises ``UnknownFilter``, ``TooManyFilters``."""
    filters.restore(number=number, actor=actor)


def sweep_filters(*, at: datetime) -> int:
    """Delete filters that were taken out thirty days ago; return how many."""
    return filters.sweep(at=at)
