"""What government already holds of whoever asks, so that they need not bring it."""

from collections.abc import Collection, Iterable
from datetime import date

from tongban.apps.cases.operations import holder_key
from tongban.apps.catalog.definitions import MaterialSpec
from tongban.apps.evidence.queries import CertificateView, list_certificates_from
from tongban.apps.people.actors import Actor

__all__ = ["list_held_by", "list_on_file"]


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
