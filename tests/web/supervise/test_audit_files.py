"""Supervisors ask for samples and fill in sheets; departments answer; others do not enter."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.audits.models import Audit, Sample

pytestmark = pytest.mark.django_db
LIST, NEW = "/supervise/audits/", "/supervise/audits/new/"


@pytest.fixture
def asked(granted: Callable[..., int]) -> dict[str, str]:
    """What a supervisor writes to choose the one file that was granted in the last days."""
    granted(at=timezone.now() - timedelta(days=3))
    today = timezone.localdate()
    days = {"since": (today - timedelta(days=10)).isoformat(), "until": today.isoformat()}
    return days | {"how": "targeted", "most": "5", "why": "A complaint."}


@pytest.fixture
def audit(asked: dict[str, str], client_for: Callable[..., Client]) -> Audit:
    """Its audit."""
    assert client_for("liangchen").post(NEW, asked).status_code == 302
    return Audit.objects.get()


def _sheet(page: Any, **given: str) -> dict[str, str]:
    (form,) = page.context["forms"]
    return {"what": "find"} | {each.name: "yes" for each in form["fields"] if each.name.startswith("q-")} | given


def test_it_works(audit: Audit, client_for: Callable[..., Client]) -> None:
    supervisor, head, path = client_for("liangchen"), client_for("hejun"), f"{LIST}{audit.number}/"
    page = supervisor.get(path)
    assert "Nothing was asked beyond what the law allows" in page.text
    assert "林晓梅" not in page.text
    assert head.get(f"/desk/audits/{audit.number}/").status_code == 404  # nothing was found yet
    sheet = _sheet(page, **{"q-reasons": "no", "grade": "minor", "reason": "No word on the kitchen."})
    assert "The department is told and has to answer" in supervisor.post(path, sheet).text
    supervisor.post(path, sheet | {"confirmed": "yes"})
    mine = head.get(f"/desk/audits/{audit.number}/")
    assert "No word on the kitchen." in mine.text
    answered = {"what": "answer", "reason": "Added.", "confirmed": "yes"}
    assert head.post(f"/desk/audits/{audit.number}/", answered).status_code == 302
    assert [form["what"] for form in supervisor.get(path).context["forms"]] == ["close", "lift", "send_back"]
    supervisor.post(path, {"what": "close", "reason": "Seen.", "confirmed": "yes"})
    audit.refresh_from_db()
    assert (audit.state, audit.grade) == ("closed", "minor")
    again = supervisor.post(path, {"what": "close", "reason": "Twice.", "confirmed": "yes"})
    assert again.status_code == 409
    assert "Minor defect" in supervisor.get(LIST).text
    assert supervisor.get(f"{LIST}?state=open").context["lines"] == []


def test_what_is_missing_is_said_and_what_was_written_stays(audit: Audit, client_for: Callable[..., Client]) -> None:
    client, path = client_for("liangchen"), f"{LIST}{audit.number}/"
    sheet = _sheet(client.get(path), grade="serious", reason="Not right.")
    assert client.post(path, sheet).status_code == 422  # a defect, and nothing that is not in order
    page = client.post(path, {"what": "find", "q-reasons": "no", "reason": "Kept."})
    assert page.status_code == 422
    assert page.text.count("Please answer this question.") == 8  # each in the summary and beside its question
    assert "Kept." in page.text
    assert client.post(path, sheet | {"grade": "in_order", "edit": "yes"}).status_code == 200
    audit.refresh_from_db()
    assert audit.state == "open"


def test_a_random_sample_waits_for_the_night(asked: dict[str, str], client_for: Callable[..., Client]) -> None:
    client = client_for("liangchen")
    page = client.post(NEW, asked | {"how": "random", "share": "50"}, follow=True)
    assert "Announced, not drawn yet" in page.text
    assert Sample.objects.get().seed_day == timezone.localdate()
    assert "announced, not drawn yet" in client.get(LIST).text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"since": "2026-02-31"}, "cannot be read"),
        ({"most": "many"}, "cannot be read"),
        ({"case": "12"}, "cannot be read"),
        ({"why": ""}, "Please give your reasons"),
        ({"until": "2099-01-01"}, "not after today"),
        ({"about": "late"}, "No decided file fits"),
    ],
)
def test_what_cannot_be_asked_for(
    asked: dict[str, str], client_for: Callable[..., Client], wrong: dict[str, str], says: str
) -> None:
    page = client_for("liangchen").post(NEW, asked | wrong)
    assert page.status_code == 422
    assert says in page.text
    assert not Sample.objects.exists()


def test_who_enters(audit: Audit, client_for: Callable[..., Client]) -> None:
    sample = f"{LIST}samples/{audit.sample_id}/"
    people = ("liangchen", "admin", "hejun", "linxiaomei")
    for path in (LIST, sample, f"{LIST}{audit.number}/"):
        assert [client_for(who).get(path).status_code for who in people] == [200, 200, 403, 403]
        assert client_for("").get(path).status_code == 302
    assert [client_for(who).get(NEW).status_code for who in people] == [200, 403, 403, 403]
    for path, found in (("/desk/audits/", 200), (f"/desk/audits/{audit.number}/", 404)):
        assert [client_for(who).get(path).status_code for who in ("hejun", "luhao", "linxiaomei")] == [
            found,
            found,
            403,
        ]


def test_the_count_of_queries_does_not_grow(
    client_for: Callable[..., Client], granted: Callable[..., int], asked: dict[str, str]
) -> None:
    client, counts = client_for("liangchen"), []
    for more in (0, 4):
        for _ in range(more):
            granted(at=timezone.now() - timedelta(days=3))
        client.post(NEW, asked)
        sample = Sample.objects.latest("announced_at").number
        for path in (LIST, f"{LIST}samples/{sample}/"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(path).status_code == 200
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_once_more_with_a_reason(audit: Audit, asked: dict[str, str], client_for: Callable[..., Client]) -> None:
    """Deliberately and of one case alone, after the audit before is closed; its number stands on the page."""
    client = client_for("liangchen")
    one = asked | {"case": str(audit.case_id), "again": "yes"}
    assert "An earlier audit of this file is not closed" in client.post(NEW, one).text
    Audit.objects.update(state="closed")
    assert client.post(NEW, one | {"again": ""}).status_code == 422
    assert client.post(NEW, one | {"case": ""}).status_code == 422
    assert client.post(NEW, one | {"why": " "}).status_code == 422
    assert client.post(NEW, one).status_code == 302
    second = Audit.objects.get(round=2)
    assert second.case_id == audit.case_id
    assert "Audit number 2 of this file" in client.get(f"{LIST}{second.number}/").text
