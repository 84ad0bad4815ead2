"""What the city asks of a payment provider, whoever it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

__all__ = ["Checkout", "Line", "Provider", "Seen", "Statement"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkout:
    """What is to be paid: ``amount`` in fen, under our ``reference``, until ``expires_at``."""

    reference: str
    amount: int
    subject: str
    return_url: str
    notify_url: str
    expires_at: datetime
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the provider says of a payment or refund, with its signed words as ``proof``.

    ``state`` is ``paid`` or ``refunded``; ``open`` while it can still be used; ``closed`` when it cannot; ``failed``;
    ``unknown`` to the provider. ``proof`` is empty unless money has moved.
    """

    type: str
    reference: str
    state: str
    amount: int
    provider_no: str
    at: datetime | None
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One movement in a statement: ``type`` is ``payment`` or ``refund``, under our reference."""

    type: str
    reference: str
    amount: int
    provider_no: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """All movements of one local day of the city, as the provider signed them."""

    day: date
    lines: tuple[Line, ...]
    signed: str


class Provider(Protocol):
    """A payment provider. Every method raises ``ProviderAway`` or ``ProofInvalid``; none is called in a transaction.

    ``origin`` is where its pages are (``https://pay.example``): the browser is sent there.
    """

    name: str
    origin: str

    def open(self, *, checkout: Checkout) -> str:
        """Prepare a checkout and return the page where it is paid. The same reference twice is the same checkout."""

    def ask(self, *, reference: str) -> Seen:
        """What became of a payment."""

    def close(self, *, reference: str) -> Seen:
        """Let it not be paid any more; what comes back tells if it was paid before."""

    def refund(self, *, reference: str, payment: str, amount: int, reason: str) -> Seen:
        """Pay back; the same reference twice pays back once."""

    def read_notice(self, *, body: bytes, headers: Mapping[str, str], at: datetime) -> Seen:
        """What the provider tells of its own accord."""

    def statement(self, *, day: date) -> Statement:
        """What moved on a day that is over."""
