"""What government already holds of whoever asks, so that they need not bring it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from tongban.apps.cases.models import Material
from tongban.apps.cases.operations import holder_key
from tongban.apps.cases.permissions import is_owner
from tongban.apps.catalog.definitions import MaterialSpec, Text
from tongban.apps.catalog.queries import get_version
from tongban.apps.evidence.queries import CertificateView, FileView, fits, list_certificates_from, list_files
from tongban.apps.people.actors import Actor

__all__ = ["FiledPaper", "list_filed_papers", "list_held_by", "list_on_file"]

_MOST_FILED = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class FiledPaper:
    """A paper that was handed in with a case that was granted: its files, and by which number each is looked at."""

    case: int
    matter_name: Text
    nos: tuple[int, ...]
    files: tuple[FileView, ...]
    granted_at: datetime


def list_on_file(*, actor: Actor, materials: Iterable[MaterialSpec], on: date) -> dict[str, CertificateView]:
    """Return the certificates that stand for these materials, by the material's code; at most one query.

    Valid ones of the actor, and of organisations for which they act.
    """
    if actor.person_id is None:
        return {}
    holders = [holder_key(person_id=actor.person_id, organisation_code=None)]
    holders += [holder_key(person_id=None, organisation_code=code) for code in sorted(actor.organisations)]
    return _held(holders, list(materials), on)


def list_held_by(
    *, person_id: int | None, organisation_code: str | None, materials: Iterable[MaterialSpec], on: date
) -> dict[str, CertificateView]:
    """Return the valid certificates of one applicant that stand for these materials, by code; at most one query."""
    return _held([holder_key(person_id=person_id, organisation_code=organisation_code)], list(materials), on)


def list_filed_papers(
    *,
    person_id: int | None,
    organisation_code: str | None,
    materials: Iterable[MaterialSpec],
    actor: Actor,
    on: date,
) -> dict[str, FiledPaper]:
    """Return, by the material's code, the papers of the applicant's newest granted cases that stand for these; at most
    two queries.

    Only of cases that are the actor's own, and only files that are still kept and fit. ``on``: papers of later cases
    do not count.
    """
    wanted = {
        spec.code: (spec, [origin for origin in spec.origins if origin.kind == "case"])
        for spec in materials
        if any(origin.kind == "case" for origin in spec.origins)
    }
    places = {(origin.name, origin.material) for _, origins in wanted.values() for origin in origins}
    if not places:
        return {}
    whose = Q(case__organisation=organisation_code) if organisation_code else Q(case__person=person_id)
    if not organisation_code:
        whose &= Q(case__organisation=None)
    rows = Material.objects.filter(
        whose,
        case__outcome="granted",
        case__matter__in={matter for matter, _ in places},
        code__in={code for _, code in places},
    )
    latest: dict[tuple[str, str], list[Material]] = {}
    for row in rows.select_related("case").order_by("-case__decided_at", "-case", "no")[:_MOST_FILED]:
        held = latest.setdefault((row.case.matter, row.code), [])
        decided = row.case.decided_at
        if (not held or held[0].case_id == row.case_id) and decided and timezone.localdate(decided) <= on:
            held.append(row)
    kept = {place: found for place, found in latest.items() if found and is_owner(case=found[0].case, actor=actor)}
    files = list_files(ids=[row.file_id for place in kept.keys() & places for row in kept[place]])
    papers: dict[str, FiledPaper] = {}
    for code, (spec, origins) in wanted.items():
        for origin in origins:
            found = _filed(spec, kept.get((origin.name, origin.material), []), files)
            if found is not None:
                papers.setdefault(code, found)
    return papers


def _filed(spec: MaterialSpec, rows: Sequence[Material], files: Mapping[UUID, FileView]) -> FiledPaper | None:
    """One paper of one case; None where one of its files is kept no longer, or is none that is taken here."""
    stored = tuple(files[row.file_id] for row in rows)
    if not stored or any(
        file.removed_at or not fits(file=file, allowed=spec.accept, max_megabytes=spec.max_mb) for file in stored
    ):
        return None
    case = rows[0].case
    assert case.decided_at is not None
    return FiledPaper(
        case=case.number,
        matter_name=get_version(version_id=case.matter_version_id).definition.name,
        nos=tuple(row.no for row in rows),
        files=stored,
        granted_at=case.decided_at,
    )


def _held(holders: Collection[str], materials: Collection[MaterialSpec], on: date) -> dict[str, CertificateView]:
    sources = {
        spec.code: [origin.name for origin in spec.origins if origin.kind == "certificate"] for spec in materials
    }
    wanted = {matter for matters in sources.values() for matter in matters}
    if not wanted:
        return {}
    latest: dict[str, CertificateView] = {}
    for certificate in list_certificates_from(holders=holders, matters=sorted(wanted), on=on):
        latest.setdefault(certificate.matter, certificate)
    return {
        code: next(latest[matter] for matter in matters if matter in latest)
        for code, matters in sources.items()
        if any(matter in latest for matter in matters)
    }
