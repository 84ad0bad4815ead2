"""What registers said for a draft: asked once, shown to the applicant, taken or declined, and kept with the case.

Asking is done outside of every transaction; what came of it is written down afterwards.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models, transaction
from django.utils import timezone

from tongban.apps.exchange.errors import ExchangeError, RegisterAway
from tongban.apps.exchange.models import Extract
from tongban.apps.exchange.requests import About, Answer
from tongban.apps.exchange.services import Round, ask, get_register
from tongban.apps.ledger.readings import Given, Reading
from tongban.apps.people.actors import SYSTEM
from tongban.apps.people.sealing import open_sealed, seal
from tongban.apps.people.services import Resealed, reseal_column

__all__ = [
    "ExtractView",
    "Wanted",
    "ask_again",
    "decline",
    "follow_case",
    "forget",
    "forget_case",
    "list_extracts",
    "list_extracts_of_case",
    "list_taken",
    "look_up",
    "reseal_extracts",
    "take",
]

_PAUSES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
"""How long a register that did not answer is left alone before it is asked again by itself; then always the last."""
_OPEN = ("offered", "taken", "absent", "pending")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is to be asked of a register about whom: ``key`` is the number of whom, ``of`` says in what part."""

    register: str
    of: str
    key: str = field(repr=False)
    consumer: str
    matter: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractView:
    """What a register said, opened for the applicant before it is used, and for the officer afterwards."""

    register: str
    of: str
    fields: Sequence[str]
    values: Mapping[str, Any] = field(repr=False)
    state: str
    consent: bool
    lookup: int | None
    fetched_at: datetime | None
    fresh_until: datetime | None
    before: Mapping[str, Any] = field(default_factory=dict, repr=False)  # what was taken, where it says otherwise now

    def is_fresh(self, *, at: datetime) -> bool:
        """Whether it may be used without asking again."""
        return self.fresh_until is not None and at < self.fresh_until


def look_up(
    *,
    draft: UUID,
    wanted: Sequence[Wanted],
    actor: str,
    at: datetime,
    consented: Collection[str] = (),
    within: Round | None = None,
    now: Callable[[], datetime] = timezone.now,
) -> list[ExtractView]:
    """Ask every register that is wanted and has not been asked for this draft, or whose answer is stale.

    ``consented``: the registers to which whoever is asked about has agreed; without it those that need it are left
    out. ``within``: the round of questions that these belong to, where several drafts are asked for at a time. What
    does not answer is pending. What was declined stays so. Never inside a transaction. Raises ``RecordNotWritten``.
    """
    kept = {(row.register, row.of): row for row in Extract.objects.filter(draft=draft)}
    within = within or Round()
    for each in wanted:
        row = kept.get((each.register, each.of))
        if row is not None and not _is_to_be_asked(row, each, at):
            continue
        register = get_register(code=each.register)
        grant = register.grant_for(consumer=each.consumer, matter=each.matter)
        if grant is None or (grant.consent and each.register not in consented and not (row and row.consent)):
            continue
        row = row or Extract(draft=draft, register=each.register, of=each.of)
        row.matter, row.consumer, row.purpose = each.matter, each.consumer, grant.purpose
        row.fields, row.consent, row.key_sealed = list(each.fields), grant.consent, seal(each.key)
        _ask(row, actor, at, now, within)
    return list_extracts(draft=draft)


def _is_to_be_asked(row: Extract, wanted: Wanted, at: datetime) -> bool:
    if row.state in ("declined", "confirmed"):
        return False
    if row.state == "pending" or set(row.fields) != set(wanted.fields):
        return True
    return row.fresh_until is None or row.fresh_until <= at


def _ask(row: Extract, actor: str, at: datetime, now: Callable[[], datetime], within: Round | None = None) -> bool:
    """Ask for one extract and write down what came of it; whether there was an answer."""
    about = About(matter=row.matter, draft=row.draft, case=row.case)
    try:
        answer = ask(
            register=row.register,
            key=open_sealed(row.key_sealed),
            consumer=row.consumer,
            purpose=row.purpose,
            about=about,
            fields=row.fields,
            consent=row.consent,
            actor=actor,
            at=at,
            within=within,
            now=now,
        )
    except RegisterAway as away:
        _note_away(row, away, now())
        return False
    _note(row, answer)
    return True


def _note(row: Extract, answer: Answer) -> None:
    said = seal(json.dumps(dict(answer.values), ensure_ascii=False, default=str)) if answer.is_found else ""
    if not answer.is_found:
        row.state = "absent"
    elif row.case is not None:
        row.state = "confirmed"
    elif not (row.state == "taken" and _values(row) == {name: _plain(each) for name, each in answer.values.items()}):
        if row.state == "taken":
            row.before_sealed = row.values_sealed
        row.state = "offered"  # what has changed since it was taken is shown once more
    row.values_sealed, row.lookup = said, answer.number
    row.fetched_at, row.fresh_until = answer.fetched_at, answer.fresh_until
    row.due, row.tries = None, 0
    _save(row)


def _note_away(row: Extract, away: RegisterAway, at: datetime) -> None:
    if row.state != "taken":  # what was taken stays taken: the register was there when it was shown
        row.state = "pending"
    row.lookup = int(str(away.params["number"]))
    row.due = at + _PAUSES[min(row.tries, len(_PAUSES) - 1)]
    row.tries = min(row.tries + 1, len(_PAUSES))
    _save(row)


def _save(row: Extract) -> None:
    """Write it, unless its draft was filed, swept or declined meanwhile: then that counts."""
    if row.pk is None:
        row.save()
        return
    with transaction.atomic():
        there = Extract.objects.select_for_update().filter(pk=row.pk).first()
        if there is None or there.state == "declined":
            return
        row.case = there.case
        if row.case is not None and row.state == "offered":
            row.state = "confirmed"  # it was filed while the register was being asked
        row.save()


def take(*, draft: UUID) -> list[ExtractView]:
    """Take everything that is offered for a draft, in the caller's transaction; return what is taken."""
    Extract.objects.filter(draft=draft, state="offered").update(state="taken", before_sealed="")
    return [each for each in list_extracts(draft=draft) if each.state == "taken"]


def decline(*, draft: UUID, wanted: Sequence[Wanted]) -> None:
    """Use nothing of what was shown for a draft; what it said is forgotten at once, and nothing ``wanted`` is asked."""
    with transaction.atomic():
        rows = Extract.objects.filter(draft=draft, state__in=_OPEN)
        rows.update(state="declined", values_sealed="", before_sealed="", due=None)
        for each in wanted:
            said_no = {"state": "declined", "matter": each.matter, "consumer": each.consumer, "key_sealed": ""}
            Extract.objects.get_or_create(draft=draft, register=each.register, of=each.of, defaults=said_no)


def follow_case(*, draft: UUID, case: int) -> None:
    """Let what was taken, and what is to be confirmed, go with the case; what was only shown is forgotten.

    In the caller's transaction.
    """
    rows = Extract.objects.filter(draft=draft)
    rows.filter(state__in=("offered", "declined")).delete()
    rows.update(case=case)


def forget(*, drafts: Sequence[UUID]) -> None:
    """Forget what was said for drafts that are thrown away."""
    Extract.objects.filter(draft__in=drafts, case=None).delete()


def forget_case(*, case: int) -> int:
    """Forget what registers said for a case, when the case lets go of its answers; return how much it was.

    In the caller's transaction. That they were asked stays on record (``Lookup``), without what they said.
    """
    return Extract.objects.filter(case=case).delete()[0]


def list_extracts(*, draft: UUID) -> list[ExtractView]:
    """Return what registers said for a draft, opened; one query."""
    return [_view(row) for row in Extract.objects.filter(draft=draft).order_by("pk")]


def list_taken(*, drafts: Collection[UUID]) -> dict[UUID, list[ExtractView]]:
    """Return what was taken for each of these drafts, opened; one query, none for no drafts."""
    taken: dict[UUID, list[ExtractView]] = {}
    for row in Extract.objects.filter(draft__in=drafts, state="taken").order_by("pk") if drafts else ():
        taken.setdefault(row.draft, []).append(_view(row))
    return taken


def list_extracts_of_case(*, case: int) -> list[ExtractView]:
    """Return what registers said for a case, opened for an officer who may see it; one query."""
    return [_view(row) for row in _of_case(case=case)]


_of_case = Reading(lambda: Extract.objects.filter(case=Given("case", models.BigIntegerField())).order_by("pk"))


def ask_again(*, at: datetime, limit: int = 20, now: Callable[[], datetime] = timezone.now) -> int:
    """Ask the registers that did not answer once more, where it is time to; return how many have answered.

    Each on its own, outside of every transaction: one that hangs keeps no other waiting for longer than its time.
    """
    answered = 0
    for pk in list(Extract.objects.filter(due__lte=at).order_by("due").values_list("pk", flat=True)[:limit]):
        if not Extract.objects.filter(pk=pk, due__lte=at).update(due=at + _PAUSES[1]):
            continue  # another worker has taken it
        row = Extract.objects.get(pk=pk)
        try:
            answered += _ask(row, SYSTEM.id, at, now)
        except ExchangeError:  # the grant has ended: nobody is to be asked any more
            Extract.objects.filter(pk=pk).update(due=None)
    return answered


def reseal_extracts(*, batch: int) -> Iterator[Resealed]:
    """Seal what registers said, and of whom, under the key that seals now; yields after each batch."""
    yield from reseal_column(model=Extract, column="key_sealed", batch=batch)
    yield from reseal_column(model=Extract, column="values_sealed", batch=batch)
    yield from reseal_column(model=Extract, column="before_sealed", batch=batch)


def _view(row: Extract) -> ExtractView:
    return ExtractView(
        register=row.register,
        of=row.of,
        fields=tuple(row.fields),
        values=_values(row),
        state=row.state,
        consent=row.consent,
        lookup=row.lookup,
        fetched_at=row.fetched_at,
        fresh_until=row.fresh_until,
        before=_opened(row.before_sealed),
    )


def _values(row: Extract) -> dict[str, Any]:
    return _opened(row.values_sealed)


def _opened(sealed: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(open_sealed(sealed)) if sealed else {}
    return found


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, ensure_ascii=False, default=str))
