"""Ready-made texts for opinions and reasons: whose they are, who may change them, and where they are offered.

Each officer has their own. A department's are read by all who work there, and kept by those who review and decide
there, in their own right.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db import models, transaction
from django.db.models import Q, QuerySet

from tongban.apps.desks.errors import PhraseChanged, TooManyPhrases, UnknownPhrase
from tongban.apps.desks.models import Phrase
from tongban.apps.ledger.readings import Given, Reading, any_of, several
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import NotAllowed

__all__ = [
    "ACTS",
    "MOST",
    "PhraseRow",
    "add",
    "change",
    "get",
    "kept_departments",
    "list_all",
    "list_fitting",
    "remove",
    "restore",
    "sweep",
]

ACTS = ("accept", "handle", "inspect", "opinion", "review", "decide", "cosign")
"""Kinds of steps (as ``cases`` calls them) at which an officer writes an opinion or a reason."""

MOST = 60
"""So many texts may a person have, and a department."""

_WORKING = frozenset({"clerk", "handler", "reviewer", "decider"})
_KEEPERS = frozenset({"reviewer", "decider"})
_KEPT = timedelta(days=30)
"""For so long may a text that was taken out be put back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhraseRow:
    """A text as its reader has it. ``department``: "" for their own. ``may_change``: they may change it."""

    id: int
    department: str
    matter: str
    act: str
    title: str
    words: str
    version: int
    removed: bool
    may_change: bool

    def fits(self, *, act: str) -> bool:
        """Whether it is for a step of this kind; "" is what is done to a case as a whole."""
        return self.act in ("", act)


def kept_departments(*, actor: Actor) -> list[str]:
    """Return the departments whose texts the actor keeps, by code."""
    return sorted({where for where, role in actor.own_roles if role in _KEEPERS})


def list_all(*, actor: Actor) -> list[PhraseRow]:
    """See ``queries.list_phrases``."""
    return [_row(each, actor) for each in _readable(actor).order_by("title", "pk")]


def list_fitting(*, actor: Actor, matter: str) -> list[PhraseRow]:
    """See ``queries.list_fitting_phrases``."""
    where = _working_in(actor)
    return [_row(each, actor) for each in _fitting(len(where))(user=actor.user_id, where=where, matter=matter)]


@lru_cache(200)
def _fitting(departments: int) -> Reading[Phrase]:
    user, matter = Given("user", models.BigIntegerField()), Given("matter", models.CharField())
    rows = _of(user, several("where", models.CharField(), departments))
    return Reading(lambda: rows.filter(removed_at=None, matter__in=("", matter)).order_by("title", "pk"))


def get(*, phrase: int, actor: Actor) -> PhraseRow:
    """See ``queries.get_phrase``."""
    found = _readable(actor).filter(pk=phrase, removed_at=None).first()
    if found is None:
        raise UnknownPhrase
    return _row(found, actor)


def add(
    *, department: str = "", matter: str = "", act: str = "", title: str, words: str, actor: Actor, at: datetime
) -> int:
    """See ``services.add_phrase``."""
    if actor.user_id is None or (department and department not in kept_departments(actor=actor)):
        raise NotAllowed
    owner: dict[str, Any] = {"department_id": department} if department else {"user_id": actor.user_id}
    with transaction.atomic():
        _require_room(owner)
        return Phrase.objects.create(**owner, matter=matter, act=act, title=title, words=words, changed_at=at).pk


def change(
    *, phrase: int, version: int, matter: str, act: str, title: str, words: str, actor: Actor, at: datetime
) -> None:
    """See ``services.change_phrase``."""
    with _locked(phrase, actor) as row:
        if row.removed_at is not None:
            raise UnknownPhrase
        if row.version != version:
            raise PhraseChanged
        row.matter, row.act, row.title, row.words = matter, act, title, words
        row.version, row.changed_at = version + 1, at


def remove(*, phrase: int, actor: Actor, at: datetime) -> None:
    """See ``services.remove_phrase``."""
    with _locked(phrase, actor) as row:
        row.removed_at = row.removed_at or at


def restore(*, phrase: int, actor: Actor) -> None:
    """See ``services.restore_phrase``."""
    with _locked(phrase, actor) as row:
        if row.removed_at is not None:
            _require_room({"user_id": row.user_id, "department_id": row.department_id})
            row.removed_at = None


def sweep(*, at: datetime) -> int:
    """See ``services.sweep_phrases``."""
    return Phrase.objects.filter(removed_at__lt=at - _KEPT).delete()[0]


def _readable(actor: Actor) -> QuerySet[Phrase]:
    return _of(actor.user_id, _working_in(actor))


def _of(user: Any, departments: Sequence[Any]) -> QuerySet[Phrase]:
    return Phrase.objects.filter(Q(user=user, department=None) | any_of("department", departments))


def _working_in(actor: Actor) -> list[str]:
    return sorted({where for where, role in actor.roles if role in _WORKING})


def _may_change(row: Phrase, actor: Actor) -> bool:
    if row.department_id is None:
        return row.user_id == actor.user_id
    return row.department_id in kept_departments(actor=actor)


@contextmanager
def _locked(phrase: int, actor: Actor) -> Iterator[Phrase]:
    """A text to be changed and saved. Raises ``UnknownPhrase``; ``NotAllowed`` for who may only read it."""
    with transaction.atomic():
        row = _readable(actor).select_for_update(of=("self",)).filter(pk=phrase).first()
        if row is None:
            raise UnknownPhrase
        if not _may_change(row, actor):
            raise NotAllowed
        yield row
        row.save()


def _require_room(owner: Mapping[str, Any]) -> None:
    if Phrase.objects.filter(**owner, removed_at=None).count() >= MOST:
        raise TooManyPhrases(most=MOST)


def _row(row: Phrase, actor: Actor) -> PhraseRow:
    return PhraseRow(
        id=row.pk,
        department=row.department_id or "",
        matter=row.matter,
        act=row.act,
        title=row.title,
        words=row.words,
        version=row.version,
        removed=row.removed_at is not None,
        may_change=_may_change(row, actor),
    )
