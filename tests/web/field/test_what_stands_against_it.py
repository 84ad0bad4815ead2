"""Something happened while the inspector was away: told, and nothing of what was written is lost."""

from typing import Any
from uuid import uuid4

import pytest

from tongban.apps.cases.models import Task
from tongban.apps.inspections.models import Inspection, Photo
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db


def _done(act: Any, number: int) -> None:
    act(number, "complete", by="huangyan", node="inspect", outcome="fail", opinion="我先到了。")


def _handed_over(act: Any, number: int) -> None:
    act(number, "claim", by="huangyan", node="inspect")


def _withdrawn(act: Any, number: int) -> None:
    from django.utils import timezone

    from tongban.apps.cases import services
    from tongban.apps.people.models import User
    from tongban.apps.people.queries import get_actor

    owner = get_actor(user=User.objects.get(username="linxiaomei"), on=timezone.localdate())
    services.withdraw(number=number, reason="不开了。", actor=owner, at=timezone.now())


@pytest.mark.parametrize(
    ("happens", "conflict"),
    [(_done, "step-done"), (_handed_over, "handed-over"), (_withdrawn, "case-over")],
)
def test_it_is_kept_and_can_be_put_beside_the_case(
    visit: int, record: Any, act: Any, client_for: Any, happens: Any, conflict: str
) -> None:
    happens(act, visit)
    before = len(get_history(case=visit))
    response = record(accept="application/json")
    assert response.json()["state"] == "kept"
    assert response.json()["conflict"]
    row = Inspection.objects.get()
    assert (row.state, row.conflict) == ("kept", conflict)
    assert len(get_history(case=visit)) == before, "the case is as it was"
    client = client_for("chenli")
    page = client.get(f"/field/records/{row.key}/")
    assert "布局与图一致。" in page.text
    assert client.post(f"/field/records/{row.key}/note").status_code == 302
    assert client.post(f"/field/records/{row.key}/note").status_code == 302, "twice is once"
    noted = [each for each in get_history(case=visit) if each.kind == "inspection.noted"]
    assert [each.data["conflict"] for each in noted] == [conflict]
    assert "布局与图一致。" in client_for("huangyan").get(f"/field/records/{row.key}/").text


def test_the_checklist_is_another(visit: int, record: Any, path_of: Any, client_for: Any) -> None:
    """Filled in again under the same key, with the photos that are there, it enters the case."""
    key = str(uuid4())
    assert record(key=key, checklist="0123456789ab")["Location"] == f"/field/records/{key}/"
    assert Inspection.objects.get().conflict == "checklist-changed"
    client = client_for("chenli")
    assert f"{path_of(visit)}?key={key}" in client.get(f"/field/records/{key}/").text
    assert key in client.get(f"{path_of(visit)}?key={key}").text
    record(key=key, photos=False)
    assert Inspection.objects.get().state == "recorded"
    assert Photo.objects.count() == 3
    assert Task.objects.get(case=visit, node="inspect").outcome == "pass"


def test_what_is_kept_is_its_inspectors_alone(visit: int, record: Any, act: Any, client_for: Any) -> None:
    _done(act, visit)
    where = record()["Location"]
    assert client_for("huangyan").get(where).status_code == 404
    for who, status in (("huangyan", 404), ("luhao", 404), ("linxiaomei", 403), ("", 302)):
        assert client_for(who).post(where + "note").status_code == status
    assert "inspection.noted" not in [each.kind for each in get_history(case=visit)]


def test_a_key_is_its_inspectors_alone(record: Any) -> None:
    key = str(uuid4())
    record(key=key, statement="")  # photos have come
    assert record("huangyan", key=key).status_code == 404
