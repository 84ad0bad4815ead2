"""Commands of the catalogue: publishing what a city's folder says."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.db import models, transaction
from django.db.models import Max

from tongban.apps.catalog import bundles, overview, queries, searching
from tongban.apps.catalog.definitions import Compiled, MatterDefinition, MatterFiles, compile_matter
from tongban.apps.catalog.definitions.checker import check_city
from tongban.apps.catalog.errors import DefinitionsInvalid, DepartmentsMissing
from tongban.apps.catalog.models import Matter, MatterVersion
from tongban.apps.catalog.searching import learning

__all__ = ["Published", "forget_choices", "publish", "publish_foreign", "record_choice", "withdraw"]

FOREIGN = "neighbour:"
"""How the publisher of a matter is written that is another city's: no folder of ours has it."""


@dataclass(frozen=True, slots=True)
class Published:
    """A version that has just been published, of a matter or (``what``) a bundle."""

    code: str
    version: int
    version_id: int
    effective_from: date
    what: str = "matter"


def publish(
    *, folder: Path, effective_from: date, by: str, at: datetime, withdraw_missing: bool = False
) -> list[Published]:
    """Publish a city's folder: a new version of each matter and bundle whose files have changed, all or none.

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
        published += [
            Published(bundle.files.code, row.version, row.pk, effective_from, "bundle")
            for bundle, row in bundles.publish(
                report.bundles, effective_from=effective_from, by=by, at=at, withdraw_missing=withdraw_missing
            )
        ]
        codes = [matter.files.code for matter in report.matters]
        Matter.objects.filter(pk__in=codes).exclude(withdrawn_from=None).update(withdrawn_from=None)
        _refresh_words(report.matters)
        if withdraw_missing:
            gone = Matter.objects.exclude(pk__in=codes).exclude(versions__published_by__startswith=FOREIGN)
            gone.filter(withdrawn_from=None).update(withdrawn_from=effective_from)
    bundles.forget()
    _forget()
    return published


def publish_foreign(*, files: MatterFiles, city: str, effective_from: date, at: datetime) -> Published | None:
    """Publish a matter of another ``city``, put into our own words and process; None where nothing has changed.

    It is checked as a folder is for what it says, not by the lint: that is the other city's. Raises
    ``DefinitionsInvalid``, ``DepartmentsMissing``.
    """
    compiled = compile_matter(files)
    if compiled.definition is None or compiled.problems:
        raise DefinitionsInvalid(compiled.problems)
    with transaction.atomic():
        _require_departments([compiled])
        changed = _changed([compiled])
        published = None
        if changed:
            published = _publish(
                compiled, effective_from=effective_from, by=f"{FOREIGN}{city}", at=at, version=changed[0][1] + 1
            )
        Matter.objects.filter(pk=files.code).exclude(withdrawn_from=None).update(withdrawn_from=None)
    _forget()
    return published


def withdraw(*, matter: str, on: date) -> None:
    """Offer a matter no longer, from a day on; cases of it go on."""
    Matter.objects.filter(pk=matter, withdrawn_from=None).update(withdrawn_from=on)
    _forget()


def _forget() -> None:
    # What was compiled under an id stays right, unless a publication was rolled back and the id given anew.
    queries.forget()
    searching.forget()
    overview.forget()


def record_choice(*, text: str, matter: str, visitor: str, on: date) -> bool:
    """Let the search learn that somebody who typed this opened that matter; return whether it counted.

    It counts only where the search does find the matter for these words, and once a day for each ``visitor`` (any text
    that tells visitors apart; it is not kept).
    """
    ranking = searching.rank(text, on=on)
    key = learning.key_of(ranking.reading)
    if not key or matter not in ranking.codes or not learning.may_teach(visitor=visitor, key=key, matter=matter, on=on):
        return False
    learning.learn(key=key, matter=matter, on=on)
    return True


def forget_choices(*, on: date) -> int:
    """Delete what searches have learned so long ago that it weighs nothing; return how many rows."""
    return learning.forget_choices(on=on)


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


def _refresh_words(matters: Sequence[Compiled]) -> None:
    """What a matter is found by follows the program, so it is worked out anew for matters that have not changed."""
    held = dict(Matter.objects.values_list("pk", "search_text"))
    for definition in (matter.definition for matter in matters):
        if definition is not None and held.get(definition.code) != (text := searching.search_text(definition)):
            Matter.objects.filter(pk=definition.code).update(search_text=text)


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
