"""A request to a register and its answer, as values that every way of asking shares."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from tongban.apps.people.sealing import lookup_hash
from tongban.kernel.chain import canonical
from tongban.kernel.numbers import NumberError, parse_credit_code

__all__ = ["About", "Answer", "Request", "digest", "subject_hash"]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """For what a register is asked: a case, or a draft that is to become one, of a matter."""

    matter: str = ""
    case: int | None = None
    draft: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Who asks which register about whom, for what purpose, for which fields, on whose word.

    ``key`` is the number of the person or body that is asked about; it goes to the register and nowhere else.
    """

    register: str
    provider: str
    consumer: str
    purpose: str
    fields: tuple[str, ...]
    key: str = field(repr=False)
    about: About
    consent: bool
    actor: str

    def plain(self) -> dict[str, Any]:
        """What the digest of a request covers. Numbers are text: they are longer than JSON's are exact."""
        return {
            "register": self.register,
            "provider": self.provider,
            "consumer": self.consumer,
            "purpose": self.purpose,
            "fields": list(self.fields),
            "key": self.key,
            "matter": self.about.matter,
            "case": "" if self.about.case is None else str(self.about.case),
            "draft": "" if self.about.draft is None else str(self.about.draft),
            "consent": self.consent,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a register said. ``values`` hold the granted fields and nothing else; empty when there is no such record.

    ``number`` is that of the record of the request; ``fresh_until``: from then on it is to be asked again.
    """

    number: int
    is_found: bool
    values: Mapping[str, Any] = field(repr=False)
    fetched_at: datetime
    fresh_until: datetime


def digest(content: Mapping[str, Any]) -> str:
    """Return the keyed digest of a request or an answer: proves which it was, and cannot be guessed back."""
    plain = {name: value if isinstance(value, bool | int | str) else str(value) for name, value in content.items()}
    return lookup_hash(kind="exchange", text=canonical(plain).decode())


def subject_hash(key: str) -> str:
    """Return the keyed hash by which the requests about a person or body are found: ``key`` is its number."""
    return lookup_hash(kind="organisation" if _is_credit_code(key) else "identity", text=key)


def _is_credit_code(key: str) -> bool:
    try:
        parse_credit_code(key)
    except NumberError:
        return False
    return True
