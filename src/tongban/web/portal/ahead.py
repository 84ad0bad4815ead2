"""What happens next with what was sent together: part by part, each with its days. An order in, lines out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.catalog.city import get_calendar
from tongban.apps.intake.orders.queries import OrderView, PartView
from tongban.apps.payments.queries import Owed
from tongban.kernel.clock import Limit
from tongban.web.templatetags.tongban_ui import day
from tongban.web.wording import limit_words

__all__ = ["NextStep", "next_steps"]

SILENCE = Limit.parse("5 working days")
"""Within so long it is said whether something is accepted (Administrative Licensing Law, 32)."""


@dataclass(frozen=True, slots=True)
class NextStep:
    """A part: what happens next with it, and its fee where that is due. ``case``: its number, where it has one."""

    name: str
    lines: Sequence[str]
    case: int | None
    fee: Decimal | None
    counter: bool


def next_steps(order: OrderView, *, owed: Sequence[Owed], at: datetime) -> list[NextStep]:
    """Each part in its order: those that wait come after what they wait for, so its days are known by then."""
    fees = {each.case: each for each in owed}
    ends: dict[str, datetime] = {}
    steps: list[NextStep] = []
    for part in order.parts:
        begins = max((ends[one.part] for _name, one in part.after if one.part in ends), default=at)
        ends[part.matter] = _end(part, begins)
        number = part.case.number if part.case is not None else None
        fee = fees.get(number) if number is not None else None
        steps.append(
            NextStep(
                name=part.definition.name.in_language(_language()),
                lines=_lines(part, begins=begins, ends=ends[part.matter]),
                case=number,
                fee=fee.amount if fee is not None else None,
                counter=fee.counter if fee is not None else False,
            )
        )
    return steps


def _end(part: PartView, begins: datetime) -> datetime:
    """By when it is promised: as its clock says, or counted from when it may begin."""
    if part.case is not None and part.case.promised_due is not None:
        return part.case.promised_due
    if part.definition.kind == "instant":
        return begins
    return get_calendar().deadline(start=begins, limit=part.definition.promised)


def _lines(part: PartView, *, begins: datetime, ends: datetime) -> list[str]:
    case = part.case
    if case is not None and case.outcome:
        return [_("It is done already.")]
    if part.state == "wanted":
        return [_("It waits for you: a few answers are still needed.")]
    if part.state == "stopped":
        return [_("It is not filed: what it depends on was not granted.")]
    if case is None:
        names = _(", ").join(name.in_language(_language()) for name, _one in part.after)
        facts = {"names": names, "day": day(_local(begins)), "end": day(_local(ends))}
        first = _("Filed by itself once this is granted: %(names)s. That is promised by %(day)s.") % facts
        return [first, _("Then it is promised by %(end)s.") % facts]
    if case.status == "supplement":
        return [_("Something is missing. Please hand it in.")]
    if case.accepted_at is not None:
        return [_("By %(day)s it is decided: that is our promise.") % {"day": day(_local(ends))}]
    answer = get_calendar().deadline(start=case.filed_at, limit=SILENCE)
    limit = limit_words(part.definition.promised)
    return [
        _("By %(day)s we tell you whether it is accepted. If you hear nothing, it is.") % {"day": day(_local(answer))},
        _("Within %(limit)s of acceptance it is decided: by %(day)s if it is accepted today.")
        % {"limit": limit, "day": day(_local(ends))},
    ]


def _local(at: datetime) -> date:
    return get_calendar().local_date(at)


def _language() -> str:
    return get_language() or "zh-hans"
