"""What opens a case to somebody who has not signed in: its number, and four characters that its applicant knows."""

from collections.abc import Sequence

from tongban.apps.cases.models import Case
from tongban.apps.people.queries import list_identity_numbers
from tongban.apps.people.sealing import open_sealed

__all__ = ["list_endings"]

_LENGTH = 4


def list_endings(*, cases: Sequence[Case]) -> dict[int, str]:
    """Return by number what opens each of these cases: the last four digits of the telephone that it was filed with.

    Where a person gave none, the last four characters of their identity number, as long as the case keeps its
    answers. An organisation without a telephone is not followed this way: its number is public. At most one query.
    Never for a page, a log or an answer.
    """
    phones = {case.number: open_sealed(case.phone_sealed) if case.phone_sealed else "" for case in cases}
    silent = {
        case.number: case.person_id
        for case in cases
        if not phones[case.number] and case.erased_at is None and case.person_id is not None
    }
    numbers = list_identity_numbers(persons=silent.values()) if silent else {}
    told = {case: phone or numbers.get(silent.get(case, 0), "") for case, phone in phones.items()}
    return {case: words[-_LENGTH:] for case, words in told.items() if len(words) >= _LENGTH}
