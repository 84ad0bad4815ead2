"""Papers that a form asks for and that government has already: handed in with an earlier case, or issued by itself."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from tongban.apps.cases.queries import FiledPaper, list_filed_papers
from tongban.apps.catalog.definitions import MaterialSpec
from tongban.apps.evidence import services as evidence
from tongban.apps.evidence.queries import CertificateView, read_file
from tongban.apps.intake.models import Draft, DraftFile
from tongban.apps.people.actors import Actor

__all__ = ["Paper", "add_papers", "drawn", "offered_papers"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper that need not be handed in: it was with an earlier case, or is a certificate that the applicant holds."""

    spec: MaterialSpec
    filed: FiledPaper | None = None
    certificate: CertificateView | None = None

    @property
    def source(self) -> str:
        """Where it comes from, as it goes on record: ``case:…`` or ``certificate:…`` with its number."""
        if self.certificate is not None:
            return f"certificate:{self.certificate.identifier}"
        return f"case:{self.filed.case}" if self.filed is not None else ""

    @property
    def since(self) -> datetime | None:
        """When the earlier case was granted, or the certificate issued."""
        if self.certificate is not None:
            return self.certificate.issued_at
        return self.filed.granted_at if self.filed is not None else None


def offered_papers(
    *,
    row: Draft,
    applying: Iterable[MaterialSpec],
    certificates: Mapping[str, CertificateView],
    there: Collection[str],
    actor: Actor,
    on: date,
) -> tuple[Paper, ...]:
    """Return what may be taken instead of the uploads that are not ``there`` yet; at most two queries, mostly none."""
    if row.papers_declined:
        return ()
    asked = [spec for spec in applying if spec.is_asked and spec.origins and spec.code not in there]
    filed = list_filed_papers(
        person_id=row.person_id,
        organisation_code=row.organisation_id,
        materials=[spec for spec in asked if spec.code not in certificates],
        actor=actor,
        on=on,
    )
    return tuple(
        Paper(spec=spec, filed=filed.get(spec.code), certificate=certificates.get(spec.code))
        for spec in asked
        if spec.code in filed or (spec.code in certificates and "pdf" in spec.accept)
    )


def drawn(papers: Iterable[Paper], *, at: datetime) -> dict[str, bytes]:
    """The certificates among these as PDF, by material. Never inside a transaction: the first time one is signed."""
    return {
        paper.spec.code: evidence.hand_out_certificate(
            certificate=paper.certificate,
            verify_url=f"{settings.BASE_URL}/verify/{paper.certificate.identifier}/",
            at=at,
        )
        for paper in papers
        if paper.certificate is not None
    }


def add_papers(
    *, row: Draft, papers: Iterable[Paper], certificates: Mapping[str, bytes], actor: Actor, at: datetime
) -> None:
    """Put these papers into a draft that the caller has locked, each with where it comes from."""
    for paper in papers:
        for name, content in _files(paper, certificates):
            stored = evidence.store_file(
                content=content,
                name=name,
                allowed=paper.spec.accept,
                max_megabytes=paper.spec.max_mb,
                by=actor.id,
                at=at,
            )
            DraftFile.objects.create(draft=row, code=paper.spec.code, file_id=stored.pk, source=paper.source)


def _files(paper: Paper, certificates: Mapping[str, bytes]) -> list[tuple[str, bytes]]:
    if paper.certificate is not None:
        content = certificates.get(paper.spec.code)
        return [(f"{paper.certificate.name_zh}.pdf", content)] if content is not None else []
    assert paper.filed is not None
    return [(file.name, read_file(sha256=file.sha256)) for file in paper.filed.files]
