"""When the clock shows a department a card (红黄牌): ``supervision.yaml``, or what holds where a city has none."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from tongban.kernel.clock import Limit, Unit

from .folder import read_text
from .model import MatterDefinition
from .problems import Problem
from .schema import check_schema
from .source import Document, read_yaml

__all__ = ["DEFAULT", "CardRule", "Reports", "Supervision", "Thresholds", "check_supervision", "read_supervision"]

FILE = "supervision.yaml"
_ANSWER, _APPEAL = Limit(3, Unit.WORKING_DAYS), Limit(5, Unit.WORKING_DAYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRule:
    """For which limits cards are shown, when, and who answers them.

    ``matters`` and ``steps`` None: all. ``of``: ``case``, ``step``, or empty for both; where ``steps`` are named, these
    alone. ``limit``: the one of the case that counts, ``promised`` or ``statutory``. ``yellow``: percent of a limit
    that is used. ``answered_by``: roles in the responsible department, any of which suffices.
    """

    matters: frozenset[str] | None = None
    steps: frozenset[str] | None = None
    of: str = ""
    limit: str = "promised"
    cards: frozenset[str] = frozenset({"yellow", "red"})
    yellow: int = 90
    answered_by: frozenset[str] = frozenset({"handler", "reviewer", "decider"})
    answer_within: Limit = _ANSWER
    appeal_within: Limit = _APPEAL

    def is_for(self, *, matter: str, step: str) -> bool:
        """Whether it is for this step of this matter, or, with an empty ``step``, for its cases as a whole."""
        if self.matters is not None and matter not in self.matters:
            return False
        if self.of and self.of != ("step" if step else "case"):
            return False
        return self.steps is None or step in self.steps

    def covers(self, other: "CardRule") -> bool:
        """Whether nothing is left for ``other`` where it stands below."""
        return (
            (self.matters is None or (other.matters is not None and other.matters <= self.matters))
            and (self.steps is None or (other.steps is not None and other.steps <= self.steps))
            and (not self.of or self.of == ("step" if other.steps is not None else other.of))
        )

    def colour(self, *, percent: int, late: bool) -> str:
        """``red``, ``yellow`` or empty, with so many percent of the limit used."""
        if late:
            return "red" if "red" in self.cards else ""
        return "yellow" if "yellow" in self.cards and percent >= self.yellow else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """From when on something counts as a pattern that evades the clock.

    ``pause_days``: working days for which a clock stood still. ``answered_on_day``: working day after receipt on which
    a case was accepted, or more was asked for, the last being the 5th (行政许可法 32). ``withdrawn_percent``: of the
    promised time used when a case was taken back. ``last_minutes``: working minutes left when it was decided.
    """

    pause_days: int = 20
    answered_on_day: int = 5
    withdrawn_percent: int = 80
    last_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Reports:
    """Between which times of working days, by the city's clock, officials are sent their reports.

    Who was not told until then, because no worker ran, is told on the next one.
    """

    since: time = time(8)
    until: time = time(12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervision:
    """The rules, of which the first that fits counts. ``since``: what was due before that day gets no card."""

    rules: Sequence[CardRule]
    since: date | None = None
    thresholds: Thresholds = field(default_factory=Thresholds)
    reports: Reports = field(default_factory=Reports)

    def rule_for(self, *, matter: str, step: str = "") -> CardRule | None:
        """The rule for a step of a matter, or for its cases as a whole; None where there are no cards."""
        return next((rule for rule in self.rules if rule.is_for(matter=matter, step=step)), None)


DEFAULT = Supervision(rules=(CardRule(),))
"""Yellow with 90 % of the promised limit used, red past it; steps count as well as the whole."""


def read_supervision(folder: Path) -> Supervision | list[Problem]:
    """The rules of the city in ``folder``, or why its file cannot be used; ``DEFAULT`` without a file."""
    found = _read(folder)
    return found if not isinstance(found, Document) else _supervision(found.value)


def check_supervision(folder: Path, *, matters: Mapping[str, MatterDefinition | None]) -> Iterator[Problem]:
    """Everything that is wrong in the rules of a city with these matters (None: one that cannot be read)."""
    found = _read(folder)
    if isinstance(found, list):
        yield from found
    if not isinstance(found, Document):
        return
    hours = found.value.get("reports")
    if hours is not None and hours["from"] >= hours["until"]:
        message = "The reports end before they begin."
        yield found.problem(("reports", "until"), "supervision.reports", message, "write a later time")
    rules = [_rule(row) for row in found.value["rules"]]
    for index, rule in enumerate(rules):
        path = ("rules", index)
        for code in sorted(rule.matters or ()):
            if code not in matters:
                message = f"There is no matter `{code}`."
                yield found.problem((*path, "matters"), "matter.unknown", message, "name one of the city's")
        if rule.steps is not None and rule.of == "case":
            message = "It is for cases as a whole, and names steps."
            yield found.problem((*path, "of"), "supervision.steps", message, "leave out `of` or `steps`")
        known = _steps(rule, matters)
        for step in sorted(rule.steps or ()):
            if step not in known:
                message = f"None of these matters has a step `{step}`."
                yield found.problem((*path, "steps"), "supervision.step-unknown", message, "use ids of the diagram")
        if any(above.covers(rule) for above in rules[:index]):
            message = "A rule above it leaves nothing for this one."
            yield found.problem(path, "supervision.never", message, "write the narrower rule first")


def _steps(rule: CardRule, matters: Mapping[str, MatterDefinition | None]) -> set[str]:
    return {
        step
        for code, definition in matters.items()
        if definition is not None and (rule.matters is None or code in rule.matters)
        for step in definition.process.index
    }


def _read(folder: Path) -> Document | Supervision | list[Problem]:
    if not (folder / FILE).exists():
        return DEFAULT
    text = read_text(folder / FILE, file=FILE)
    document = text if isinstance(text, Problem) else read_yaml(text, file=FILE)
    if isinstance(document, Problem):
        return [document]
    return check_schema(document, schema="supervision") or document


def _supervision(value: Mapping[str, Any]) -> Supervision:
    since = value.get("since")
    rules = tuple(_rule(row) for row in value["rules"])
    thresholds = Thresholds(**value.get("patterns", {}))
    hours = value.get("reports", {})
    reports = Reports(time.fromisoformat(hours["from"]), time.fromisoformat(hours["until"])) if hours else Reports()
    return Supervision(
        rules=rules,
        since=date.fromisoformat(str(since)) if since else None,
        thresholds=thresholds,
        reports=reports,
    )


def _rule(row: Mapping[str, Any]) -> CardRule:
    given: dict[str, Any] = {key: row[key] for key in ("of", "limit", "yellow") if key in row}
    given |= {key: frozenset(row[key]) for key in ("matters", "steps", "cards", "answered_by") if key in row}
    given |= {key: Limit.parse(row[key]) for key in ("answer_within", "appeal_within") if key in row}
    return CardRule(**given)
