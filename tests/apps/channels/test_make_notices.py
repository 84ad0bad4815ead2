"""What happens to a case is told to those whose case it is, once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from tongban.apps.channels.models import Notice
from tongban.apps.channels.queries import list_notices
from tongban.apps.ledger.queries import list_followers
from tongban.kernel.clock import Limit

pytestmark = pytest.mark.django_db


def test_it_works(granted: Callable[..., int], catch_up: Callable[..., int], told: Callable[..., list[str]]) -> None:
    number = granted()
    catch_up()
    assert told("linxiaomei") == ["filed", "accepted", "procedure", "granted", "certificate"]
    assert {row.case for row in Notice.objects.all()} == {number}
    assert all(row.tries == 0 for row in list_followers(at=timezone.now()))


def test_nobody_is_told_twice(granted: Callable[..., int], catch_up: Callable[..., int]) -> None:
    granted()
    catch_up()
    before = set(Notice.objects.values_list("pk", flat=True))
    catch_up()
    assert set(Notice.objects.values_list("pk", flat=True)) == before


def test_strangers_and_officials_are_told_nothing(
    granted: Callable[..., int], catch_up: Callable[..., int], told: Callable[..., list[str]]
) -> None:
    granted()
    catch_up()
    for other in ("wuxiaochuan", "wangqian", "chenli", "hejun"):
        assert told(other) == []


def test_what_is_missing_is_named_in_both_languages(
    file_case: Any, act: Any, catch_up: Callable[..., int], actor_for: Any
) -> None:
    number = file_case()
    act(
        number,
        "request_supplement",
        by="wangqian",
        items=["floor_plan", "房东同意书"],
        note="请补。",
        within=Limit.parse("5 working days"),
    )
    catch_up()
    person = actor_for("linxiaomei").person_id
    english, chinese = (list_notices(person_id=person, language=each).rows[0] for each in ("en", "zh-hans"))
    assert english.kind == "supplement"
    assert english.legal
    assert "房东同意书" in english.body
    assert "hand it in by " in english.body
    assert "请在" in chinese.body
    assert "{" not in english.body + chinese.body + english.title


def test_an_acceptance_names_what_is_still_to_follow(
    file_case: Any, act: Any, catch_up: Callable[..., int], actor_for: Any
) -> None:
    hard = {"hardship": "other", "members": 4, "monthly_income": 4600, "hardship_words": "家里有人住院。"}
    owing, complete = file_case(matter="student-aid", **hard), file_case(matter="student-aid")
    for number in (owing, complete):
        act(number, "accept", by="wangqian")
    catch_up()
    person = actor_for("linxiaomei").person_id
    for language, words in (("en", "Still to follow by"), ("zh-hans", "还没交的"), ("es", "Falta por entregar")):
        told = {
            row.case: row.body
            for row in list_notices(person_id=person, language=language).rows
            if row.kind == "accepted"
        }
        assert words in told[owing]
        assert words not in told[complete]
        assert "{" not in told[owing] + told[complete]
    assert "Something that shows the hardship" in next(
        row.body for row in list_notices(person_id=person, language="en").rows if row.case == owing
    )


def test_a_special_procedure_says_until_when(
    file_case: Any, act: Any, catch_up: Any, actor_for: Any, told: Any
) -> None:
    number = file_case()
    act(number, "accept", by="wangqian")
    limit = Limit.parse("10 working days")
    act(number, "suspend", by="chenli", node="handle", procedure="hearing", reason="Neighbours object.", limit=limit)
    catch_up()
    assert told("linxiaomei", number)[-1] == "procedure"
    newest = list_notices(person_id=actor_for("linxiaomei").person_id, language="en").rows[0]
    assert "hearing" in newest.body
    assert "until 2" in newest.body or "until 1" in newest.body or "until 3" in newest.body
    assert "Neighbours" not in newest.body, "reasons are read with the case"


def test_withdrawing_and_refusing_are_told(file_case: Any, act: Any, catch_up: Any, actor_for: Any, told: Any) -> None:
    from tongban.apps.cases.services import withdraw

    refused, withdrawn = file_case(), file_case()
    act(refused, "refuse", by="wangqian", reason="Not ours.")
    withdraw(number=withdrawn, reason="", actor=actor_for("linxiaomei"), at=timezone.now())
    catch_up()
    assert told("linxiaomei", refused)[-1] == "refused"
    assert told("linxiaomei", withdrawn)[-1] == "withdrawn"


def test_all_who_may_act_for_an_organisation_are_told(file_case: Any, catch_up: Any, told: Any, actor_for: Any) -> None:
    actor = actor_for("zhoumin")
    organisation = sorted(actor.organisations | {body for body, _ in actor.mandates})[0]
    number = file_case(username="zhoumin", applicant=f"organisation:{organisation}")
    catch_up()
    assert told("zhoumin", number) == ["filed"]
    others = set(Notice.objects.filter(case=number).values_list("person", flat=True))
    assert actor.person_id in others
    assert told("wuxiaochuan", number) == []


def test_old_news_is_not_told(file_case: Any, catch_up: Any, told: Any) -> None:
    file_case(at=timezone.now() - timedelta(days=61))
    number = file_case(at=timezone.now() - timedelta(days=59))
    catch_up()
    assert set(Notice.objects.values_list("case", flat=True)) == {number}


def test_the_number_of_queries_does_not_grow_with_events(
    file_case: Any, catch_up: Any, django_assert_max_num_queries: Any
) -> None:
    from django.test.utils import CaptureQueriesContext

    def count() -> int:
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as seen:
            catch_up()
        return len(seen)

    file_case()
    few = count()
    for _ in range(6):
        file_case()
    assert count() <= few


def test_money_that_was_paid_back_is_told(file_case: Any, catch_up: Any, actor_for: Any) -> None:
    from tongban.apps.ledger.models import Event
    from tongban.apps.ledger.statements import Statements

    number, now = file_case(), timezone.now()
    event = Event(case=number, seq=90, kind="fee.refunded", at=now, data={"amount": "200.00"}, hash=b"\1")
    Statements().insert_objects(Event, [event])
    catch_up()
    newest = list_notices(person_id=actor_for("linxiaomei").person_id, language="en").rows[0]
    assert newest.kind == "refunded"
    assert "200.00 yuan" in newest.body
