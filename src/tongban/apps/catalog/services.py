"""Commands of the catalogue: publishing what a city's folder says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import models, transaction
from django.db.models import Max

from tongban.apps.catalog import queries, searching
from tongban.apps.catalog.definitions import Compiled, MatterDefinition
from tongban.apps.catalog.definitions.checker import check_city
from tongban.apps.catalog.errors import DefinitionsInvalid, DepartmentsMissing
from tongban.apps.catalog.models import Matter, MatterVersion

__all__ = ["Published", "publish"]


@dataclass(frozen=True, slots=True)
class Published:
    """A version that has just been published."""

    code: str
    version: int
    version_id: int
    effective_from: date


def publish(
    *, folder: Path, effective_from: date, by: str, at: datetime, withdraw_missing: bool = False
) -> list[Published]:
    """Publish a city's folder: a new version of each matter whose files have changed, all of them or none.

    Running cases stay on the version that they began with. A version published later is in force from its day over
    any published before it. A matter that the folder no longer has stays in force unless ``withdraw_missing``.

    Raises ``DefinitionsInvalid`` when the check finds anything, ``DepartmentsMissing`` when a department of a matter is
    not loaded.
    """
    report = check_city(folder)
    if report.problems:
        raise DefinitionsInvalid(report.problems)
    with transaction.atomic():
        _require_departments(report.matters)
        published = [
            _publish(matter, effective_from=effective_from, by=by, at=at, version=version + 1)
            for matter, version in _changed(report.matters)
        ]
        codes = [matter.files.code for matter in report.matters]
        Matter.objects.filter(pk__in=codes).exclude(withdrawn_from=None).update(withdrawn_from=None)
        if withdraw_missing:
            Matter.objects.exclude(pk__in=codes).filter(withdrawn_from=None).update(withdrawn_from=effective_from)
    # What was compiled under an id stays right, unless a publication was rolled back and the id given anew.
    queries.forget()
    searching.forget()
    return published


def _require_departments(matters: Sequence[Compiled]) -> None:
    authority = Matter._meta.get_field("authority")
    assert isinstance(authority, models.ForeignKey)
    wanted = {matter.definition.authority for matter in matters if matter.definition is not None}
    held = set(authority.related_model._default_manager.filter(pk__in=wanted).values_list("pk", flat=True))
    if missing := sorted(wanted - held):
        raise DepartmentsMissing(missing)


def _changed(matters: Sequence[Compiled]) -> list[tuple[Compiled, int]]:
    """The matters whose files differ from their last version, with its number (0 when there is none)."""
    last = dict(MatterVersion.objects.values_list("matter").annotate(last=Max("version")))
    digests = {
        row.matter_id: row.digest
        for row in MatterVersion.objects.only("matter_id", "version", "digest").order_by("version").iterator()
    }
    return [
        (matter, last.get(matter.files.code, 0))
        for matter in matters
        if digests.get(matter.files.code) != matter.files.digest()
    ]


def _publish(matter: Compiled, *, effective_from: date, by: str, at: datetime, version: int) -> Published:
    definition = matter.definition
    assert definition is not None
    Matter.objects.update_or_create(pk=definition.code, defaults=_columns(definition))
    row = MatterVersion.objects.create(
        matter_id=definition.code,
        version=version,
        effective_from=effective_from,
        published_at=at,
        published_by=by,
        digest=matter.files.digest(),
        files=dict(matter.files.texts),
    )
    return Published(definition.code, version, row.pk, effective_from)


def _columns(definition: MatterDefinition) -> dict[str, object]:
    return {
        "authority_id": definition.authority,
        "name_zh": definition.name.zh,
        "name_en": definition.name.en,
        "summary_zh": definition.summary.zh,
        "summary_en": definition.summary.en,
        "icon": definition.icon,
        "kind": definition.kind,
        "topics": list(definition.topics),
        "served": list(definition.served),
        "search_text": searching.search_text(definition),
    }
