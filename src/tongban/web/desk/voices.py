"""What an inquiry is about, on the page of its case: how it was sorted and why, and where that is put right."""

from datetime import datetime
from typing import Any

from tongban.apps.cases.consequences import Work
from tongban.apps.cases.queries import list_said
from tongban.apps.people.actors import Actor
from tongban.apps.voice.queries import coordinates, get_sorted
from tongban.web.sorted_voices import sorted_lines

__all__ = ["voice_part"]


def voice_part(work: Work, *, actor: Actor, at: datetime) -> dict[str, Any]:
    """Nothing for a case in which nobody says anything; two reads for one in which somebody does."""
    found = get_sorted(number=work.view.number) if work.view.definition.voice is not None else None
    if found is None:
        return {}
    said = list_said(numbers=[found.number]).get(found.number)
    return {
        "voice": sorted_lines(found) | {"said": said},
        "coordinates": coordinates(actor=actor, at=at),
    }
