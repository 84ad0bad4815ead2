"""My numbers: what I did, counted along the log, each leading to its cases; nobody else reads them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tongban.apps.cases.models import Task
from tongban.apps.cases.services import rate, return_to
from tongban.apps.insight.models import Deed, DepartmentTime
from tongban.apps.people.models import StandIn
from tongban.apps.supervision.models import Card

pytestmark = pytest.mark.django_db

PAGE = "/desk/numbers/"
Follow = Callable[[str], None]


def _numbers(client: Any, **asked: str) -> dict[str, str]:
    context = client.get(PAGE, asked).context
    return {stat["name"]: str(stat["value"]) for stat in context["stats"]}


def test_it_works(client_for: Any, granted: Any, actor_for: Any, follow_log: Follow) -> None:
    number = granted()
    rate(number=number, grade=4, words="", shown=False, actor=actor_for("linxiaomei"), at=timezone.now())
    follow_log("deeds")
    hejun, chenli = client_for("hejun"), client_for("chenli")
    assert _numbers(hejun)["Steps that I ended"] == "2"  # review and decision
    assert _numbers(hejun)["In time"] == "2 / 2"
    assert _numbers(hejun)["Ratings of cases that I decided"] == "4.0 of 5 (1)"
    assert _numbers(chenli)["Steps that I ended"] == "2"
    assert _numbers(chenli)["Ratings of cases that I decided"] == "–"
    page = hejun.get(PAGE)
    assert "Only you read these numbers" in page.text
    links = [stat["url"] for stat in page.context["stats"] if stat["url"]]
    assert len(links) == 2
    for link in links:
        assert f"/desk/cases/{number}/" in hejun.get(link).text


def test_late_and_sent_back(client_for: Any, at_step: Any, act: Any, actor_for: Any, follow_log: Follow) -> None:
    number = at_step("handle")
    Task.objects.filter(case=number, node="handle").update(due=timezone.now() - timedelta(days=1))
    act(number, "complete", by="chenli", node="handle", outcome="pass", opinion="Seen.")
    follow_log("deeds")
    client = client_for("chenli")
    assert _numbers(client)["In time"] == "0 / 1"
    assert f"/desk/cases/{number}/" in client.get(PAGE + "late/").text
    act(number, "complete", by="chenli", node="inspect", outcome="pass", opinion="Seen.")
    review, hejun = Task.objects.get(case=number, finished=None), actor_for("hejun")
    return_to(number=number, task=review.no, node="handle", reason="Old plan.", actor=hejun, at=timezone.now())
    follow_log("deeds")
    assert _numbers(client)["Sent back to me"] == "1"
    assert _numbers(client_for("hejun"))["Sent back to me"] == "0"
    assert f"/desk/cases/{number}/" in client.get(PAGE + "returned/").text


def test_read_again_nothing_is_counted_twice(granted: Any, follow_log: Follow) -> None:
    granted()
    follow_log("deeds")
    before = Deed.objects.count(), sum(DepartmentTime.objects.values_list("steps", flat=True))
    follow_log("deeds")
    assert (Deed.objects.count(), sum(DepartmentTime.objects.values_list("steps", flat=True))) == before
    assert before == (5, 5)


def test_beside_the_department_without_names(client_for: Any, granted: Any, follow_log: Follow) -> None:
    granted()
    follow_log("deeds")
    assert "too little is known" in client_for("chenli").get(PAGE).text  # four steps of two people
    granted(username="wuxiaochuan")
    follow_log("deeds")
    page = client_for("chenli").get(PAGE).text
    assert "In your department about" in page
    assert "He Jun" not in page


def test_a_time_is_chosen(client_for: Any, granted: Any, follow_log: Follow) -> None:
    granted()
    follow_log("deeds")
    client, today = client_for("chenli"), timezone.localdate()
    earlier = {"first": f"{today - timedelta(days=9)}", "last": f"{today - timedelta(days=2)}"}
    assert "Nothing in this time" in client.get(PAGE, earlier).text
    assert "Nothing in this time" in client.get(PAGE + "done/", earlier).text
    assert _numbers(client, first=f"{today}", last=f"{today}")["Steps that I ended"] == "2"
    for first, last in (("x", "y"), ("2026-13-01", ""), ("0001-01-01", f"{today}"), (f"{today}", "2001-01-01")):
        assert _numbers(client, first=first, last=last)["Steps that I ended"] == "2"


def test_cards_on_steps_that_i_had(client_for: Any, shown: Any, user_for: Any) -> None:
    card = Card.objects.filter(number=shown())
    card.update(holder=user_for("chenli"), state="withdrawn")
    client = client_for("chenli")
    page = client.get(PAGE)
    assert next(stat for stat in page.context["stats"] if "cards" in stat["url"])["value"] == 1
    assert "taken back on appeal: 1" in page.text
    assert f"/desk/cases/{card.get().case_id}/" in client.get(PAGE + "cards/").text
    assert _numbers(client_for("huangyan")).get("Cards on steps that I had", "0") == "0"


def test_what_is_mine_now_by_urgency(client_for: Any, file_case: Any, act: Any) -> None:
    late, free = file_case(), file_case(username="wuxiaochuan")
    act(late, "claim", by="wangqian")
    Task.objects.filter(case__in=(late, free)).update(due=timezone.now() - timedelta(days=3))
    client = client_for("wangqian")
    load = client.get(PAGE).context["load"]
    assert [each["count"] for each in load] == [1, 1, 1, 1, 1]
    assert [line.row.number for line in client.get(load[0]["url"]).context["lines"]] == [late]


def test_a_case_that_is_not_mine_to_open_any_more_is_left_out(client_for: Any, user_for: Any, at_step: Any) -> None:
    number = at_step("handle")
    Deed.objects.create(
        case=number, seq=999, officer=user_for("caiyi").pk, kind="done", node="x", at=timezone.now(), minutes=3
    )
    page = client_for("caiyi").get(PAGE + "done/")
    assert str(number) not in page.text
    assert "1 more case, which you may not open any more" in page.text


def test_colleagues_supervisors_residents_and_nobody(client_for: Any, granted: Any, follow_log: Follow) -> None:
    number = granted()
    follow_log("deeds")
    assert f"{number}" not in client_for("huangyan").get(PAGE + "done/").text
    for path in (PAGE, PAGE + "done/"):
        assert [client_for(who).get(path).status_code for who in ("liangchen", "linxiaomei", "")] == [403, 403, 302]
    assert client_for("chenli").get(PAGE + "others/").status_code == 404


def test_as_many_reads_with_many_cases_as_with_one(client_for: Any, granted: Any, follow_log: Follow) -> None:
    client, counts = client_for("chenli"), []
    for more in (("linxiaomei",), ("wuxiaochuan", "zhaoguoan", "zhoumin")):
        for username in more:
            granted(username=username)
        follow_log("deeds")
        for path in (PAGE, PAGE + "done/"):
            client.get(path)
            with CaptureQueriesContext(connection) as queries:
                client.get(path)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]
    assert max(counts) <= 16


def test_what_was_done_in_my_place(client_for: Any, at_step: Any, act: Any, user_for: Any, follow_log: Follow) -> None:
    number, today = at_step("decide"), timezone.localdate()
    StandIn.objects.create(
        absent=user_for("hejun"),
        stand_in=user_for("huangyan"),
        since=today,
        until=today,
        given_by=user_for("hejun"),
        given_at=timezone.now(),
    )
    act(number, "decide", by="huangyan", node="decide", outcome="granted", reason="")
    follow_log("deeds")
    assert f"/desk/cases/{number}/" in client_for("hejun").get(PAGE + "for_me/").text
    assert f"/desk/cases/{number}/" not in client_for("chenli").get(PAGE + "for_me/").text
    assert _numbers(client_for("huangyan"))["Steps that I ended"] == "1"
