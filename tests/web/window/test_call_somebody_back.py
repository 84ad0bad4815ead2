"""A caller is promised a call: the department keeps it, is reminded, hands it over, or reaches nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from tests.web.hall.conftest import MONDAY

from tongban.apps.calls.models import CallBack
from tongban.apps.calls.queries import list_overdue
from tongban.apps.calls.services import sweep_call_backs
from tongban.apps.channels.models import Notice
from tongban.apps.channels.sources import ask_sources
from tongban.apps.ledger.queries import get_history
from tongban.apps.rights.models import Look

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_monday")]
For = Callable[[str], Client]
PHONE, LIST = "/window/phone/", "/window/phone/call-backs/"
ASKED = {"question": "补贴什么时候到账", "telephone": "", "within": "1 working days", "department": "window"}


@pytest.fixture
def there(client_for: For) -> str:
    """A call of Wang Qian's."""
    return str(client_for("wangqian").post(f"{PHONE}begin", {"telephone": "13900000001", "key": uuid4()})["Location"])


def test_it_works(client_for: For, there: str) -> None:
    clerk = client_for("wangqian")
    assert "call-back/" in clerk.get(there).text
    assert clerk.post(f"{there}call-back/", ASKED)["Location"] == there
    row = CallBack.objects.get()
    assert MONDAY + timedelta(days=1) < row.due_at <= MONDAY + timedelta(days=1, hours=14)
    page = client_for("sunbei").get(LIST).text
    assert "139****0001" in page
    assert "补贴" not in page
    whole = client_for("sunbei").get(f"{LIST}{row.number:016d}/").text
    assert "13900000001" in whole
    assert "补贴什么时候到账" in whole
    assert "tell them what is public" in whole
    assert "They were called." in clerk.post(f"{LIST}{row.number:016d}/done", follow=True).text
    assert "No call is promised" in clerk.get(LIST).text
    assert "called already" in clerk.get(f"{LIST}{row.number:016d}/", follow=True).text
    log = get_history(case=row.number)
    assert [event.kind for event in log] == ["call_back.promised", "call_back.done"]
    assert "13900000001" not in str(log)
    assert "补贴" not in str(log)
    assert "13900000001" not in row.telephone_sealed + row.question_sealed


@pytest.mark.parametrize(
    "changes", [{"question": ""}, {"within": "9 hours"}, {"department": "nowhere"}, {"telephone": "call me"}]
)
def test_what_is_missing_is_said(client_for: For, there: str, changes: dict[str, str]) -> None:
    assert client_for("wangqian").post(f"{there}call-back/", ASKED | changes).status_code == 422
    assert not CallBack.objects.exists()


def test_no_case_is_named_for_who_has_shown_nothing(client_for: For, there: str, file_case: Any) -> None:
    client_for("wangqian").post(f"{there}call-back/", ASKED | {"case": str(file_case())})
    assert CallBack.objects.get().case is None


def test_who_is_not_reached_is_tried_again_and_then_given_up(client_for: For, there: str) -> None:
    clerk = client_for("wangqian")
    clerk.post(f"{there}call-back/", ASKED)
    where = f"{LIST}{CallBack.objects.get().number:016d}/"
    assert "Try three times" in clerk.post(f"{where}give-up", follow=True).text
    for _ in range(3):
        clerk.post(f"{where}not-reached")
    assert "not reached 3 times" in clerk.get(LIST).text
    clerk.post(f"{where}give-up")
    assert CallBack.objects.get().state == "given-up"
    assert clerk.post(f"{where}another").status_code == 404


def test_another_department_keeps_it(client_for: For, there: str, file_case: Any) -> None:
    clerk, number = client_for("wangqian"), file_case()
    said = {"case_number": f"{number:016d}", "name": "林晓梅", "identity_ending": "0027"}
    clerk.post(f"{there}?way=by-person", said)
    clerk.post(f"{there}call-back/", ASKED | {"case": str(number)})
    row = CallBack.objects.get()
    assert row.case == number
    where = f"{LIST}{row.number:016d}/"
    officer = client_for("chenli")
    assert officer.get(where).status_code == 404
    clerk.post(f"{where}hand-over", {"department": "market-regulation"})
    before = Look.objects.count()
    assert "13900000001" in officer.get(where).text
    assert Look.objects.count() == before + 1
    assert clerk.get(where).status_code == 404
    officer.post(f"{where}done")
    assert CallBack.objects.get().state == "done"


def test_who_promised_is_reminded_and_supervision_sees_what_is_late(
    client_for: For, there: str, at: Callable[[datetime], None], user_for: Any
) -> None:
    clerk = client_for("wangqian")
    clerk.post(f"{there}call-back/", ASKED)
    due = CallBack.objects.get().due_at
    ask_sources(at=due - timedelta(hours=2))
    assert not Notice.objects.filter(kind="desk_call_back").exists()
    for minutes in (50, 20):
        ask_sources(at=due - timedelta(minutes=minutes))
    (notice,) = Notice.objects.filter(kind="desk_call_back")
    assert notice.person.user == user_for("wangqian")
    assert "13900000001" not in str(notice.params)
    assert not list_overdue(at=due)
    late = due + timedelta(minutes=1)
    assert [row.late for row in list_overdue(at=late)] == [True]
    at(late)
    assert "1 promised call is late" in clerk.get(PHONE).text


def test_it_is_let_go_of_after_its_time(client_for: For, there: str) -> None:
    clerk = client_for("wangqian")
    clerk.post(f"{there}call-back/", ASKED)
    clerk.post(f"{LIST}{CallBack.objects.get().number:016d}/done")
    assert sweep_call_backs(at=MONDAY + timedelta(days=179)) == 0
    assert sweep_call_backs(at=MONDAY + timedelta(days=181)) == 1
    row = CallBack.objects.get()
    assert (row.telephone_sealed, row.question_sealed, row.person_id) == ("", "", None)


def test_who_may_enter(client_for: For, there: str) -> None:
    client_for("wangqian").post(f"{there}call-back/", ASKED)
    where = f"{LIST}{CallBack.objects.get().number:016d}/"
    assert client_for("sunbei").get(f"{there}call-back/").status_code == 404  # a colleague's call
    assert client_for("chenli").get(f"{there}call-back/").status_code == 403
    assert "No call is promised" in client_for("chenli").get(LIST).text
    assert client_for("chenli").post(f"{where}done").status_code == 404
    for path in (LIST, where):
        assert client_for("linxiaomei").get(path).status_code == 403
        assert "/account/login/" in client_for("").get(path)["Location"]
    assert client_for("linxiaomei").post(f"{where}done").status_code == 403
