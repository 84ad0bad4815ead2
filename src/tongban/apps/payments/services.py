"""Commands on fees: go to the cashier, believe the provider's proof, pay back, hold each day against its statement."""

from tongban.apps.payments.collecting import open_payment, settle, settle_open, take_notice, tell_waiting_cases
from tongban.apps.payments.counter import count_till, record_cash, record_cash_refund
from tongban.apps.payments.reconciling import reconcile, reconcile_missing_days, settle_difference
from tongban.apps.payments.refunding import carry_out_refunds, refund, refund_ended_cases

__all__ = [
    "carry_out_refunds",
    "count_till",
    "open_payment",
    "reconcile",
    "reconcile_missing_days",
    "record_cash",
    "record_cash_refund",
    "refund",
    "refund_ended_cases",
    "settle",
    "settle_difference",
    "settle_open",
    "take_notice",
    "tell_waiting_cases",
]
