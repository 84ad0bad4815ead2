"""An officer changes what has been issued: asked once more, told to the holder, seen by everybody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.services import begin_renewed
from tongban.apps.channels.models import Notice
from tongban.apps.evidence.models import Certificate

pytestmark = pytest.mark.django_db

For = Callable[[str], Client]
SUSPEND = {"act": "suspend", "ground": "inspection", "reason": "The kitchen is looked at on Monday."}


@pytest.fixture
def certificate(granted: Callable[..., int]) -> Certificate:
    return Certificate.objects.get(case=granted())


@pytest.fixture
def url(certificate: Certificate) -> str:
    return f"/desk/cases/{certificate.case:016d}/certificate/"


def test_it_works(client_for: For, certificate: Certificate, url: str, follow_log: Callable[[str], None]) -> None:
    client = client_for("hejun")
    assert "Suspend it" in client.get(url).text
    asked = client.post(url, SUSPEND)
    assert "Suspend this certificate?" in asked.text
    assert "The kitchen is looked at on Monday." in asked.text
    certificate.refresh_from_db()
    assert certificate.state == "issued"
    done = client.post(url, SUSPEND | {"confirmed": "yes"}, follow=True)
    assert "The certificate is suspended. The holder is told." in done.text
    assert "Lift the suspension" in done.text
    assert "Certificate suspended" in done.text

    follow_log("notices")
    kinds = set(Notice.objects.filter(case=certificate.case).values_list("kind", flat=True))
    assert "certificate_suspended" in kinds
    wallet = client_for("linxiaomei").get(f"/certificates/{certificate.identifier}/").text
    assert "It is suspended for the time being" in wallet
    assert "The kitchen is looked at on Monday." in wallet
    public = client_for("").get(f"/verify/{certificate.identifier}/").text
    assert "Genuine, but suspended" in public
    assert "The kitchen" not in public


def test_it_can_be_lifted_again(client_for: For, certificate: Certificate, url: str) -> None:
    client = client_for("hejun")
    client.post(url, SUSPEND | {"confirmed": "yes"})
    client.post(url, {"act": "reinstate", "ground": "put-right", "reason": "Clean.", "confirmed": "yes"})
    assert (
        "This certificate was issued by us and is valid today." in client.get(f"/verify/{certificate.identifier}/").text
    )


def test_a_corrected_one_takes_its_place(client_for: For, certificate: Certificate, url: str) -> None:
    given = {f"value-{n}": str(each["value"]) for n, each in enumerate(certificate.fields)}
    given |= {"act": "correct", "ground": "mistake", "reason": "A wrong character.", "holder": "林小梅"}
    client = client_for("hejun")
    assert "林小梅" in client.post(url, given).text
    page = client.post(url, given | {"confirmed": "yes"}, follow=True).text
    assert ".002." in page
    assert "All versions" in page
    old = client.get(f"/verify/{certificate.identifier}/").text
    assert "Replaced by a newer one" in old
    assert ".002." in old
    assert "They have ended" in client_for("linxiaomei").get("/certificates/").text


def test_revoking_a_renewed_one_shows_what_goes_with_it(
    client_for: For, certificate: Certificate, url: str, follow_log: Callable[[str], None]
) -> None:
    end = timezone.localdate() + timedelta(days=20)
    Certificate.objects.update(valid_until=end)
    client = client_for("hejun")
    renewal = {"act": "renew", "until": (end + timedelta(days=365)).isoformat(), "reason": "Asked for."}
    client.post(url, renewal | {"confirmed": "yes"})
    new = Certificate.objects.get(case=certificate.case, valid_from=end + timedelta(days=1))
    public = client_for("").get(f"/verify/{certificate.identifier}/").text
    assert "It has been renewed already" in public
    assert new.identifier in public

    revocation = {"act": "revoke", "ground": "fraud", "reason": "Forged."}
    asked = client.post(url, revocation).text
    assert f"It was renewed: number {new.identifier}" in asked
    assert "is revoked with it" in asked
    client.post(url, revocation | {"confirmed": "yes"})
    page = client_for("").get(f"/verify/{new.identifier}/").text
    assert "Revoked" in page
    assert "article 69, paragraph 2" in page
    assert "It had been renewed" in client_for("").get(f"/verify/{certificate.identifier}/").text

    follow_log("notices")
    assert Notice.objects.filter(case=certificate.case, kind="certificate_revoked").count() == 1
    wallet = client_for("linxiaomei").get(f"/certificates/{certificate.identifier}/").text
    assert "You may object" in wallet
    assert "it shares its fate" in wallet


def test_a_renewed_one_gives_its_place_to_what_follows(
    client_for: For, certificate: Certificate, url: str, follow_log: Callable[[str], None]
) -> None:
    end = timezone.localdate() - timedelta(days=3)
    Certificate.objects.update(valid_until=end)
    client = client_for("hejun")
    until = timezone.localdate() + timedelta(days=365)
    client.post(url, {"act": "renew", "until": until.isoformat(), "reason": "Late.", "confirmed": "yes"})
    for _ in ("before the worker", "after it"):
        public = client_for("").get(f"/verify/{certificate.identifier}/").text
        assert "Replaced by a newer one" in public
        assert "It was renewed: its own time ended on" in public
        begin_renewed(at=timezone.now())
    new = Certificate.objects.get(case=certificate.case, valid_from__isnull=False)
    page = client.get(url).text
    assert f"/verify/{new.identifier}/" in page
    assert "Suspend it" in page
    follow_log("notices")
    assert not Notice.objects.filter(case=certificate.case, kind="certificate_replaced").exists()


def test_nothing_typed_is_lost(client_for: For, url: str) -> None:
    client = client_for("hejun")
    page = client.post(url, SUSPEND | {"ground": ""})
    assert page.status_code == 422
    assert "Choose one of the grounds that the law gives." in page.text
    assert "The kitchen is looked at on Monday." in page.text
    back = client.post(url, SUSPEND | {"edit": "yes"})
    assert "The kitchen is looked at on Monday." in back.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"act": "revoke", "ground": "fraud", "reason": ""}, "Please give the reason"),
        ({"act": "renew", "until": "soon", "reason": "Asked for."}, "Write a day"),
        ({"act": "renew", "until": "2001-01-01", "reason": "Asked for."}, "Choose a day after"),
        ({"act": "correct", "ground": "mistake", "reason": "None."}, "Nothing here differs"),
    ],
)
def test_what_is_missing_is_said(client_for: For, certificate: Certificate, url: str, given: Any, said: str) -> None:
    page = client_for("hejun").post(url, given)
    assert page.status_code == 422
    assert said in page.text


def test_what_somebody_else_has_done_meanwhile_is_said(client_for: For, certificate: Certificate, url: str) -> None:
    client = client_for("hejun")
    client.post(url, {"act": "revoke", "ground": "fraud", "reason": "Forged.", "confirmed": "yes"})
    page = client.post(url, SUSPEND | {"confirmed": "yes"})
    assert page.status_code == 409
    assert "This was not done" in page.text


def test_a_colleague_looks_and_does_not_touch(client_for: For, certificate: Certificate, url: str) -> None:
    client = client_for("chenli")
    assert "Suspend it" not in client.get(url).text
    assert client.post(url, SUSPEND | {"confirmed": "yes"}).status_code == 409
    certificate.refresh_from_db()
    assert certificate.state == "issued"


@pytest.mark.parametrize(("who", "status"), [("linxiaomei", 403), ("", 302)])
def test_it_is_for_officials(client_for: For, url: str, who: str, status: int) -> None:
    assert client_for(who).get(url).status_code == status


def test_a_case_without_a_certificate_has_no_such_page(client_for: For, file_case: Callable[..., int]) -> None:
    assert client_for("hejun").get(f"/desk/cases/{file_case():016d}/certificate/").status_code == 404


# --- a colleague was faster -------------------------------------------------------------------------------------------

REVOKE = {"act": "revoke", "ground": "fraud", "reason": "Forged."}


def _asked(client: Client, url: str, given: dict[str, str]) -> dict[str, Any]:
    """The form of the page that asks once more, as it is sent with its first button."""
    page = client.post(url, given)
    return {**dict(page.context["hidden"]), "seen": page.context["seen"], "confirmed": "yes"}


@pytest.fixture
def renew(client_for: For, certificate: Certificate, url: str) -> Callable[[], Certificate]:
    """A colleague renews it."""

    def do() -> Certificate:
        end = timezone.localdate() + timedelta(days=20)
        Certificate.objects.filter(pk=certificate.pk).update(valid_until=end)
        renewal = {"act": "renew", "until": (end + timedelta(days=365)).isoformat(), "reason": "Asked for."}
        assert client_for("hejun").post(url, renewal | {"confirmed": "yes"}).status_code == 302
        return Certificate.objects.get(case=certificate.case, valid_from=end + timedelta(days=1))

    return do


def test_what_was_renewed_meanwhile_is_not_revoked_unseen(
    client_for: For, certificate: Certificate, url: str, renew: Callable[[], Certificate]
) -> None:
    client = client_for("hejun")
    confirmed = _asked(client, url, REVOKE)
    new = renew()
    page = client.post(url, confirmed)
    assert page.status_code == 409
    assert "Something has happened since you opened this case" in page.text
    assert f"It was renewed: number {new.identifier}" in page.text
    assert "Forged." in page.text
    assert set(Certificate.objects.values_list("state", flat=True)) == {"issued"}
    # Seen now, it is done with the next press.
    again = {**dict(page.context["hidden"]), "seen": page.context["seen"], "confirmed": "yes"}
    assert client.post(url, again).status_code == 302
    assert set(Certificate.objects.values_list("state", flat=True)) == {"revoked"}


def test_what_was_corrected_meanwhile_is_shown_first(client_for: For, certificate: Certificate, url: str) -> None:
    client = client_for("hejun")
    confirmed = _asked(client, url, SUSPEND)
    given = {f"value-{n}": str(each["value"]) for n, each in enumerate(certificate.fields)}
    given |= {"act": "correct", "ground": "mistake", "reason": "A wrong character.", "holder": "林小梅"}
    client.post(url, given | {"confirmed": "yes"})
    page = client.post(url, confirmed)
    assert page.status_code == 409
    assert certificate.identifier in str(page.context["news"])
    assert sorted(Certificate.objects.values_list("state", flat=True)) == ["issued", "replaced"]


def test_what_is_not_possible_any_more_is_said(client_for: For, url: str) -> None:
    client = client_for("hejun")
    confirmed = _asked(client, url, SUSPEND)
    client.post(url, REVOKE | {"confirmed": "yes"})
    page = client.post(url, confirmed)
    assert page.status_code == 409
    assert "since you were shown it" in page.text
    assert set(Certificate.objects.values_list("state", flat=True)) == {"revoked"}


def test_what_else_happened_to_the_case_stops_nothing(client_for: For, certificate: Certificate, url: str) -> None:
    client = client_for("hejun")
    confirmed = _asked(client, url, SUSPEND)
    client_for("linxiaomei").post(f"/cases/{certificate.case}/rate/", {"grade": "5"})
    assert client.post(url, confirmed).status_code == 302
    certificate.refresh_from_db()
    assert certificate.state == "suspended"


def test_a_number_of_entries_that_somebody_made_up_does_no_harm(
    client_for: For, certificate: Certificate, url: str, renew: Callable[[], Certificate]
) -> None:
    client = client_for("hejun")
    for seen in ("x", "-1", "999999"):
        answer = client.post(url, SUSPEND | {"confirmed": "yes", "seen": seen})
        assert answer.status_code == 302
        client.post(url, {"act": "reinstate", "ground": "put-right", "reason": "Clean.", "confirmed": "yes"})
