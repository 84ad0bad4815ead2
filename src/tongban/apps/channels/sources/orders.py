"""Parts of orders whose turn has come and that only their owner can complete."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction

from tongban.apps.channels.telling import Telling, tell
from tongban.apps.intake.orders.queries import WantedPart, list_wanted

__all__ = ["tell_of_parts", "wanted"]


def wanted(at: datetime) -> Iterator[Telling]:
    """Yield, for each such part, that something is wanted of whoever put the order together."""
    after = 0
    while page := list_wanted(after=after):
        yield from (_telling(each, at) for each in page)
        after = page[-1].part


def tell_of_parts(*, parts: Iterable[int], at: datetime) -> int:
    """Tell at once of parts that have just come to wait for their owners; return how many notices are new.

    Should the process end before, ``wanted`` tells of them when sources are asked next; neither tells twice.
    """
    found = [_telling(each, at) for each in list_wanted(parts=parts)]
    with transaction.atomic():
        return tell(tellings=found, at=at)


def _telling(part: WantedPart, at: datetime) -> Telling:
    return Telling(
        person_id=part.person,
        kind="order_part",
        key=f"order-part:{part.part}:wanted:{part.person}",
        at=at,
        case=part.case,
        order=part.order,
        params={"matter": {"zh": part.matter_name.zh, "en": part.matter_name.en}},
    )
