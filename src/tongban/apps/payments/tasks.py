"""What the worker does about money: ask, tell, pay back, and hold days that are over against their statements."""

import logging
from datetime import datetime

from tongban.apps.payments import services
from tongban.apps.payments.errors import PaymentError
from tongban.apps.payments.providers import is_on

__all__ = ["do_payments"]

log = logging.getLogger(__name__)


def do_payments(*, at: datetime) -> None:
    """One round of everything; what cannot be done now is done in a later one. Without a provider, what cash needs."""
    always = (services.tell_waiting_cases, services.refund_ended_cases)
    provided = (services.settle_open, services.carry_out_refunds, services.reconcile_missing_days)
    for work in (*always, *(provided if is_on() else ())):
        try:
            work(at=at)
        except PaymentError as error:
            log.warning("%s is put off: %s", work.__name__, error.code)
