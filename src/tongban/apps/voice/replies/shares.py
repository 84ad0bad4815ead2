"""What many replies have in common: which shares are forwarded, late, without ground, with promises."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tongban.apps.voice.replies.checking import Checked, Grade
from tongban.apps.voice.replies.kinds import LIMITS, InquiryKind
from tongban.apps.voice.replies.parts import Nothing
from tongban.kernel.clock import Limit

__all__ = ["Shares", "shares"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Shares are of all replies, 0 to 1, unless told otherwise.

    ``without_basis`` is of those that ought to name one (``want_basis``); ``late`` by the limit of each kind,
    ``late_by_strictest`` and ``late_by_loosest`` as if all were of the kind with the shortest or longest limit; all
    three of those whose days the calendar knows (``timed``). ``left_open`` is of the questions and requests of
    messages that were answered at all.
    """

    replies: int
    timed: int
    grades: Mapping[Grade, int]
    kinds: Mapping[InquiryKind, int]
    forwarded: float
    acknowledged: float
    want_basis: float
    without_basis: float
    late: float
    late_by_strictest: float
    late_by_loosest: float
    promises: float
    promises_dated: float
    promises_undated: float
    personal: float
    left_open: float


def shares(found: Sequence[Checked], *, limits: Mapping[InquiryKind, Limit] = LIMITS) -> Shares:
    """Count; of no replies all shares are nought."""
    amount = max(1, len(found))
    wanting = [each for each in found if each.wants_basis]
    timed = [each.working_days for each in found if each.working_days is not None]
    days = sorted(limit.amount for limit in limits.values())
    asked = [one for each in found if each.nothing is None for one in each.asked]

    def share(hits: Sequence[object]) -> float:
        return len(hits) / amount

    return Shares(
        replies=len(found),
        grades=Counter(each.grade for each in found),
        kinds=Counter(each.kind for each in found),
        forwarded=share([each for each in found if each.nothing is Nothing.FORWARDED]),
        acknowledged=share([each for each in found if each.nothing not in {None, Nothing.FORWARDED, Nothing.REFERRED}]),
        want_basis=share(wanting),
        without_basis=sum(not each.citations for each in wanting) / max(1, len(wanting)),
        timed=len(timed),
        late=sum(each.late for each in found) / max(1, len(timed)),
        late_by_strictest=sum(each > days[0] for each in timed) / max(1, len(timed)),
        late_by_loosest=sum(each > days[-1] for each in timed) / max(1, len(timed)),
        promises=share([each for each in found if each.promises]),
        promises_dated=share([each for each in found if any(one.dated for one in each.promises)]),
        promises_undated=share([each for each in found if any(not one.dated for one in each.promises)]),
        personal=share([each for each in found if each.personal]),
        left_open=sum(not each.touched for each in asked) / max(1, len(asked)),
    )
