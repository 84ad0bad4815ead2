"""What the city offers of its own accord: rules over what a person has consented to, each saying why it is shown.

Nothing is looked at without consent to its source, and nothing of it is kept: it is worked out anew when it is shown.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tongban.apps.cases.queries import list_case_facts, list_held_certificates
from tongban.apps.catalog.city import get_calendar, get_offers, get_rights
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.definitions.offers import Offer
from tongban.apps.catalog.definitions.rights import ConsentVersion
from tongban.apps.catalog.queries import MatterRow, list_rows
from tongban.apps.intake.errors import WordsChanged
from tongban.apps.intake.models import HiddenOffer
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import (
    AgreedWords,
    Agreement,
    get_agreement,
    get_birth,
    has_answered,
    list_applicants,
    list_births_of_wards,
)
from tongban.apps.people.services import end_consent, give_consent

__all__ = [
    "GRANTING",
    "PURPOSE",
    "OfferView",
    "Offers",
    "agree_to_granting",
    "facts_of_age",
    "hide_offer",
    "list_offers",
    "plain_value",
    "show_hidden_offers",
    "sources_of_granting",
    "switch_offers_off",
    "switch_offers_on",
]

PURPOSE, GRANTING = "offers", "granting"
_MOST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferView:
    """One thing that the reader may be entitled to, why it is shown, and from which sources that is known."""

    code: str
    matter: MatterRow
    because: Text
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """``answered``: the reader has said yes or no; ``sources``: what may be used; ``hidden``: how many are hidden.

    ``words`` are those that hold today. ``changed``: the reader agreed to others, which said something else, so nothing
    is used until they say so again.
    """

    answered: bool
    words: ConsentVersion | None = None
    changed: bool = False
    sources: frozenset[str] = frozenset()
    items: Sequence[OfferView] = ()
    hidden: int = 0

    @property
    def is_on(self) -> bool:
        """Whether anything may be used."""
        return bool(self.sources)


def switch_offers_on(*, actor: Actor, sources: Collection[str], read: str, at: datetime) -> None:
    """Let these sources be used, and no others; none is the answer no.

    ``read`` is the hash of the words that were shown. Raises ``WordsChanged`` when they are not those that hold now:
    nobody agrees to what they have not read.
    """
    if actor.person_id is None:
        return
    _agree(actor.person_id, PURPOSE, sources, read, at)


def agree_to_granting(*, actor: Actor, yes: bool, read: str, at: datetime) -> None:
    """Let what the city grants without asking be granted so, or not any more. Raises ``WordsChanged`` as above."""
    if actor.person_id is not None:
        _agree(actor.person_id, GRANTING, sources_of_granting() if yes else (), read, at)


def sources_of_granting() -> list[str]:
    """What is looked at for what the city grants without asking; nothing where it grants nothing so."""
    return sorted({source for each in get_offers() if each.granting is not None for source in each.uses})


def _agree(person_id: int, purpose: str, sources: Collection[str], read: str, at: datetime) -> None:
    words = _words(at, purpose)
    if words is not None and sources and read != words.sha256:
        raise WordsChanged
    agreed = None
    if words is not None:
        text = words.text
        agreed = AgreedWords(version=words.number, sha256=words.sha256, text_zh=text.zh, text_en=text.en)
    give_consent(person_id=person_id, purpose=purpose, sources=sources, words=agreed, at=at)


def switch_offers_off(*, actor: Actor, at: datetime) -> None:
    """Let nothing be used any more."""
    if actor.person_id is not None:
        end_consent(person_id=actor.person_id, purpose=PURPOSE, at=at)


def hide_offer(*, actor: Actor, code: str, at: datetime) -> None:
    """Do not offer this any more."""
    if actor.person_id is not None and any(each.code == code for each in get_offers()):
        HiddenOffer.objects.get_or_create(person_id=actor.person_id, code=code, defaults={"hidden_at": at})


def show_hidden_offers(*, actor: Actor) -> None:
    """Offer again what was hidden."""
    HiddenOffer.objects.filter(person=actor.person_id).delete()


def list_offers(*, actor: Actor, at: datetime, limit: int = _MOST) -> Offers:
    """What the reader may be entitled to on that day; a constant number of queries, two without consent."""
    if actor.person_id is None:
        return Offers(answered=True)
    words, said = _words(at), get_agreement(person_id=actor.person_id, purpose=PURPOSE)
    if said is None or not said.sources:
        return Offers(answered=has_answered(person_id=actor.person_id, purpose=PURPOSE), words=words)
    if not _holds_still(said, at):
        return Offers(answered=False, words=words, changed=True)
    sources = said.sources
    on = get_calendar().local_date(at)
    hidden = set(HiddenOffer.objects.filter(person=actor.person_id).values_list("code", flat=True))
    facts = _facts(actor, on=on, sources=sources)
    asked = [each for each in get_offers() if sources.issuperset(each.uses) and each.code not in hidden]
    told = [(offer, found) for offer in asked for found in _holds(offer, facts)][:limit]
    rows = {row.code: row for row in list_rows(codes=sorted({offer.matter for offer, _ in told}), on=on)}
    items = [
        OfferView(
            code=offer.code,
            matter=rows[offer.matter],
            because=Text(offer.reason(found, "zh-hans"), offer.reason(found, "en")),
            uses=offer.uses,
        )
        for offer, found in told
        if offer.matter in rows
    ]
    return Offers(answered=True, words=words, sources=sources, items=items, hidden=len(hidden))


def _words(at: datetime, purpose: str = PURPOSE) -> ConsentVersion | None:
    """The words of a consent on that day; None where the city has none."""
    consent = get_rights().consents.get(purpose)
    return consent.at(get_calendar().local_date(at)) if consent else None


def _holds_still(said: Agreement, at: datetime) -> bool:
    consent = get_rights().consents.get(PURPOSE)
    return consent is None or consent.holds(agreed=said.version, on=get_calendar().local_date(at))


def _holds(offer: Offer, facts: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The facts under which the rule holds: once, or for each of what it is asked of."""
    if not offer.again and offer.matter in facts[_BUSY]:
        return
    for one in facts.get(offer.each, ()) if offer.each else ({},):
        seen = {**facts, **one}
        if offer.when.evaluate(seen) is True:
            yield seen


_BUSY = "_busy"
"""Matters that the person is asking for or has been granted. No name that a rule could use."""


def _facts(actor: Actor, *, on: date, sources: frozenset[str]) -> dict[str, Any]:
    assert actor.person_id is not None
    facts: dict[str, Any] = {}
    if "identity" in sources:
        born, female = get_birth(person_id=actor.person_id)
        facts |= facts_of_age(born, female, on)
    if "family" in sources:
        facts["children"] = [
            {"child_age": _years(born, on), "child_months": _months(born, on)}
            for born in list_births_of_wards(person_id=actor.person_id, on=on)
            if _years(born, on) < 18
        ]
    if "certificates" in sources:
        facts["certificates"] = _certificates(actor, on)
    # That somebody asks for it already is no use of their data: it only keeps the offer away.
    cases = list_case_facts(person_id=actor.person_id)
    facts[_BUSY] = {each.matter for each in cases if each.is_open or each.outcome == "granted"}
    if "cases" in sources:
        facts["cases"] = [
            {"matter": one.matter, "outcome": one.outcome, "open": one.is_open, "days_ago": _days_ago(one.since, on)}
            for one in cases
        ]
    return facts


def facts_of_age(born: date, female: bool, on: date) -> dict[str, Any]:
    """What rules may look at of ``identity``."""
    return {"age": _years(born, on), "days_to_birthday": _days_to_birthday(born, on), "female": female}


def plain_value(value: Any) -> Any:
    """A value of a rule as a form takes it."""
    if isinstance(value, date):
        return value.isoformat()
    return int(value) if isinstance(value, Decimal) and value == int(value) else value


def _certificates(actor: Actor, on: date) -> list[dict[str, Any]]:
    applicants = {each.key: each for each in list_applicants(actor=actor, on=on)}
    latest: dict[tuple[str, str], dict[str, Any]] = {}
    for one, whose in list_held_certificates(applicants=applicants):
        facts = {
            "matter": one.matter,
            "days_left": (one.valid_until - on).days if one.valid_until else None,
            "ends_on": one.valid_until.isoformat() if one.valid_until else "",
            "holder": one.holder,
        }
        latest.setdefault((whose.key, one.matter), facts)  # the latest first: a renewed one hides the one before
    return list(latest.values())


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _months(born: date, on: date) -> int:
    return (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)


def _days_to_birthday(born: date, on: date) -> int:
    for year in (on.year, on.year + 1):
        try:
            day = born.replace(year=year)
        except ValueError:  # born on 29 February
            day = date(year, 3, 1)
        if day >= on:
            return (day - on).days
    raise AssertionError("a birthday comes every year")


def _days_ago(since: datetime, on: date) -> int:
    return (on - get_calendar().local_date(since)).days
