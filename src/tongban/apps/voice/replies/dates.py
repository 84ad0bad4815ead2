"""Until when something is promised: 年底前, 10月底, 三个工作日内, 下周, told from the day of the reply."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from tongban.kernel.clock import Calendar, ClockError

__all__ = ["When", "when_said"]


class When(NamedTuple):
    """``by``: the last day that the words allow; None where they name none that a calendar knows (开学前).

    ``start`` and ``end`` are places in the text that was searched.
    """

    by: date | None
    words: str
    start: int
    end: int


_C = "零〇一二两三四五六七八九十"
_N = rf"(?:\d{{1,3}}|[{_C}]{{1,3}}|半)"
_YEAR = r"(?P<year>(?:19|20)\d\d|今|明|后|本|当|次)年"
_TENTH = r"上旬|中旬|下旬|月?底|末|初|中"
_MONTH = r"(?:月(?:份)?(?P<tenth>上旬|中旬|下旬|底|末|初|中(?!旬|心|国|学|小))?)"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:{_YEAR})?(?P<month>\d{{1,2}}|[{_C}]{{1,2}})月(?P<day>\d{{1,2}}|[{_C}]{{1,3}})[日号]",
        rf"(?:{_YEAR})?(?<![\d第])(?P<month>\d{{1,2}}|[{_C}]{{1,2}})(?!个){_MONTH}",
        rf"{_YEAR}(?P<part>上半年|下半年|年?底|末|内|初|春[季节天]?|夏[季天]?|秋[季天]?|冬[季天]?|(?:第?[一二三四1234]季度)|前|之?内|(?=[,。]|$|开工|动工|完工|完成|建成|通车|投入|实现|启动|全部|实施|竣工|开通|交付|基本))",
        r"(?P<part>(?<![\d半今明本])年(?:底|内|末|前|终)|(?<![一二三四五六七八九十\d])(?:上|下)半年|第?[一二三四1234]季度)",
        r"(?P<near>(?:本|这个|下个?)月(?:底|内|末|初|中旬|上旬|下旬)?|(?<!\d)月(?:底|内)|(?:本|这|下)(?:个)?周(?:[一二三四五六日]|内|末)?|今[日天]|明[日天]|后天)",
        rf"(?<!\d)(?P<amount>{_N})(?:个)?(?P<unit>工作日|小时|日|天|周|星期|月|年)(?:之内|以内|内|左右)",
    )
)
_EVENTS = re.compile(
    r"""
    (?:春节|开学|国庆|元旦|中秋|端午|五一|汛期|雨季|入冬|供暖季|学期)(?:前|之前|后|期间)?|待[^,。;]{2,24}?(?:后|
    时)|气温回升(?:之)?后
    """,
    re.X,
)
_TURNED = 45
"""A day of a month that lies so many days back is meant of the next year."""


def when_said(text: str, *, said_on: date, calendar: Calendar) -> When | None:
    """The first time in a text that lies not before the day on which it was said; None where none is named."""
    best: When | None = None
    for pattern, told in zip(_PATTERNS, _TELLERS, strict=True):
        for hit in pattern.finditer(text):
            by = _safely(told, hit, said_on, calendar)
            if by is not None and by >= said_on and (best is None or hit.start() < best.start):
                best = When(by, hit.group(), hit.start(), hit.end())
                break
    if best is None and (event := _EVENTS.search(text)):
        return When(None, event.group(), event.start(), event.end())
    return best


Teller = Callable[["re.Match[str]", date, Calendar], "date | None"]


def _safely(told: Teller, hit: "re.Match[str]", said_on: date, calendar: Calendar) -> date | None:
    try:
        return told(hit, said_on, calendar)
    except (ValueError, OverflowError, ClockError):
        return None  # the 31st of June, or a year that no calendar reaches


def _day(hit: "re.Match[str]", said_on: date, calendar: Calendar) -> date:
    year = _year(hit["year"], said_on)
    meant = date(year, _number(hit["month"]), _number(hit["day"]))
    return meant if hit["year"] else _next(meant, said_on)


def _month(hit: "re.Match[str]", said_on: date, calendar: Calendar) -> date:
    year, month = _year(hit["year"], said_on), _number(hit["month"])
    if not 1 <= month <= 12:
        raise ValueError(month)
    meant = _in_month(year, month, hit["tenth"] or "")
    return meant if hit["year"] else _next(meant, said_on)


def _in_month(year: int, month: int, tenth: str) -> date:
    if tenth in {"初", "上旬"}:
        return date(year, month, 10)
    return date(year, month, 20) if tenth in {"中", "中旬"} else _last(year, month)


def _of_year(hit: "re.Match[str]", said_on: date, calendar: Calendar) -> date:
    return _in_year(_year(hit["year"], said_on), hit["part"])


def _this_year(hit: "re.Match[str]", said_on: date, calendar: Calendar) -> date:
    return _in_year(said_on.year, hit["part"].removeprefix("年"))


def _in_year(year: int, part: str) -> date:
    if part.endswith("季度"):
        return _last(year, 3 * ("一二三四1234".index(part[-3]) % 4 + 1))
    if part.startswith(("初", "春")):
        return _last(year, 3 if part == "初" else 5)
    if part.startswith("夏"):
        return _last(year, 8)
    if part.startswith("秋"):
        return _last(year, 9)
    return _last(year, 6) if part == "上半年" else date(year, 12, 31)


def _near(hit: "re.Match[str]", said_on: date, calendar: Calendar) -> date:
    words = hit["near"]
    if words[-1] in "日天" and "周" not in words:
        return said_on + timedelta(days={"今": 0, "明": 1, "后": 2}[words[0]])
    if "周" in words:
        monday = said_on - timedelta(days=said_on.weekday()) + timedelta(days=7 * (words[0] == "下"))
        return monday + timedelta(days="一二三四五六日".find(words[-1]) if words[-1] in "一二三四五六日" else 6)
    year, month = divmod(said_on.year * 12 + said_on.month - 1 + (words[0] == "下"), 12)
    return _in_month(year, month + 1, words.split("月")[1])


def _within(hit: "re.Match[str]", said_on: date, calendar: Calendar) -> date:
    unit = hit["unit"]
    half = hit["amount"] == "半"
    amount = 0 if half else _number(hit["amount"])
    if unit == "工作日":
        return calendar.add_working_days(said_on, amount)
    if unit == "小时":
        return said_on + timedelta(hours=amount + 23)
    if unit in {"月", "年"}:
        months = said_on.year * 12 + said_on.month - 1 + amount * (12 if unit == "年" else 1)
        months += 6 if half and unit == "年" else 0
        year, month = divmod(months, 12)
        return date(year, month + 1, min(said_on.day + 15 * half, _last(year, month + 1).day))
    return said_on + timedelta(days=amount * (7 if unit in {"周", "星期"} else 1))


_TELLERS: tuple[Teller, ...] = (_day, _month, _of_year, _this_year, _near, _within)


def _year(words: str | None, said_on: date) -> int:
    if words is None:
        return said_on.year
    return int(words) if words.isdigit() else said_on.year + {"明": 1, "次": 1, "后": 2}.get(words, 0)


def _next(meant: date, said_on: date) -> date:
    if (said_on - meant).days > _TURNED:
        return meant.replace(year=meant.year + 1)
    return meant


def _last(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _number(words: str) -> int:
    if words.isdigit():
        return int(words)
    digits = {each: at for at, each in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
    tens, _, ones = words.rpartition("十")
    if "十" in words:
        return (digits[tens] if tens else 1) * 10 + (digits[ones] if ones else 0)
    return digits[words]
