"""A pledge is read and signed, kept with the case, and, found broken, revokes and bars the next one."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tongban.apps.cases.models import BrokenPledge, Case
from tongban.apps.cases.proof import verify
from tongban.apps.catalog.queries import get_version
from tongban.apps.evidence.models import Certificate
from tongban.apps.intake.errors import PledgeBarred
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db
MATTER, HANDLER, DECIDER = "graduate-job-subsidy", "shenlan", "xiaogang"


@pytest.fixture
def pledged(file_case: Any, act: Any) -> Callable[[str], int]:
    """Granted on a pledge and delivered, then checked with that outcome."""

    def take(outcome: str) -> int:
        number: int = file_case(matter=MATTER, at=timezone.now() - timedelta(hours=1))
        act(number, "accept", by="wangqian")
        act(number, "decide", by=DECIDER, node="decide", outcome="granted", reason="")
        act(number, "deliver", by="wangqian", node="deliver", way="web")
        act(number, "complete", by=HANDLER, node="check_afterwards", outcome=outcome, opinion="残联没有登记。")
        return number

    return take


def start_page(client: Client, step: str = "") -> str:
    """The address of the first page of a fresh filing, or of that step."""
    start = f"/matters/{MATTER}/start"
    key = client.get(start).context["applicants"][0].key
    begun = client.post(start, {"applicant": key})["Location"]
    return f"{begun}{step}/" if step else str(client.get(begun)["Location"])


def test_it_is_read_where_it_is_signed_and_nobody_is_barred(client_for: Callable[..., Client]) -> None:
    client = client_for("linxiaomei")
    first = client.get(start_page(client)).text
    assert "What you pledge" not in first
    assert "no other counts here" not in first
    signed = client.get(start_page(client, "pledge")).text
    assert "I pledge that I graduate this year" in signed
    assert "the confirmation is revoked" in signed


def test_one_that_was_kept(client_for: Callable[..., Client], pledged: Any, file_case: Any) -> None:
    number = pledged("pass")
    case = Case.objects.get(pk=number)
    pledge = get_version(version_id=case.matter_version_id).definition.pledge
    assert pledge is not None
    signed = next(event for event in get_history(case=number) if event.kind == "pledge.signed")
    assert (signed.data, signed.capacity) == ({"sha256": pledge.sha256}, "applicant")
    assert Certificate.objects.get(case=number).state == "issued"
    assert "I pledge that I graduate this year" in client_for("linxiaomei").get(f"/cases/{number}/").text
    assert not BrokenPledge.objects.exists()
    assert "Nothing was found against it." in client_for("linxiaomei").get("/me/pledges/").text
    assert file_case(matter=MATTER)


def test_one_that_was_broken(client_for: Callable[..., Client], pledged: Any, file_case: Any) -> None:
    number = pledged("fail")
    certificate = Certificate.objects.get(case=number)
    assert (certificate.state, certificate.ground, certificate.reason) == ("revoked", "fraud", "残联没有登记。")
    kinds = [event.kind for event in get_history(case=number)]
    assert kinds[kinds.index("pledge.broken") + 1] == "certificate.revoked"
    assert verify(case=number).holds
    with pytest.raises(PledgeBarred) as barred:
        file_case(matter=MATTER, at=timezone.now())
    row = BrokenPledge.objects.get()
    assert barred.value.params["until"] == row.until.isoformat()
    assert file_case(matter=MATTER, username="wuxiaochuan", at=timezone.now())  # another's is another's
    page = client_for("linxiaomei").get(start_page(client_for("linxiaomei")))
    assert "no other counts here. Choose the way without a pledge" in page.text
    mine = client_for("linxiaomei").get("/me/pledges/").text
    assert "no other pledge counts in this matter" in mine
    assert 'href="/matters/data-correction/start"' in mine
    others = client_for("zhaoguoan").get("/me/pledges/").text
    assert "You have pledged nothing" in others
    assert client_for().get("/me/pledges/").status_code == 302
    BrokenPledge.objects.update(until=timezone.localdate() - timedelta(days=1))
    assert "a pledge counts in this matter again" in client_for("linxiaomei").get("/me/pledges/").text
    assert file_case(matter=MATTER, at=timezone.now())
