"""Reads: what was recorded on the spot, for whoever may see the case."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Max

from tongban.apps.cases.queries import CaseView, Visit, get_visit, get_visits
from tongban.apps.catalog.definitions import Finding, Item
from tongban.apps.evidence.queries import read_file
from tongban.apps.inspections.errors import UnknownInspection
from tongban.apps.inspections.joint_reads import (
    JointVisitFact,
    JointVisitView,
    PartView,
    get_joint_visit,
    get_joint_visit_by_number,
    get_joint_visit_of_owner,
    list_joint_visit_facts,
    list_to_go,
    open_joint_visit,
)
from tongban.apps.inspections.models import Inspection, Photo
from tongban.apps.inspections.paper import render_joint_record, render_record
from tongban.apps.inspections.writing import open_written
from tongban.apps.people.actors import Actor
from tongban.apps.people.sealing import open_sealed

__all__ = [
    "InspectionView",
    "JointRecord",
    "JointVisitFact",
    "JointVisitView",
    "PartView",
    "PhotoView",
    "RecordRow",
    "get_inspection",
    "get_joint_record",
    "get_joint_visit",
    "get_joint_visit_of_owner",
    "get_photo",
    "has_record",
    "list_arrived",
    "list_joint_visit_facts",
    "list_of_case",
    "list_second_looks",
    "list_to_go",
    "open_joint_visit",
    "render_joint_record",
    "render_record",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoView:
    """A photo. ``told_at`` and ``place`` are by the device, ``camera_time`` and ``camera_place`` by its camera."""

    key: UUID
    no: int
    item: str
    sha256: str
    media_type: str
    told_at: datetime | None
    place: Mapping[str, float] | None
    camera_time: str
    camera_place: Sequence[float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionView:
    """A record with its words opened; ``written`` is empty once they were let go of.

    ``skew`` is by how much the device's clock went before ours when it was sent; None where it did not say.
    """

    key: UUID
    visit: Visit
    task: int
    state: str
    conflict: str
    checklist: str
    result: str
    rectify_by: date | None
    signing: str
    signature: str
    inspector: int
    inspector_name: tuple[str, str]
    is_own: bool
    told_at: datetime | None
    received_at: datetime | None
    skew: timedelta | None
    entry: int | None
    photos: Sequence[PhotoView]
    findings: Mapping[str, Finding]
    written: Mapping[str, Any] = field(repr=False)

    @property
    def items(self) -> tuple[Item, ...]:
        """The items as the case's matter has them now."""
        return self.visit.items


@dataclass(frozen=True, slots=True, kw_only=True)
class JointRecord:
    """What several departments found at one visit: one record, a part of it by each, in the order of coming in."""

    visit: JointVisitView
    view: CaseView
    records: Sequence[InspectionView]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """A record as lists show it."""

    key: UUID
    state: str
    result: str
    rectify_by: date | None
    inspector_name: tuple[str, str]
    received_at: datetime | None


def get_inspection(*, key: UUID, actor: Actor, at: datetime) -> InspectionView:
    """Return a record to whoever may see its case. Raises ``UnknownInspection``, ``UnknownCase``."""
    row = Inspection.objects.filter(pk=key).select_related("inspector", "signature").first()
    if row is None or (row.state in ("arriving", "kept") and row.inspector_id != actor.user_id):
        raise UnknownInspection
    visit = get_visit(number=row.case_id, task=row.task, actor=actor, at=at)
    if not actor.is_official:
        raise UnknownInspection
    photos = list(Photo.objects.filter(inspection=row).select_related("file").order_by("no"))
    return _inspection(row, visit, photos, actor)


def get_joint_record(*, number: int, actor: Actor, at: datetime) -> JointRecord:
    """Return the one record of a joint visit, by its number, with what each department recorded so far.

    To officials who may see its case, as ``get_inspection``; a constant number of queries.
    """
    found = get_joint_visit_by_number(number=number)
    if found is None or not actor.is_official:
        raise UnknownInspection
    keys = {part.record: part for part in found.going if part.record is not None}
    rows = list(Inspection.objects.filter(pk__in=keys).select_related("inspector", "signature").order_by("entry"))
    visits = get_visits(number=found.case, tasks=[row.task for row in rows] or [0], actor=actor, at=at)
    if visits[0].view.is_owner:
        raise UnknownInspection
    photos: dict[UUID, list[Photo]] = {row.pk: [] for row in rows}
    for photo in Photo.objects.filter(inspection__in=keys).select_related("file").order_by("no"):
        photos[photo.inspection_id].append(photo)
    views = [_inspection(row, visit, photos[row.pk], actor) for row, visit in zip(rows, visits, strict=False)]
    return JointRecord(visit=found, view=visits[0].view, records=views)


def _inspection(row: Inspection, visit: Visit, photos: Sequence[Photo], actor: Actor) -> InspectionView:
    written = open_written(row.written)
    skew = row.sent_told_at - row.received_at if row.sent_told_at and row.received_at else None
    return InspectionView(
        key=row.pk,
        visit=visit,
        task=row.task,
        state=row.state,
        conflict=row.conflict,
        checklist=row.checklist,
        result=row.result,
        rectify_by=row.rectify_by,
        signing=row.signing,
        signature=row.signature.sha256 if row.signature and row.signature.removed_at is None else "",
        inspector=row.inspector_id,
        inspector_name=(row.inspector.name, row.inspector.name_en),
        is_own=row.inspector_id == actor.user_id,
        told_at=row.told_at,
        received_at=row.received_at,
        skew=skew,
        entry=row.entry,
        photos=[_photo(photo) for photo in photos],
        findings={code: Finding(**one) for code, one in written.get("findings", {}).items()},
        written=written,
    )


def _photo(photo: Photo) -> PhotoView:
    said = json.loads(open_sealed(photo.told)) if photo.told else {}
    told_at = said.get("told_at")
    return PhotoView(
        key=photo.pk,
        no=photo.no,
        item=photo.item,
        sha256=photo.file.sha256 if photo.file.removed_at is None else "",
        media_type=photo.file.media_type,
        told_at=datetime.fromisoformat(told_at) if told_at else None,
        place=said.get("place"),
        camera_time=said.get("camera_time", ""),
        camera_place=said.get("camera_place"),
    )


def get_photo(*, key: UUID, photo: UUID, actor: Actor, at: datetime) -> tuple[bytes, str]:
    """Return a photo's bytes and media type. Raises as ``get_inspection`` does."""
    view = get_inspection(key=key, actor=actor, at=at)
    found = next((each for each in view.photos if each.key == photo and each.sha256), None)
    if found is None:
        raise UnknownInspection
    return read_file(sha256=found.sha256), found.media_type


def list_of_case(*, case: int, task: int | None = None) -> list[RecordRow]:
    """Return the records that entered a case or stand beside it, of one step or of all, the newest first; one query."""
    rows = Inspection.objects.filter(case=case, state__in=("recorded", "noted"))
    rows = rows if task is None else rows.filter(task=task)
    return [
        RecordRow(
            key=row.pk,
            state=row.state,
            result=row.result,
            rectify_by=row.rectify_by,
            inspector_name=(row.inspector.name, row.inspector.name_en),
            received_at=row.received_at,
        )
        for row in rows.select_related("inspector").order_by("-received_at")
    ]


def has_record(*, case: int, task: int) -> bool:
    """Whether anything was recorded, or begun to be, for a step; one query."""
    return Inspection.objects.filter(case=case, task=task).exists()


def list_arrived(*, key: UUID, actor: Actor) -> Sequence[PhotoView]:
    """Return the photos of the actor's own record that have arrived, also before the record itself has."""
    rows = Photo.objects.filter(inspection=key, inspection__inspector=actor.user_id)
    return [_photo(photo) for photo in rows.select_related("file").order_by("no")]


def list_second_looks(*, tasks: Collection[tuple[int, int]]) -> dict[tuple[int, int], date]:
    """Return by when something is to be put right, for those steps (case, task) whose newest record says so."""
    rows = Inspection.objects.filter(case__in={case for case, _task in tasks}, state="recorded", result="rectify")
    found = rows.values_list("case", "task").annotate(Max("rectify_by"))
    return {(case, task): until for case, task, until in found if (case, task) in set(tasks) and until}
