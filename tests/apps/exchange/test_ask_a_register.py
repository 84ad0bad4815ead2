"""A register is asked for a granted purpose, for granted fields, on record; and not otherwise."""

import os
import threading
from collections.abc import Callable, Mapping
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError
from django.utils import timezone
from tests.apps.exchange.conftest import COMPANY, PERSON, service
from tests.apps.exchange.department import Department

from tongban.apps.exchange import record
from tongban.apps.exchange.errors import (
    ConsentMissing,
    NotGranted,
    RecordNotWritten,
    RegisterAway,
    UnknownRegister,
)
from tongban.apps.exchange.models import Lookup
from tongban.apps.exchange.queries import list_lookups
from tongban.apps.exchange.services import About, Answer, Round, ask
from tongban.apps.ledger.models import Event
from tongban.apps.ledger.queries import get_history
from tongban.kernel.numbers import NumberError, is_stream_number, parse_case_number

pytestmark = pytest.mark.django_db
Publish = Callable[..., Mapping[str, Any]]


def asked(register: str = "people", key: str = PERSON, **changes: Any) -> Answer:
    given: dict[str, Any] = {
        "consumer": "market-regulation",
        "purpose": "catering",
        "about": About(matter="restaurant-opening", draft=uuid4()),
        "actor": "user:7",
        "at": timezone.now(),
    }
    return ask(register=register, key=key, **given | changes)


def test_it_works(publish: Publish, table: dict[str, Any]) -> None:
    publish(service("people", table))
    answer = asked()
    assert answer.is_found
    assert dict(answer.values) == {"name": "林晓梅"}
    assert answer.fresh_until - answer.fetched_at == timedelta(days=7)


def test_who_is_not_there_is_told_apart_from_no_answer(publish: Publish, table: dict[str, Any]) -> None:
    publish(service("people", table))
    answer = asked(key=COMPANY)
    assert (answer.is_found, dict(answer.values)) == (False, {})
    assert Lookup.objects.get().outcome == "absent"


@pytest.mark.parametrize(
    "changes",
    [
        {"consumer": "tax"},
        {"purpose": "curiosity"},
        {"about": About(matter="shop-sign")},
        {"about": About()},
        {"fields": ["address"]},
        {"fields": ["name", "number"]},
    ],
)
def test_without_a_grant_nothing_is_asked_and_nothing_recorded(
    publish: Publish, table: dict[str, Any], changes: dict[str, Any]
) -> None:
    publish(service("people", table))
    with pytest.raises(NotGranted):
        asked(**changes)
    assert not Lookup.objects.exists()


def test_a_register_that_nobody_publishes_is_not_known(publish: Publish, table: dict[str, Any]) -> None:
    publish(service("people", table))
    with pytest.raises(UnknownRegister):
        asked(register="dreams")


def test_consent_is_given_for_the_request(publish: Publish, table: dict[str, Any]) -> None:
    publish(service("people", table))
    with pytest.raises(ConsentMissing):
        asked(consumer="tax", purpose="invoices")
    answer = asked(consumer="tax", purpose="invoices", consent=True)
    assert set(answer.values) == {"name", "address"}
    assert Lookup.objects.get().consent


def test_both_sides_are_on_record_without_what_was_said(publish: Publish, table: dict[str, Any]) -> None:
    publish(service("people", table))
    number = asked().number
    assert is_stream_number(number)
    with pytest.raises(NumberError):
        parse_case_number(str(number))
    first, second = get_history(case=number)
    assert (first.kind, first.department, first.actor) == ("exchange.requested", "market-regulation", "user:7")
    assert (second.kind, second.department) == ("exchange.answered", "public-security")
    row = Lookup.objects.get(pk=number)
    assert first.data["request"] == row.request_hash
    assert second.data["answer"] == row.answer_hash
    kept = f"{first}{second}{vars(row)}"
    for secret in (PERSON, "林晓梅", "滨河路"):
        assert secret not in kept


def test_the_record_verifies_and_a_changed_one_is_found(publish: Publish, table: dict[str, Any]) -> None:
    publish(service("people", table))
    number = asked().number
    call_command("verify", stdout=StringIO())
    Event.objects.filter(case=number, seq=2).delete()
    with pytest.raises(CommandError):
        call_command("verify", stdout=StringIO(), stderr=StringIO())


def test_whoever_is_asked_about_can_see_it(
    publish: Publish, table: dict[str, Any], actor_for: Callable[[str], Any]
) -> None:
    publish(service("people", table))
    actor = actor_for("linxiaomei")
    asked()
    asked(key=COMPANY)
    assert actor.person_id is not None
    own = list_lookups(person_id=actor.person_id)
    assert [(each.consumer, each.purpose, each.outcome) for each in own] == [("market-regulation", "catering", "found")]
    assert len(list_lookups(person_id=actor.person_id, organisations=[COMPANY])) == 2


def test_nothing_is_asked_when_the_record_cannot_be_written(
    publish: Publish, department: Department, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(service("people", {"kind": "http", "url": department.url}))

    def full(**_given: object) -> int:
        raise DatabaseError("disk full")

    monkeypatch.setattr(record, "begin_stream", full)
    with pytest.raises(RecordNotWritten):
        asked()
    assert department.asked == []


def test_nothing_is_told_when_the_answer_cannot_be_recorded(
    publish: Publish, table: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(service("people", table))

    def full(**_given: object) -> int:
        raise DatabaseError("disk full")

    monkeypatch.setattr(record, "continue_stream", full)
    with pytest.raises(RecordNotWritten):
        asked()
    assert Lookup.objects.get().outcome == ""


def test_a_dropped_file_is_read_and_a_newer_one_counts(publish: Publish, tmp_path: Path) -> None:
    columns = {"number": "no", "name": "n", "address": "a"}
    publish(service("people", {"kind": "csv", "file": f"{tmp_path}/*.csv", "key_column": "no", "columns": columns}))
    with pytest.raises(RegisterAway):
        asked()
    (tmp_path / "monday.csv").write_text(f"no,n,a\n{COMPANY},店,路\n{PERSON},旧名,路\n", "utf-8")
    assert asked().values == {"name": "旧名"}
    newer = tmp_path / "tuesday.csv"
    newer.write_text(f"no,n,a\n{PERSON},新名,路\n", "utf-8")
    later = (tmp_path / "monday.csv").stat().st_mtime + 5
    os.utime(newer, (later, later))
    assert asked().values == {"name": "新名"}


def test_a_service_is_asked_in_the_body_and_for_granted_fields_only(publish: Publish, department: Department) -> None:
    publish(service("people", {"kind": "http", "url": department.url}))
    answer = asked()
    assert answer.values == {"name": "name of 0027"}
    (said,) = department.asked
    assert said == {"key": PERSON, "fields": ["name"], "purpose": "catering", "record": str(answer.number)}


def test_a_service_that_is_killed_while_it_answers_leaves_its_record(publish: Publish, department: Department) -> None:
    publish(service("people", {"kind": "http", "url": department.url, "timeout": 20}))
    department.behave("hang")
    watcher = threading.Thread(target=department.kill_when_it_answers)
    watcher.start()
    with pytest.raises(RegisterAway) as raised:
        asked()
    watcher.join()
    row = Lookup.objects.get(pk=str(raised.value.params["number"]))
    assert (row.outcome, row.reason, row.answer_hash) == ("away", "connection", "")
    assert [event.kind for event in get_history(case=row.number)] == ["exchange.requested", "exchange.failed"]
    call_command("verify", stdout=StringIO())
    department.behave("answers")
    department.start()
    publish(service("people", {"kind": "http", "url": department.url}))
    assert asked().is_found


def test_a_service_that_hangs_is_given_up_in_time(publish: Publish, department: Department) -> None:
    publish(service("people", {"kind": "http", "url": department.url, "timeout": 0.3}))
    department.behave("hang")
    with pytest.raises(RegisterAway):
        asked()
    assert (Lookup.objects.get().milliseconds or 0) < 2000


def test_one_failure_is_tried_again_and_many_are_left_alone(publish: Publish, department: Department) -> None:
    publish(service("people", {"kind": "http", "url": department.url}))
    department.behave("broken")
    for _ in range(3):
        with pytest.raises(RegisterAway):
            asked()
    tried = len(department.asked)
    assert tried == 5  # twice each, until the fifth failure in a row
    department.behave("answers")
    with pytest.raises(RegisterAway) as raised:
        asked()
    assert raised.value.params["reason"] == "circuit"
    assert len(department.asked) == tried


def test_within_one_round_a_register_that_hangs_is_waited_for_once(publish: Publish, department: Department) -> None:
    connector = {"kind": "http", "url": department.url, "timeout": 0.3}
    publish(service("people", connector), service("others", connector))
    department.behave("hang")
    within = Round()
    for key in (PERSON, COMPANY, PERSON):
        with pytest.raises(RegisterAway):
            asked(key=key, within=within)
    with pytest.raises(RegisterAway):
        asked("others", within=within)
    assert len(department.asked) == 2  # each register once
    rows = list(Lookup.objects.order_by("pk"))
    assert sorted((row.register, row.reason) for row in rows) == [
        ("others", "connection"),
        ("people", "connection"),
        ("people", "waited"),
        ("people", "waited"),
    ]
    for row in rows:  # what was not waited for is on record like the rest
        assert [event.kind for event in get_history(case=row.number)] == ["exchange.requested", "exchange.failed"]
    call_command("verify", stdout=StringIO())
    department.behave("answers")
    assert asked(within=Round()).is_found


def test_within_one_round_the_same_question_is_asked_once(publish: Publish, department: Department) -> None:
    publish(service("people", {"kind": "http", "url": department.url}))
    within = Round()
    consent: dict[str, Any] = {"consumer": "tax", "purpose": "invoices", "consent": True}
    wide = asked(within=within, about=About(), **consent)
    again = asked(within=within, about=About(draft=uuid4()), fields=["name"], **consent)
    assert len(department.asked) == 1
    assert dict(again.values) == {"name": wide.values["name"]}
    assert wide.number != again.number
    assert [row.outcome for row in Lookup.objects.all()] == ["found", "found"]
    # For another purpose, about somebody else, or in another round it is another question.
    asked(within=within)
    asked(within=within, key=COMPANY, about=About(), **consent)
    asked(within=Round(), about=About(), **consent)
    assert len(department.asked) == 4
    call_command("verify", stdout=StringIO())


def test_within_one_round_nothing_more_is_told_than_was_asked(publish: Publish, department: Department) -> None:
    publish(service("people", {"kind": "http", "url": department.url}))
    within = Round()
    consent: dict[str, Any] = {"consumer": "tax", "purpose": "invoices", "consent": True, "about": About()}
    assert set(asked(within=within, fields=["name"], **consent).values) == {"name"}
    assert set(asked(within=within, **consent).values) == {"name", "address"}
    assert len(department.asked) == 2
    with pytest.raises(ConsentMissing):
        asked(within=within, **consent | {"consent": False})
