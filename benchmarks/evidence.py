"""Credentials issued and verified, beside what the bare signature costs.

The floor is Ed25519 alone, by the same library, over the 64 bytes that a proof signs. `sign` and `check` are the proof
of a certificate of eight fields: canonical JSON, two hashes, signature. `issue` is all that the worker does for one of
500: read, place in a status list, document, proof, row, the list signed anew. `verify` is all that happens to a file
that somebody hands in: JSON, keys from the database, proof, state. SQLite; CPU time of
this process, the median of the rounds.
"""

import json
import secrets
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

from benchmarks._city import city, percentile

ROUNDS, EACH, BATCH = 5, 200, 500
AT = datetime(2026, 11, 27, 8, tzinfo=UTC)


def main() -> None:
    """Print evidence.sign, .check, .issue and .verify."""
    print(f"Certificates of eight fields as credentials (eddsa-jcs-2022); {ROUNDS} rounds of {EACH}.")
    with city():
        _measure()


def _measure() -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from tongban.apps.evidence.models import Certificate
    from tongban.apps.evidence.queries import check_credential, get_credential_text
    from tongban.apps.evidence.services import issue_credentials, signer_of
    from tongban.kernel.credentials import add_proof, is_proven

    first = _certificates(1)
    Certificate.objects.bulk_create(first)
    issue_credentials(certificates=first, at=AT)
    text = get_credential_text(identifier=first[0].identifier).encode()
    signed = json.loads(text)
    bare = {name: value for name, value in signed.items() if name != "proof"}
    signer = signer_of(first[0].authority_id, at=AT)
    private, message = Ed25519PrivateKey.generate(), secrets.token_bytes(64)
    public, signature = private.public_key(), private.sign(message)
    assert is_proven(document=signed, public=signer.key.public)
    assert check_credential(content=text, at=AT).code == "valid"

    sign_floor = _rate(lambda: private.sign(message))
    check_floor = _rate(lambda: public.verify(signature, message))
    method = signer.method
    _print("sign", _rate(lambda: add_proof(document=bare, key=signer.key, method=method, at=AT)), sign_floor)
    _print("check", _rate(lambda: is_proven(document=signed, public=signer.key.public)), check_floor)
    _print("issue", _issued_per_second(), sign_floor)
    _print("verify", _rate(lambda: check_credential(content=text, at=AT)), check_floor)


def _issued_per_second() -> float:
    from django.db import transaction

    from tongban.apps.evidence.models import Certificate
    from tongban.apps.evidence.services import issue_credentials

    taken = []
    for _ in range(ROUNDS):
        batch = _certificates(BATCH)
        Certificate.objects.bulk_create(batch)
        started = time.process_time()
        with transaction.atomic():
            issue_credentials(certificates=batch, at=AT)
        taken.append((time.process_time() - started) / BATCH)
    return 1 / percentile(taken, 0.5)


def _rate(run: Callable[[], object]) -> float:
    run()
    taken = []
    for _ in range(ROUNDS):
        started = time.process_time()
        for _ in range(EACH):
            run()
        taken.append((time.process_time() - started) / EACH)
    return 1 / percentile(taken, 0.5)


def _print(name: str, ours: float, floor: float) -> None:
    print(f"evidence.{name} ours={ours:.0f}/s floor={floor:.0f}/s ratio={ours / floor:.3f}")


def _certificates(count: int) -> list[Any]:
    from tongban.apps.evidence.services import prepare_certificate
    from tongban.apps.people.queries import get_department_names

    authority = get_department_names()["market-regulation"]
    fields = [{"zh": f"项目{n}", "en": f"Field {n}", "value": "明川市河东区人民路 12 号"} for n in range(8)]
    return [
        prepare_certificate(
            case=secrets.randbelow(10**15),
            matter="food-business-licence",
            name={"zh": "食品经营许可证", "en": "Food business licence"},
            type_code="JY",
            authority=authority.code,
            authority_credit_code=authority.credit_code,
            holder="林晓梅",
            holder_hash=secrets.token_hex(32),
            valid_until=date(2031, 11, 26),
            fields=fields,
            at=AT,
        )
        for _ in range(count)
    ]
