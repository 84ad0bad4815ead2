"""A machine asks what a certificate is worth."""

from collections.abc import Callable

import pytest
from tests.api.conftest import Api

from tongban.apps.evidence.models import Certificate

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(granted: Callable[..., int]) -> Certificate:
    return Certificate.objects.get(case=granted())


def test_it_works(nobody: Api, certificate: Certificate) -> None:
    answer = nobody.get(f"/certificates/{certificate.identifier}").json()
    assert (answer["standing"], answer["is_valid"]) == ("valid", True)
    assert answer["issuer"]["did"].endswith(":authorities:market-regulation")


def test_what_was_revoked_is_not_valid(nobody: Api, certificate: Certificate) -> None:
    Certificate.objects.update(state="revoked", ground="fraud", reason="Only the holder reads this.")
    response = nobody.get(f"/certificates/{certificate.identifier}")
    assert (response.json()["standing"], response.json()["is_valid"]) == ("revoked", False)
    assert response.json()["ground"] == "fraud"
    assert "Only the holder" not in response.text


@pytest.mark.parametrize("identifier", ["x", "1.2.156.3005.2.JY.11361700MB00000041.26110000000001.001.9"])
def test_what_was_never_issued_is_not_found(nobody: Api, identifier: str) -> None:
    response = nobody.get(f"/certificates/{identifier}")
    assert response.status_code == 404
    assert response.json()["code"] == "certificate.unknown"
