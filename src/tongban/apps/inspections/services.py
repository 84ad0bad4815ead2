"""Commands: a photo arrives, a record is handed in, what could not enter the case is put beside it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from tongban.apps.cases import services as cases
from tongban.apps.cases.errors import NotYours
from tongban.apps.cases.queries import VISIT, TaskView, Visit, get_visit
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions.checklists import PASS, failed, lacks, result_of
from tongban.apps.evidence.services import remove_files, store_file
from tongban.apps.inspections.arranging import (
    LONGEST_WISH,
    answer_visit,
    ask_for_another_day,
    call_off_visit,
    close_visit,
    fix_visit,
    may_arrange,
    part_to_record,
    propose_visit,
    reseal_wishes,
    take,
)
from tongban.apps.inspections.errors import (
    NotSent,
    OtherPhoto,
    RecordLacks,
    TooManyPhotos,
    UnknownInspection,
    VisitNotYet,
)
from tongban.apps.inspections.models import Inspection, JointPart, JointVisit, Photo
from tongban.apps.inspections.pictures import read_picture
from tongban.apps.inspections.writing import RESULTS, SIGNINGS, Place, Written, seal_written
from tongban.apps.ledger.transactions import whole
from tongban.apps.people.actors import Actor
from tongban.apps.people.sealing import lookup_hash, open_sealed, seal
from tongban.apps.people.services import Resealed, reseal_column
from tongban.kernel import flow

__all__ = [
    "LONGEST_WISH",
    "MOST_PHOTOS",
    "RESULTS",
    "SIGNINGS",
    "Place",
    "Written",
    "add_photo",
    "answer_visit",
    "ask_for_another_day",
    "call_off_visit",
    "close_visit",
    "fix_visit",
    "hand_in",
    "let_go",
    "may_arrange",
    "note",
    "propose_visit",
    "reseal_inspections",
    "sweep",
]

MOST_PHOTOS = 40
_MEGABYTES = 15
_WORDS = {"notes": 4000, "statement": 2000, "present": 80, "signing_words": 300}
_LONGEST = timedelta(days=366)
"""So long may somebody be given to put something right."""
_FORGOTTEN = timedelta(days=30)
"""Photos whose record never came are gone after that."""
_CLOSED = ("withdrawn", "not_accepted", "concluded")


def add_photo(
    *,
    key: UUID,
    record: UUID,
    number: int,
    task: int,
    item: str,
    content: bytes,
    told_at: datetime | None,
    place: Place | None,
    actor: Actor,
    at: datetime,
) -> None:
    """Take in a photo of a record that may not have come yet; the same photo sent again changes nothing.

    Whoever may see the case may send one: whether the record can enter it is judged when that comes. Raises
    ``UnknownCase``, ``UnknownInspection`` for somebody else's record, ``OtherPhoto``, ``TooManyPhotos``,
    ``PictureUnreadable``, ``FileTooLarge`` or ``FileEmpty``.
    """
    source = sha256(content).hexdigest()
    get_visit(number=number, task=task, actor=actor, at=at)
    with whole():
        row = _begin(record, number, task, actor, at)
        there = Photo.objects.filter(pk=key).first()
        if there is not None:
            if there.inspection_id != record or there.source != source:
                raise OtherPhoto
            return
        count = Photo.objects.filter(inspection=row).count()
        if count >= MOST_PHOTOS:
            raise TooManyPhotos(most=MOST_PHOTOS)
        if row.state != "arriving":
            return  # it has been handed in without this one, which nobody has asked for
        Photo.objects.create(
            key=key,
            inspection=row,
            no=count + 1,
            item=item[:64],
            source=source,
            received_at=at,
            **_kept(content, told_at, place, actor, at),
        )


def _kept(content: bytes, told_at: datetime | None, place: Place | None, actor: Actor, at: datetime) -> dict[str, Any]:
    picture = read_picture(content)
    stored = store_file(
        content=picture.content,
        name="photo.jpg",
        allowed=("jpg", "png"),
        max_megabytes=_MEGABYTES,
        by=actor.id,
        at=at,
    )
    said = {
        "told_at": told_at.isoformat() if told_at else "",
        "place": asdict(place) if place and place.is_one else None,
        "camera_time": picture.taken,
        "camera_place": list(picture.place) if picture.place else None,
    }
    return {"file": stored, "told": seal(json.dumps(said))}


def _begin(key: UUID, number: int, task: int, actor: Actor, at: datetime) -> Inspection:
    """The record under that key, locked; a new one where there is none. Raises ``UnknownInspection``."""
    made = {"case_id": number, "task": task, "inspector_id": actor.user_id, "begun_at": at}
    row, _new = Inspection.objects.select_for_update().get_or_create(pk=key, defaults=made)
    if (row.case_id, row.task, row.inspector_id) != (number, task, actor.user_id):
        raise UnknownInspection
    return row


def hand_in(*, key: UUID, number: int, task: int, written: Written, actor: Actor, at: datetime) -> Inspection:
    """Hand in a record; return it as it lies now. The same key handed in again changes nothing.

    Where nothing stands against it, it enters the case's log and its step ends, but for ``rectify``: then the step
    stays open for whoever looks again. Where something does (the step is done or somebody else's, the case is over, the
    checklist is another), it is ``kept`` with that ``conflict``. Raises ``RecordLacks``, ``NotSent``,
    ``PictureUnreadable``, ``UnknownCase`` or ``UnknownInspection``.
    """
    visit = get_visit(number=number, task=task, actor=actor, at=at)
    if visit.task is None:
        raise UnknownInspection
    with whole():
        row = _begin(key, number, task, actor, at)
        if row.state in ("recorded", "noted"):
            return row
        part = part_to_record(case=number, task=task)
        _require_visit(visit.task, part, at)
        photos = list(Photo.objects.filter(inspection=row).select_related("file").order_by("no"))
        if absent := set(written.photos) - {photo.pk for photo in photos}:
            raise NotSent(photos=sorted(str(each) for each in absent))
        written = _with_counts(written, photos)
        conflict = _conflict(visit, written, actor, part)
        if not conflict:
            _require_whole(visit, written, at)
        _write(row, written, conflict, actor, at)
        if not conflict:
            conflict = _record(row, visit, written, photos, part, actor, at)
        row.conflict = conflict
        row.state = "kept" if conflict else "recorded"
        row.save()
        if part is not None and not conflict:
            take(part=part, record=row, actor=actor, at=at)
    return row


def _require_visit(task: TaskView, part: JointPart | None, at: datetime) -> None:
    """For an opinion somebody goes there with others alone; nothing is recorded before the day has come."""
    if part is None and task.act != VISIT and task.finished is None:
        raise UnknownInspection
    calendar = get_calendar()
    if part is not None and calendar.local_date(at) < calendar.local_date(part.visit.starts_at):
        raise VisitNotYet


def _with_counts(written: Written, photos: list[Photo]) -> Written:
    counts = Counter(photo.item for photo in photos)
    found = {code: replace(finding, photos=counts[code]) for code, finding in written.findings.items()}
    return replace(written, findings=found)


def _conflict(visit: Visit, written: Written, actor: Actor, part: JointPart | None) -> str:
    """Why the record cannot enter the case as it is; "" for nothing.

    Of a joint visit whoever was named for the department records it, whoever has its step.
    """
    task, row = visit.task, visit.view.row
    assert task is not None
    if row.closed_at is not None or (row.status in _CLOSED and not visit.is_open):
        return "case-over"
    if not visit.is_open:
        return "step-done"
    holder = part.officer_id if part is not None else task.claimed_by
    if (holder is not None and not actor.has_in_hand(holder)) or not task.may_act:
        return "handed-over"
    digest = visit.checklist.digest if visit.checklist else ""
    return "checklist-changed" if written.checklist != digest else ""


def _require_whole(visit: Visit, written: Written, at: datetime) -> None:
    missing = list(lacks(visit.items, written.findings))
    fields = dict(_wrong(visit, written, at))
    if missing or fields:
        raise RecordLacks(lacks=missing, fields=fields)


def _wrong(visit: Visit, written: Written, at: datetime) -> Iterator[tuple[str, str]]:
    for name, most in _WORDS.items():
        if len(getattr(written, name)) > most:
            yield name, "too-long"
    if written.result not in RESULTS:
        yield "result", "required"
    elif written.result == PASS and not _may_pass(visit, written):
        yield "result", "milder"
    if written.result == "fail" and visit.is_running(at):
        yield "result", "running"
    if written.result == "rectify":
        yield from _wrong_day(visit, written.rectify_by, at)
    if not written.statement.strip():
        yield "statement", "required"
    if written.signing not in SIGNINGS:
        yield "signing", "required"
    elif written.signing == "signed" and not written.signature:
        yield "signature", "required"
    elif written.signing == "signed" and not written.present.strip():
        yield "present", "required"
    elif written.signing != "signed" and not written.signing_words.strip():
        yield "signing_words", "required"


def _wrong_day(visit: Visit, until: date | None, at: datetime) -> Iterator[tuple[str, str]]:
    """A day ahead; where it is a pledge that is checked, one that its matter allows."""
    today = get_calendar().local_date(at)
    if until is None:
        yield "rectify_by", "required"
    elif not today < until <= today + _LONGEST:
        yield "rectify_by", "not-ahead"
    elif visit.rectify is not None and not visit.is_running(at) and not visit.may_be_given(until, at):
        yield "rectify_by", "not-allowed"


def _may_pass(visit: Visit, written: Written) -> bool:
    """Whether nothing that the law demands was found wanting: then nobody can let it pass."""
    return result_of(visit.items, written.findings) == PASS


def _write(row: Inspection, written: Written, conflict: str, actor: Actor, at: datetime) -> None:
    row.checklist, row.result, row.rectify_by = written.checklist[:12], written.result[:8], written.rectify_by
    row.signing, row.conflict = written.signing[:8], conflict
    row.told_at, row.sent_told_at, row.received_at = written.told_at, written.sent_told_at, at
    row.written = seal_written(written)
    if written.signature and row.signature_id is None:
        picture = read_picture(written.signature)
        row.signature = store_file(
            content=picture.content, name="signature.png", allowed=("png", "jpg"), max_megabytes=2, by=actor.id, at=at
        )


def _record(
    row: Inspection,
    visit: Visit,
    written: Written,
    photos: list[Photo],
    part: JointPart | None,
    actor: Actor,
    at: datetime,
) -> str:
    """Let it enter the case. Returns a conflict instead where somebody was quicker since the case was read."""
    ends = visit.task is not None and visit.task.act == VISIT  # an opinion is given by itself, with this before it
    outcome = {"pass": "pass", "fail": "fail"}.get(written.result, "") if ends else ""
    not_met = [item.code for item in failed(visit.items, written.findings)]
    about = _about(row, photos) | {"items": len(visit.items), "not_met": not_met, "checklist": row.checklist}
    about |= {"visit": str(part.visit_id)} if part is not None else {}
    try:
        row.entry = cases.record_visit(
            number=row.case_id,
            task=row.task,
            about=about,
            files=_files(row, photos),
            outcome=outcome,
            opinion=written.statement,
            rectify_by=row.rectify_by if row.result == "rectify" else None,
            actor=actor,
            at=at,
            held=ends,
        )
    except flow.Refused as refused:
        if refused.code in ("task.not-open", "task.claimed-by-other"):
            return "step-done" if refused.code == "task.not-open" else "handed-over"
        raise
    except NotYours:
        return "handed-over"
    return ""


def _about(row: Inspection, photos: list[Photo]) -> dict[str, Any]:
    """What the log keeps of a record: enough to prove it, nothing that says who was there or what was said."""
    whole_text = "|".join([open_sealed(row.written), *(photo.file.sha256 for photo in photos)])
    about: dict[str, Any] = {"record": str(row.pk), "result": row.result, "photos": len(photos), "signed": row.signing}
    about |= {"digest": lookup_hash(kind="inspection", text=whole_text)}
    about |= {"told_at": row.told_at.isoformat() if row.told_at else ""}
    return about | ({"rectify_by": row.rectify_by.isoformat()} if row.rectify_by else {})


def _files(row: Inspection, photos: list[Photo]) -> Mapping[str, list[UUID]]:
    photo, signature = cases.VISIT_FILES
    return {photo: [each.file_id for each in photos], signature: [row.signature_id] if row.signature_id else []}


def note(*, key: UUID, actor: Actor, at: datetime) -> Inspection:
    """Put a record that could not enter its case beside it, as a note that changes nothing else.

    Raises ``UnknownInspection`` for somebody else's, ``UnknownCase``.
    """
    with whole():
        row = Inspection.objects.select_for_update().filter(pk=key, inspector=actor.user_id).first()
        if row is None or row.state not in ("kept", "noted"):
            raise UnknownInspection
        if row.state == "kept":
            part = part_to_record(case=row.case_id, task=row.task)
            photos = list(Photo.objects.filter(inspection=row).select_related("file").order_by("no"))
            about = _about(row, photos) | {"conflict": row.conflict}
            row.entry = cases.note_visit(number=row.case_id, about=about, files=_files(row, photos), actor=actor, at=at)
            row.state = "noted"
            row.save(update_fields=["state", "entry"])
            if part is not None:
                take(part=part, record=row, actor=actor, at=at)
    return row


def let_go(*, case: int) -> None:
    """Let go of what was written and photographed on the spot, with the rest of a case; that it was there stays."""
    with whole():
        rows = Inspection.objects.filter(case=case)
        loose = rows.exclude(state__in=("recorded", "noted"))
        _remove(list(loose.values_list("pk", flat=True)))
        rows.update(written="")
        JointVisit.objects.filter(case=case).update(wish_sealed="")
        Photo.objects.filter(inspection__case=case).update(told="")


def sweep(*, at: datetime, limit: int = 200) -> int:
    """Remove photos whose record has not come for a month; return of how many records."""
    with whole():
        stale = Inspection.objects.filter(state="arriving", begun_at__lt=at - _FORGOTTEN)
        keys = list(stale.values_list("pk", flat=True)[:limit])
        _remove(keys)
    return len(keys)


def _remove(keys: list[UUID]) -> None:
    files = list(Photo.objects.filter(inspection__in=keys).values_list("file", flat=True))
    files += list(Inspection.objects.filter(pk__in=keys, signature__isnull=False).values_list("signature", flat=True))
    Inspection.objects.filter(pk__in=keys).delete()
    remove_files(ids=files)


def reseal_inspections(*, batch: int) -> Iterator[Resealed]:
    """After a new data key: seal records and what was said of photos anew; yields after each batch."""
    yield from reseal_column(model=Inspection, column="written", batch=batch)
    yield from reseal_column(model=Photo, column="told", batch=batch)
    yield from reseal_wishes(batch=batch)
