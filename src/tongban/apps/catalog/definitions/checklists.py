"""What is looked at on the spot, item by item, and what an inspection comes to. Pure values: a matter's own data.

An answer to an item is what was *found*: ``yes`` or ``no``, a number, words, or that it does not apply. Photos are
counted here, not kept.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from tongban.kernel.chain import canonical
from tongban.kernel.rules import Expression

from .articles import Article
from .text import Text

__all__ = [
    "FAIL",
    "FAILINGS",
    "KINDS",
    "NA",
    "PASS",
    "RECTIFY",
    "RESULTS",
    "Checklist",
    "Finding",
    "Item",
    "Lack",
    "digest_of",
    "failed",
    "lacks",
    "result_of",
]

PASS, RECTIFY, FAIL = RESULTS = ("pass", "rectify", "fail")
"""What an inspection comes to: nothing stands against it, it is to be put right by a day, or it cannot be."""
FAILINGS = ("fail", "rectify", "note")
"""What it means when an item is not as it should be; ``note``: it is only put on record."""
KINDS = ("yes_no", "number", "text", "photo")
NA = "na"
"""What stands for an item that does not apply here."""
_WORDS = 1000
_GAUGE = re.compile(r"-?[0-9]{1,9}(\.[0-9]{1,6})?")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found for an item: ``value`` as it was answered ("" for nothing), words beside it, how many photos."""

    value: str
    note: str = ""
    photos: int = 0


@dataclass(frozen=True, slots=True)
class Lack:
    """What a record still lacks or has wrong: the item's code, and a stable word for why."""

    item: str
    why: str
    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing to look at.

    ``least`` and ``most`` bound a number that is as it should be. ``photo``: ``always``, ``failing`` (where it is not
    as it should be) or ``never`` needed; one may be added in any case. ``when`` limits it to some cases.
    """

    code: str
    ask: Text
    kind: str
    failing: str
    basis: Article | None
    hint: Text | None = None
    cure: Text | None = None
    unit: Text | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    may_not_apply: bool = False
    photo: str = "never"
    when: Expression | None = None

    def is_met(self, value: str) -> bool:
        """Whether an answer says that it is as it should be. Words and photos alone never say otherwise."""
        if value == NA or self.kind in ("text", "photo"):
            return True
        if self.kind == "yes_no":
            return value == "yes"
        number = _number(value)
        low, high = self.least, self.most
        return number is not None and (low is None or number >= low) and (high is None or number <= high)

    def lack(self, finding: Finding) -> Lack | None:
        """What is missing or wrong in an answer; None when it can stand."""
        value = finding.value
        if value == NA:
            return None if self.may_not_apply else Lack(self.code, "must-apply")
        if self.kind == "yes_no" and value not in ("yes", "no"):
            return Lack(self.code, "unanswered" if not value else "unknown")
        if self.kind == "number" and _number(value) is None:
            return Lack(self.code, "unanswered" if not value else "not-a-number")
        if self.kind == "text" and not value.strip():
            return Lack(self.code, "unanswered")
        if max(len(value), len(finding.note)) > _WORDS:
            return Lack(self.code, "too-long")
        needed = self.kind == "photo" or self.photo == "always"
        needed = needed or (self.photo == "failing" and not self.is_met(value))
        return Lack(self.code, "no-photo") if needed and not finding.photos else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """What is looked at in one step of a matter, and what of the case its inspector is shown (names of fields).

    ``place`` is the field with the address, ``contact`` and ``phone`` whom to call; "" for none. ``digest`` is equal
    exactly when nothing in it has changed.
    """

    node: str
    title: Text
    items: tuple[Item, ...]
    place: str = ""
    contact: str = ""
    phone: str = ""
    shows: tuple[str, ...] = ()
    digest: str = field(default="")

    @property
    def fields(self) -> tuple[str, ...]:
        """Every field of the form that its inspector gets to see, once."""
        named = (self.place, self.contact, self.phone, *self.shows)
        return tuple(dict.fromkeys(name for name in named if name))

    def items_for(self, facts: Mapping[str, Any]) -> tuple[Item, ...]:
        """The items that a case with these facts (``Form.facts``) has to do with."""
        return tuple(item for item in self.items if item.when is None or item.when.evaluate(facts) is True)


def lacks(items: tuple[Item, ...], findings: Mapping[str, Finding]) -> Iterator[Lack]:
    """What answers to these items still lack, in their order; also answers to what was not asked."""
    for item in items:
        found = item.lack(findings.get(item.code, Finding("")))
        if found is not None:
            yield found
    known = {item.code for item in items}
    yield from (Lack(code, "not-asked") for code in findings if code not in known)


def failed(items: tuple[Item, ...], findings: Mapping[str, Finding]) -> tuple[Item, ...]:
    """The items that are not as they should be."""
    return tuple(item for item in items if not item.is_met(findings.get(item.code, Finding(NA)).value))


def result_of(items: tuple[Item, ...], findings: Mapping[str, Finding]) -> str:
    """What the answers come to by the list itself: the worst that any failing item means."""
    meant = {item.failing for item in failed(items, findings)}
    return FAIL if "fail" in meant else RECTIFY if "rectify" in meant else PASS


def digest_of(value: Mapping[str, Any]) -> str:
    """Twelve hexadecimal digits over a checklist as it is written."""
    return sha256(canonical(_plain(value))).hexdigest()[:12]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, Decimal) else value


def _number(value: str) -> Decimal | None:
    """A number as people type it from a gauge; None for what is none."""
    return Decimal(value.strip()) if _GAUGE.fullmatch(value.strip()) else None
