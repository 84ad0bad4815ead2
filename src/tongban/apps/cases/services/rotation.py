"""After a new data key: the numbers in cases, sealed anew. No column that mirrors the log is touched."""

from collections.abc import Iterator

from tongban.apps.cases.models import Case
from tongban.apps.people.services import Resealed, reseal_answers, reseal_column

__all__ = ["reseal_cases"]


def reseal_cases(*, batch: int) -> Iterator[Resealed]:
    """Seal phones and answers of cases anew; yields after each batch."""
    yield from reseal_column(model=Case, column="phone_sealed", batch=batch)
    yield from reseal_answers(model=Case, column="answers", batch=batch)
