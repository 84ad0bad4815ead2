"""A generated past comes from the city's own data: names, pace and words of one city are not those of another."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest
from tests.apps.catalog.tiny import TinyCity

from tongban.apps.cases.models import Case, Rating, Task
from tongban.apps.cases.proof import verify
from tongban.apps.catalog import queries
from tongban.apps.catalog.city import get_calendar, get_city, get_history
from tongban.apps.catalog.definitions.schema import check_schema
from tongban.apps.catalog.definitions.source import Document
from tongban.apps.catalog.errors import DefinitionsInvalid
from tongban.apps.catalog.models import Matter
from tongban.apps.insight.history import simulate
from tongban.apps.insight.history.habits import get_defaults, read_habits
from tongban.apps.insight.history.people import address, companies, residents, shop_name
from tongban.apps.ledger.models import Event
from tongban.config.management.commands.load_city import load_city
from tongban.kernel.numbers import parse_credit_code, parse_identity_number

UNTIL = datetime(2026, 11, 1, tzinfo=UTC)

PEOPLE = """\
people:
  - {username: baker, name: {zh: "安娜", en: "Anna"}, roles: [handler, decider], department: bakery,
     identity_number: "361799198805140027"}
"""

HISTORY = """\
people: {surnames: ["Ek"], given_names: ["Ida"], given_names_each: [1], separator: " ", identity_area: "990001",
  phone_prefix: "1777"}
organisations: {pattern: "{word} of {city}", words: ["Oven"], code_prefix: "91990000"}
shops: {pattern: "The {trade}", trades: ["Crumb"], fields: [shop_name]}
addresses: {pattern: "{number} {street}", streets: ["Mill Lane"]}
arrivals: {channels: {web: 1}}
waiting: {accept: [5, 0], decide: [5, 0], other: [5, 0]}
working: {other: [5, 0]}
rates: {withdrawn: 0, left_lying: 0, supplement: 0, not_accepted: 0, returned: 0, failed: 0, denied: 1, rated: 1}
rating: {without_words: 0}
words: {denied: ["No oven."], ratings: ["Crisp."]}
"""


@pytest.fixture
def serve(tmp_path: Path, settings: Any) -> Iterator[Callable[[str], TinyCity]]:
    """Serve a city of its own, with that ``history.yaml`` ("" for none)."""

    def forget() -> None:
        for kept in (get_city, get_calendar, get_history, queries.forget):
            (kept.cache_clear if hasattr(kept, "cache_clear") else kept)()

    def there(history: str) -> TinyCity:
        tiny = TinyCity(tmp_path / "tiny")
        tiny.write("people.yaml", PEOPLE)
        if history:
            tiny.write("history.yaml", history)
        settings.CITY = tiny.folder
        forget()
        return tiny

    yield there
    forget()


def move_in(tiny: TinyCity) -> None:
    load_city(password=None)
    Matter.objects.exclude(pk="bread-licence").update(withdrawn_from="2000-01-01")


@pytest.mark.django_db
def test_it_works(serve: Callable[[str], TinyCity]) -> None:
    move_in(serve(HISTORY))
    simulate(cases=30, seed=5, until=UNTIL, years=0.5)
    cases = list(Case.objects.all())
    assert {case.matter for case in cases} == {"bread-licence"}
    assert {case.channel for case in cases} == {"web"}
    assert {case.applicant_name for case in cases} <= {"Ek Ida", "Oven of 小城"}
    assert {case.reason for case in cases if case.outcome} == {"No oven."}
    assert {case.outcome for case in cases} <= {"denied", None, ""}
    assert any(case.outcome == "denied" for case in cases)
    assert set(Rating.objects.values_list("words", flat=True)) == {"Crisp."}
    # This city has no front desk: what a lane calls `window` is the authority's own.
    assert set(Task.objects.values_list("department", flat=True)) == {"bakery"}
    assert verify().broken == []


@pytest.mark.django_db
def test_a_city_without_the_file_has_a_past_too(serve: Callable[[str], TinyCity]) -> None:
    move_in(serve(""))
    simulate(cases=30, seed=5, until=UNTIL, years=0.5)
    assert Event.objects.filter(kind="case.decided").exists()
    assert verify().broken == []


def test_names_and_numbers_are_the_citys_own(serve: Callable[[str], TinyCity]) -> None:
    serve(HISTORY)
    habits, random = read_habits(), Random(1)
    (name, number, phone), *_ = residents(count=2, habits=habits, random=random)
    assert (name, number[:6], phone[:4], len(phone)) == ("Ek Ida", "990001", "1777", 11)
    assert parse_identity_number(number)
    (code, called, _), *_ = companies(count=2, habits=habits, random=random)
    assert (code[:8], called) == ("91990000", "Oven of 小城")
    assert parse_credit_code(code)
    assert shop_name(habits=habits, random=random) == "The Crumb"
    assert address(habits=habits, random=random).endswith(" Mill Lane")


def test_a_department_has_its_pace_for_each_act(serve: Callable[[str], TinyCity]) -> None:
    serve("waiting: {other: [100, 0], decide: [100, 0]}\npace: {bakery: {all: 2, decide: 5}}\nbusy_months: {'3': 3}\n")
    habits, random = read_habits(), Random(1)

    def waiting(act: str, department: str, month: int = 1) -> int:
        at = datetime(2026, month, 5, tzinfo=UTC)
        return habits.minutes_of_waiting(act=act, department=department, at=at, random=random)

    assert waiting("handle", "bakery") == 200
    assert waiting("inspect", "fire") == 100
    assert waiting("handle", "fire", month=3) == 300
    assert waiting("decide", "bakery") == 500


def test_what_a_city_leaves_out_is_as_elsewhere(serve: Callable[[str], TinyCity]) -> None:
    serve("rates: {denied: 0.5}\n")
    habits = read_habits()
    assert habits.rates["denied"] == 0.5
    assert habits.rates["rated"] == float(get_defaults()["rates"]["rated"])


def test_the_defaults_have_the_shape_that_cities_are_held_to() -> None:
    assert check_schema(Document("defaults.yaml", get_defaults(), {}), schema="history") == []


def test_a_file_that_cannot_be_used_is_told(serve: Callable[[str], TinyCity]) -> None:
    serve("rates: {denied: 3}\n")
    with pytest.raises(DefinitionsInvalid):
        read_habits()
