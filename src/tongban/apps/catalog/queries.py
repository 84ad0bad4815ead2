"""Reads of the catalogue. A published version never changes, so a compiled one is kept by its id."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Generic, TypeVar

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast

from tongban.apps.catalog import searching
from tongban.apps.catalog.definitions import TOPICS, MatterDefinition, MatterFiles, Text, compile_matter
from tongban.apps.catalog.errors import DefinitionsInvalid, UnknownMatter
from tongban.apps.catalog.models import Matter, MatterVersion

__all__ = [
    "MatterRow",
    "Page",
    "PublishedMatter",
    "forget",
    "get_matter",
    "get_version",
    "get_versions",
    "list_matters",
    "list_topics",
    "search",
]

T = TypeVar("T")
KEPT_VERSIONS = 1_000
_kept: OrderedDict[int, "PublishedMatter"] = OrderedDict()
_lock = Lock()


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


@dataclass(frozen=True, slots=True, eq=False)
class PublishedMatter:
    """One published version, compiled."""

    version_id: int
    version: int
    effective_from: date
    definition: MatterDefinition

    @property
    def code(self) -> str:
        """The matter's code."""
        return self.definition.code


def get_matter(*, code: str, on: date) -> PublishedMatter:
    """The version in force on that day; two queries at most. Raises ``UnknownMatter``."""
    version_id = (
        MatterVersion.objects.filter(_not_withdrawn(on, "matter__"), matter=code, effective_from__lte=on)
        .order_by("-version")
        .values_list("pk", flat=True)
        .first()
    )
    if version_id is None:
        raise UnknownMatter(code)
    return get_version(version_id=version_id)


def get_version(*, version_id: int) -> PublishedMatter:
    """A version by its id: what a running case stays on. Raises ``UnknownMatter``."""
    found = get_versions(version_ids=(version_id,))
    if version_id not in found:
        raise UnknownMatter(str(version_id))
    return found[version_id]


def get_versions(*, version_ids: Iterable[int]) -> dict[int, PublishedMatter]:
    """Several versions by their ids, those that exist; no query when all have been seen, else one."""
    wanted = set(version_ids)
    with _lock:
        found = {pk: _kept[pk] for pk in wanted if pk in _kept}
        for pk in found:
            _kept.move_to_end(pk)
    if missing := wanted - found.keys():
        loaded = {row.pk: _compiled(row) for row in MatterVersion.objects.filter(pk__in=missing)}
        with _lock:
            _kept.update(loaded)
            while len(_kept) > KEPT_VERSIONS:
                _kept.popitem(last=False)
        found |= loaded
    return found


def forget() -> None:
    """Drop every compiled version from memory; they are read again when asked for."""
    with _lock:
        _kept.clear()


def list_matters(
    *,
    on: date,
    topic: str | None = None,
    kind: str | None = None,
    served: str | None = None,
    text: str = "",
    offset: int = 0,
    limit: int = 20,
) -> Page[MatterRow]:
    """The matters in force, by code, or by how well they fit ``text``. The count of queries does not grow with rows."""
    found = _in_force(on=on, topic=topic, kind=kind, served=served)
    if text.strip():
        ranked = searching.ranked(text)
        held = set(found.filter(pk__in=ranked).values_list("pk", flat=True))
        codes = [code for code in ranked if code in held]
        return Page(_rows(codes[offset : offset + limit], on), len(codes), offset, limit)
    wanted = list(found.values_list("pk", flat=True)[offset : offset + limit])
    return Page(_rows(wanted, on), found.count(), offset, limit)


def search(*, text: str, on: date, limit: int = 20) -> tuple[MatterRow, ...]:
    """The matters that fit what someone typed, best first."""
    return list_matters(on=on, text=text, limit=limit).items if text.strip() else ()


def list_topics(*, on: date) -> dict[str, int]:
    """How many matters in force each topic has, in the order of the schema; one query."""
    found = _in_force(on=on).annotate(topics_text=Cast("topics", TextField()))
    counts = {topic: Count("pk", filter=Q(topics_text__contains=f'"{topic}"')) for topic in TOPICS}
    return found.aggregate(**counts)


def _not_withdrawn(on: date, prefix: str = "") -> Q:
    return Q(**{f"{prefix}withdrawn_from": None}) | Q(**{f"{prefix}withdrawn_from__gt": on})


def _in_force(
    *, on: date, topic: str | None = None, kind: str | None = None, served: str | None = None
) -> QuerySet[Matter]:
    versions = MatterVersion.objects.filter(matter=OuterRef("pk"), effective_from__lte=on)
    found = Matter.objects.filter(_not_withdrawn(on), Exists(versions))
    if kind:
        found = found.filter(kind=kind)
    # The lists are JSON; a search in their text works alike on every database.
    for name, wanted in (("topics", topic), ("served", served)):
        if wanted:
            text = f"{name}_text"
            found = found.alias(**{text: Cast(name, TextField())}).filter(**{f"{text}__contains": f'"{wanted}"'})
    return found


def _rows(codes: Sequence[str], on: date) -> tuple[MatterRow, ...]:
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


def _compiled(row: MatterVersion) -> PublishedMatter:
    compiled = compile_matter(MatterFiles(row.matter_id, row.files), published=True)
    if compiled.definition is None:
        raise DefinitionsInvalid(compiled.problems)
    return PublishedMatter(row.pk, row.version, row.effective_from, compiled.definition)
