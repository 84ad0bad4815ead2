"""Comparing what a caller says with what is on file. All of a way must fit, and which of it did not is never said."""

import hmac
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from tongban.apps.cases.boards import list_tracked
from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.queries import Filed, get_filed, list_parties
from tongban.apps.catalog.definitions.phone import LOCATORS, Way
from tongban.apps.evidence.errors import UnknownCertificate
from tongban.apps.evidence.queries import get_certificate
from tongban.apps.people.queries import find_by_identity, get_contact, is_called, list_by_telephone
from tongban.kernel.numbers import CertificateIdentifier, NumberError, parse_case_number

__all__ = ["Shown", "compare"]

_ENDING = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """Who was called for (``key`` as ``people`` calls them, "" where it is nobody or not one), and which facts fit.

    ``case``: the one that was named.
    """

    key: str
    fitting: frozenset[str]
    case: int | None


def compare(*, way: Way, answers: Mapping[str, str]) -> Shown:
    """Find whom the caller speaks for and say which of the facts that ``way`` asks fit them."""
    said = {fact: answers.get(fact, "").strip() for fact in way.asks}
    filed = _case(said["case_number"]) if said.get("case_number") else None
    located = [_LOCATE[fact](said[fact]) if said[fact] else set() for fact in way.asks if fact in LOCATORS]
    keys = set.intersection(*located) if located else set()
    found = [(key, _fitting(key, way.asks, said, filed)) for key in sorted(keys)]
    whole = [each for each in found if each[1] == set(way.asks)]
    best = whole if len(whole) == 1 else found
    if len(best) != 1:  # nobody, or several whom it does not tell apart
        return Shown(key="", fitting=frozenset(), case=None)
    key, fitting = best[0]
    return Shown(key=key, fitting=fitting, case=filed.number if filed is not None else None)


def _fitting(key: str, asks: Collection[str], said: Mapping[str, str], filed: Filed | None) -> frozenset[str]:
    """What fits this applicant; that they were found fits already."""
    kind, _, which = key.partition(":")
    of_person = kind == "person"
    contact = get_contact(person_id=int(which) if of_person else None, organisation_code=None if of_person else which)
    fits: Mapping[str, Callable[[], bool]] = {
        "name": lambda: is_called(key=key, name=said["name"]),
        "identity_ending": lambda: _ends(contact.get("identity_number", ""), said["identity_ending"]),
        "phone_ending": lambda: _ends_phone(filed, contact["phone"], said["phone_ending"]),
    }
    return frozenset(fact for fact in asks if fact in LOCATORS or fits[fact]())


def _ends(whole: str, ending: str) -> bool:
    plain = "".join(ending.split()).upper()
    return len(plain) == _ENDING < len(whole) and hmac.compare_digest(whole[-_ENDING:].encode(), plain.encode())


def _ends_phone(filed: Filed | None, on_file: str, ending: str) -> bool:
    """What tracking takes, where a case was named: of whoever gave no telephone, the end of the identity number."""
    plain = "".join(ending.split())
    if filed is None:
        return _ends(on_file, plain)
    return bool(list_tracked(numbers=[filed.number], ending=plain))


def _case(text: str) -> Filed | None:
    try:
        return get_filed(number=parse_case_number(text))
    except (NumberError, UnknownCase):
        return None


def _by_case(text: str) -> set[str]:
    filed = _case(text)
    if filed is None or not (filed.organisation or filed.person):  # none, or of nobody on file, who wrote
        return set()
    return {f"organisation:{filed.organisation}" if filed.organisation else f"person:{filed.person}"}


def _by_certificate(text: str) -> set[str]:
    try:
        found = get_certificate(identifier=str(CertificateIdentifier.parse(text)))
    except (NumberError, UnknownCertificate):
        return set()
    return {party.applicant_key for party in list_parties(numbers=[found.case]).values()}


def _by_identity(text: str) -> set[str]:
    person = find_by_identity(number=text)
    return {f"person:{person}"} if person is not None else set()


def _by_telephone(text: str) -> set[str]:
    return {f"person:{person}" for person in list_by_telephone(number=text)}


_LOCATE: Mapping[str, Callable[[str], set[str]]] = {
    "case_number": _by_case,
    "certificate_number": _by_certificate,
    "identity_number": _by_identity,
    "telephone": _by_telephone,
}
