"""What people let be used of what government holds of them: given by source, ended with one press, kept on record."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from tongban.apps.people.mandates.holding import holds
from tongban.apps.people.models import Consent, ConsentWords, MandateKind, Person
from tongban.apps.people.sealing import open_sealed
from tongban.kernel.numbers import birth_date

__all__ = [
    "AgreedWords",
    "Agreement",
    "end_consent",
    "get_agreement",
    "get_birth",
    "give_consent",
    "has_answered",
    "list_agreed",
    "list_agreements",
    "list_births",
    "list_births_of_wards",
]

_FEMALE = frozenset("02468")


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedWords:
    """The words that were read, by their version and hash, in both languages."""

    version: int
    sha256: str
    text_zh: str
    text_en: str

    def text(self, language: str) -> str:
        """The words in ``language``."""
        return self.text_zh if language.startswith("zh") else self.text_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What somebody said and when; no ``sources`` is a no. ``words`` None: said before words were kept."""

    purpose: str
    sources: frozenset[str]
    given_at: datetime
    ended_at: datetime | None
    words: AgreedWords | None

    @property
    def version(self) -> int:
        """Of the words; 0 where none were kept."""
        return self.words.version if self.words else 0


def give_consent(
    *, person_id: int, purpose: str, sources: Collection[str], at: datetime, words: AgreedWords | None = None
) -> None:
    """Put on record that a person consents, to these sources and no others; what was said before ends.

    No sources is the answer no: it is kept too, so that nobody is asked again. ``words`` are what was read before.
    """
    with transaction.atomic():
        end_consent(person_id=person_id, purpose=purpose, at=at)
        kept = None
        if words is not None:
            key = {"purpose": purpose, "version": words.version, "sha256": words.sha256}
            texts = {"text_zh": words.text_zh, "text_en": words.text_en}
            kept, _ = ConsentWords.objects.get_or_create(**key, defaults=texts)
        Consent.objects.create(person_id=person_id, purpose=purpose, sources=sorted(sources), words=kept, given_at=at)


def end_consent(*, person_id: int, purpose: str, at: datetime) -> None:
    """End what a person has consented to."""
    Consent.objects.filter(person=person_id, purpose=purpose, ended_at=None).update(ended_at=at)


def get_agreement(*, person_id: int, purpose: str) -> Agreement | None:
    """What the person says at present for a purpose; None where they say nothing; one query."""
    row = Consent.objects.filter(person=person_id, purpose=purpose, ended_at=None).select_related("words").first()
    return _agreement(row) if row else None


def list_agreements(*, person_id: int, limit: int = 200) -> list[Agreement]:
    """All that the person has ever said, the latest first; one query."""
    rows = Consent.objects.filter(person=person_id).select_related("words").order_by("-given_at", "-pk")
    return [_agreement(row) for row in rows[:limit]]


def list_agreed(*, purpose: str, after: int = 0, limit: int = 500) -> list[tuple[int, Agreement]]:
    """Who lets anything be used for a purpose at present, and what they said, by person from behind ``after``; one
    query."""
    rows = Consent.objects.filter(purpose=purpose, ended_at=None, person__gt=after).exclude(sources=[])
    return [(row.person_id, _agreement(row)) for row in rows.select_related("words").order_by("person")[:limit]]


def _agreement(row: Consent) -> Agreement:
    kept, words = row.words, None
    if kept is not None:
        words = AgreedWords(version=kept.version, sha256=kept.sha256, text_zh=kept.text_zh, text_en=kept.text_en)
    return Agreement(
        purpose=row.purpose,
        sources=frozenset(row.sources),
        given_at=row.given_at,
        ended_at=row.ended_at,
        words=words,
    )


def has_answered(*, person_id: int, purpose: str) -> bool:
    """Whether the person has said yes or no, ever."""
    return Consent.objects.filter(person=person_id, purpose=purpose).exists()


def get_birth(*, person_id: int) -> tuple[date, bool]:
    """Return when a person was born and whether it is a woman, by the identity number (GB 11643); for rules only."""
    return list_births(persons=[person_id])[person_id]


def list_births(*, persons: Collection[int]) -> Mapping[int, tuple[date, bool]]:
    """Return the same of many, by person; one query."""
    rows = Person.objects.filter(pk__in=persons).values_list("pk", "identity_sealed")
    opened = ((pk, open_sealed(sealed)) for pk, sealed in rows)
    return {pk: (birth_date(number), number[16] in _FEMALE) for pk, number in opened}


def list_births_of_wards(*, person_id: int, on: date) -> list[date]:
    """Return when those were born whose guardian the person is on that day; one query."""
    guarded = Q(represented_by__agent=person_id, represented_by__kind=MandateKind.GUARDIAN)
    rows = Person.objects.filter(holds(on, "represented_by__") & guarded)
    return [birth_date(open_sealed(sealed)) for sealed in rows.values_list("identity_sealed", flat=True)]
