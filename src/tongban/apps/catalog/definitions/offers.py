"""What a city offers of its own accord: ``offers.yaml``, rules over what is known of somebody with their consent."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tongban.kernel.rules import Expression

from .expressions import expression_of
from .folder import read_text
from .problems import Problem
from .schema import check_schema
from .source import Document, read_yaml
from .text import Text, text_of

__all__ = ["EACH", "SOURCES", "Offer", "check_offers", "read_offers"]

FILE = "offers.yaml"

SOURCES: Mapping[str, tuple[str, ...]] = {
    "identity": ("age", "days_to_birthday", "female"),
    "family": ("children",),
    "certificates": ("certificates",),
    "cases": ("cases",),
}
"""What may be used, each with a consent of its own, and the facts that come from it."""

EACH: Mapping[str, tuple[str, ...]] = {
    "children": ("child_age", "child_months"),
    "certificates": ("matter", "days_left", "ends_on", "holder"),
    "cases": ("matter", "outcome", "open", "days_ago"),
}
"""What a rule may be asked of one by one, and the facts of one of them."""

_PLACE = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Offer:
    """One rule: for which ``matter``, from which sources, when it holds, and why it is shown.

    ``each`` asks it of each child, certificate or case. ``again``: also who has been granted it, or is asking for it.
    """

    code: str
    matter: str
    uses: tuple[str, ...]
    each: str
    when: Expression
    because: Text
    again: bool

    def reason(self, facts: Mapping[str, Any], language: str) -> str:
        """Why it is shown, with facts in place of ``{names}``."""
        return _PLACE.sub(lambda found: str(facts[found.group(1)]), self.because.in_language(language))


def read_offers(folder: Path) -> tuple[Offer, ...] | list[Problem]:
    """The offers of the city in ``folder``, or why its file cannot be used; none without a file."""
    if not (folder / FILE).exists():
        return ()
    text = read_text(folder / FILE, file=FILE)
    document = text if isinstance(text, Problem) else read_yaml(text, file=FILE)
    if isinstance(document, Problem):
        return [document]
    problems = check_schema(document, schema="offers")
    if problems:
        return problems
    offers = [_offer(document, index, row, problems) for index, row in enumerate(document.value["offers"])]
    return problems or tuple(each for each in offers if each is not None)


def check_offers(folder: Path, *, matters: Collection[str]) -> Iterator[Problem]:
    """Everything that is wrong in the offers of a city with these matters."""
    found = read_offers(folder)
    if isinstance(found, list):
        yield from found
        return
    seen: set[str] = set()
    for place, offer in enumerate(found):
        if offer.matter not in matters:
            yield _problem(place, "matter.unknown", f"There is no matter `{offer.matter}`.", "name one of the city's")
        if offer.code in seen:
            yield _problem(place, "offer.twice", f"Two offers are called `{offer.code}`.", "give each its own code")
        seen.add(offer.code)


def _problem(place: int, code: str, message: str, cure: str) -> Problem:
    return Problem(FILE, 0, code, f"Offer {place + 1}: {message}", cure)


def _offer(document: Document, index: int, row: Mapping[str, Any], problems: list[Problem]) -> Offer | None:
    path, each = ("offers", index), row.get("each", "")
    if each and not any(each in SOURCES[source] for source in row["uses"]):
        message = f"It is asked of each of the `{each}`, but does not say that it uses them."
        problems.append(document.problem((*path, "each"), "offer.each", message, "add the source to `uses`"))
    known = {name for source in row["uses"] for name in SOURCES[source]} | set(EACH.get(each, ()))
    when = expression_of(document, (*path, "when"), row["when"], names=known, problems=problems)
    because = text_of(row["because"])
    for words in (because.zh, because.en):
        for name in _PLACE.findall(words):
            if name not in known - {"children", "certificates", "cases"}:
                message = f"`{{{name}}}` is not known here."
                cure = f"known here: {', '.join(sorted(known)) or 'nothing'}"
                problems.append(document.problem((*path, "because"), "offer.unknown-name", message, cure))
    if when is not None and not any(set(SOURCES[s]) & (when.names | _names(each)) for s in row["uses"]):
        message = "It uses nothing of what it asks consent for."
        problems.append(document.problem((*path, "uses"), "offer.unused", message, "name only what the rule looks at"))
    if when is None:
        return None
    return Offer(row["code"], row["matter"], tuple(row["uses"]), each, when, because, row.get("again", False))


def _names(each: str) -> set[str]:
    return {each} if each else set()
