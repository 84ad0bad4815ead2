"""Reads of orders: carts under way, and what has become of those that were sent."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from tongban.apps.cases.boards import list_by_number
from tongban.apps.cases.queries import CaseRow, list_own_numbers
from tongban.apps.catalog.bundles import get_bundle_version
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.queries import get_versions
from tongban.apps.evidence.queries import FileView, list_files
from tongban.apps.intake.errors import UnknownOrder
from tongban.apps.intake.models import Order, OrderPart, OrderShare
from tongban.apps.intake.on_file import OnFile, on_file_of
from tongban.apps.intake.orders.contents import Contents, Held, Shared, contents_of
from tongban.apps.intake.orders.services import problems_of
from tongban.apps.intake.orders.under_way import find_under_way
from tongban.apps.intake.orders.views import (
    AwayView,
    OrderRow,
    OrderView,
    PaperView,
    PartView,
    ShareView,
    WantedPart,
)
from tongban.apps.intake.reach import may_use_order, orders_of
from tongban.apps.intake.sweeping import swept_at
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import Applicant, get_user_names, list_names

__all__ = [
    "AwayView",
    "OrderRow",
    "OrderView",
    "PaperView",
    "PartView",
    "ShareView",
    "WantedPart",
    "get_order",
    "get_order_numbered",
    "list_orders",
    "list_under_way",
    "list_wanted",
    "orders_by_case",
]


def get_order(*, order: UUID, actor: Actor, at: datetime) -> OrderView:
    """Return an order of the actor's, or one that was shared with them. Raises ``UnknownOrder``."""
    row = Order.objects.filter(pk=order).first()
    if row is None or not may_use_order(row, actor, at):
        raise UnknownOrder
    return _view(row, actor, at)


def get_order_numbered(*, number: int, actor: Actor, at: datetime) -> OrderView:
    """Return an order that has been sent, by its number. Raises ``UnknownOrder``."""
    row = orders_of(actor, at=at).filter(number=number).first()
    if row is None:
        raise UnknownOrder
    return _view(row, actor, at)


def list_orders(
    *,
    actor: Actor,
    at: datetime,
    sent: bool | None = None,
    applicant: str = "",
    at_counter: bool = False,
    limit: int = 20,
) -> list[OrderRow]:
    """Return the actor's orders and those shared with them, the one saved last first; queries do not grow with them.

    ``applicant``: only those for whom this key names. ``at_counter``: those that they put together as a clerk for
    others, which are never among their own.
    """
    found = orders_of(actor, at=at)
    found = found.filter(channel="window") if at_counter else found.exclude(channel="window")
    if sent is not None:
        found = found.filter(number__isnull=not sent)
    if applicant:
        found = found.filter(applicant_key=applicant)
    return _rows(list(found.order_by("-saved_at")[:limit]), actor)


def orders_by_case(*, numbers: Iterable[int], actor: Actor, at: datetime) -> dict[int, OrderRow]:
    """Return, by case, the order that each of these cases is part of, where it is part of one; few queries."""
    pairs = OrderPart.objects.filter(draft__case__in=list(numbers)).values_list("draft__case", "order")
    by_case = {case: order for case, order in pairs if case is not None}
    if not by_case:
        return {}
    orders = list(orders_of(actor, at=at).filter(pk__in=set(by_case.values())))
    rows = {row.id: row for row in _rows(orders, actor)}
    return {case: rows[order] for case, order in by_case.items() if order in rows}


def list_wanted(*, parts: Iterable[int] | None = None, after: int = 0, limit: int = 500) -> list[WantedPart]:
    """Return parts whose turn has come and that their owners have to complete, by id: of ``parts``, or of all.

    ``after`` is the last part of the page before. Three queries.
    """
    wanted = OrderPart.objects.filter(state="wanted", removed=False, draft__case=None, pk__gt=after)
    wanted = wanted.filter(order__owner__person__isnull=False)
    if parts is not None:
        wanted = wanted.filter(pk__in=list(parts))
    columns = ("pk", "order", "order__owner__person", "draft__matter_version", "order__number")
    rows = list(wanted.order_by("pk").values_list(*columns)[:limit])
    filed = OrderPart.objects.filter(order__in={row[1] for row in rows}, draft__case__isnull=False)
    cases = dict(filed.order_by("-position").values_list("order", "draft__case"))
    versions = get_versions(version_ids={row[3] for row in rows})
    return [
        WantedPart(
            part=part,
            order=number,
            person=person,
            matter_name=versions[version].definition.name,
            case=cases.get(order),
        )
        for part, order, person, version, number in rows
    ]


def _view(row: Order, actor: Actor, at: datetime) -> OrderView:
    found = contents_of(row)
    problems = problems_of(found) if row.number is None else {}
    cases = _cases([*found.parts])
    shared = found.shared() if row.number is None else []
    values = _shared_answers(found, shared)
    missing = {(matter, code) for matter, problem in problems.items() for code in problem.materials}
    return OrderView(
        id=row.pk,
        number=row.number,
        name=found.bundle.name if found.bundle is not None else None,
        icon=found.bundle.icon if found.bundle is not None else "briefcase",
        bundle=found.bundle,
        guide=row.guide,
        applicant_name=found.contact["name"],
        applicant_key=row.applicant_key,
        is_assisted=row.channel == "window",
        is_owner=row.owner_id == actor.user_id,
        owner_name=get_user_names(ids=[row.owner_id]).get(row.owner_id, ("", "")),
        parts=[
            replace(_part(found, held, problems, cases), on_file=_on_file(found, held, actor, at))
            if row.number is None
            else _part(found, held, problems, cases)
            for held in found.parts
        ],
        removed=_removed(found, cases) if row.number is None else [],
        away=_away(found, actor, at),
        shared=shared,
        shared_answers=values,
        shared_missing=_missing_shared(shared, values, problems),
        papers=_papers(found, missing) if row.number is None else [],
        fetched=[paper for paper in found.papers() if not paper.spec.is_asked] if row.number is None else [],
        shares=_shares(row, at) if row.owner_id == actor.user_id else [],
        started_at=row.started_at,
        saved_at=row.saved_at,
        submitted_at=row.submitted_at,
        kept_until=swept_at(row.saved_at) if row.number is None else None,
    )


def list_under_way(
    *, applicants: Sequence[Applicant], matters: Mapping[str, Text], actor: Actor, at: datetime
) -> list[AwayView]:
    """Return what these applicants ask for already of these matters (code: name), in the order of the matters."""
    found = find_under_way(applicants=applicants, matters=matters)
    parts = OrderPart.objects.select_related("order").in_bulk([one.part for one in found.values() if one.part])
    places = [
        (matter, one.case, parts[one.part].order if one.part is not None else None)
        for (_, matter), one in sorted(found.items(), key=lambda item: list(matters).index(item[0][1]))
    ]
    own = list_own_numbers(actor=actor, numbers=[case for _, case, _ in places if case is not None])
    mine = _openable([order for _, _, order in places if order is not None], actor, at)
    return [
        AwayView(
            matter=matter,
            name=matters[matter],
            state="open" if case is not None else "waiting",
            case=case if case in own else None,
            order=order.number if order is not None and order.pk in mine else None,
            cart=None,
        )
        for matter, case, order in places
    ]


def _away(found: Contents, actor: Actor, at: datetime) -> list[AwayView]:
    if not found.away:
        return []
    own = list_own_numbers(actor=actor, numbers=[one.case for one in found.away if one.case is not None])
    orders = {one.matter: one.row.part.order for one in found.away if one.row.part is not None}
    mine = _openable(orders.values(), actor, at)
    views: list[AwayView] = []
    for one in found.away:
        order = orders.get(one.matter)
        is_mine = order is not None and order.pk in mine
        views.append(
            AwayView(
                matter=one.matter,
                name=one.name,
                state=one.state,
                case=one.case if one.case in own else None,
                order=order.number if order is not None and is_mine else None,
                cart=order.pk if order is not None and is_mine and order.number is None else None,
            )
        )
    return views


def _on_file(found: Contents, held: Held, actor: Actor, at: datetime) -> OnFile:
    """What there is for a part: no query for a matter that asks nobody, else a few."""
    return on_file_of(
        row=held.draft,
        definition=held.definition,
        answers=held.answers,
        actor=actor,
        at=at,
        contact=found.contact,
        files=held.files,
    )


def _openable(orders: Iterable[Order], actor: Actor, at: datetime) -> set[UUID]:
    keys = {order.pk for order in orders}
    return set(orders_of(actor, at=at).filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()


def _removed(found: Contents, cases: Mapping[int, CaseRow]) -> list[PartView]:
    """What was taken out by hand; what is under way elsewhere is named as that."""
    away = {one.matter for one in found.away}
    return [_part(found, held, {}, cases) for held in found.removed if held.matter not in away]


def _part(found: Contents, held: Held, problems: Mapping[str, Any], cases: Mapping[int, CaseRow]) -> PartView:
    elsewhere = found.elsewhere(held) if found.order.number is None else frozenset()
    errors = problems[held.matter].errors if held.matter in problems else ()
    own = [error for error in errors if error.field not in elsewhere]
    pages = held.definition.form.asked_for(held.answers) if held.case is None else ()
    asked = [step for step, fields in pages if any(each.name not in elsewhere for each in fields)]
    return PartView(
        matter=held.matter,
        definition=held.definition,
        draft=held.draft.pk,
        state="filed" if held.case is not None else held.row.state,
        why=held.row.why,
        optional=held.part is None or held.part.optional,
        note=held.part.note if held.part is not None else None,
        after=[(_name(found, one.part), one) for one in found.after(held)],
        asks_later=bool(found.later(held)),
        has_pages=bool(asked),
        is_done=not own and all(step.id in held.draft.steps_done for step in asked),
        answers=held.answers,
        elsewhere=elsewhere,
        errors=own,
        case=cases.get(held.case) if held.case is not None else None,
    )


def _name(found: Contents, matter: str) -> Text:
    held = found.part(matter)
    away = next((one.name for one in found.away if one.matter == matter), Text(matter, matter))
    return held.definition.name if held is not None else away


def _cases(parts: Sequence[Held]) -> dict[int, CaseRow]:
    numbers = [held.case for held in parts if held.case is not None]
    return {row.number: row for row in list_by_number(numbers=numbers)} if numbers else {}


def _shared_answers(found: Contents, shared: Sequence[Shared]) -> dict[str, Any]:
    """What is there for each shared question: the first answer in any of its places."""
    values: dict[str, Any] = {}
    for one in shared:
        for matter, asked in one.places:
            held = found.part(matter)
            if held is not None and held.answers.get(asked.name) not in (None, "", []):
                values.setdefault(one.id, held.answers[asked.name])
    return values


def _missing_shared(shared: Sequence[Shared], values: Mapping[str, Any], problems: Mapping[str, Any]) -> frozenset[str]:
    """Which shared questions are owed and not answered, or answered so that one of their forms refuses it."""
    wrong = {(matter, error.field) for matter, problem in problems.items() for error in problem.errors}
    return frozenset(
        one.id
        for one in shared
        if (one.field.required and one.id not in values)
        or any((matter, asked.name) in wrong for matter, asked in one.places)
    )


def _papers(found: Contents, missing: set[tuple[str, str]]) -> list[PaperView]:
    papers = [paper for paper in found.papers() if paper.spec.is_asked]
    stored = list_files(ids=[given.file_id for held in found.parts for given in held.files])
    views: list[PaperView] = []
    for paper in papers:
        files: dict[str, tuple[int, FileView]] = {}
        for matter, code in paper.codes.items():
            held = found.part(matter)
            for given in held.files if held is not None else []:
                if given.code == code:
                    files.setdefault(stored[given.file_id].sha256, (given.pk, stored[given.file_id]))
        is_missing = not files and any(place in missing for place in paper.codes.items())
        views.append(PaperView(name=paper.name, paper=paper, files=list(files.values()), is_missing=is_missing))
    return views


def _shares(row: Order, at: datetime) -> list[ShareView]:
    live = list(OrderShare.objects.filter(order=row, revoked_at=None, expires_at__gt=at).order_by("made_at"))
    names = get_user_names(ids=[share.taken_by_id for share in live if share.taken_by_id is not None])
    return [
        ShareView(
            id=share.pk,
            made_at=share.made_at,
            expires_at=share.expires_at,
            by=names.get(share.taken_by_id) if share.taken_by_id is not None else None,
        )
        for share in live
    ]


def _rows(orders: Sequence[Order], actor: Actor) -> list[OrderRow]:
    """Rows of a list; names of applicants are those of their cases, of a cart's those on file; one's own has none."""
    if not orders:
        return []
    parts = list(
        OrderPart.objects.filter(order__in=orders, removed=False).select_related("draft").order_by("position", "pk")
    )
    versions = get_versions(version_ids=[part.draft.matter_version_id for part in parts])
    cases = {row.number: row for row in list_by_number(numbers=[p.draft.case for p in parts if p.draft.case])}
    own = f"person:{actor.person_id}"
    names = list_names(keys={order.applicant_key for order in orders if order.number is None} - {own})
    rows: list[OrderRow] = []
    for order in orders:
        mine = [part for part in parts if part.order_id == order.pk]
        bundle = get_bundle_version(version_id=order.bundle_version_id).definition if order.bundle_version_id else None
        states = [_state(part, cases) for part in mine]
        rows.append(
            OrderRow(
                id=order.pk,
                number=order.number,
                name=bundle.name if bundle is not None else None,
                icon=bundle.icon if bundle is not None else "briefcase",
                applicant_name=next(
                    (cases[p.draft.case].applicant_name for p in mine if p.draft.case in cases),
                    names.get(order.applicant_key, ""),
                ),
                is_owner=order.owner_id == actor.user_id,
                parts=[
                    (versions[part.draft.matter_version_id].definition.name, state)
                    for part, state in zip(mine, states, strict=True)
                ],
                wanted=states.count("waiting") if order.number is not None else 0,
                saved_at=order.saved_at,
                submitted_at=order.submitted_at,
                kept_until=swept_at(order.saved_at) if order.number is None else None,
            )
        )
    return rows


def _state(part: OrderPart, cases: Mapping[int, CaseRow]) -> str:
    """As segments show it: done, active, waiting (for people) or ahead."""
    case = cases.get(part.draft.case) if part.draft.case is not None else None
    if case is not None:
        if case.status == "supplement":
            return "waiting"
        return "done" if case.outcome or case.closed_at else "active"
    return {"wanted": "waiting", "stopped": "done"}.get(part.state, "ahead")
