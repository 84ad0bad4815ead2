"""How city and provider sign what they tell each other: Ed25519 over time, subject and body."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tongban.apps.payments.errors import ProofInvalid
from tongban.kernel.chain import SigningKey, is_signed

__all__ = ["SIGNATURE", "TIMESTAMP", "opened", "sealed"]

TIMESTAMP, SIGNATURE = "Payment-Timestamp", "Payment-Signature"
_FRESH = timedelta(minutes=5)
"""Older or newer than this is not believed: nobody sends a kept message again later."""


def sealed(*, key: SigningKey, subject: str, body: bytes, at: datetime) -> dict[str, str]:
    """Headers that sign a message about ``subject`` (the path of a call, or ``notice``)."""
    stamp = str(int(at.timestamp()))
    signature = key.sign(_message(stamp, subject, body))
    return {TIMESTAMP: stamp, SIGNATURE: base64.b64encode(signature).decode()}


def opened(
    *, public: bytes, subject: str, body: bytes, headers: Mapping[str, str], at: datetime
) -> tuple[dict[str, Any], str]:
    """The content of a signed message, and its proof: all that a third party needs to check it.

    Raises ``ProofInvalid``.
    """
    stamp, text = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    try:
        signature = base64.b64decode(text, validate=True)
        moment = datetime.fromtimestamp(int(stamp), UTC)
        content = json.loads(body)
    except (binascii.Error, ValueError, OverflowError, OSError) as error:
        raise ProofInvalid(about=subject) from error
    if abs(at - moment) > _FRESH or not isinstance(content, dict):
        raise ProofInvalid(about=subject)
    if not is_signed(message=_message(stamp, subject, body), signature=signature, public=public):
        raise ProofInvalid(about=subject)
    proof = {"timestamp": stamp, "subject": subject, "body": body.decode(), "signature": text}
    return content, json.dumps(proof, ensure_ascii=False)


def _message(stamp: str, subject: str, body: bytes) -> bytes:
    return b"\n".join((stamp.encode(), subject.encode(), body))
