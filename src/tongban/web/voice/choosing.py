"""What lists of topics are narrowed by, and how pages of them follow each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.catalog.city import get_calendar, get_city
from tongban.apps.people.queries import get_department_names
from tongban.apps.voice.whole.queries import STAGES
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import local
from tongban.web.wording.topics import stage_words

__all__ = [
    "Chosen",
    "Week",
    "before_url",
    "cursor_after",
    "districts_of",
    "filter_fields",
    "menus",
    "pages",
    "read_before",
    "read_chosen",
    "read_cursor",
    "weeks_of",
]

_PERIODS = ("7", "30", "90")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a list is narrowed to; what nobody offers is left out. ``days`` "": all times."""

    district: str
    department: str
    stage: str
    days: str

    @property
    def query(self) -> dict[str, str]:
        """As it stands in an address."""
        names = ("district", "department", "stage", "days")
        return {name: getattr(self, name) for name in names if getattr(self, name)}

    def since(self, at: datetime) -> datetime | None:
        """Spoken of since then."""
        return at - timedelta(days=int(self.days)) if self.days else None


@dataclass(frozen=True, slots=True)
class Week:
    """How many inquiries one week had, and of the fullest week so many percent."""

    begins: date
    amount: int
    percent: int


def read_chosen(request: Request) -> Chosen:
    """What the reader has chosen."""
    get = request.GET.get
    return Chosen(
        district=get("district", "") if get("district", "") in get_city().district_names else "",
        department=get("department", "") if get("department", "") in get_department_names() else "",
        stage=get("stage", "") if get("stage", "") in STAGES else "",
        days=get("days", "") if get("days", "") in _PERIODS else "",
    )


def filter_fields(chosen: Chosen) -> list[Field]:
    """The selects above a list of officials."""
    periods = {"7": _("7 days"), "30": _("30 days"), "90": _("90 days")}
    offered = _offered() | {"days": (_("Spoken of within"), periods)}
    return [
        Field(
            kind="select",
            name=name,
            label=label,
            required=False,
            options=tuple(
                Option(value=value, label=words, selected=value == getattr(chosen, name))
                for value, words in ({"": _("All")} | choices).items()
            ),
        )
        for name, (label, choices) in offered.items()
    ]


def menus(chosen: Chosen) -> list[dict[str, Any]]:
    """The menus above a list before everybody, for ``components/facet.html``."""
    icons = {"district": "map", "department": "building", "stage": "flag"}
    return [
        {
            "label": label,
            "icon": icons[name],
            "chosen": choices.get(getattr(chosen, name), ""),
            "all_url": _address(chosen, name, ""),
            "choices": [
                {"name": words, "url": _address(chosen, name, value), "here": value == getattr(chosen, name)}
                for value, words in choices.items()
            ],
        }
        for name, (label, choices) in _offered().items()
    ]


def _offered() -> dict[str, tuple[str, dict[str, str]]]:
    language, names = get_language() or "zh-hans", get_department_names()
    return {
        "district": (_("District"), {code: str(local(name)) for code, name in get_city().district_names.items()}),
        "department": (_("Department"), {code: names[code].short(language) for code in sorted(names)}),
        "stage": (_("State"), {each: stage_words(each) for each in STAGES}),
    }


def _address(chosen: Chosen, name: str, value: str) -> str:
    asked = chosen.query | {name: value}
    return "?" + urlencode({key: each for key, each in asked.items() if each})


def read_cursor(request: Request) -> tuple[float, int] | None:
    """After which topic a page begins. Raises ``ValueError`` for what was not given out here."""
    given = request.GET.get("after", "")
    if not given:
        return None
    heat, _, number = given.partition(":")
    return float(heat), int(number)


def cursor_after(heat: float, number: int) -> str:
    """The place after a topic in a list."""
    return f"{heat!r}:{number}"


def pages(chosen: Chosen, request: Request, following: str) -> dict[str, str]:
    """Addresses of the first page, from any other, and of the next."""
    return {
        "first_url": "?" + urlencode(chosen.query) if request.GET.get("after") else "",
        "next_url": "?" + urlencode(chosen.query | {"after": following}) if following else "",
    }


def districts_of(parts: Any) -> list[tuple[Mapping[str, str], int]]:
    """Districts by name, with how many inquiries each has."""
    names = get_city().district_names
    return [(names[code], amount) for code, amount in parts if code in names]


def weeks_of(amounts: Any, *, at: datetime) -> list[Week]:
    """The last weeks, the newest first, with the day on which each began."""
    today, most = get_calendar().local_date(at), max([*amounts, 1])
    newest = list(reversed(amounts))
    return [
        Week(today - timedelta(days=7 * (back + 1) - 1), amount, round(100 * amount / most))
        for back, amount in enumerate(newest)
    ]


def read_before(request: Request) -> tuple[datetime, int] | None:
    """Before which inquiry a page begins. Raises ``ValueError`` for what was not given out here."""
    given = request.GET.get("before", "")
    if not given:
        return None
    at, _, number = given.partition("~")
    found = datetime.fromisoformat(at)
    if found.tzinfo is None:
        raise ValueError(given)
    return found, int(number)


def before_url(filed_at: datetime, number: int) -> str:
    """The page of inquiries that follows this one."""
    return "?" + urlencode({"before": f"{filed_at.isoformat()}~{number}"})
