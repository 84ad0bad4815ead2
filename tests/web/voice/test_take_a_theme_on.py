"""A coordinator takes a topic on; the department tells how far it is; everybody reads it, and late is seen."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.apps.voice.conftest import LIGHTS

from tongban.apps.voice.models import Inquiry, Theme


@pytest.fixture
def given(say_often: Any, gather: Any) -> dict[str, str]:
    numbers = say_often(LIGHTS, 3)
    gather()
    today = timezone.localdate()
    return {
        "topic": str(Inquiry.objects.get(pk=numbers[0]).topic),
        "title": "路灯不亮",
        "month": f"{today:%Y-%m}",
        "department": "utilities",
        "plan": "全市排查路灯。",
        "due": (today + timedelta(days=20)).isoformat(),
    }


def test_it_works(given: Any, client_for: Any) -> None:
    coordinator, department = client_for("xuhong"), client_for("majun")
    assert f"/desk/themes/?topic={given['topic']}" in coordinator.get(f"/desk/topics/{given['topic']}/").text
    assert given["topic"] in coordinator.get(f"/desk/themes/?topic={given['topic']}").text
    page = coordinator.post("/desk/themes/", given, follow=True).text
    assert "路灯不亮" in page
    path = f"/desk/themes/{Theme.objects.get().pk}/"
    department.post(path, {"what": "note", "words": "已经修好一半。"})
    public = client_for().get("/voices/themes/").text
    assert "Being worked on" in public
    assert "已经修好一半。" in public
    department.post(path, {"what": "done", "words": "全部修好。"})
    assert "全部修好。" in client_for().get("/voices/themes/").text
    assert "Tell everybody" not in department.get(path).text


def test_late_ones_are_shown_to_supervision_and_whose_they_are(given: Any, client_for: Any) -> None:
    client_for("xuhong").post("/desk/themes/", given)
    Theme.objects.update(due=timezone.localdate() - timedelta(days=2))
    for who in ("liangchen", "xuhong", "majun"):
        assert "Themes past their day" in client_for(who).get("/desk/topics/").text
        assert "Past their day" in client_for(who).get("/desk/themes/").text
    assert "Themes past their day" not in client_for("chenli").get("/desk/topics/").text
    assert "Late" in client_for().get("/voices/themes/").text


def test_what_cannot_be_is_told_and_stays_typed(given: Any, client_for: Any) -> None:
    client = client_for("xuhong")
    for changes in ({"due": "soon"}, {"topic": "x"}, {"plan": ""}, {"month": "2026-13"}):
        page = client.post("/desk/themes/", given | changes)
        assert page.status_code == 422, changes
        assert "路灯不亮" in page.text
    assert not Theme.objects.exists()
    assert client.get("/desk/themes/?before=x").status_code == 302
    assert client.get("/voices/themes/?before=x").status_code == 302
    assert client.get("/desk/themes/77/").status_code == 404


@pytest.mark.parametrize(("who", "status"), [("chenli", 200), ("liangchen", 200), ("linxiaomei", 403), ("", 302)])
def test_who_enters_and_who_chooses(given: Any, client_for: Any, who: str, status: int) -> None:
    client_for("xuhong").post("/desk/themes/", given)
    theme, client = Theme.objects.get(), client_for(who)
    path = f"/desk/themes/{theme.pk}/"
    assert client.get("/desk/themes/").status_code == status
    assert client.get(path).status_code == status
    client.post("/desk/themes/", given | {"month": "2026-01"})
    client.post(path, {"what": "done", "words": "好了。"})
    assert Theme.objects.count() == 1
    assert Theme.objects.get().done_at is None
    assert client.get("/voices/themes/").status_code == 200
