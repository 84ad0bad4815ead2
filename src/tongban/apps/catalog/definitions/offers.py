"""What a city offers of its own accord: ``offers.yaml``, rules over what is known of somebody with their consent."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tongban.kernel.rules import Expression

from .articles import Article
from .expressions import expression_of, unknown_names
from .folder import read_text
from .problems import Problem
from .registers import read_registers
from .retention import article_of
from .schema import check_schema
from .source import Document, read_yaml
from .text import Text, text_of

__all__ = ["EACH", "SOURCES", "Granting", "Offer", "check_offers", "read_offers"]

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
class Granting:
    """How a matter is granted without being asked for (免申即享), and on what law.

    To whom ``when`` holds, their record in ``register`` is asked for, for ``purpose``; where ``holds`` says yes of both
    together, the form is filled with ``answers``. Once, or once a ``yearly``; it can be declined for so many days.
    """

    basis: Article
    when: Expression
    register: str
    purpose: str
    holds: Expression
    answers: Mapping[str, Expression]
    yearly: bool
    decline: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One rule: for which ``matter``, from which sources, when it holds, and why it is shown.

    ``each`` asks it of each child, certificate or case. ``again``: also who has been granted it, or is asking for it.
    ``granting``: how it is granted without asking; None where it has to be asked for.
    """

    code: str
    matter: str
    uses: tuple[str, ...]
    each: str
    when: Expression
    because: Text
    again: bool
    granting: Granting | None = None

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
        yield from _check_granting(place, offer, folder)
        if offer.code in seen:
            yield _problem(place, "offer.twice", f"Two offers are called `{offer.code}`.", "give each its own code")
        seen.add(offer.code)


def _check_granting(place: int, offer: Offer, folder: Path) -> Iterator[Problem]:
    """Whether the register is there, gives what is asked of it to somebody, and has every name that is used."""
    granting, registers = offer.granting, read_registers(folder)
    if granting is None or isinstance(registers, list):
        return
    register = registers.get(granting.register)
    granted = [each for each in register.grants if each.purpose == granting.purpose] if register else []
    if not granted:
        message = f"No register `{granting.register}` gives anything for `{granting.purpose}`."
        yield _problem(place, "offer.register", message, "publish a grant for that purpose with the register")
        return
    known = {name for source in offer.uses for name in SOURCES[source]} | set(granted[0].fields)
    for each in (granting.holds, *granting.answers.values()):
        for message, cure in unknown_names(each, known):
            yield _problem(place, "feel.unknown-name", message, cure)


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
    granting = _granting(document, index, row, problems) if "grant" in row else None
    return Offer(row["code"], row["matter"], tuple(row["uses"]), each, when, because, row.get("again", False), granting)


def _granting(document: Document, index: int, row: Mapping[str, Any], problems: list[Problem]) -> Granting | None:
    path, said = ("offers", index, "grant"), row["grant"]
    if row["uses"] != ["identity"] or row.get("each") or row.get("again"):
        message = "Only what follows from somebody's own age and sex can be granted without asking, and never again."
        problems.append(document.problem(path, "offer.grant", message, "use `identity` alone, or let it be asked for"))
        return None
    when = expression_of(document, (*path, "when"), said["when"], names=SOURCES["identity"], problems=problems)
    holds = expression_of(document, (*path, "holds"), said["holds"], names=None, problems=problems)
    answers = {
        name: expression_of(document, (*path, "answers", name), text, names=None, problems=problems)
        for name, text in said["answers"].items()
    }
    if when is None or holds is None:
        return None
    return Granting(
        basis=article_of(said["basis"]),
        when=when,
        register=said["register"],
        purpose=said["purpose"],
        holds=holds,
        answers={name: each for name, each in answers.items() if each is not None},
        yearly=said.get("period") == "year",
        decline=int(said["decline"].split()[0]),
    )


def _names(each: str) -> set[str]:
    return {each} if each else set()
