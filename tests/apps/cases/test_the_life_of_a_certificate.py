"""An authority suspends, lifts, revokes, renews and corrects what it has issued; the log of the case says so."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases import services
from tongban.apps.cases.consequences import prove
from tongban.apps.cases.errors import NotYours, UnknownCase
from tongban.apps.evidence.errors import CertificateEnded, GroundUnfit, UnknownCertificate, ValidityUnfit
from tongban.apps.evidence.models import Certificate
from tongban.apps.evidence.queries import get_certificate, get_certificate_of_case
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


def _renewed(do: Callable[..., Any], certificate: Certificate) -> Certificate:
    assert certificate.valid_until is not None
    return Certificate.objects.get(pk=do("renew", valid_until=certificate.valid_until + timedelta(days=365)))


def test_on_its_first_day_it_takes_the_place_of_the_one_before(
    do: Callable[..., Any], certificate: Certificate
) -> None:
    new = _renewed(do, certificate)
    on_its_last_day, first = timezone.now() + timedelta(days=20), timezone.now() + timedelta(days=21)
    assert services.begin_renewed(at=on_its_last_day) == 0
    seen = get_certificate(identifier=certificate.identifier)
    assert seen.standing(on=timezone.localdate(on_its_last_day)) == "valid"
    assert seen.standing(on=timezone.localdate(first)) == "replaced"  # whether or not the worker has been there

    assert services.begin_renewed(at=first) == 1
    assert services.begin_renewed(at=first) == 0
    certificate.refresh_from_db()
    assert (certificate.state, certificate.ground, certificate.successor) == ("replaced", "renewal", new.identifier)
    said = {"identifier": certificate.identifier, "ground": "renewal", "successor": new.identifier}
    assert _log(certificate)[-1] == ("certificate.replaced", said)
    current = get_certificate_of_case(case=certificate.case)
    assert current is not None
    assert current.identifier == new.identifier
    assert prove(number=certificate.case).holds


def test_one_that_is_not_renewed_just_ends(do: Callable[..., Any], certificate: Certificate) -> None:
    assert services.begin_renewed(at=timezone.now() + timedelta(days=21)) == 0
    seen = get_certificate(identifier=certificate.identifier)
    assert seen.standing(on=timezone.localdate() + timedelta(days=21)) == "expired"


def test_what_ends_the_licence_ends_its_renewals(do: Callable[..., Any], certificate: Certificate) -> None:
    new = _renewed(do, certificate)
    later = Certificate.objects.get(pk=do("renew", identifier=new.identifier, valid_until=date(2040, 1, 1)))
    do("revoke", ground="fraud")
    for each in (certificate, new, later):
        each.refresh_from_db()
        assert (each.state, each.ground) == ("revoked", "fraud")
    assert _log(certificate)[-3:] == [
        ("certificate.revoked", {"identifier": certificate.identifier, "ground": "fraud"}),
        ("certificate.revoked", {"identifier": new.identifier, "ground": "fraud", "follows": certificate.identifier}),
        ("certificate.revoked", {"identifier": later.identifier, "ground": "fraud", "follows": certificate.identifier}),
    ]
    assert services.begin_renewed(at=timezone.now() + timedelta(days=21)) == 0


def test_a_suspended_one_is_followed_by_a_suspended_one(do: Callable[..., Any], certificate: Certificate) -> None:
    new = _renewed(do, certificate)
    do("suspend", ground="inspection")
    assert services.begin_renewed(at=timezone.now() + timedelta(days=21)) == 1
    new.refresh_from_db()
    assert new.state == "suspended"
    do("reinstate", ground="put-right", identifier=new.identifier)
    new.refresh_from_db()
    assert (new.state, certificate.state) == ("issued", "replaced")


def test_lifting_a_suspension_lifts_it_from_what_follows(do: Callable[..., Any], certificate: Certificate) -> None:
    new = _renewed(do, certificate)
    do("suspend", ground="inspection")
    do("reinstate", ground="put-right")
    new.refresh_from_db()
    assert (new.state, certificate.state) == ("issued", "issued")


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
