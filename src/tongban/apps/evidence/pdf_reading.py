"""What a signed PDF proves, read where nothing can be harmed: this file is run by itself, with little memory and time.

A stranger's PDF may be built to exhaust whoever reads it. So it is never read in a process that serves people: this
one (``python -I pdf_reading.py``) gets no environment, no files and no network of ours, takes a line of JSON and the
bytes on its input, and leaves a line of JSON on its output. It knows nothing of the rest of the product.
"""

import asyncio
import io
import json
import logging
import resource
import sys
from contextlib import suppress
from datetime import datetime
from typing import Any

MEMORY = 1_000_000_000
"""Bytes of addresses: three times what reading a paper of ours takes."""
CREDENTIAL = "certificate.vc.json"
LARGEST_CREDENTIAL = 200_000
"""Bytes; one of ours has a few thousand."""
SECONDS = 6
"""Of computing; a paper of ours takes one, most of it to load the library."""


def read(content: bytes, *, roots: list[str], own: list[str], at: datetime) -> dict[str, Any]:
    """Return what the signatures of a PDF prove at that moment.

    ``state``: ``authentic`` (of one of ``own``, certificates by their SHA-256, trusted by ``roots``, nothing changed),
    ``changed``, ``foreign``, ``expired``, ``revoked`` (the signer's certificate), ``unsigned`` or ``unreadable``.
    """
    from pyhanko.pdf_utils.misc import PdfError
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        reader = PdfFileReader(io.BytesIO(content))
        if reader.encrypted:
            return {"state": "unreadable"}
        signatures = list(reader.embedded_regular_signatures)
        if not signatures:
            return {"state": "unsigned"}
        found = [asyncio.run(_judge(reader, each, roots, own, at)) for each in signatures[:8]]
        best = next((each for each in found if each["state"] == "authentic"), found[-1])
        return best | {"subject": _subject(reader), "credential": _credential(reader)}
    except (PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, NotImplementedError, RecursionError):
        return {"state": "unreadable"}


async def _judge(reader: Any, signature: Any, roots: list[str], own: list[str], at: datetime) -> dict[str, Any]:
    from pyhanko.sign.validation import async_validate_pdf_signature
    from pyhanko.sign.validation.errors import SignatureValidationError

    told: dict[str, Any] = _about(signature)
    try:
        stamps = _context(None, roots, at)  # the lists in the file are of the day of signing: they say nothing of today
        status = await async_validate_pdf_signature(signature, _context(reader, roots, at), stamps)
        stamp = status.timestamp_validity
        if stamp is not None and stamp.valid and stamp.trusted:
            # An authority that we trust says when it was signed: that moment counts, not today.
            then = _context(reader, roots, stamp.timestamp)
            status = await async_validate_pdf_signature(signature, then, _context(None, roots, at))
            told |= {"stamped": True, "signed_at": stamp.timestamp.isoformat()}
    except SignatureValidationError:
        return told | {"state": "changed"}
    return told | {"state": _state(status, own, told["fingerprint"])}


def _state(status: Any, own: list[str], fingerprint: str) -> str:
    from pyhanko.sign.ades.report import AdESIndeterminate
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation.status import SignatureCoverageLevel

    # To the last byte; only what proves the signature for longer may follow it.
    whole = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    kept = whole or status.modification_level == ModificationLevel.LTA_UPDATES
    if not (status.intact and status.valid and kept and status.docmdp_ok):
        return "changed"
    problem = status.trust_problem_indic
    if fingerprint not in own:
        return "foreign"
    if problem in (AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED):
        return "expired"
    if problem in (AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE):
        return "revoked"
    return "authentic" if problem is None and status.bottom_line else "foreign"


def _context(reader: Any, roots: list[str], at: datetime) -> Any:
    """Trust in these roots at that moment, with the revocation lists that travel in ``reader``; nothing is fetched."""
    from pyhanko.keys import load_certs_from_pemder_data
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError
    from pyhanko_certvalidator import ValidationContext

    trusted = [each for pem in roots for each in load_certs_from_pemder_data(pem.encode())]
    given: dict[str, Any] = {"trust_roots": trusted, "moment": at, "allow_fetching": False, "retroactive_revinfo": True}
    if reader is not None:
        with suppress(NoDSSFoundError):
            return DocumentSecurityStore.read_dss(reader).as_validation_context(given)
    return ValidationContext(**given)


def _about(signature: Any) -> dict[str, Any]:
    certificate = signature.signer_cert
    claimed = signature.self_reported_timestamp
    return {
        "signer": str(certificate.subject.native.get("common_name", certificate.subject.human_friendly))[:200],
        "fingerprint": certificate.sha256.hex(),
        "signed_at": claimed.isoformat() if claimed else "",
        "stamped": False,
    }


def _subject(reader: Any) -> str:
    """What the document says that it is: a certificate of ours carries its identifier there."""
    try:
        return str(reader.trailer_view["/Info"]["/Subject"])[:160]
    except KeyError:
        return ""


def _credential(reader: Any) -> str:
    """The credential that travels in the document, "" for none that could be one of ours."""
    try:
        named = list(reader.root["/Names"]["/EmbeddedFiles"]["/Names"])
        places = range(0, len(named) - 1, 2)
        spec = next(named[place + 1].get_object() for place in places if str(named[place]) == CREDENTIAL)
        content = spec["/EF"]["/F"].data
        return content.decode() if len(content) <= LARGEST_CREDENTIAL else ""
    except (StopIteration, KeyError, IndexError, TypeError, AttributeError, ValueError):
        return ""


def main() -> None:
    """Read one PDF from the input, within limits that hold from the first byte."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.disable()
    asked = json.loads(sys.stdin.buffer.readline())
    at = datetime.fromisoformat(asked["at"])
    json.dump(read(sys.stdin.buffer.read(), roots=asked["roots"], own=asked["own"], at=at), sys.stdout)


if __name__ == "__main__":
    main()
