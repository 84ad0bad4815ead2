"""What a holder shows, checked by an implementation that is not ours, from what the city serves and nothing else.

``independent_sd_jwt/`` holds the Open Wallet Foundation's library for SD-JWT VC (Apache-2.0), by its exact version.
"""

import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.utils import timezone

from tongban.apps.evidence import sd_jwt
from tongban.apps.evidence.disclosables import get_token
from tongban.apps.evidence.models import Certificate, IssuerKey
from tongban.apps.evidence.services import issue_disclosables
from tongban.kernel.chain import SigningKey

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
FOLDER = Path(__file__).parent / "independent_sd_jwt"


@pytest.fixture(scope="module")
def installed() -> None:
    lock = FOLDER / "package-lock.json"
    done = FOLDER / "node_modules" / ".package-lock.json"
    if not done.exists() or done.stat().st_mtime < lock.stat().st_mtime:
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=FOLDER, check=True, capture_output=True)


def _theirs(tokens: Mapping[str, str], metadata: Any) -> dict[str, Any]:
    asked = json.dumps({"tokens": tokens, "metadata": metadata})
    run = subprocess.run(["node", "check.mjs"], cwd=FOLDER, input=asked, capture_output=True, text=True, check=True)
    told: dict[str, Any] = json.loads(run.stdout)
    return told


def test_they_see_what_is_shown_and_refuse_what_is_forged(
    installed: None, client_for: Callable[..., Client], certificate: Certificate
) -> None:
    issue_disclosables(certificates=[certificate], at=timezone.now())
    whole = get_token(identifier=certificate.pk)
    some = sd_jwt.disclose(token=whole, names=["number"], listed={"fields": [1]})
    signed, rest = some.split("~", 1)
    changed = signed[:-3] + ("AAA" if not signed.endswith("AAA") else "BBB")
    foreign = sd_jwt.issue(
        claims={"iss": f"{django_settings.BASE_URL}/authorities/{certificate.authority_id}", "vct": "x"},
        hidden={"number": certificate.pk},
        listed={},
        key=SigningKey(b"2" * 32),
    )
    over = sd_jwt.issue(
        claims={"iss": "x", "vct": "x", "exp": 1}, hidden={"number": "1"}, listed={}, key=_key_of(certificate)
    )
    address = f"/.well-known/jwt-vc-issuer/authorities/{certificate.authority_id}"
    metadata = client_for("").get(address).json()
    told = _theirs(
        {"whole": whole, "some": some, "changed": f"{changed}~{rest}", "foreign": foreign, "over": over}, metadata
    )
    assert told["whole"]["claims"]["holder"] == certificate.holder
    assert len(told["whole"]["claims"]["fields"]) == len(certificate.fields)
    claims = told["some"]["claims"]
    assert claims["number"] == certificate.pk
    assert "holder" not in claims
    assert [each["value"] for each in claims["fields"]] == [certificate.fields[1]["value"]]
    assert (
        claims["iss"]
        == metadata["issuer"]
        == django_settings.BASE_URL + address.removeprefix("/.well-known/jwt-vc-issuer")
    )
    assert {name: "why" in told[name] for name in ("changed", "foreign", "over")} == {
        "changed": True,
        "foreign": True,
        "over": True,
    }
    assert "no such key" in told["foreign"]["why"]
    assert "xpired" in told["over"]["why"]


def test_a_key_that_is_not_trusted_any_more_vouches_for_nothing(
    client_for: Callable[..., Client], certificate: Certificate
) -> None:
    issue_disclosables(certificates=[certificate], at=timezone.now())
    address = f"/.well-known/jwt-vc-issuer/authorities/{certificate.authority_id}"
    assert len(client_for("").get(address).json()["jwks"]["keys"]) == 1
    IssuerKey.objects.update(compromised_at=timezone.now())
    assert client_for("").get(address).status_code == 404


def test_the_kind_of_token_is_explained(client_for: Callable[..., Client], certificate: Certificate) -> None:
    issue_disclosables(certificates=[certificate], at=timezone.now())
    kind = sd_jwt.verify(
        token=get_token(identifier=certificate.pk),
        keys={row.pk: bytes(row.public) for row in IssuerKey.objects.all()},
    ).claims["vct"]
    told = client_for("").get(kind.removeprefix(django_settings.BASE_URL)).json()
    assert told["vct"] == kind
    assert client_for("").get("/.well-known/jwt-vc-issuer/authorities/nobody").status_code == 404


def _key_of(certificate: Certificate) -> SigningKey:
    from tongban.apps.evidence.issuers import signing_key_of

    return signing_key_of(certificate.authority_id)
