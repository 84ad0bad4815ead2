"""What a fee does to its case: the log says when it was paid and paid back, and a process that waits goes on."""

from datetime import datetime

from django.db import transaction

from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.journal import Journal
from tongban.apps.cases.services.way import lock, run
from tongban.apps.cases.store import save
from tongban.apps.people.actors import SYSTEM
from tongban.kernel import flow

__all__ = ["FEE_PAID", "FEE_REFUNDED", "record_fee", "tell_fee_paid"]

FEE_PAID, FEE_REFUNDED = "fee.paid", "fee.refunded"


def record_fee(*, number: int, kind: str, amount: str, reference: str, at: datetime) -> None:
    """Put on record that a fee was paid (``FEE_PAID``) or paid back (``FEE_REFUNDED``): yuan, and our reference.

    A process that waits for the message ``fee.paid`` hears of a payment in the same transaction.
    """
    with transaction.atomic():
        journal = lock(number)
        data = {"amount": amount, "reference": reference}
        journal.record(kind=kind, data=data, actor=SYSTEM, capacity="system", at=at)
        if kind != FEE_PAID or not _go_on(journal, data, at):
            save([journal])


def tell_fee_paid(*, number: int, amount: str, reference: str, at: datetime) -> bool:
    """Tell a case that began to wait for its fee only after that was paid; whether it waited."""
    with transaction.atomic():
        try:
            journal = lock(number)
        except UnknownCase:
            return False
        return _go_on(journal, {"amount": amount, "reference": reference}, at)


def _go_on(journal: Journal, data: dict[str, str], at: datetime) -> bool:
    expected = flow.expected_events(definition=journal.definition.process, state=journal.state)
    if not any(one.kind == "message" and FEE_PAID in one.names for one in expected):
        return False
    command = flow.ReceiveMessage(name=FEE_PAID, data=data)
    run(journal, command, actor=SYSTEM, capacity="system", at=at)
    return True
