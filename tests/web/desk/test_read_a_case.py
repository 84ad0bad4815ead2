"""A case as an officer reads it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tongban.apps.ledger.models import CheckpointHead, Event

pytestmark = pytest.mark.django_db


def test_it_works(client_for: Callable[..., Client], at_step: Any) -> None:
    number = at_step("review")
    page = client_for("hejun").get(f"/desk/cases/{number}/")
    assert page.status_code == 200
    for words in ("林晓梅", "Floor plan of the premises", "Seen.", "Chen Li", "tb-flow", "promised"):
        assert words in page.text, words
    assert page.context["proof"] == {"broken": 0, "entries": Event.objects.filter(case=number).count()}


def test_numbers_of_people_are_masked(client_for: Callable[..., Client], at_step: Any) -> None:
    page = client_for("chenli").get(f"/desk/cases/{at_step('handle')}/")
    assert "139****" in page.text
    assert "13900000" not in page.text


def test_who_may_read(client_for: Callable[..., Client], at_step: Any) -> None:
    path = f"/desk/cases/{at_step('handle')}/"
    statuses = {who: client_for(who).get(path).status_code for who in ("huangyan", "wangqian", "liangchen", "luhao")}
    assert statuses == {"huangyan": 200, "wangqian": 200, "liangchen": 200, "luhao": 404}
    assert client_for("linxiaomei").get(path).status_code == 403
    assert client_for("").get(path)["Location"].startswith("/account/login/")


def test_a_supervisor_only_reads(client_for: Callable[..., Client], at_step: Any) -> None:
    page = client_for("liangchen").get(f"/desk/cases/{at_step('handle')}/")
    assert page.context["steps"] == []
    assert page.context["case_cards"] == []


def test_what_a_command_does_to_the_clock_is_said_before(client_for: Callable[..., Client], at_step: Any) -> None:
    page = client_for("wangqian").get(f"/desk/cases/{at_step('accept')}/")
    cards = {card.command.name: " ".join(card.effects) for card in page.context["steps"][0]["main"]}
    assert cards["accept"].startswith("The clock begins: promised by")
    assert "Next: Handle (Market Regulation)" in cards["accept"]
    assert "not touched" in cards["claim"]


def test_each_choice_says_what_comes_of_it(client_for: Callable[..., Client], at_step: Any) -> None:
    page = client_for("hejun").get(f"/desk/cases/{at_step('decide')}/")
    decide = next(card for card in page.context["steps"][0]["main"] if card.command.name == "decide")
    hints = {option.value: option.hint for option in decide.fields[0].options}
    assert "Issued at once: Food business licence" in hints["granted"]
    assert "Issued" not in hints["denied"]
    assert decide.effects[0].startswith("The clock stops for good")


def test_a_log_that_was_rewritten_is_called_that(client_for: Callable[..., Client], at_step: Any) -> None:
    number = at_step("handle")
    Event.objects.filter(case=number, seq=2).update(actor="user:1")
    page = client_for("chenli").get(f"/desk/cases/{number}/")
    assert "This log fails its check" in page.text
    assert page.context["proof"]["broken"] == 2


def test_a_log_that_is_not_what_was_signed_is_called_that(client_for: Callable[..., Client], at_step: Any) -> None:
    """Hashes follow from each other, and yet the log is another than the one that a checkpoint covers; or it is cut."""
    number = at_step("handle")
    head = CheckpointHead.objects.create(case=number, seq=2, day="2026-01-05", hash=b"\x01" * 33)
    client = client_for("chenli")
    assert client.get(f"/desk/cases/{number}/").context["proof"]["broken"] == 1
    head.delete()
    assert client.get(f"/desk/cases/{number}/").context["proof"]["broken"] == 0
    last = Event.objects.filter(case=number).order_by("-seq").first()
    assert last is not None
    seq = last.seq
    last.delete()
    assert client.get(f"/desk/cases/{number}/").context["proof"]["broken"] == seq


def test_an_unknown_number_is_not_found(client_for: Callable[..., Client], city: Any) -> None:
    assert client_for("chenli").get("/desk/cases/2611220483917724/").status_code == 404
    assert client_for("chenli").get("/desk/cases/12/").status_code == 404


def test_the_count_of_queries_does_not_grow_with_the_log(client_for: Callable[..., Client], at_step: Any) -> None:
    client = client_for("hejun")
    counts = []
    for path in (f"/desk/cases/{at_step('handle')}/", f"/desk/cases/{at_step('deliver')}/"):
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))
    assert max(counts) <= 17
    assert max(counts) - min(counts) <= 2  # the rating and the certificate, once it has come out
