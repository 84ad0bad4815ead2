"""Published versions, compiled: a version never changes, so a compiled one is kept by its id."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

from django.db.models import OuterRef, Q, Subquery

from tongban.apps.catalog.city import get_city
from tongban.apps.catalog.definitions import MatterDefinition, MatterFiles, compile_matter
from tongban.apps.catalog.errors import DefinitionsInvalid, UnknownMatter
from tongban.apps.catalog.models import MatterVersion
from tongban.apps.people.queries import read_credit_code, read_identity_number

__all__ = [
    "PublishedMatter",
    "forget",
    "get_matter",
    "get_matters",
    "get_numbered",
    "get_texts",
    "get_version",
    "get_versions",
    "not_withdrawn",
]

KEPT_VERSIONS = 1_000
_kept: OrderedDict[int, "PublishedMatter"] = OrderedDict()
_definitions: OrderedDict[tuple[str, str, str], MatterDefinition] = OrderedDict()
"""By matter, digest of its files and front desk: what they compile to, whatever id they are published under."""
_ON_RECORD = {"identity-number": read_identity_number, "credit-code": read_credit_code}
"""A number that fails its check and that an officer has answered for is right in every form."""
_lock = Lock()


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
        MatterVersion.objects.filter(not_withdrawn(on, "matter__"), matter=code, effective_from__lte=on)
        .order_by("-version")
        .values_list("pk", flat=True)
        .first()
    )
    if version_id is None:
        raise UnknownMatter(code)
    return get_version(version_id=version_id)


def get_matters(*, codes: Iterable[str], on: date) -> dict[str, PublishedMatter]:
    """The versions of several matters in force on that day, those that are; two queries at most."""
    versions = MatterVersion.objects.filter(matter=OuterRef("matter"), effective_from__lte=on)
    latest = Subquery(versions.order_by("-version").values("pk")[:1])
    rows = MatterVersion.objects.filter(not_withdrawn(on, "matter__"), matter__in=set(codes), pk=latest)
    ids = dict(rows.values_list("matter", "pk"))
    found = get_versions(version_ids=ids.values())
    return {code: found[pk] for code, pk in ids.items()}


def get_numbered(*, code: str, version: int) -> PublishedMatter:
    """A version of a matter by its number, in force or not. Raises ``UnknownMatter``."""
    pk = MatterVersion.objects.filter(matter=code, version=version).values_list("pk", flat=True).first()
    if pk is None:
        raise UnknownMatter(f"{code} version {version}")
    return get_version(version_id=pk)


def get_texts(*, version_id: int) -> tuple[dict[str, str], str]:
    """The files of a version as they were published, and their digest. Raises ``UnknownMatter``."""
    row = MatterVersion.objects.filter(pk=version_id).values_list("files", "digest").first()
    if row is None:
        raise UnknownMatter(str(version_id))
    return row


def get_version(*, version_id: int) -> PublishedMatter:
    """A version by its id: what a running case stays on. Raises ``UnknownMatter``."""
    with _lock:
        kept = _kept.get(version_id)
        if kept is not None:  # as it is for every step of every case
            _kept.move_to_end(version_id)
            return kept
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
    """Forget which version has which id; each is read again when asked for, and compiled unless its files are known."""
    with _lock:
        _kept.clear()


def not_withdrawn(on: date, prefix: str = "") -> Q:
    """Matters, or what belongs to them under ``prefix``, that are not withdrawn on that day."""
    return Q(**{f"{prefix}withdrawn_from": None}) | Q(**{f"{prefix}withdrawn_from__gt": on})


def _compiled(row: MatterVersion) -> PublishedMatter:
    front_desk = get_city().front_desk
    key = row.matter_id, row.digest, front_desk
    with _lock:
        definition = _definitions.pop(key, None)
    if definition is None:
        compiled = compile_matter(MatterFiles(row.matter_id, row.files), published=True, front_desk=front_desk)
        if compiled.definition is None:
            raise DefinitionsInvalid(compiled.problems)
        form = compiled.definition.form.reading(_ON_RECORD)
        definition = replace(compiled.definition, form=form)
    with _lock:
        _definitions[key] = definition
        while len(_definitions) > KEPT_VERSIONS:
            _definitions.popitem(last=False)
    return PublishedMatter(row.pk, row.version, row.effective_from, definition)
