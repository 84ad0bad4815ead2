"""Bundles as published, and what they come to on a day. A published version never changes, so it is kept compiled."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from threading import Lock
from typing import Any

from django.db.models import Max, OuterRef, Q, Subquery

from tongban.apps.catalog import queries
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.definitions import bundles as written
from tongban.apps.catalog.definitions.bundles import BundleFiles, Plan, ReadBundle, compile_bundle, plan
from tongban.apps.catalog.errors import DefinitionsInvalid, UnknownBundle
from tongban.apps.catalog.models import Bundle, BundleVersion

__all__ = [
    "PublishedBundle",
    "forget",
    "get_bundle",
    "get_bundle_version",
    "list_bundles",
    "matters_of",
    "plan_bundle",
    "publish",
]

KEPT_VERSIONS = 200
_kept: OrderedDict[int, "PublishedBundle"] = OrderedDict()
_lock = Lock()


@dataclass(frozen=True, slots=True, eq=False)
class PublishedBundle:
    """One published version, compiled."""

    version_id: int
    version: int
    effective_from: date
    definition: written.Bundle

    @property
    def code(self) -> str:
        """The bundle's code."""
        return self.definition.code


def get_bundle(*, code: str, on: date) -> PublishedBundle:
    """The version in force on that day. Raises ``UnknownBundle``."""
    version_id = _in_force(on, bundle=code).get(code)
    if version_id is None:
        raise UnknownBundle(code)
    return get_bundle_version(version_id=version_id)


def get_bundle_version(*, version_id: int) -> PublishedBundle:
    """A version by its id: what an order stays on. Raises ``UnknownBundle``."""
    found = _compiled((version_id,)).get(version_id)
    if found is None:
        raise UnknownBundle(str(version_id))
    return found


def list_bundles(*, on: date) -> tuple[PublishedBundle, ...]:
    """Every bundle in force on that day, by place in the lists of its city; two queries at most."""
    found = _compiled(_in_force(on).values())
    return tuple(sorted(found.values(), key=lambda one: (one.definition.place, one.code)))


def plan_bundle(*, bundle: written.Bundle, answers: Mapping[str, Any], on: date, without: Iterable[str] = ()) -> Plan:
    """What applies with these answers, each matter as it is in force on that day; one that is no longer is left out."""
    definitions = matters_of(bundle=bundle, on=on)
    return plan(bundle=bundle, answers=answers, definitions=definitions, without=without)


def matters_of(*, bundle: written.Bundle, on: date) -> dict[str, MatterDefinition]:
    """The matters of a bundle that are in force on that day, by code; two queries at most."""
    found = queries.get_matters(codes=[part.matter for part in bundle.parts], on=on)
    return {code: published.definition for code, published in found.items()}


def forget() -> None:
    """Drop every compiled version from memory; they are read again when asked for."""
    with _lock:
        _kept.clear()


def publish(
    bundles: Sequence[ReadBundle], *, effective_from: date, by: str, at: datetime, withdraw_missing: bool
) -> list[tuple[ReadBundle, BundleVersion]]:
    """Make a version of each bundle whose files have changed. The caller has checked them and opened a transaction."""
    last = dict(BundleVersion.objects.values_list("bundle").annotate(last=Max("version")))
    digests = {row.bundle_id: row.digest for row in BundleVersion.objects.order_by("version").defer("files")}
    made: list[tuple[ReadBundle, BundleVersion]] = []
    for read in bundles:
        code = read.files.code
        Bundle.objects.update_or_create(pk=code, defaults={"withdrawn_from": None})
        if digests.get(code) != read.files.digest():
            row = BundleVersion.objects.create(
                bundle_id=code,
                version=last.get(code, 0) + 1,
                effective_from=effective_from,
                published_at=at,
                published_by=by,
                digest=read.files.digest(),
                files=dict(read.files.texts),
            )
            made.append((read, row))
    if withdraw_missing:
        codes = [read.files.code for read in bundles]
        Bundle.objects.exclude(pk__in=codes).filter(withdrawn_from=None).update(withdrawn_from=effective_from)
    return made


def _in_force(on: date, **only: str) -> dict[str, int]:
    """The id of the version in force by bundle; one query."""
    versions = BundleVersion.objects.filter(bundle=OuterRef("bundle"), effective_from__lte=on)
    latest = versions.order_by("-version").values("pk")[:1]
    offered = Q(bundle__withdrawn_from=None) | Q(bundle__withdrawn_from__gt=on)
    return dict(BundleVersion.objects.filter(offered, pk=Subquery(latest), **only).values_list("bundle", "pk"))


def _compiled(version_ids: Iterable[int]) -> dict[int, PublishedBundle]:
    wanted = set(version_ids)
    with _lock:
        found = {pk: _kept[pk] for pk in wanted if pk in _kept}
    if missing := wanted - found.keys():
        loaded = {row.pk: _compile(row) for row in BundleVersion.objects.filter(pk__in=missing)}
        with _lock:
            _kept.update(loaded)
            while len(_kept) > KEPT_VERSIONS:
                _kept.popitem(last=False)
        found |= loaded
    return found


def _compile(row: BundleVersion) -> PublishedBundle:
    read = compile_bundle(BundleFiles(row.bundle_id, row.files), published=True)
    if read.bundle is None:
        raise DefinitionsInvalid(read.problems)
    return PublishedBundle(row.pk, row.version, row.effective_from, read.bundle)
