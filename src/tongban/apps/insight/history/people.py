"""Invented residents and companies, from the names of the city's ``history.yaml``; their numbers belong to nobody."""

from collections.abc import Callable
from random import Random

from stdnum.cn import ric, uscc

from tongban.apps.insight.history.habits import Habits

__all__ = ["address", "companies", "phone", "residents", "shop_name"]

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100


def residents(*, count: int, habits: Habits, random: Random) -> list[tuple[str, str, str]]:
    """Return (name, identity number, phone) of so many residents; the numbers are right and belong to nobody."""
    found: dict[str, None] = {}
    while len(found) < count:
        birth = f"{random.randint(1938, 2006)}{random.randint(1, 12):02}{random.randint(1, 28):02}"
        body = f"{habits.people['identity_area']}{birth}{random.randint(100, 999)}"
        found[body + ric.calc_check_digit(body + "0")] = None
    return [(_person_name(habits, random), number, phone(habits, random)) for number in found]


def companies(*, count: int, habits: Habits, random: Random) -> list[tuple[str, str, str]]:
    """Return (credit code, name, phone) of so many companies."""
    prefix = habits.organisations["code_prefix"]
    found: dict[str, None] = {}
    while len(found) < count:
        body = prefix + "".join(random.choices(_ALPHABET[:10], k=17 - len(prefix)))
        found[body + uscc.calc_check_digit(body)] = None
    pattern: str = habits.organisations["pattern"]
    return [(code, _worded(pattern, habits, random), phone(habits, random)) for code in found]


def phone(habits: Habits, random: Random) -> str:
    """Return a mobile number of eleven digits."""
    prefix: str = habits.people["phone_prefix"]
    return prefix + "".join(random.choices("0123456789", k=11 - len(prefix)))


def shop_name(*, habits: Habits, random: Random) -> str:
    """What a shop may be called."""
    return _worded(habits.shops["pattern"], habits, random)


def address(*, habits: Habits, random: Random) -> str:
    """An address that does not exist."""
    return _worded(habits.addresses["pattern"], habits, random)


def _person_name(habits: Habits, random: Random) -> str:
    own, separator = habits.people, habits.people["separator"]
    given = [random.choice(own["given_names"]) for _ in range(int(random.choice(own["given_names_each"])))]
    surname: str = random.choice(own["surnames"])
    return f"{surname}{separator}{''.join(given)}"


def _worded(pattern: str, habits: Habits, random: Random) -> str:
    """Fill a pattern; each part is only drawn where the pattern has it."""
    draw: dict[str, Callable[[], str]] = {
        "city": lambda: habits.city.name["zh"],
        "district": lambda: random.choice(habits.city.districts)["zh"] if habits.city.districts else "",
        "word": lambda: random.choice(habits.organisations["words"]),
        "form": lambda: random.choice(habits.organisations["forms"]),
        "trade": lambda: random.choice(habits.shops["trades"]),
        "street": lambda: random.choice(habits.addresses["streets"]),
        "number": lambda: str(random.randint(1, 299)),
    }
    return pattern.format_map({name: choose() for name, choose in draw.items() if f"{{{name}}}" in pattern})
