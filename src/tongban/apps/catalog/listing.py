"""Matters in lists: which are in force, and what a list says of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from django.db.models import Exists, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.models import Matter, MatterVersion
from tongban.apps.catalog.versions import PublishedMatter, get_versions, not_withdrawn

__all__ = ["MatterRow", "Page", "in_force", "rows_of"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some of ``total`` items, from ``offset`` on."""

    items: tuple[T, ...]
    total: int
    offset: int
    limit: int

    @property
    def next_offset(self) -> int | None:
        """Where the next page begins; None on the last."""
        after = self.offset + self.limit
        return after if after < self.total else None

    @property
    def previous_offset(self) -> int | None:
        """Where the page before begins; None on the first."""
        return max(0, self.offset - self.limit) if self.offset else None


@dataclass(frozen=True, slots=True)
class MatterRow:
    """A matter in a list, as it is in force on the day asked for."""

    code: str
    version_id: int
    name: Text
    summary: Text
    icon: str
    kind: str
    topics: tuple[str, ...]
    served: tuple[str, ...]
    authority: str
    authority_name: Text


def in_force(*, on: date, topic: str = "", kind: str = "", served: str = "", authority: str = "") -> QuerySet[Matter]:
    """The matters in force on that day, narrowed by what is given."""
    versions = MatterVersion.objects.filter(matter=OuterRef("pk"), effective_from__lte=on)
    found = Matter.objects.filter(not_withdrawn(on), Exists(versions))
    if kind:
        found = found.filter(kind=kind)
    if authority:
        found = found.filter(authority=authority)
    # The lists are JSON; a search in their text works alike on every database.
    for name, wanted in (("topics", topic), ("served", served)):
        if wanted:
            text = f"{name}_text"
            found = found.alias(**{text: Cast(name, TextField())}).filter(**{f"{text}__contains": f'"{wanted}"'})
    return found


def rows_of(codes: Sequence[str], on: date) -> tuple[MatterRow, ...]:
    """The rows of these matters in this order: only for a page of them is it asked which version is in force."""
    versions = MatterVersion.objects.filter(matter=OuterRef("pk")).order_by("-version").values("pk")
    found = Matter.objects.filter(pk__in=codes).select_related("authority")
    held = {
        matter.pk: matter
        for matter in found.annotate(
            version_in_force=Subquery(versions.filter(effective_from__lte=on)[:1]),
            version_latest=Subquery(versions[:1]),
        )
    }
    # A row says what was published last; where that is not in force yet, the version in force is asked.
    ids = {code: _version_ids(matter) for code, matter in held.items()}
    former = get_versions(version_ids=(now for now, latest in ids.values() if now != latest))
    return tuple(_row(held[code], ids[code][0], former.get(ids[code][0])) for code in codes)


def _version_ids(matter: Matter) -> tuple[int, int]:
    in_force: int = getattr(matter, "version_in_force")  # noqa: B009 - an annotation
    latest: int = getattr(matter, "version_latest")  # noqa: B009 - an annotation
    return in_force, latest


def _row(matter: Matter, version_id: int, former: PublishedMatter | None) -> MatterRow:
    definition = former.definition if former else None
    return MatterRow(
        code=matter.pk,
        version_id=version_id,
        name=definition.name if definition else Text(matter.name_zh, matter.name_en),
        summary=definition.summary if definition else Text(matter.summary_zh, matter.summary_en),
        icon=definition.icon if definition else matter.icon,
        kind=definition.kind if definition else matter.kind,
        topics=tuple(definition.topics if definition else matter.topics),
        served=tuple(definition.served if definition else matter.served),
        authority=matter.authority_id,
        authority_name=Text(matter.authority.name_zh, matter.authority.name_en),
    )
