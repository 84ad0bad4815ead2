"""An officer looks through what the authority has issued: by state, by number, by holder; found people read that."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.evidence.models import Certificate
from tongban.apps.rights.models import Look

pytestmark = pytest.mark.django_db

For = Callable[[str], Client]
URL = "/desk/certificates/"


@pytest.fixture
def certificate(granted: Callable[..., int]) -> Certificate:
    """A food business licence of 林晓梅."""
    return Certificate.objects.get(case=granted())


def _copies(certificate: Certificate, count: int, **changed: Any) -> list[str]:
    """More of the same, issued one after the other."""
    stem, made = certificate.identifier.rsplit(".", 3)[0], []
    for n in range(count):
        row = Certificate.objects.get(pk=certificate.pk)
        row.identifier = f"{stem}.99{n:012d}.001.0"
        row.issued_at = certificate.issued_at - timedelta(minutes=1 + n)
        for name, value in changed.items():
            setattr(row, name, value)
        row.save(force_insert=True)
        made.append(row.identifier)
    return made


def test_it_works(client_for: For, certificate: Certificate) -> None:
    client = client_for("chenli")
    page = client.get(URL)
    assert certificate.identifier in page.text
    assert "In force" in page.text
    assert "林**" in page.text
    assert "林晓梅" not in page.text
    assert not Look.objects.exists()
    (line,) = page.context["lines"]
    assert "Suspend it" in client_for("hejun").get(line.url).text
    assert Look.objects.get().case == certificate.case


@pytest.mark.parametrize(
    ("part", "changed"),
    [
        ("ending", {"valid_until": timezone.localdate() + timedelta(days=30)}),
        ("suspended", {"state": "suspended", "ground": "inspection"}),
        ("revoked", {"state": "revoked", "ground": "fraud"}),
    ],
)
def test_each_part_has_its_own(client_for: For, certificate: Certificate, part: str, changed: dict[str, Any]) -> None:
    (other,) = _copies(certificate, 1, **changed)
    shown = [each.certificate.identifier for each in client_for("chenli").get(URL, {"part": part}).context["lines"]]
    assert shown == [other]


def test_what_is_renewed_or_over_does_not_end_soon(client_for: For, certificate: Certificate) -> None:
    soon = timezone.localdate() + timedelta(days=30)
    _copies(certificate, 1, valid_until=soon, successor="1.2.156.3005.2.X")
    Certificate.objects.filter(pk=certificate.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    assert client_for("chenli").get(URL, {"part": "ending"}).context["lines"] == []


@pytest.mark.parametrize("by", ["number", "holder"])
def test_it_is_found_and_the_look_is_on_record(client_for: For, certificate: Certificate, by: str) -> None:
    _copies(certificate, 1, holder="王小明")
    term = f" {certificate.identifier.lower()} " if by == "number" else "林晓梅"
    page = client_for("chenli").post(URL, {"term": term})
    assert [each.certificate.identifier for each in page.context["lines"]] == [certificate.identifier]
    look = Look.objects.get()
    assert (look.what, look.purpose, look.case, look.department) == (
        "line",
        "certificates",
        certificate.case,
        "market-regulation",
    )
    mine = client_for("linxiaomei").get("/me/looks/").text
    assert "Your certificate was found by its number or your name" in mine


@pytest.mark.parametrize("term", ["林", "晓梅", "林晓", "1.2.156.3005.2.X"])
def test_nothing_is_found_by_a_part(client_for: For, certificate: Certificate, term: str) -> None:
    page = client_for("chenli").post(URL, {"term": term})
    assert page.context["lines"] == []
    assert "Nothing found" in page.text
    assert not Look.objects.exists()


def test_without_the_record_nothing_is_shown(client_for: For, certificate: Certificate, monkeypatch: Any) -> None:
    def down(*_: Any, **__: Any) -> None:
        raise DatabaseError

    monkeypatch.setattr(Look.objects, "bulk_create", down)
    response = client_for("chenli").post(URL, {"term": certificate.identifier})
    assert response.status_code == 503
    assert "林" not in response.text


def test_pages_follow_each_other(client_for: For, certificate: Certificate) -> None:
    others = _copies(certificate, 60)
    client, seen, url = client_for("chenli"), [], URL
    while url:
        page = client.get(url)
        seen += [each.certificate.identifier for each in page.context["lines"]]
        url = page.context["next_url"]
    assert seen == [certificate.identifier, *others]
    assert page.context["first_url"] == URL


def test_pages_of_what_ends_follow_each_other(client_for: For, certificate: Certificate) -> None:
    _copies(certificate, 30, valid_until=timezone.localdate() + timedelta(days=9))
    client = client_for("chenli")
    first = client.get(URL, {"part": "ending"})
    second = client.get(first.context["next_url"])
    assert (len(first.context["lines"]), len(second.context["lines"])) == (25, 5)


@pytest.mark.parametrize("after", ["x", "2026-01-01", "2026-01-01T00:00:00~a", "2026-01-01T00:00:00+00:00~\x00", "~"])
def test_a_made_up_place_does_no_harm(client_for: For, certificate: Certificate, after: str) -> None:
    for part in ("all", "ending", "nothing"):
        assert client_for("chenli").get(URL, {"after": after, "part": part}).status_code == 200


def test_it_asks_as_much_for_many_as_for_one(client_for: For, certificate: Certificate) -> None:
    client, asked = client_for("chenli"), []
    for _ in range(2):
        client.get(URL)
        for method, given in (("get", {}), ("post", {"term": "林晓梅"})):
            with CaptureQueriesContext(connection) as queries:
                getattr(client, method)(URL, given)
            asked.append(len(queries))
        if len(asked) == 2:
            _copies(certificate, 20)
    assert asked[:2] == asked[2:]


def test_another_authority_does_not_see_it(client_for: For, certificate: Certificate) -> None:
    client = client_for("luhao")
    assert client.get(URL).context["lines"] == []
    assert client.post(URL, {"term": certificate.identifier}).context["lines"] == []
    assert not Look.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("linxiaomei", 403), ("", 302), ("wangqian", 403)])
def test_it_is_for_those_who_work_on_them(client_for: For, city: Any, who: str, status: int) -> None:
    assert client_for(who).get(URL).status_code == status
