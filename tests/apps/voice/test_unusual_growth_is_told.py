"""A topic grows more than its season and the city explain; or it does not, and nothing is said."""

import math
import random
from datetime import date, timedelta

from tongban.apps.voice.topics.alerts import unusual_growth

FIRST = date(2024, 1, 1)


def poisson(draw: random.Random, mean: float) -> int:
    number, product, limit = 0, draw.random(), math.exp(-mean)
    while product > limit:
        number += 1
        product *= draw.random()
    return number


def season(day: date) -> float:
    """More in summer, less at the weekend: how much is said at all."""
    summer = 1 + 0.8 * math.sin(2 * math.pi * (day.timetuple().tm_yday - 100) / 365)
    return summer * (0.5 if day.weekday() > 4 else 1.2)


def days(amount: int) -> list[date]:
    return [FIRST + timedelta(days=number) for number in range(amount)]


def test_it_works() -> None:
    counts = {day: 1 for day in days(100) if day.weekday() == 0} | {
        FIRST + timedelta(days=99 - back): 3 for back in range(5)
    }
    found = unusual_growth(counts=counts, city=dict.fromkeys(days(100), 50), on=FIRST + timedelta(days=99), since=FIRST)
    assert found is not None
    assert found.observed >= 15
    assert found.expected < 2
    assert found.chance < 0.0005
    assert (found.days, round(found.city, 2)) == (84, 1.0)


def test_the_whole_city_saying_more_is_no_news() -> None:
    on = FIRST + timedelta(days=99)
    flood = {day: (50 if (on - day).days >= 7 else 500) for day in days(100)}
    counts = {day: flood[day] // 50 for day in days(100)}
    assert unusual_growth(counts=counts, city=flood, on=on, since=FIRST) is None
    assert unusual_growth(counts=counts, city=dict.fromkeys(days(100), 50), on=on, since=FIRST) is not None


def test_its_own_season_last_year_is_no_news() -> None:
    on = FIRST + timedelta(days=500)
    heat = {day: 3 for day in days(501) if (on - day).days < 10 or abs((on - day).days - 364) < 12}
    city = dict.fromkeys(days(501), 50)
    assert unusual_growth(counts=heat, city=city, on=on, since=FIRST) is None
    heat = {day: count for day, count in heat.items() if (on - day).days < 10}
    assert unusual_growth(counts=heat, city=city, on=on, since=FIRST) is not None


def test_few_people_and_no_history_are_no_alert() -> None:
    on = FIRST + timedelta(days=3)
    assert unusual_growth(counts={on: 3}, city={on: 40}, on=on, since=FIRST) is None
    assert unusual_growth(counts={}, city={}, on=on, since=on) is None


def test_a_season_raises_few_false_alarms_and_a_real_one_is_seen() -> None:
    draw, alarms, looked, seen = random.Random(52), 0, 0, 0
    city = {day: poisson(draw, 60 * season(day)) for day in days(600)}
    for topic in range(60):
        rate = 0.05 * 2 ** (topic % 7)
        counts = {day: poisson(draw, rate * season(day)) for day in days(600)}
        for week in range(14, 85, 2):
            looked += 1
            on = FIRST + timedelta(days=7 * week)
            alarms += unusual_growth(counts=counts, city=city, on=on, since=FIRST) is not None
        for back in range(7):
            counts[on - timedelta(days=back)] += 2 + math.ceil(3 * rate)
        seen += unusual_growth(counts=counts, city=city, on=on, since=FIRST) is not None
    assert looked > 2000
    assert alarms <= 0.002 * looked, f"{alarms} of {looked}"
    assert seen >= 57, f"{seen} of 60 bursts"
