"""Why a fee cannot be paid or paid back."""

from typing import ClassVar

__all__ = [
    "AmountUnfit",
    "NothingOwed",
    "PaymentError",
    "PaymentsOff",
    "ProofInvalid",
    "ProviderAway",
    "ReceiptUsed",
    "UnknownPayment",
]


class PaymentError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "payment.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class PaymentsOff(PaymentError):
    """The city has no payment provider."""

    code = "payment.off"


class NothingOwed(PaymentError):
    """There is nothing to pay for this case now: it is free, paid already, or not due yet."""

    code = "payment.nothing-owed"


class UnknownPayment(PaymentError):
    """No such payment, or somebody else's."""

    code = "payment.unknown"


class ProviderAway(PaymentError):
    """The provider does not answer, or not sensibly. Nothing has been charged by this call."""

    code = "payment.provider-away"


class ProofInvalid(PaymentError):
    """What claims to come from the provider is not signed by it, too old, or not what it should be."""

    code = "payment.proof-invalid"


class AmountUnfit(PaymentError):
    """No more can be paid back than was paid: ``left`` yuan."""

    code = "payment.amount-unfit"


class ReceiptUsed(PaymentError):
    """A receipt of the counter counts once; ``receipt`` is on file already."""

    code = "payment.receipt-used"
