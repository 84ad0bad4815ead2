"""Who is concerned by cases: for whoever tells people of what has happened, many cases at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tongban.apps.cases.models import Case

__all__ = ["Party", "key_of", "list_parties"]


def key_of(*, person: int | None, organisation: str | None) -> str:
    """Who asks, as ``people`` calls them; "" where it is nobody on file, who wrote or called."""
    if organisation:
        return f"organisation:{organisation}"
    return f"person:{person}" if person is not None else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Whose case it is, who filed it for them, who answers for it, and by when. Ids of people, no names.

    ``unasked``: nobody has filed it; it was granted without.
    """

    number: int
    matter: str
    version_id: int
    authority: str
    person: int | None
    organisation: str | None
    agent: int | None
    promised_due: datetime | None
    procedure_due: datetime | None
    unasked: bool = False

    @property
    def applicant_key(self) -> str:
        """Who asks, as ``people`` calls them: person:7, organisation:91…; "" for nobody on file."""
        return key_of(person=self.person, organisation=self.organisation)


def list_parties(*, numbers: Collection[int]) -> dict[int, Party]:
    """Return the parties of cases, by number; one query."""
    rows = Case.objects.filter(pk__in=numbers).values_list(
        *("number", "matter", "matter_version", "authority", "person", "organisation", "agent"),
        *("promised_due", "procedure_due", "channel"),
    )
    return {
        number: Party(
            number=number,
            matter=matter,
            version_id=version,
            authority=authority,
            person=person,
            organisation=organisation,
            agent=agent,
            promised_due=promised,
            procedure_due=procedure,
            unasked=channel == "unasked",
        )
        for number, matter, version, authority, person, organisation, agent, promised, procedure, channel in rows
    }
