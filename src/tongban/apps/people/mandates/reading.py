"""Mandates as pages and notices show them: between whom, for what, until when, whose turn it is."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from tongban.apps.ledger.queries import get_history
from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import UnknownMandate
from tongban.apps.people.mandates.holding import holds, represented_organisations, sides_of
from tongban.apps.people.models import Mandate, MandateKind, Person
from tongban.apps.people.sealing import open_sealed
from tongban.kernel import flow
from tongban.kernel.numbers import mask_identity

__all__ = [
    "MandateView",
    "Side",
    "get_mandate",
    "list_mandates",
    "list_mandates_ending",
    "list_mandates_of",
    "name_sides",
]

_MOST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Who is on one side: by key, with both names, and the number as far as it may be shown."""

    key: str
    name: str
    name_en: str
    masked: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateView:
    """A mandate as one of its sides sees it.

    ``state``: ``waiting`` (for ``waits_for``), ``holds``, ``later`` (its first day is still to come), ``over`` (its
    last day has passed), or how it ended: ``declined``, ``withdrawn``, ``revoked``, ``replaced``. ``sides``: on which
    the reader stands. ``history`` is there when one is read, not in lists.
    """

    id: int
    number: int | None
    kind: str
    represented: Side
    agent: Side
    matters: tuple[str, ...] | None
    valid_from: date
    valid_until: date | None
    source: str
    assurance: str
    state: str
    waits_for: str
    sides: frozenset[str]
    ended_at: datetime | None
    history: tuple[flow.Event, ...] = ()

    @property
    def may_answer(self) -> bool:
        """Whether it is the reader's turn to accept or decline."""
        return self.state == "waiting" and self.waits_for in self.sides

    @property
    def may_end(self) -> bool:
        """Whether the reader may take it back or end it."""
        by_law = self.kind != MandateKind.MANDATE
        live = self.state in ("holds", "later") or (self.state == "waiting" and not self.may_answer)
        return bool(self.sides) and live and not by_law


def list_mandates(*, actor: Actor, on: date) -> list[MandateView]:
    """Return the mandates in which the actor stands on a side, newest first, 200 at most; two queries."""
    if actor.person_id is None:
        return []
    organisations = represented_organisations(actor=actor, on=on)
    mine = Q(agent=actor.person_id) | Q(person=actor.person_id) | Q(organisation__in=organisations)
    rows = _rows().filter(mine).order_by("-pk")[:_MOST]
    return [_view(row, on, sides_of(row, actor=actor, organisations=organisations)) for row in rows]


def get_mandate(*, mandate: int, actor: Actor, on: date) -> MandateView:
    """Return one with its log. Raises ``UnknownMandate`` for who stands on neither side."""
    row = _rows().filter(pk=mandate).first()
    sides = (
        sides_of(row, actor=actor, organisations=represented_organisations(actor=actor, on=on)) if row else frozenset()
    )
    if row is None or not sides:
        raise UnknownMandate
    return _view(row, on, sides, history=tuple(get_history(case=row.number)) if row.number is not None else ())


def list_mandates_of(*, key: str, on: date) -> list[MandateView]:
    """Return the mandates that hold or wait and concern a person or an organisation, for a clerk; one query."""
    kind, _, which = key.partition(":")
    concerned = Q(organisation=which) if kind == "organisation" else Q(person=which) | Q(agent=which)
    rows = _rows().filter(concerned, revoked_at=None).order_by("-pk")[:_MOST]
    return [each for each in (_view(row, on, frozenset()) for row in rows) if each.state != "over"]


def list_mandates_ending(*, until: date, on: date) -> Iterator[MandateView]:
    """Yield those that hold and end by ``until``; rows are streamed."""
    rows = _rows().filter(holds(on), valid_until__lte=until).order_by("pk")
    yield from (_view(row, on, frozenset()) for row in rows.iterator(chunk_size=500))


def name_sides(*, numbers: Collection[int], on: date) -> dict[int, tuple[MandateView, tuple[int, ...], int]]:
    """Return, by the number of their logs: mandates, who answers for the represented, and the agent; two queries."""
    rows = list(_rows().filter(number__in=numbers))
    answering = _answering({row.organisation_id for row in rows if row.organisation_id}, on)
    return {
        row.number: (
            _view(row, on, frozenset()),
            (row.person_id,) if row.person_id else answering.get(row.organisation_id or "", ()),
            row.agent_id,
        )
        for row in rows
        if row.number is not None
    }


def _answering(organisations: Collection[str], on: date) -> dict[str, tuple[int, ...]]:
    rows = Mandate.objects.filter(holds(on), organisation__in=organisations, kind=MandateKind.REPRESENTATIVE)
    found: dict[str, tuple[int, ...]] = {}
    for organisation, agent in rows.values_list("organisation", "agent"):
        found[str(organisation)] = (*found.get(str(organisation), ()), agent)
    return found


def _rows() -> QuerySet[Mandate]:
    return Mandate.objects.select_related("organisation", "person", "agent")


def _view(row: Mandate, on: date, sides: frozenset[str], history: Iterable[flow.Event] = ()) -> MandateView:
    return MandateView(
        id=row.pk,
        number=row.number,
        kind=row.kind,
        represented=_represented(row),
        agent=_side(row.agent),
        matters=None if row.matters is None else tuple(row.matters),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        source=row.source,
        assurance=row.assurance,
        state=_state(row, on),
        waits_for={"represented": "agent", "agent": "represented"}.get(row.proposed_by, "")
        if row.accepted_at is None
        else "",
        sides=sides,
        ended_at=row.revoked_at,
        history=tuple(history),
    )


def _represented(row: Mandate) -> Side:
    body = row.organisation
    if body is None:
        assert row.person is not None
        return _side(row.person)
    return Side(key=f"organisation:{body.pk}", name=body.name, name_en=body.name_en or body.name, masked=body.pk)


def _side(person: Person) -> Side:
    return Side(
        key=f"person:{person.pk}",
        name=person.name,
        name_en=person.name_en or person.name,
        masked=mask_identity(open_sealed(person.identity_sealed)),
    )


def _state(row: Mandate, on: date) -> str:
    if row.revoked_at is not None:
        return row.ended_as or "revoked"
    if row.valid_until is not None and row.valid_until < on:
        return "over"
    if row.accepted_at is None:
        return "waiting"
    return "holds" if row.valid_from <= on else "later"
