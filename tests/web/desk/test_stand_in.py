"""Someone is away: a colleague does the work in their place, says so at every step, and is stopped at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.cases.models import Task
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.models import StandIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def name(client_for: Any, user_for: Any) -> Any:
    """Name a stand-in the way a browser does."""

    def post(by: str, *, absent: str, stand_in: str, **changes: Any) -> Any:
        today = timezone.localdate()
        data = {
            "absent": user_for(absent).pk,
            "stand_in": user_for(stand_in).pk,
            "department": "",
            "since": today.isoformat(),
            "until": (today + timedelta(days=7)).isoformat(),
            "reason": "on leave",
        }
        return client_for(by).post("/desk/stand-ins/", data | changes)

    return post


DECISION = {"outcome": "granted", "reason": "", "confirmed": "yes"}


def test_it_works(name: Any, at_step: Any, give: Any, client_for: Any, user_for: Any) -> None:
    number = at_step("decide")
    assert give("huangyan", number, "decide", **DECISION).status_code == 409
    assert name("hejun", absent="hejun", stand_in="huangyan").status_code == 302
    page = client_for("huangyan").get("/desk/stand-ins/").text
    assert "<strong>Huang Yan</strong> in place of <strong>He Jun</strong>" in " ".join(page.split())
    assert give("huangyan", number, "decide", **DECISION).status_code == 302
    decided = next(event for event in get_history(case=number) if event.kind == "case.decided")
    assert decided.actor == f"user:{user_for('huangyan').pk}"
    assert decided.capacity == f"stand-in:user:{user_for('hejun').pk}"
    assert "Huang Yan in place of He Jun" in client_for("hejun").get(f"/desk/cases/{number}/").text


def test_what_the_absent_colleague_had_taken_on(name: Any, at_step: Any, give: Any, client_for: Any) -> None:
    number = at_step("review")
    give("hejun", number, "claim")
    assert give("huangyan", number, "complete", outcome="pass").status_code == 409
    name("hejun", absent="hejun", stand_in="huangyan")
    assert str(number) in client_for("huangyan").get("/desk/?group=mine").text.replace(" ", "")
    assert give("huangyan", number, "complete", outcome="pass").status_code == 302
    done = [event for event in get_history(case=number) if event.node == "review" and event.kind == "task.completed"]
    assert done[-1].capacity.startswith("stand-in:")


def test_in_ones_own_right_where_that_suffices(name: Any, at_step: Any, give: Any) -> None:
    number = at_step("review")
    name("hejun", absent="hejun", stand_in="huangyan")
    give("huangyan", number, "complete", outcome="pass")
    done = [event for event in get_history(case=number) if event.node == "review" and event.kind == "task.completed"]
    assert done[-1].capacity == "officer"


def test_revoked_at_once(name: Any, at_step: Any, give: Any, client_for: Any) -> None:
    number = at_step("decide")
    name("hejun", absent="hejun", stand_in="huangyan")
    row = StandIn.objects.get()
    assert client_for("luhao").post(f"/desk/stand-ins/{row.pk}/revoke/").status_code == 404
    assert client_for("hejun").post(f"/desk/stand-ins/{row.pk}/revoke/").status_code == 302
    row.refresh_from_db()
    assert row.revoked_at is not None
    assert give("huangyan", number, "decide", **DECISION).status_code == 409
    assert client_for("hejun").post(f"/desk/stand-ins/{row.pk}/revoke/").status_code == 404


def test_only_on_the_days_it_is_for(name: Any, at_step: Any, give: Any) -> None:
    number = at_step("decide")
    later = timezone.localdate() + timedelta(days=1)
    assert name("hejun", absent="hejun", stand_in="huangyan", since=later.isoformat()).status_code == 302
    assert give("huangyan", number, "decide", **DECISION).status_code == 409
    before = later - timedelta(days=2)
    assert name("hejun", absent="hejun", stand_in="huangyan", until=before.isoformat()).status_code == 422


def test_only_for_the_work_it_is_for(name: Any, at_step: Any, give: Any) -> None:
    number = at_step("decide")
    name("hejun", absent="hejun", stand_in="huangyan", roles=["reviewer"])
    assert give("huangyan", number, "decide", **DECISION).status_code == 409


def test_nobody_judges_in_a_colleagues_place_what_they_handled(name: Any, at_step: Any, give: Any) -> None:
    number = at_step("decide")  # handled and inspected by Chen Li
    name("hejun", absent="hejun", stand_in="chenli")
    refused = give("chenli", number, "decide", **DECISION)
    assert refused.status_code == 409
    assert "You have handled this case" in refused.text
    assert Task.objects.get(case=number, node="decide").finished is None


def test_nor_what_the_absent_colleague_handled(name: Any, at_step: Any, give: Any) -> None:
    number = at_step("handle")
    give("huangyan", number, "complete", outcome="pass")
    give("chenli", number, "complete", node="inspect", outcome="pass")
    name("huangyan", absent="huangyan", stand_in="hejun", department="market-regulation")
    give("huangyan", number, "claim", node="review")
    assert give("hejun", number, "complete", node="review", outcome="pass").status_code == 409


def test_the_head_arranges_it_for_the_department(name: Any) -> None:
    given = {"absent": "chenli", "stand_in": "huangyan"}
    assert name("hejun", **given).status_code == 302
    assert name("hejun", **given, department="market-regulation").status_code == 302
    assert name("huangyan", **given).status_code == 422
    assert name("huangyan", absent="huangyan", stand_in="huangyan").status_code == 422
    assert StandIn.objects.count() == 2


def test_strangers_and_nobody(name: Any, client_for: Any) -> None:
    assert client_for("linxiaomei").get("/desk/stand-ins/").status_code == 403
    assert client_for("").get("/desk/stand-ins/")["Location"].startswith("/account/login/")
    assert name("luhao", absent="chenli", stand_in="luhao").status_code == 422
    assert StandIn.objects.count() == 0


def test_nothing_is_arranged_yet(client_for: Any) -> None:
    assert "Nothing is arranged" in client_for("chenli").get("/desk/stand-ins/").text
