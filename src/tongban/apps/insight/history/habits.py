"""How people and departments behave in the generated past: how often, how long, what they say.

Every figure here is invented. They make a city that is plausible to look at and that later analysis can find something
in (a slow department, a busy season, materials that are often missing); nothing real is claimed by them.
"""

from datetime import datetime
from random import Random

__all__ = [
    "DENIALS",
    "OPINIONS",
    "RATING_WORDS",
    "REFUSALS",
    "WITHDRAWALS",
    "arrival_weight",
    "minutes_of_waiting",
    "minutes_of_work",
]

OPINIONS = {
    "pass": ("材料齐全，符合条件。", "已核对，同意。", "现场与申报一致。", "无不同意见。", "符合规定，建议准予。"),
    "fail": ("现场与图纸不一致。", "不符合条件，理由见附注。", "材料之间说法不一。"),
}
DENIALS = ("不符合法定条件：经营场所与申报不一致。", "不符合法定条件：核查未通过，限期内没有改正。")
REFUSALS = ("不属于本机关职权范围，请向住所地机关申请。", "申请事项依法不需要取得许可。")
WITHDRAWALS = ("计划变了，先不办了。", "填错了，重新申请。", "店不开了。")
RATING_WORDS = (
    "很快，没跑一趟。",
    "办事员很耐心。",
    "比想的简单。",
    "进度随时看得到。",
    "补材料来回跑了两次。",
    "等得有点久。",
    "",
    "",
    "",
    "",
)

# Working minutes until somebody takes a step on, and then until it is done: median and spread (lognormal).
_WAIT = {"accept": (70, 0.9), "review": (180, 0.9), "decide": (220, 0.8), "deliver": (60, 0.7)}
_WORK = {"accept": (14, 0.6), "handle": (55, 0.8), "inspect": (150, 0.5), "opinion": (70, 0.8), "decide": (16, 0.7)}
# Departments are not equally quick; one is the bottleneck of every joint review.
_PACE = {"fire-rescue": 2.6, "housing-construction": 1.7, "window": 0.5, "urban-management": 0.9}


def arrival_weight(at: datetime) -> float:
    """How likely a case arrives in this local hour: working hours, evenings less, spring and autumn more."""
    hour = (0.05, 0.02, 0.01, 0.01, 0.01, 0.02, 0.1, 0.4, 1, 1.6, 1.5, 1.1, 0.6, 0.8, 1.3, 1.4, 1.2, 0.9, 0.5, 0.5, 0.6)
    by_hour = hour[at.hour] if at.hour < len(hour) else 0.3
    by_day = (1.2, 1.1, 1.0, 1.0, 0.9, 0.45, 0.4)[at.weekday()]
    by_month = (0.9, 0.6, 1.3, 1.1, 1.0, 1.1, 1.0, 0.9, 1.3, 0.8, 1.0, 0.9)[at.month - 1]
    return by_hour * by_day * by_month


def minutes_of_waiting(*, act: str, department: str, at: datetime, random: Random) -> int:
    """Working minutes until the step is taken on; departments fall behind when the year's busy months come."""
    median, spread = _WAIT.get(act, (160, 0.9))
    busy = 1.35 if at.month in (3, 9) else 1.0
    return int(median * _PACE.get(department, 1.0) * busy * random.lognormvariate(0, spread))


def minutes_of_work(*, act: str, department: str, random: Random) -> int:
    """Working minutes from taking a step on to finishing it."""
    median, spread = _WORK.get(act, (30, 0.7))
    return 1 + int(median * _PACE.get(department, 1.0) ** 0.5 * random.lognormvariate(0, spread))
