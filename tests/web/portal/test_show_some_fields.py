"""A holder shows some fields of a certificate to somebody, for minutes, and sees and ends what they show."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.evidence.models import Certificate, Disclosable, Showing
from tongban.apps.evidence.services import forget_showings, issue_credentials, issue_disclosables

pytestmark = pytest.mark.django_db
For = Callable[[str], Client]


@pytest.fixture
def held(granted: Callable[..., int]) -> Certificate:
    """A food business licence of linxiaomei, with the token that the worker signs."""
    found = Certificate.objects.get(case=granted())
    issue_disclosables(certificates=[found], at=timezone.now())
    return found


@pytest.fixture
def show(client_for: For, held: Certificate) -> Callable[..., str]:
    """Show something of it; return the address that whoever scans the code opens."""

    def do_it(*names: str, **words: str) -> str:
        client = client_for("linxiaomei")
        answer = client.post(f"/certificates/{held.pk}/fields/", {"names": list(names), **words})
        assert answer.status_code == 302, answer.text
        link: str = client.get(answer["Location"]).context["link"]
        return link.removeprefix(django_settings.BASE_URL)

    return do_it


def test_it_works(client_for: For, held: Certificate, show: Any) -> None:
    address = show("1", to_whom="房东", purpose="租房")
    page = client_for("").post(address)
    assert "This certificate was issued by us and is valid today." in page.text
    assert str(held.fields[1]["value"]) in page.text
    assert "房东" in page.text
    for hidden in (held.holder, held.identifier, str(held.fields[0]["value"])):
        assert hidden not in page.text
    assert page["Cache-Control"] == "private, no-store"
    assert page["Referrer-Policy"] == "same-origin"
    assert page["X-Robots-Tag"] == "noindex"
    mine = client_for("linxiaomei").get("/shown/").text
    assert "Seen now" in mine
    assert "1 time, last" in mine


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_preview_of_the_link_sees_nothing_and_counts_for_nothing(
    client_for: For, held: Certificate, show: Any, method: str
) -> None:
    address = show("holder", "number", "0", "1", to_whom="房东", purpose="租房")
    page = getattr(client_for(""), method)(address)
    assert page.status_code == 200
    values = [str(each["value"]) for each in held.fields]
    for hidden in (held.holder, held.identifier, held.name_zh, held.name_en, "房东", "租房", *values):
        assert hidden not in page.text
    assert client_for("").head(address + "token").status_code == 405
    assert Showing.objects.get().looks == 0
    mine = client_for("linxiaomei").get("/shown/").text
    assert "not opened yet" in mine
    assert "only looks where the link leads" in mine


def test_a_button_shows_it_without_scripts(held: Certificate, show: Any) -> None:
    address = show("holder")
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    page = client.get(address)
    assert "Show me" in page.text
    assert client.post(address).status_code == 403
    given = {"csrfmiddlewaretoken": page.context["csrf_token"]}
    assert held.holder in client.post(address, {k: str(v) for k, v in given.items()}).text
    assert Showing.objects.get().looks == 1


def test_a_machine_that_takes_it_counts(client_for: For, show: Any) -> None:
    address = show("holder")
    assert client_for("").get(address + "token").status_code == 200
    assert Showing.objects.get().looks == 1


def test_nothing_personal_stands_in_the_address_or_open_in_the_database(show: Any, held: Certificate) -> None:
    address = show("holder", to_whom="房东")
    assert len(address.split("/")[2]) == 24
    row = Showing.objects.get()
    for text in (row.handle, row.to_whom, Disclosable.objects.get().token):
        assert text.startswith("sealed:")
    assert address.split("/")[2] not in str(vars(row))


@pytest.mark.parametrize(
    ("state", "words"),
    [("revoked", "has been taken back"), ("suspended", "must not be used"), ("replaced", "has taken its place")],
)
def test_what_has_become_of_it_since_is_told(
    client_for: For, held: Certificate, show: Any, state: str, words: str
) -> None:
    address = show("number")
    Certificate.objects.filter(pk=held.pk).update(state=state, ground="fraud")
    assert words in client_for("").post(address).text
    assert client_for("").get(address + "token")["Tongban-Standing"] == state


def test_an_expired_certificate_is_told(client_for: For, held: Certificate, show: Any) -> None:
    address = show("number")
    Certificate.objects.filter(pk=held.pk).update(valid_until=timezone.localdate() - timedelta(days=1))
    assert "its validity is over" in client_for("").post(address).text


def test_it_works_for_minutes(client_for: For, show: Any, settings: Any) -> None:
    settings.SHOWING_MINUTES = 0
    gone = client_for("").get(show("number"))
    assert gone.status_code == 410
    assert "The minutes of this link are over." in gone.text
    assert "Seen now" not in client_for("linxiaomei").get("/shown/").text


def test_it_is_ended_at_once(client_for: For, show: Any) -> None:
    address = show("number")
    number = Showing.objects.get().pk
    assert client_for("").get(address).status_code == 200
    answer = client_for("linxiaomei").post(f"/shown/{number}/end", follow=True)
    assert "Whoever opens the link now sees nothing any more." in answer.text
    assert client_for("").post(address).status_code == 410
    gone = client_for("").get(address)
    assert gone.status_code == 410
    assert "The holder has taken this link back." in gone.text
    assert client_for("").get(address + "token").json()["status"] == 410


def test_a_made_up_link(client_for: For, city: Any) -> None:
    page = client_for("").get("/see/AAAAAAAAAAAAAAAAAAAAAAAA/")
    assert page.status_code == 404
    assert "There is no such link." in page.text


def test_links_are_not_tried_without_end(client_for: For, city: Any, settings: Any) -> None:
    settings.RATE_VERIFICATION = "2/m"
    client = client_for("")
    assert [client.get("/see/A/").status_code for _ in range(2)] == [404, 404]
    assert client.get("/see/A/token").status_code == 429


def test_something_must_be_ticked_and_nothing_typed_is_lost(client_for: For, held: Certificate) -> None:
    page = client_for("linxiaomei").post(f"/certificates/{held.pk}/fields/", {"to_whom": "房东", "names": ["nothing"]})
    assert page.status_code == 422
    assert "Tick at least one thing" in page.text
    assert "房东" in page.text
    assert not Showing.objects.exists()


def test_not_more_than_some_at_a_time(client_for: For, show: Any, held: Certificate) -> None:
    for _ in range(10):
        show("number")
    page = client_for("linxiaomei").post(f"/certificates/{held.pk}/fields/", {"names": ["number"]})
    assert page.status_code == 422
    assert "End one of them first." in page.text


def test_before_the_worker_has_signed_it_one_waits(client_for: For, granted: Callable[..., int]) -> None:
    fresh = Certificate.objects.get(case=granted())
    page = client_for("linxiaomei").post(f"/certificates/{fresh.pk}/fields/", {"names": ["number"]})
    assert page.status_code == 422
    assert "Nothing is shown yet" in page.text


@pytest.mark.parametrize("name", ["wuxiaochuan", "hejun"])
def test_a_stranger_shows_and_ends_nothing(client_for: For, held: Certificate, show: Any, name: str) -> None:
    address = show("number")
    number = Showing.objects.get().pk
    client = client_for(name)
    assert client.get(f"/certificates/{held.pk}/fields/").status_code == 404
    assert client.post(f"/certificates/{held.pk}/fields/", {"names": ["number"]}).status_code == 404
    assert client.get(f"/shown/{number}/").status_code == 404
    assert client.post(f"/shown/{number}/end").status_code == 404
    assert "Nothing shown yet" in client.get("/shown/").text
    assert client.get(address).status_code == 200


def test_nobody_signs_in_first(client_for: For, held: Certificate, show: Any) -> None:
    show("number")
    number = Showing.objects.get().pk
    for path in (f"/certificates/{held.pk}/fields/", "/shown/", f"/shown/{number}/"):
        assert client_for("").get(path)["Location"].startswith("/account/login/")
    assert client_for("").post(f"/shown/{number}/end")["Location"].startswith("/account/login/")


def test_it_asks_as_much_for_many_as_for_one(client_for: For, show: Any) -> None:
    client = client_for("linxiaomei")
    asked = []
    for _ in range(2):
        show("number")
        client.get("/shown/")
        with CaptureQueriesContext(connection) as queries:
            client.get("/shown/")
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_it_is_forgotten_after_a_month(show: Any) -> None:
    show("number")
    assert forget_showings(at=timezone.now() + timedelta(days=30)) == 0
    assert forget_showings(at=timezone.now() + timedelta(days=31)) == 1


def test_the_worker_signs_tokens_beside_credentials(
    granted: Callable[..., int], follow_log: Callable[[str], None]
) -> None:
    found = Certificate.objects.get(case=granted())
    follow_log("credentials")
    assert Disclosable.objects.filter(pk=found.pk).exists()
    assert issue_credentials(certificates=[found], at=timezone.now()) == 0
    assert issue_disclosables(certificates=[found], at=timezone.now()) == 0
