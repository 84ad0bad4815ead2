"""An authority suspends, lifts, revokes, renews and corrects what it has issued; the log of the case says so."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.consequences import prove
from tongban.apps.cases.errors import NotYours, UnknownCase
from tongban.apps.evidence.errors import CertificateEnded, GroundUnfit, UnknownCertificate, ValidityUnfit
from tongban.apps.evidence.models import Certificate
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(granted: Callable[..., int]) -> Certificate:
    found = Certificate.objects.get(case=granted())
    found.valid_until = timezone.localdate() + timedelta(days=20)
    found.save()
    return found


@pytest.fixture
def do(actor_for: Callable[[str], Any], certificate: Certificate) -> Callable[..., Any]:
    def command(name: str, *, by: str = "hejun", **given: Any) -> Any:
        given = {"identifier": certificate.identifier, "reason": "Seen on the spot.", **given}
        run = getattr(services, f"{name}_certificate")
        found = run(number=certificate.case, actor=actor_for(by), at=timezone.now(), **given)
        certificate.refresh_from_db()
        return found

    return command


def _log(certificate: Certificate) -> list[tuple[str, Mapping[str, Any]]]:
    history = get_history(case=certificate.case)
    return [(each.kind, each.data) for each in history if each.kind.startswith("certificate.")]


def test_it_works(do: Callable[..., Any], certificate: Certificate) -> None:
    do("suspend", ground="inspection")
    assert certificate.state == "suspended"
    do("reinstate", ground="put-right")
    assert certificate.state == "issued"
    do("revoke", ground="fraud")
    assert (certificate.state, certificate.ground, certificate.reason) == ("revoked", "fraud", "Seen on the spot.")
    kinds = [kind for kind, _ in _log(certificate)]
    assert kinds == [f"certificate.{each}" for each in ("issued", "suspended", "reinstated", "revoked")]
    assert _log(certificate)[-1][1] == {"identifier": certificate.identifier, "ground": "fraud"}
    assert prove(number=certificate.case).holds


def test_a_renewed_one_follows_without_a_gap(do: Callable[..., Any], certificate: Certificate) -> None:
    end = certificate.valid_until
    assert end is not None
    new = Certificate.objects.get(pk=do("renew", valid_until=end + timedelta(days=365)))
    assert (new.valid_from, new.valid_until) == (end + timedelta(days=1), end + timedelta(days=365))
    assert new.identifier.split(".")[:-2] == certificate.identifier.split(".")[:-2]
    assert new.identifier.split(".")[-2] == "002"
    assert (certificate.state, certificate.successor) == ("issued", new.identifier)
    assert [kind for kind, _ in _log(certificate)][-2:] == ["certificate.renewed", "certificate.issued"]
    with pytest.raises(CertificateEnded):
        do("renew", valid_until=end + timedelta(days=700))


def test_one_that_is_over_is_renewed_from_today(do: Callable[..., Any], certificate: Certificate) -> None:
    today = timezone.localdate()
    Certificate.objects.update(valid_until=today - timedelta(days=40))
    new = Certificate.objects.get(pk=do("renew", valid_until=today + timedelta(days=10)))
    assert new.valid_from == today


def test_a_corrected_one_counts_at_once(do: Callable[..., Any], certificate: Certificate) -> None:
    values = [str(each["value"]) for each in certificate.fields]
    values[0] = "晓梅餐馆"
    new = Certificate.objects.get(pk=do("correct", ground="mistake", holder="", values=values))
    assert (certificate.state, certificate.successor) == ("replaced", new.identifier)
    assert new.fields[0]["value"] == "晓梅餐馆"
    assert new.fields[1:] == certificate.fields[1:]
    assert (new.holder, new.valid_until) == (certificate.holder, certificate.valid_until)


@pytest.mark.parametrize(
    ("name", "given", "error"),
    [
        ("reinstate", {"ground": "put-right"}, CertificateEnded),
        ("suspend", {"ground": "fraud"}, GroundUnfit),
        ("revoke", {"ground": "no ground"}, GroundUnfit),
        ("revoke", {"ground": "fraud", "identifier": "1.2.156.3005.2.X"}, UnknownCertificate),
        ("renew", {"valid_until": timezone.localdate()}, ValidityUnfit),
    ],
)
def test_what_cannot_be_changes_nothing(
    do: Callable[..., Any], certificate: Certificate, name: str, given: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        do(name, **given)
    certificate.refresh_from_db()
    assert certificate.state == "issued"
    assert len(_log(certificate)) == 1


def test_what_is_revoked_stays_revoked(do: Callable[..., Any], certificate: Certificate) -> None:
    do("revoke", ground="unlawful")
    for name, ground in (("reinstate", "put-right"), ("suspend", "inspection"), ("revoke", "fraud")):
        with pytest.raises(CertificateEnded):
            do(name, ground=ground)


def test_one_that_is_over_is_not_suspended_any_more(do: Callable[..., Any], certificate: Certificate) -> None:
    Certificate.objects.update(valid_until=timezone.localdate() - timedelta(days=1))
    with pytest.raises(CertificateEnded):
        do("suspend", ground="inspection")


@pytest.mark.parametrize(
    ("who", "error"),
    [("chenli", NotYours), ("linxiaomei", NotYours), ("wuxiaochuan", UnknownCase)],
)
def test_only_a_decider_of_the_authority_may(
    do: Callable[..., Any], certificate: Certificate, who: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        do("revoke", by=who, ground="fraud")
    certificate.refresh_from_db()
    assert certificate.state == "issued"
