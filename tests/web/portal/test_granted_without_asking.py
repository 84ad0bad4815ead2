"""Who has agreed is granted without asking what a rule and a register show; once, on record, and they can decline."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.cases import services as cases
from tongban.apps.cases.models import Case
from tongban.apps.cases.proof import verify
from tongban.apps.catalog.city import get_rights
from tongban.apps.channels.models import Notice
from tongban.apps.evidence.models import Certificate
from tongban.apps.exchange.models import Lookup
from tongban.apps.exchange.services import ask
from tongban.apps.intake import granting
from tongban.apps.intake.granting import grant_unasked
from tongban.apps.intake.models import Unasked
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.models import Consent

pytestmark = pytest.mark.django_db
For = Callable[..., Client]
OLD, NUMBER = "zhaoguoan", "361799195803070076"  # born in 1958


@pytest.fixture
def recorded(registers: Path) -> Callable[..., None]:
    """What the civil register says of them from now on."""

    def record(status: str = "normal", address: str = "明川市青屏区书院路 8 号") -> None:
        row = (NUMBER, "赵国安", "male", "1958-03-07", address, status)
        with closing(sqlite3.connect(registers / "civil-register.sqlite3", isolation_level=None)) as base:
            base.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?)", row)

    record()
    return record


@pytest.fixture
def agreed(client_for: For) -> Client:
    """They, who have read the words and agreed."""
    client = client_for(OLD)
    words = get_rights().consents["granting"].versions[-1]
    assert words.text.en[:30] in client.get("/for-me/").text
    client.post("/for-me/granting", {"words": words.sha256})
    return client


def test_it_works_once_with_reason_law_and_facts_on_record(
    agreed: Client, recorded: Any, client_for: For, follow_log: Any
) -> None:
    now = timezone.now()
    assert grant_unasked(at=now) == 1
    case = Case.objects.get(channel="unasked")
    assert (case.outcome, case.by_rule, case.answers["district"]) == ("granted", True, "qingping")
    history = get_history(case=case.number)
    assert all(event.capacity == "system" for event in history)
    said = next(event.data for event in history if event.kind == "grant.unasked")
    assert said["request"] == str(Lookup.objects.get().number)
    assert verify(case=case.number).holds
    page = agreed.get(f"/cases/{case.number}/").text
    assert "You are 68. From 60 on" in page
    assert "Article 53" in page
    assert "Decline it" in page
    assert "You filed it" not in page
    assert "Receipt" not in page
    for later in (now, now + timedelta(days=60)):
        assert grant_unasked(at=later) == 0
    assert Case.objects.filter(channel="unasked").count() == 1
    follow_log("notices")
    assert list(Notice.objects.filter(case=case.number).values_list("kind", flat=True)) == ["granted_unasked"]
    assert "1 granted, 0 declined" in client_for("liangchen").get("/supervise/audits/").text


def test_declined_it_ends_and_is_not_granted_again(agreed: Client, recorded: Any, client_for: For) -> None:
    grant_unasked(at=timezone.now())
    number = Case.objects.get(channel="unasked").number
    assert client_for("wuxiaochuan").post(f"/cases/{number}/decline").status_code == 404
    assert Certificate.objects.get(case=number).state == "issued"
    agreed.post(f"/cases/{number}/decline")
    certificate = Certificate.objects.get(case=number)
    assert (certificate.state, certificate.ground) == ("revoked", "holder-asked")
    kinds = [event.kind for event in get_history(case=number)][-2:]
    assert kinds == ["grant.declined", "certificate.revoked"]
    assert verify(case=number).holds
    page = agreed.post(f"/cases/{number}/decline", follow=True).text
    assert "you have declined it already" in page
    assert "Nothing of it holds any more" in page
    assert grant_unasked(at=timezone.now() + timedelta(days=90)) == 0


def test_too_late_it_stays(agreed: Client, recorded: Any) -> None:
    grant_unasked(at=timezone.now() - timedelta(days=31))
    case = Case.objects.get(channel="unasked")
    page = agreed.post(f"/cases/{case.number}/decline", follow=True).text
    assert "It could be declined until" in page
    assert Certificate.objects.get(case=case.number).state == "issued"


@pytest.mark.parametrize(("status", "address"), [("cancelled", "明川市青屏区"), ("normal", "外省某市")])
def test_nobody_who_died_or_moved(agreed: Client, recorded: Any, status: str, address: str) -> None:
    recorded(status, address)
    now = timezone.now()
    assert grant_unasked(at=now) == grant_unasked(at=now + timedelta(days=1)) == 0
    assert not Case.objects.filter(channel="unasked").exists()
    assert Lookup.objects.count() == 1  # and the register is not asked each day
    recorded()
    assert grant_unasked(at=now + timedelta(days=31)) == 1


def test_without_agreement_or_with_one_that_has_ended_nothing_is_asked(agreed: Client, recorded: Any) -> None:
    agreed.post("/for-me/granting", {"off": "1"})
    assert grant_unasked(at=timezone.now()) == 0
    assert not Lookup.objects.exists()
    agreed.post("/for-me/granting", {"words": "made-up"})
    assert not Consent.objects.filter(purpose="granting", ended_at=None).exclude(sources=[]).exists()


def test_agreement_that_ends_while_the_register_is_asked(
    agreed: Client, recorded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(**given: Any) -> Any:
        agreed.post("/for-me/granting", {"off": "1"})
        return ask(**given)

    monkeypatch.setattr(granting, "ask", meanwhile)
    assert grant_unasked(at=timezone.now()) == 0
    assert not Case.objects.filter(channel="unasked").exists()


def test_killed_between_nothing_is_left_and_the_next_run_goes_on(
    agreed: Client, recorded: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(**_given: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(cases, "note_unasked", killed)
        with pytest.raises(KeyboardInterrupt):
            grant_unasked(at=timezone.now())
    assert not Case.objects.filter(channel="unasked").exists()
    assert not Unasked.objects.exists()
    assert not Certificate.objects.filter(matter="senior-card").exists()
    assert grant_unasked(at=timezone.now()) == 1


def test_more_people_take_no_more_queries(agreed: Client, client_for: For, registers: Path) -> None:
    """None of them is sixty: nobody's record is asked for."""
    Consent.objects.filter(purpose="granting").delete()
    words = get_rights().consents["granting"].versions[-1].sha256

    def counted(*names: str) -> int:
        for name in names:
            client_for(name).post("/for-me/granting", {"words": words})
        with CaptureQueriesContext(connection) as queries:
            assert grant_unasked(at=timezone.now()) == 0
        return len(queries)

    assert counted("linxiaomei") == counted("zhoumin", "wuxiaochuan")
    assert not Lookup.objects.exists()
