"""After a new data key: the numbers in drafts, sealed anew."""

from collections.abc import Iterator

from tongban.apps.intake.models import Draft
from tongban.apps.people.services import Resealed, reseal_answers

__all__ = ["reseal_drafts"]


def reseal_drafts(*, batch: int) -> Iterator[Resealed]:
    """Seal the answers of drafts anew; yields after each batch."""
    yield from reseal_answers(model=Draft, column="answers", batch=batch)
