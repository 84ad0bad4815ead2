"""What was granted to me lies in one place: to show, to download, to renew in time."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.evidence.models import Certificate
from tongban.apps.evidence.services import issue_credentials

pytestmark = pytest.mark.django_db

For = Callable[[str], Client]


@pytest.fixture
def held(granted: Callable[..., int]) -> Certificate:
    """A food business licence of linxiaomei."""
    return Certificate.objects.get(case=granted())


def _ends(certificate: Certificate, days: int) -> None:
    Certificate.objects.filter(pk=certificate.pk).update(valid_until=timezone.localdate() + timedelta(days=days))


def test_it_works(client_for: For, held: Certificate) -> None:
    client = client_for("linxiaomei")
    page = client.get("/certificates/")
    assert [state for state, _ in page.context["groups"]] == ["valid"]
    text = page.content.decode()
    assert held.name_en in text
    assert f"/cases/{held.case}/certificate.pdf" in text
    assert "Renew" not in text
    shown = client.get(f"/certificates/{held.pk}/")
    assert held.pk in shown.content.decode()
    assert "<svg" in shown.context["code"]
    assert shown.context["verify_url"].endswith(f"/verify/{held.pk}/")


@pytest.mark.parametrize(("days", "state", "words"), [(30, "soon", "30 days left"), (-1, "ended", "ended on")])
def test_what_ends_can_be_renewed(client_for: For, held: Certificate, days: int, state: str, words: str) -> None:
    _ends(held, days)
    page = client_for("linxiaomei").get("/certificates/")
    assert [each for each, _ in page.context["groups"]] == [state]
    assert words in page.content.decode()
    assert f'href="/matters/{held.matter}/"' in page.content.decode()


def test_only_the_newest_is_renewed(client_for: For, held: Certificate, granted: Callable[..., int]) -> None:
    _ends(held, -10)
    newer = Certificate.objects.get(case=granted())
    groups = dict(client_for("linxiaomei").get("/certificates/").context["groups"])
    assert [each.certificate.identifier for each in groups["valid"]] == [newer.pk]
    assert [each.renewable for each in groups["ended"]] == [False]


def test_whoever_has_none_is_told_what_this_is(client_for: For) -> None:
    assert "No certificates yet" in client_for("wuxiaochuan").get("/certificates/").content.decode()


@pytest.mark.parametrize("name", ["wuxiaochuan", "hejun"])
def test_a_stranger_sees_nothing_of_it(client_for: For, held: Certificate, name: str) -> None:
    client = client_for(name)
    assert held.pk not in client.get("/certificates/").content.decode()
    assert client.get(f"/certificates/{held.pk}/").status_code == 404


def test_nobody_signs_in_first(client_for: For, held: Certificate) -> None:
    for path in ("/certificates/", f"/certificates/{held.pk}/"):
        assert client_for("").get(path)["Location"].startswith("/account/login/")


def test_it_asks_as_much_for_many_as_for_one(client_for: For, held: Certificate, granted: Callable[..., int]) -> None:
    client = client_for("linxiaomei")
    asked = []
    for _ in range(2):
        client.get("/certificates/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/certificates/")
        asked.append(len(queries))
        granted()
        granted()
    assert asked[0] == asked[1]


def test_the_same_is_asked_for_again(client_for: For, held: Certificate, draft_row: Any) -> None:
    client = client_for("linxiaomei")
    assert "Ask for the same again" in client.get(f"/cases/{held.case}/").content.decode()
    answer = client.post(f"/cases/{held.case}/again")
    row = draft_row(answer["Location"].split("/")[2])
    assert row.matter == held.matter
    assert row.answers["shop_name"]
    assert row.case is None
    assert row.steps_done == []
    assert client.post(f"/cases/{held.case}/again")["Location"] == answer["Location"]
    assert client_for("wuxiaochuan").post(f"/cases/{held.case}/again").status_code == 404
    assert client_for("").post(f"/cases/{held.case}/again")["Location"].startswith("/account/login/")


def test_numbers_of_people_are_asked_anew(client_for: For, file_case: Any, draft_row: Any) -> None:
    number = file_case()
    client = client_for("linxiaomei")
    client.post(f"/cases/{number}/withdraw/", {"reason": "later"})
    row = draft_row(client.post(f"/cases/{number}/again")["Location"].split("/")[2])
    assert "*" not in str(row.answers)


def test_the_file_for_machines_is_the_holder_s(client_for: Callable[..., Client], granted: Callable[..., int]) -> None:
    certificate = Certificate.objects.get(case=granted())
    url = f"/certificates/{certificate.identifier}/credential.json"
    assert client_for("linxiaomei").get(url).status_code == 302  # not signed yet: back, and told so
    issue_credentials(certificates=[certificate], at=timezone.now())
    response = client_for("linxiaomei").get(url)
    assert response["Content-Type"] == "application/vc"
    assert json.loads(response.content)["credentialSubject"]["name"] == certificate.holder
    assert client_for("wuxiaochuan").get(url).status_code == 404
    assert client_for("").get(url)["Location"].startswith("/account/login")
