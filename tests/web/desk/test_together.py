"""One command on many steps: selected in the queue, asked once, done to each by itself, told for each."""

from typing import Any

import pytest
from django.test import Client

from tongban.apps.cases import services
from tongban.apps.cases.models import Material, Task
from tongban.apps.cases.services.together import do_each, weigh_each
from tongban.apps.ledger.queries import get_history

pytestmark = pytest.mark.django_db

PAGE = "/desk/together/"


def _steps(*numbers: int) -> list[str]:
    return [f"{number}-{_open(number).no}" for number in numbers]


def _open(number: int) -> Task:
    return Task.objects.get(case=number, finished=None)


def _holder(number: int) -> str:
    task = _open(number)
    return task.claimed_by.username if task.claimed_by else ""


def _send(client: Client, do: str, steps: list[str], **data: Any) -> Any:
    return client.post(PAGE, {"do": do, "step": steps} | data)


def _confirm(client: Client, do: str, steps: list[str], **data: Any) -> Any:
    """Look, then press the button of that very page; return what is shown at the end."""
    page = _send(client, do, steps)
    assert page.status_code == 200
    shown = [line["name"] for line in page.context["can"]]
    press = {"press": page.context["press"], "confirmed": "yes"}
    return client.post(PAGE, {"do": do, "step": shown} | press | data, follow=True)


@pytest.fixture
def three(file_case: Any) -> tuple[int, int, int]:
    """Three cases that wait at the counter to be accepted."""
    one, two, three = (file_case(username=name) for name in ("linxiaomei", "wuxiaochuan", "zhaoguoan"))
    return one, two, three


def test_it_works(client_for: Any, three: Any) -> None:
    client = client_for("wangqian")
    queue = client.get("/desk/").text
    assert all(f'value="{name}"' in queue for name in _steps(*three))
    asked = _send(client, "claim", _steps(*three))
    assert "Take on 3 steps?" in asked.text
    assert "owes its own reasons" in asked.text
    assert [_holder(number) for number in three] == ["", "", ""]
    page = _confirm(client, "claim", _steps(*three))
    assert page.redirect_chain == [("/desk/together/done/", 302)]
    assert "3 steps taken on" in page.text
    assert [_holder(number) for number in three] == ["wangqian"] * 3
    for number in three:
        assert [event.kind for event in get_history(case=number)].count("task.claimed") == 1
    _confirm(client, "release", _steps(*three))
    assert [_holder(number) for number in three] == ["", "", ""]


def test_all_on_this_page_without_a_script(client_for: Any, three: Any) -> None:
    asked = client_for("wangqian").post(PAGE, {"do": "claim", "all": "yes", "shown": _steps(*three)})
    assert "Take on 3 steps?" in asked.text


def test_the_same_page_sent_twice_does_it_once(client_for: Any, three: Any) -> None:
    client = client_for("wangqian")
    press = {"press": _send(client, "claim", _steps(*three)).context["press"], "confirmed": "yes"}
    for _ in range(2):
        page = client.post(PAGE, {"do": "claim", "step": _steps(*three)} | press, follow=True)
        assert "3 steps taken on" in page.text
    assert [event.kind for event in get_history(case=three[0])].count("task.claimed") == 1
    unmarked = _send(client, "claim", _steps(*three), confirmed="yes")  # a page of which nothing is known any more
    assert "You have taken this step on already" in client.get(unmarked["Location"]).text


def test_who_was_faster_is_said_and_the_others_are_done(client_for: Any, three: Any, act: Any) -> None:
    client = client_for("wangqian")
    names = _steps(*three)
    assert len(_send(client, "claim", names).context["can"]) == 3
    act(three[1], "claim", by="sunbei")
    page = client.post(PAGE, {"do": "claim", "step": names, "confirmed": "yes", "press": "a"}, follow=True)
    assert "2 steps taken on" in page.text
    assert "Sun Bei has this step" in page.text
    assert [_holder(number) for number in three] == ["wangqian", "sunbei", "wangqian"]
    asked = _send(client, "release", names)
    assert [line["number"] for line in asked.context["cannot"]] == [three[1]]
    assert "Sun Bei has this step" in asked.text


def test_one_that_fails_keeps_none_back(actor_for: Any, three: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from tongban.apps.cases.services import together

    def broken(*, number: int, **given: Any) -> None:
        if number == three[0]:
            raise RuntimeError(number)
        services.claim(number=number, **given)

    monkeypatch.setitem(together._RUN, "claim", broken)
    steps = [(number, _open(number).no) for number in three]
    from django.utils import timezone

    taken = do_each(steps=steps, command="claim", given={}, actor=actor_for("wangqian"), at=timezone.now())
    assert [each.code for each in taken] == ["case.error", "", ""]
    assert [_holder(number) for number in three] == ["", "wangqian", "wangqian"]


def test_given_to_a_colleague_who_can_do_it(client_for: Any, three: Any, user_for: Any) -> None:
    client = client_for("wangqian")
    sunbei = f"user:{user_for('sunbei').pk}"
    asked = _send(client, "transfer", _steps(*three))
    assert sunbei in {option.value for option in asked.context["fields"][0].options}
    assert f"user:{user_for('chenli').pk}" not in asked.text
    owed = _send(client, "transfer", _steps(*three), confirmed="yes", target=sunbei)
    assert owed.status_code == 422
    assert _holder(three[0]) == ""
    page = _confirm(client, "transfer", _steps(*three), target=sunbei, reason="I am at the airport counter all week.")
    assert "3 steps given away" in page.text
    assert [_holder(number) for number in three] == ["sunbei"] * 3
    assert get_history(case=three[2])[-1].kind == "task.transferred"


def test_accepted_where_each_passes_on_its_own(client_for: Any, three: Any) -> None:
    Material.objects.filter(case=three[1]).delete()
    client = client_for("wangqian")
    asked = _send(client, "accept", _steps(*three))
    assert "This cannot be undone" in asked.text
    assert "The clock begins" in asked.text
    assert [line["number"] for line in asked.context["cannot"]] == [three[1]]
    assert "wants to be looked at" in asked.text
    # Smuggled in all the same.
    page = client.post(PAGE, {"do": "accept", "step": _steps(*three), "confirmed": "yes"}, follow=True)
    assert "2 cases accepted" in page.text
    kinds = [[event.kind for event in get_history(case=number)] for number in three]
    assert ["case.accepted" in each for each in kinds] == [True, False, True]


def test_deliveries_are_put_on_record(client_for: Any, at_step: Any, user_for: Any) -> None:
    one, two = at_step("deliver"), at_step("review")
    page = _confirm(client_for("wangqian"), "deliver", _steps(one, two), way="post")
    assert "1 delivery on record" in page.text
    delivered = next(event for event in get_history(case=one) if event.kind == "case.delivered")
    assert delivered.data["way"] == "post"
    assert _open(two).node == "review"


@pytest.mark.parametrize("do", ["decide", "complete", "refuse", "request_supplement", "burn", ""])
def test_what_owes_reasons_is_not_done_for_many(client_for: Any, three: Any, do: str) -> None:
    page = client_for("wangqian").post(PAGE, {"do": do, "step": _steps(*three), "confirmed": "yes"}, follow=True)
    assert "Select at least one step" in page.text
    assert _open(three[0]).node == "accept"


@pytest.mark.parametrize("names", [[], ["x"], ["1-"], ["-1"], ["9" * 40 + "-1"], ["1-１"]])
def test_nothing_or_nonsense_selected(client_for: Any, city: Any, names: list[str]) -> None:
    page = client_for("wangqian").post(PAGE, {"do": "claim", "step": names}, follow=True)
    assert "Select at least one step" in page.text


def test_a_colleague_a_stranger_an_applicant_and_nobody(client_for: Any, three: Any) -> None:
    names = _steps(*three)
    other = client_for("chenli").post(PAGE, {"do": "claim", "step": names, "confirmed": "yes"}, follow=True)
    assert "not yours to see" in other.text or "not yours to take" in other.text
    stranger = client_for("caiyi")
    asked = _send(stranger, "claim", names)
    assert asked.context["can"] == []
    assert "林晓梅" not in asked.text
    told = stranger.post(PAGE, {"do": "claim", "step": names, "confirmed": "yes"}, follow=True)
    assert "not yours to see" in told.text
    assert "林晓梅" not in told.text
    assert _send(client_for("linxiaomei"), "claim", names).status_code == 403
    assert _send(client_for(""), "claim", names)["Location"].startswith("/account/login/")
    assert [client_for(who).get(f"{PAGE}done/").status_code for who in ("linxiaomei", "", "chenli")] == [403, 302, 302]
    assert [_holder(number) for number in three] == ["", "", ""]


def test_back_goes_to_the_part_of_the_queue_that_it_came_from(client_for: Any, three: Any) -> None:
    client = client_for("wangqian")
    for given, back in (("/desk/?group=free", "/desk/?group=free"), ("//evil.example/desk/", "/desk/")):
        assert _send(client, "claim", _steps(*three), edit="yes", next=given)["Location"] == back


def test_as_many_reads_for_many_as_for_one(actor_for: Any, three: Any, django_assert_num_queries: Any) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    asked: dict[str, Any] = {"command": "accept", "actor": actor_for("wangqian"), "at": timezone.now()}
    steps = [(number, _open(number).no) for number in three]
    weigh_each(steps=steps, **asked)
    with CaptureQueriesContext(connection) as one:
        weigh_each(steps=steps[:1], **asked)
    with django_assert_num_queries(len(one)):
        assert all(each.offer for each in weigh_each(steps=steps, **asked))
