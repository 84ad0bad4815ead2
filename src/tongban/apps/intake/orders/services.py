"""Commands on orders: put matters in, answer once, hand in once, file in one go."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from tongban.apps.cases.answers import seal_answers
from tongban.apps.catalog.bundles import PublishedBundle, get_bundle, plan_bundle
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import FieldError, Form, FormResult
from tongban.apps.catalog.definitions.answers import read_answer
from tongban.apps.catalog.definitions.bundles import Paper
from tongban.apps.catalog.queries import get_matters
from tongban.apps.evidence.queries import list_files, read_file
from tongban.apps.intake import services as drafts
from tongban.apps.intake.errors import (
    DraftIncomplete,
    DraftOutdated,
    EmptyOrder,
    IntakeError,
    NoMandate,
    OrderIncomplete,
    OrderSent,
    UnderWay,
    UnknownMaterial,
    UnknownOrder,
)
from tongban.apps.intake.models import Draft, DraftFile, Order, OrderElsewhere, OrderPart
from tongban.apps.intake.orders.contents import Contents, Held, contents_of, shared_form
from tongban.apps.intake.orders.under_way import Place, find_under_way, leave_behind, look_again, set_aside
from tongban.apps.intake.reach import may_use_order
from tongban.apps.intake.sweeping import remove_draft
from tongban.apps.people.actors import Actor
from tongban.apps.people.assurance import require_assurance
from tongban.apps.people.queries import Applicant, get_applicant, get_contact
from tongban.kernel.flow import Refused
from tongban.kernel.numbers import new_case_number

__all__ = [
    "add_paper",
    "ask_once_more",
    "discard_order",
    "open_order",
    "put",
    "remove_paper",
    "save_shared",
    "set_part",
    "submit_order",
    "write_answers",
]


def open_order(
    *,
    actor: Actor,
    bundle: str,
    guide: Mapping[str, str],
    applicant_key: str = "",
    applicant: Applicant | None = None,
    without: Iterable[str] = (),
    again: bool = False,
    channel: str,
    at: datetime,
) -> UUID:
    """Put what a bundle's guide says into the cart, less the optional matters ``without``; return the order.

    For whom: by ``applicant_key``, in whose name the actor may ask; or ``applicant``, of whom the caller has made sure
    (a clerk for who stands there).

    What the applicant is asking for already is named by the order and not put in, unless ``again``. Asked again for the
    same applicant and bundle, the order that is open follows the new answers: nothing that has been typed is lost.
    Raises ``UnderWay`` when all of it is under way already, ``NoMandate``, ``NotServed``, ``EmptyOrder``, or
    ``UnknownBundle`` from the catalogue.
    """
    day = get_calendar().local_date(at)
    published = get_bundle(code=bundle, on=day)
    answers = published.definition.clean(guide)
    planned = plan_bundle(bundle=published.definition, answers=answers, on=day)
    if not planned.parts:
        raise EmptyOrder
    left_out = {each.matter for each in planned.parts if each.part.optional} & set(without)
    with transaction.atomic():
        whose = applicant or _applicant(actor, applicant_key, at)
        order = _open(actor, whose, published, channel, at)
        order.guide, order.bundle_version_id = answers, published.version_id
        order.save(update_fields=["guide", "bundle_version"])
        wanted = [each.matter for each in planned.parts]
        away = {} if again else _under_way(order, whose, wanted)
        if wanted and away.keys() == set(wanted):
            raise UnderWay(matters=wanted)
        for position, matter in enumerate(wanted):
            if matter not in away:
                removed = matter in left_out
                _add(order, actor, matter, whose, position, removed=removed, again=again, at=at)
        versions = get_matters(codes=away, on=day)
        set_aside(order=order, places={code: (versions[code].version_id, place) for code, place in away.items()})
        # What the former answers had brought and these do not is taken out; undo is one click away.
        order.parts.exclude(matter__in=wanted).filter(by_hand=False).update(removed=True)
        _fill_in_guided(contents_of(order))
        return order.pk


def put(*, actor: Actor, matter: str, applicant_key: str, again: bool = False, channel: str, at: datetime) -> UUID:
    """Put one matter into the applicant's open cart, or a new one; return the order. Raises as ``open_order``."""
    with transaction.atomic():
        applicant = _applicant(actor, applicant_key, at, matter=matter)
        mine = Order.objects.select_for_update().filter(
            owner=actor.user_id, applicant_key=applicant.key, submitted_at=None
        )
        order = mine.order_by("-saved_at").first() or _new_order(actor, applicant, None, channel, at)
        if not again and _under_way(order, applicant, [matter]):
            raise UnderWay(matters=[matter])
        _add(order, actor, matter, applicant, order.parts.count(), by_hand=True, again=again, at=at)
        return order.pk


def ask_once_more(*, order: UUID, actor: Actor, matter: str, at: datetime) -> None:
    """Put in what is under way elsewhere: it is wanted a second time. Only the owner may: it is a draft of theirs.

    Raises ``UnknownOrder``, ``OrderSent``, and what ``open_order`` raises.
    """
    with transaction.atomic():
        row = lock_order(order, actor, at)
        away = row.elsewhere.filter(matter=matter)
        if row.owner_id != actor.user_id:
            raise UnknownOrder
        if away.exists():
            _add(row, actor, matter, _applicant_of(row, actor, at, matter), row.parts.count(), again=True, at=at)
            _fill_in_guided(contents_of(row))
            _touch(row, at)


def set_part(*, order: UUID, actor: Actor, matter: str, removed: bool, at: datetime) -> None:
    """Take a part out of the cart, or back in: what was typed for it stays. Raises ``UnknownOrder``, ``OrderSent``."""
    with transaction.atomic():
        row = lock_order(order, actor, at)
        mine = row.parts.filter(matter=matter)
        mine.update(removed=removed)
        if removed:
            look_again(parts=list(mine.values_list("pk", flat=True)))
        _touch(row, at)


def discard_order(*, order: UUID, actor: Actor, at: datetime) -> None:
    """Throw an unsent order away, with everything in it. Only its owner may."""
    with transaction.atomic():
        row = lock_order(order, actor, at)
        if row.owner_id != actor.user_id:
            raise UnknownOrder
        for part in row.parts.select_related("draft"):
            remove_draft(Draft.objects.select_for_update().get(pk=part.draft_id))
        row.delete()


def save_shared(*, order: UUID, actor: Actor, answers: Mapping[str, Any], only: str = "", at: datetime) -> FormResult:
    """Keep the answers to what is asked once, right or wrong, in every form that wants them; return what is wrong.

    ``only`` is the one question that was asked; the others are left as they are.
    """
    with transaction.atomic():
        row = lock_order(order, actor, at)
        found = contents_of(row)
        shared = [each for each in found.shared() if only in ("", each.id)]
        form, step = shared_form(shared, readers=found.readers)
        result = form.validate_step(step=step, answers=answers)
        errors = [*result.errors, *_errors_of_places(form, shared, result)]
        for held in found.parts:
            places = {field.name: one.id for one in shared for matter, field in one.places if matter == held.matter}
            # What a register said stays: it is asked because another matter does not have it yet.
            asked = {name: key for name, key in places.items() if name not in held.taken}
            given = {name: result.clean.get(key, answers.get(key)) for name, key in asked.items()}
            write_answers(held, given, at)
        _touch(row, at)
    return FormResult(result.clean, tuple(errors))


def add_paper(*, order: UUID, actor: Actor, paper: str, content: bytes, name: str, at: datetime) -> None:
    """Hand a paper in, for every part that wants it. Raises ``EvidenceError`` when it is none that all of them take."""
    with transaction.atomic():
        found = contents_of(lock_order(order, actor, at))
        for matter, code in _paper(found, paper).codes.items():
            held = found.part(matter)
            assert held is not None
            drafts.add_file(draft=held.draft.pk, actor=actor, code=code, content=content, name=name, at=at)


def remove_paper(*, order: UUID, actor: Actor, file: int, at: datetime) -> None:
    """Take a file back from every part that has it."""
    with transaction.atomic():
        found = contents_of(lock_order(order, actor, at))
        mine = [given for held in found.parts for given in held.files]
        stored = list_files(ids=[given.file_id for given in mine])
        gone = next((given for given in mine if given.pk == file), None)
        for given in mine:
            if gone is not None and stored[given.file_id].sha256 == stored[gone.file_id].sha256:
                drafts.remove_file(draft=given.draft_id, actor=actor, file=given.pk, at=at)


def submit_order(*, order: UUID, actor: Actor, at: datetime, ticket: Mapping[str, str | int] | None = None) -> int:
    """File everything that waits for nothing, in one transaction, and return the order's number; asked again, the same.

    ``ticket``: whose number is at the clerk's window; it counts for what is filed at a counter.
    What depends on something else is filed by itself when that has been granted (``turns.file_what_is_due``). Raises
    ``OrderIncomplete`` with what is missing by matter, ``DraftOutdated``, ``NoMandate``, ``AssuranceTooLow``, and
    ``UnderWay`` when something has been asked for elsewhere since, which is then taken out; nothing is filed then.
    """
    if _any_moved_on(order, actor, at):
        raise DraftOutdated
    if meanwhile := _asked_for_meanwhile(order, actor, at):
        raise UnderWay(matters=meanwhile)
    with transaction.atomic():
        row = Order.objects.select_for_update().filter(pk=order).first()
        if row is None or not may_use_order(row, actor, at):
            raise UnknownOrder
        if row.number is not None:
            return row.number
        found = contents_of(row)
        if not found.parts:
            raise EmptyOrder
        spread_papers(found, actor, at)
        found = contents_of(row)
        if problems := problems_of(found):
            raise OrderIncomplete(problems)
        for held in found.parts:
            if held.draft.channel != "window":  # there the identity card lies on the counter
                require_assurance(actor=actor, needed=held.definition.assurance)
        for held in found.removed:
            remove_draft(Draft.objects.select_for_update().get(pk=held.draft.pk))
        _file_first(found, actor, at, ticket)
        return _number(row, actor, at)


def lock_order(order: UUID, actor: Actor, at: datetime) -> Order:
    """The order of that id, unsent, locked. Raises ``UnknownOrder``, ``OrderSent``."""
    row = Order.objects.select_for_update().filter(pk=order).first()
    if row is None or not may_use_order(row, actor, at):
        raise UnknownOrder
    if row.number is not None:
        raise OrderSent(number=row.number)
    return row


def problems_of(found: Contents) -> dict[str, DraftIncomplete]:
    """What keeps each part from being sent, by matter; what comes later is not missed yet."""
    problems: dict[str, DraftIncomplete] = {}
    for held in found.parts:
        if held.case is not None:
            continue
        later = found.later(held)
        result = held.definition.form.validate(answers=held.answers)
        errors = [error for error in result.errors if error.field not in later]
        given: dict[str, list[UUID]] = {}
        for file in held.files:
            given.setdefault(file.code, []).append(file.file_id)
        missing = drafts.missing_materials(definition=held.definition, answers=held.answers, given=given)
        if errors or missing:
            problems[held.matter] = DraftIncomplete(errors=errors, materials=[spec.code for spec in missing])
    return problems


def spread_papers(found: Contents, actor: Actor, at: datetime) -> None:
    """Give a paper that is there to every part that wants it: a part may have come after the paper."""
    stored = list_files(ids=[given.file_id for held in found.parts for given in held.files])
    for paper in found.papers():
        holders = {matter: _given(found, matter, code) for matter, code in paper.codes.items()}
        source = next((files for files in holders.values() if files), [])
        for matter, files in holders.items():
            held = found.part(matter)
            for given in source if not files and held is not None else []:
                assert held is not None
                content = read_file(sha256=stored[given.file_id].sha256)
                name = stored[given.file_id].name
                drafts.add_file(
                    draft=held.draft.pk, actor=actor, code=paper.codes[matter], content=content, name=name, at=at
                )


def _given(found: Contents, matter: str, code: str) -> list[DraftFile]:
    held = found.part(matter)
    return [given for given in held.files if given.code == code] if held is not None else []


def _file_first(found: Contents, actor: Actor, at: datetime, ticket: Mapping[str, str | int] | None) -> None:
    for held in found.parts:
        if found.after(held):
            OrderPart.objects.filter(pk=held.row.pk).update(state="waiting", look=True)
            Draft.objects.filter(pk=held.draft.pk).update(sent=True)
        else:
            try:
                drafts.submit(draft=held.draft.pk, actor=actor, at=at, ticket=ticket)
            except (IntakeError, Refused) as error:
                error.matter = held.matter  # type: ignore[union-attr]  # whoever reads it is told of which part
                raise
            OrderPart.objects.filter(pk=held.row.pk).update(state="filed")


def _number(row: Order, actor: Actor, at: datetime) -> int:
    day = get_calendar().local_date(at)
    for _ in range(5):
        row.number = new_case_number(day=day, random=secrets.randbelow)
        row.submitted_at, row.saved_at, row.sent_by_id = at, at, actor.user_id
        try:
            with transaction.atomic():
                row.save(update_fields=["number", "submitted_at", "saved_at", "sent_by"])
        except IntegrityError:
            continue
        return row.number
    raise UnknownOrder


def _any_moved_on(order: UUID, actor: Actor, at: datetime) -> bool:
    """Let every draft follow the version in force, in transactions of their own; True when one was another."""
    ids = OrderPart.objects.filter(order=order, order__number=None, removed=False).values_list("draft", flat=True)
    moved = [drafts.follow_version(draft=draft, actor=actor, at=at) for draft in ids]
    return any(moved)


def _asked_for_meanwhile(order: UUID, actor: Actor, at: datetime) -> list[str]:
    """Take out, in a transaction of its own, what the applicant has asked for elsewhere since; return which matters."""
    with transaction.atomic():
        row = Order.objects.select_for_update().filter(pk=order, number=None).first()
        if row is None or not may_use_order(row, actor, at):
            return []
        mine = row.parts.select_related("draft").filter(removed=False, again=False)
        parts = {part.matter: part for part in mine}
        whose = Applicant(
            key=row.applicant_key, name="", person_id=row.person_id, organisation_code=row.organisation_id
        )
        found = find_under_way(applicants=[whose], matters=parts, besides=row)
        for (_, matter), place in found.items():
            part = parts[matter]
            mine.filter(pk=part.pk).update(removed=True)
            look_again(parts=[part.pk])
            defaults = {"matter_version_id": part.draft.matter_version_id, "part_id": place.part, "case": place.case}
            OrderElsewhere.objects.update_or_create(order=row, matter=matter, defaults=defaults)
        return [matter for _, matter in found]


def _applicant(actor: Actor, key: str, at: datetime, *, matter: str | None = None) -> Applicant:
    found = get_applicant(actor=actor, key=key, on=get_calendar().local_date(at), matter=matter)
    if found is None:
        raise NoMandate
    return found


def _applicant_of(row: Order, actor: Actor, at: datetime, matter: str) -> Applicant:
    """Whose order it is; at the counter, who stood there when a clerk began it."""
    if row.channel == "window" and actor.has_role("clerk"):
        contact = get_contact(person_id=row.person_id, organisation_code=row.organisation_id)
        return Applicant(
            key=row.applicant_key,
            name=contact["name"],
            person_id=row.person_id,
            organisation_code=row.organisation_id,
            agent_id=row.parts.order_by("pk").values_list("draft__agent", flat=True).first(),
        )
    return _applicant(actor, row.applicant_key, at, matter=matter)


def _open(actor: Actor, applicant: Applicant, bundle: PublishedBundle, channel: str, at: datetime) -> Order:
    """The open order of that bundle for the applicant; else a new one."""
    open_orders = Order.objects.select_for_update().filter(
        owner=actor.user_id, applicant_key=applicant.key, submitted_at=None, bundle_version__bundle=bundle.code
    )
    return open_orders.order_by("-saved_at").first() or _new_order(actor, applicant, bundle, channel, at)


def _new_order(actor: Actor, applicant: Applicant, bundle: PublishedBundle | None, channel: str, at: datetime) -> Order:
    assert actor.user_id is not None
    return Order.objects.create(
        owner_id=actor.user_id,
        bundle_version_id=bundle.version_id if bundle is not None else None,
        person_id=applicant.person_id,
        organisation_id=applicant.organisation_code,
        applicant_key=applicant.key,
        channel=channel,
        started_at=at,
        saved_at=at,
    )


def _add(
    order: Order,
    actor: Actor,
    matter: str,
    applicant: Applicant,
    position: int,
    *,
    removed: bool = False,
    by_hand: bool = False,
    again: bool = False,
    at: datetime,
) -> None:
    """Put a matter in; a draft that is open for it already comes along, out of another cart if need be.

    Never one that waits in an order which has been sent: the new order is whole by itself.
    """
    if applicant.matters is not None and matter not in applicant.matters:
        raise NoMandate
    draft = drafts.start_for(actor=actor, matter=matter, applicant=applicant, channel=order.channel, at=at)
    order.elsewhere.filter(matter=matter).delete()
    part = OrderPart.objects.select_related("order", "draft").filter(draft=draft).first()
    if part is None:
        part = OrderPart(order=order, matter=matter, draft_id=draft)
    elif part.order_id != order.pk:
        leave_behind(part=part, order=part.order)
    part.order, part.position, part.removed = order, position, removed
    part.by_hand, part.again = part.by_hand or by_hand, part.again or again
    part.save()
    Order.objects.filter(number=None, parts=None).exclude(pk=order.pk).filter(owner=actor.user_id).delete()


def _under_way(order: Order, applicant: Applicant, matters: Sequence[str]) -> dict[str, Place]:
    """What of this is under way already, and not asked for in this order all the same, by matter."""
    mine = set(order.parts.filter(removed=False).values_list("matter", flat=True))
    asked = [matter for matter in matters if matter not in mine]
    found = find_under_way(applicants=[applicant], matters=asked, besides=order)
    return {matter: place for (_, matter), place in found.items()}


def _fill_in_guided(found: Contents) -> None:
    """What the guide has asked is not asked again."""
    for held in [*found.parts, *found.removed]:
        fields = held.definition.form.fields
        given = {
            name: read_answer(fields[name], value).kept for name, value in found.guided(held).items() if name in fields
        }
        write_answers(held, given, held.draft.saved_at)


def write_answers(held: Held, given: Mapping[str, Any], at: datetime) -> None:
    """Write these answers into a part, in the caller's transaction; nothing given, nothing written."""
    if not given:
        return
    held.answers |= given
    answers = seal_answers(form=held.definition.form, answers=held.answers)
    Draft.objects.filter(pk=held.draft.pk, case=None).update(answers=answers, saved_at=at)


def _errors_of_places(form: Form, shared: Sequence[Any], result: FormResult) -> list[FieldError]:
    """Each form looks at the answer once more: one may allow fewer characters than another."""
    wrong = {error.field for error in result.errors}
    found: list[FieldError] = []
    for one in shared:
        codes = [
            answer
            for _, field in one.places
            if one.id not in wrong and (answer := form.read(field, result.clean.get(one.id))).code
        ]
        found += [FieldError(one.id, codes[0].code, codes[0].params)] if codes else []
    return found


def _paper(found: Contents, name: str) -> Paper:
    for paper in found.papers():
        if paper.name == name and paper.spec.is_asked:
            return replace(paper, codes={m: code for m, code in paper.codes.items() if found.part(m) is not None})
    raise UnknownMaterial(material=name)


def _touch(order: Order, at: datetime) -> None:
    Order.objects.filter(pk=order.pk).update(saved_at=at)
    Draft.objects.filter(part__order=order.pk, case=None).update(saved_at=at)
