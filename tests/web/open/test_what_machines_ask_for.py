"""Keys, status lists and words of certificates, as machines fetch them: open to all, cheap, told to be kept."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tongban.apps.evidence.models import Certificate, StatusList
from tongban.apps.evidence.services import issue_credentials

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(granted: Callable[..., int]) -> Certificate:
    found = Certificate.objects.get(case=granted())
    issue_credentials(certificates=[found], at=timezone.now())
    return found


def test_it_works(client_for: Callable[..., Client], certificate: Certificate) -> None:
    response = client_for("").get(f"/authorities/{certificate.authority_id}/did.json")
    assert response.status_code == 200
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cache-Control"] == "public, max-age=300"
    assert response.json()["id"].endswith(f":authorities:{certificate.authority_id}")


def test_a_list_is_one_row_and_is_not_sent_twice(
    client_for: Callable[..., Client], certificate: Certificate, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    url = f"/status/{StatusList.objects.get().number}/revocation"
    client = client_for("")
    with django_assert_num_queries(1):
        first = client.get(url)
    assert first["Content-Type"] == "application/vc"
    assert client.get(url, headers={"if-none-match": first["ETag"]}).status_code == 304
    certificate.state = "revoked"
    issue_credentials(certificates=[certificate], at=timezone.now())
    again = client.get(url, headers={"if-none-match": first["ETag"]})
    assert again.status_code == 200
    assert again.content != first.content


@pytest.mark.parametrize("url", ["/authorities/nobody/did.json", "/status/999/revocation", "/status/1/nothing"])
def test_what_is_not_there_is_not_found(client_for: Callable[..., Client], city: Any, url: str) -> None:
    assert client_for("").get(url).status_code == 404


def test_our_words_are_explained(client_for: Callable[..., Client], city: Any) -> None:
    response = client_for("").get("/contexts/certificate/v1")
    assert response["Content-Type"] == "application/ld+json"
    assert "GovernmentCertificate" in response.json()["@context"]
