"""Where an order is, for whoever has its number and four digits of the telephone: as little as of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tongban.apps.cases.boards import list_tracked
from tongban.apps.cases.queries import CaseRow
from tongban.apps.catalog.definitions import Text
from tongban.apps.intake.errors import UnknownOrder
from tongban.apps.intake.models import Order
from tongban.apps.intake.orders.contents import contents_of

__all__ = ["TrackedOrder", "TrackedPart", "track_order"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedPart:
    """A part. ``state`` as in ``PartView``; ``case`` only where the digits are those of that case, too.

    ``after``: the matters that it waits for.
    """

    name: Text
    state: str
    after: Sequence[Text]
    case: CaseRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackedOrder:
    """An order without names, answers and papers. ``name`` is that of its event of life, if it has one."""

    number: int
    name: Text | None
    icon: str
    submitted_at: datetime
    parts: Sequence[TrackedPart]

    def case(self, number: int) -> CaseRow | None:
        """The part that is this case."""
        return next((part.case for part in self.parts if part.case is not None and part.case.number == number), None)


def track_order(*, number: int, ending: str) -> TrackedOrder:
    """Return an order that was sent, without signing in, to whoever knows what opens one of its cases (`list_endings`).

    Raises ``UnknownOrder`` alike for a wrong number and for wrong digits, so that neither can be probed for.
    """
    row = Order.objects.filter(number=number).first()
    if row is None or row.submitted_at is None:
        raise UnknownOrder
    found = contents_of(row)
    numbers = [held.case for held in found.parts if held.case is not None]
    cases = {case.number: case for case in list_tracked(numbers=numbers, ending=ending)}
    if not cases:
        raise UnknownOrder
    names = {held.matter: held.definition.name for held in found.parts}
    return TrackedOrder(
        number=number,
        name=found.bundle.name if found.bundle is not None else None,
        icon=found.bundle.icon if found.bundle is not None else "briefcase",
        submitted_at=row.submitted_at,
        parts=[
            TrackedPart(
                name=held.definition.name,
                state="filed" if held.case is not None else held.row.state,
                after=[names[one.part] for one in found.after(held)],
                case=cases.get(held.case) if held.case is not None else None,
            )
            for held in found.parts
        ],
    )
