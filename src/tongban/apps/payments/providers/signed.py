"""A provider that speaks signed JSON over HTTP (docs/reference/payments.md): the sandbox, or a bank's gateway."""

import base64
import binascii
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from datetime import date, datetime
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone

from tongban.apps.payments.errors import PaymentsOff, ProofInvalid, ProviderAway
from tongban.apps.payments.providers.interface import Checkout, Line, Seen, Statement
from tongban.apps.payments.providers.words import opened, sealed
from tongban.kernel.chain import ChainError, SigningKey

__all__ = ["SignedProvider"]

_SECONDS = 5
_LARGEST = 20_000_000
_MOVED = {"payment": "paid", "refund": "refunded"}
_STATES = {"payment": {"paid", "open", "closed", "unknown"}, "refund": {"refunded", "failed", "unknown"}}


class _NoDetours(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_options: Any) -> None:
        """A provider answers where it is asked, or not at all."""


class SignedProvider:
    """The provider at ``url``. We sign with ``key``, it with ``provider_key`` (base64 of its public Ed25519 key)."""

    def __init__(self, *, name: str, url: str, merchant: str, key: str, provider_key: str) -> None:
        parts = urlsplit(url)
        try:
            self._key = SigningKey.from_text(key)
            self._public = base64.b64decode(provider_key, validate=True)
        except (ChainError, binascii.Error, ValueError) as error:
            raise PaymentsOff from error
        self.name = name
        self.origin = f"{parts.scheme}://{parts.netloc}"
        self._base = url.rstrip("/")
        self._merchant = merchant
        self._opener = urllib.request.build_opener(_NoDetours)

    def open(self, *, checkout: Checkout) -> str:
        """See ``Provider``."""
        said, _proof = self._call(
            "checkout",
            {
                "reference": checkout.reference,
                "amount": checkout.amount,
                "currency": "CNY",
                "subject": checkout.subject,
                "return_url": checkout.return_url,
                "notify_url": checkout.notify_url,
                "expires_at": checkout.expires_at.isoformat(),
                "language": checkout.language,
            },
        )
        page = said.get("page")
        if said.get("reference") != checkout.reference or not isinstance(page, str):
            raise ProviderAway
        if not page.startswith(f"{self.origin}/") or len(page) > 500:
            raise ProviderAway
        return page

    def ask(self, *, reference: str) -> Seen:
        """See ``Provider``."""
        return self._seen("payment", reference, *self._call("query", {"reference": reference}))

    def close(self, *, reference: str) -> Seen:
        """See ``Provider``."""
        return self._seen("payment", reference, *self._call("close", {"reference": reference}))

    def refund(self, *, reference: str, payment: str, amount: int, reason: str) -> Seen:
        """See ``Provider``."""
        asked = {"reference": reference, "payment": payment, "amount": amount, "reason": reason}
        return self._seen("refund", reference, *self._call("refund", asked))

    def read_notice(self, *, body: bytes, headers: Mapping[str, str], at: datetime) -> Seen:
        """See ``Provider``."""
        said, proof = opened(public=self._public, subject="notice", body=body, headers=headers, at=at)
        if said.get("merchant") != self._merchant:
            raise ProofInvalid(about="notice")
        return self._seen("payment", str(said.get("reference")), said, proof)

    def statement(self, *, day: date) -> Statement:
        """See ``Provider``."""
        said, proof = self._call(
            "statement", {"day": day.isoformat(), "timezone": str(timezone.get_default_timezone())}
        )
        try:
            if date.fromisoformat(said["day"]) != day:
                raise ProofInvalid(about="statement")
            lines = tuple(_line(each) for each in said["lines"])
        except (KeyError, TypeError, ValueError) as error:
            raise ProofInvalid(about="statement") from error
        return Statement(day=day, lines=lines, signed=proof)

    def _seen(self, kind: str, reference: str, said: Mapping[str, Any], proof: str) -> Seen:
        try:
            state, moved = said["state"], said["state"] == _MOVED[kind]
            if said["reference"] != reference or said["type"] != kind or state not in _STATES[kind]:
                raise ProofInvalid(about=kind)
            return Seen(
                type=kind,
                reference=reference,
                state=state,
                amount=_amount(said["amount"]) if moved else 0,
                provider_no=str(said["provider_no"])[:64] if moved else "",
                at=_moment(said["at"]) if moved else None,
                proof=proof if moved else "",
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ProofInvalid(about=kind) from error

    def _call(self, operation: str, content: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
        """Ask, and return what was answered with its proof. Raises ``ProviderAway``, ``ProofInvalid``."""
        body = json.dumps({"merchant": self._merchant, **content}, ensure_ascii=False).encode()
        headers = sealed(key=self._key, subject=operation, body=body, at=timezone.now())
        request = urllib.request.Request(  # noqa: S310  # the address is the operator's own setting
            f"{self._base}/v1/{operation}", data=body, headers={"Content-Type": "application/json", **headers}
        )
        try:
            with self._opener.open(request, timeout=_SECONDS) as response:
                answer = response.read(_LARGEST)
                told = {name.title(): value for name, value in response.headers.items()}
        except (OSError, HTTPException, urllib.error.HTTPError) as error:
            raise ProviderAway from error
        return opened(public=self._public, subject=operation, body=answer, headers=told, at=timezone.now())


def _line(each: Mapping[str, Any]) -> Line:
    if each["type"] not in _MOVED:
        raise ValueError(each["type"])
    return Line(
        type=each["type"],
        reference=str(each["reference"])[:64],
        amount=_amount(each["amount"]),
        provider_no=str(each["provider_no"])[:64],
        at=_moment(each["at"]),
    )


def _amount(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 10**15:
        raise ValueError(value)
    return value


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError(value)
    return moment
