"""Who broke a pledge asks that its consequence end early, and the department agrees or not, with reasons."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from tests.conftest import PNG

from tongban.apps.cases.models import BrokenPledge, PledgeRepair
from tongban.apps.cases.proof import verify
from tongban.apps.cases.services import erase
from tongban.apps.channels.models import Notice
from tongban.apps.intake.errors import PledgeBarred
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db
MATTER, HANDLER, DECIDER, ELSEWHERE = "graduate-job-subsidy", "shenlan", "xiaogang", "hejun"
WHY, BECAUSE = "I am registered now, and have paid it back.", "The federation confirms the registration."


@pytest.fixture
def broken(file_case: Any, act: Any) -> int:
    """Granted on a pledge, found broken today, and then moved back by so much that an earlier end can be asked for."""
    number: int = file_case(matter=MATTER, at=timezone.now() - timedelta(hours=1))
    act(number, "accept", by="wangqian")
    act(number, "decide", by=DECIDER, node="decide", outcome="granted", reason="")
    act(number, "deliver", by="wangqian", node="deliver", way="web")
    act(number, "complete", by=HANDLER, node="check_afterwards", outcome="fail", opinion="残联没有登记。")
    BrokenPledge.objects.update(broken_at=timezone.now() - timedelta(days=190))
    return number


def _ask(client: Client, number: int, **given: Any) -> Any:
    return client.post(f"/me/pledges/{number}/repair/", {"why": WHY} | given, follow=True)


def _answer(client: Client, number: int, answer: str, **given: str) -> Any:
    return client.post(f"/desk/repairs/{number}/", {"answer": answer, "reason": BECAUSE, "confirmed": "yes"} | given)


def test_it_works(client_for: Callable[..., Client], file_case: Any, broken: int, catch_up: Callable[..., int]) -> None:
    """Asked with a paper, agreed to with reasons: a pledge counts again, and that one was broken stays."""
    holder, officer = client_for("linxiaomei"), client_for(DECIDER)
    assert f"/me/pledges/{broken}/repair/" in holder.get("/me/pledges/").text
    page = holder.get(f"/me/pledges/{broken}/repair/").text
    assert "That no pledge counts until trust is restored" in page
    after = _ask(holder, broken, files=SimpleUploadedFile("card.png", PNG)).text
    assert "The office decides by" in after
    assert WHY in after
    assert f"/desk/repairs/{broken}/" in officer.get("/desk/repairs/").text
    seen = officer.get(f"/desk/repairs/{broken}/").text
    assert WHY in seen
    assert "card.png" in seen
    assert "End the bar early?" in _answer(officer, broken, "granted", confirmed="").text
    assert BECAUSE in _answer(officer, broken, "granted", confirmed="", edit="yes").text
    with pytest.raises(PledgeBarred):
        file_case(matter=MATTER, at=timezone.now())
    assert _answer(officer, broken, "granted")["Location"] == "/desk/repairs/"
    assert file_case(matter=MATTER, at=timezone.now())
    assert BrokenPledge.objects.get().ended_on == timezone.localdate()
    assert "a pledge of yours counts in this matter again" in holder.get("/me/pledges/").text
    assert BECAUSE in holder.get(f"/me/pledges/{broken}/repair/").text
    assert [event.kind for event in get_history(case=broken)][-2:] == ["repair.asked", "repair.granted"]
    assert verify(case=broken).holds
    catch_up()
    assert {"repair_asked", "repair_granted"} <= set(Notice.objects.values_list("kind", flat=True))
    assert _answer(officer, broken, "denied").status_code == 409
    erase(number=broken, at=timezone.now())
    row = PledgeRepair.objects.get()
    assert (row.why, row.words, row.state) == ("", "", "granted")


def test_denied_it_stands_and_is_asked_anew(
    client_for: Callable[..., Client], file_case: Any, broken: int, catch_up: Callable[..., int]
) -> None:
    holder, officer = client_for("linxiaomei"), client_for(DECIDER)
    _ask(holder, broken)
    assert _answer(officer, broken, "denied", reason="").status_code == 422
    assert _answer(officer, broken, "neither").status_code == 422
    _answer(officer, broken, "denied")
    with pytest.raises(PledgeBarred):
        file_case(matter=MATTER, at=timezone.now())
    assert "The office has not agreed" in holder.get(f"/me/pledges/{broken}/repair/").text
    _ask(holder, broken)
    assert PledgeRepair.objects.get().state == "open"
    catch_up()
    assert Notice.objects.filter(kind="repair_denied").count() == 1


def test_not_before_its_time_and_not_without_reasons(client_for: Callable[..., Client], broken: int) -> None:
    holder, page = client_for("linxiaomei"), f"/me/pledges/{broken}/repair/"
    assert holder.post(page, {"why": " "}).status_code == 422
    assert holder.post(page, {"why": WHY, "files": SimpleUploadedFile("x.exe", b"MZ")}).status_code == 422
    BrokenPledge.objects.update(broken_at=timezone.now() - timedelta(days=30))
    assert "An earlier end can be asked for from" in holder.get("/me/pledges/").text
    assert "An earlier end can be asked for from" in _ask(holder, broken).text
    BrokenPledge.objects.update(
        broken_at=timezone.now() - timedelta(days=800), until=timezone.localdate().replace(year=2020)
    )
    _ask(holder, broken)
    assert not PledgeRepair.objects.exists()


def test_who_may(client_for: Callable[..., Client], granted: Callable[..., int], broken: int) -> None:
    for who, status in {"wuxiaochuan": 404, DECIDER: 404, "": 302}.items():
        assert client_for(who).post(f"/me/pledges/{broken}/repair/", {"why": WHY}).status_code == status, who
    assert client_for(DECIDER).get(f"/desk/repairs/{broken}/").status_code == 404  # nobody has asked
    _ask(client_for("linxiaomei"), broken)
    for who, status in {ELSEWHERE: 404, "linxiaomei": 403, "": 302, HANDLER: 403}.items():
        assert client_for(who).get(f"/desk/repairs/{broken}/").status_code == status, who
        assert _answer(client_for(who), broken, "granted").status_code == status, who
    assert f"/desk/repairs/{broken}/" not in client_for(ELSEWHERE).get("/desk/repairs/").text
    assert PledgeRepair.objects.get().state == "open"
    other = granted()
    assert client_for("linxiaomei").get(f"/me/pledges/{other}/repair/")["Location"] == "/me/pledges/"
