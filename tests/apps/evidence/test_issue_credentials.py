"""A result becomes a signed credential when the worker has seen it; keys change, lists follow."""

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tongban.apps.evidence.errors import CredentialNotReady
from tongban.apps.evidence.key_errors import (
    CredentialKeyMissing,
    CredentialKeyRetired,
    CredentialKeyUnusable,
    IssuerKeySigns,
    UnknownIssuerKey,
    WrongIssuerKey,
)
from tongban.apps.evidence.models import Certificate, Credential, IssuerKey, StatusList
from tongban.apps.evidence.queries import check_credential, get_credential_text, get_did_document, get_status_document
from tongban.apps.evidence.services import (
    distrust_issuer_key,
    issue_credentials,
    refresh_status_lists,
    rotate_issuer_keys,
    sign_again,
)
from tongban.apps.ledger.queries import list_followers
from tongban.kernel.credentials import expand_list, is_proven, is_set, public_from_multikey

pytestmark = pytest.mark.django_db
NEW = b64encode(b"another-key-for-a-test-only-0000").decode()


def _public(document: dict[str, Any], credential: dict[str, Any]) -> bytes:
    named = {each["id"]: each for each in document["verificationMethod"]}
    return public_from_multikey(named[credential["proof"]["verificationMethod"]]["publicKeyMultibase"])


def test_it_works(certificate: Certificate, credential: dict[str, Any]) -> None:
    assert credential["id"].endswith(f"/verify/{certificate.identifier}/")
    assert credential["credentialSubject"]["name"] == certificate.holder
    assert credential["issuer"]["id"].endswith(f":authorities:{certificate.authority_id}")
    document = get_did_document(authority=certificate.authority_id)
    assert document is not None
    assert is_proven(document=credential, public=_public(document, credential))
    assert credential["proof"]["verificationMethod"] in document["assertionMethod"]


def test_the_last_day_is_a_whole_day_of_the_city(certificate: Certificate, work: Callable[[], None]) -> None:
    Certificate.objects.update(valid_until=date(2031, 5, 31), valid_from=date(2031, 1, 1))
    work()
    credential = json.loads(get_credential_text(identifier=certificate.identifier))
    assert (credential["validFrom"], credential["validUntil"]) == ("2030-12-31T16:00:00Z", "2031-05-31T15:59:59Z")


def test_before_the_worker_came_it_is_not_there(certificate: Certificate) -> None:
    with pytest.raises(CredentialNotReady):
        get_credential_text(identifier=certificate.identifier)


def test_read_again_the_log_signs_nothing_twice(
    credential: dict[str, Any], certificate: Certificate, work: Callable[[], None]
) -> None:
    before = get_credential_text(identifier=certificate.identifier)
    assert issue_credentials(certificates=[certificate], at=timezone.now()) == 0
    assert get_credential_text(identifier=certificate.identifier) == before


def test_the_lists_say_what_has_become_of_it(certificate: Certificate, credential: dict[str, Any]) -> None:
    def bits() -> list[bool]:
        found = []
        for entry in credential["credentialStatus"]:
            number = int(entry["statusListCredential"].split("/")[-2])
            document, _ = get_status_document(number=number, purpose=entry["statusPurpose"]) or ("", None)
            listed = json.loads(document)
            assert listed["issuer"] == credential["issuer"]["id"]
            assert listed["id"] == entry["statusListCredential"]
            known = get_did_document(authority=certificate.authority_id)
            assert known is not None
            assert is_proven(document=listed, public=_public(known, listed))
            listing = expand_list(listed["credentialSubject"]["encodedList"])
            found.append(is_set(listing, int(entry["statusListIndex"])))
        return found

    assert bits() == [False, False]
    for state, said in (
        ("suspended", [False, True]),
        ("issued", [False, False]),
        ("revoked", [True, False]),
        ("replaced", [True, False]),
    ):
        certificate.state = state
        issue_credentials(certificates=[certificate], at=timezone.now())
        assert bits() == said


def test_many_cost_no_more_statements_than_few(
    certificate: Certificate, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    many = [
        Certificate(
            identifier=f"{certificate.identifier[:-8]}{n:08d}",
            case=certificate.case + n,
            matter=certificate.matter,
            name_zh="证",
            name_en="C",
            authority_id=certificate.authority_id,
            holder="林",
            holder_hash="0" * 64,
            issued_at=timezone.now(),
        )
        for n in range(1, 61)
    ]
    Certificate.objects.bulk_create(many)
    with django_assert_max_num_queries(20):
        assert issue_credentials(certificates=many, at=timezone.now()) == 60
    assert Credential.objects.values("list", "index").distinct().count() == 60
    assert StatusList.objects.get().count == 60


def test_a_full_list_is_followed_by_another(certificate: Certificate, credential: dict[str, Any]) -> None:
    StatusList.objects.update(count=65_536)
    Credential.objects.all().delete()
    issue_credentials(certificates=[certificate], at=timezone.now())
    assert StatusList.objects.count() == 2
    assert Credential.objects.get().list.count == 1


def test_without_a_key_the_worker_stands_still_and_says_so(
    certificate: Certificate, work: Callable[[], None], settings: Any
) -> None:
    settings.CREDENTIAL_KEYS = []
    work()
    row = next(row for row in list_followers(at=timezone.now()) if row.name == "credentials")
    assert row.tries == 1
    assert "CredentialKeyMissing" in row.error


@pytest.mark.parametrize("keys", [["no base64"], ["AAAA"]])
def test_what_is_no_key_is_said_to_be_none(certificate: Certificate, settings: Any, keys: list[str]) -> None:
    settings.CREDENTIAL_KEYS = keys
    with pytest.raises(CredentialKeyUnusable):
        issue_credentials(certificates=[certificate], at=timezone.now())


def test_another_key_in_the_settings_does_not_sign_by_itself(
    certificate: Certificate, credential: dict[str, Any], settings: Any
) -> None:
    settings.CREDENTIAL_KEYS = [NEW]
    Credential.objects.all().delete()
    with pytest.raises(WrongIssuerKey):
        issue_credentials(certificates=[certificate], at=timezone.now())


def test_after_a_change_of_keys_what_was_signed_stays_good(credential: dict[str, Any], settings: Any) -> None:
    old = settings.CREDENTIAL_KEYS
    settings.CREDENTIAL_KEYS = [NEW, *old]
    assert len(rotate_issuer_keys(at=timezone.now())) == 1
    assert rotate_issuer_keys(at=timezone.now()) == []
    assert check_credential(content=json.dumps(credential).encode(), at=timezone.now()).code == "valid"
    settings.CREDENTIAL_KEYS = old
    with pytest.raises(CredentialKeyRetired):
        rotate_issuer_keys(at=timezone.now())


def test_what_a_lost_key_signed_counts_for_nothing_and_is_signed_again(
    certificate: Certificate, credential: dict[str, Any], settings: Any
) -> None:
    old = IssuerKey.objects.get().pk
    with pytest.raises(IssuerKeySigns):
        distrust_issuer_key(key=old, at=timezone.now())
    with pytest.raises(UnknownIssuerKey):
        distrust_issuer_key(key="0" * 16, at=timezone.now())
    settings.CREDENTIAL_KEYS = [NEW]
    rotate_issuer_keys(at=timezone.now())
    distrust_issuer_key(key=old, at=timezone.now())
    assert check_credential(content=json.dumps(credential).encode(), at=timezone.now()).code == "withdrawn-key"
    assert (sign_again(at=timezone.now()), refresh_status_lists(at=timezone.now())) == (1, 2)
    assert (sign_again(at=timezone.now()), refresh_status_lists(at=timezone.now())) == (0, 0)
    again = get_credential_text(identifier=certificate.identifier)
    assert check_credential(content=again.encode(), at=timezone.now()).code == "valid"
    assert json.loads(again)["credentialStatus"] == credential["credentialStatus"]


def test_lists_are_signed_anew_every_day(credential: dict[str, Any]) -> None:
    assert refresh_status_lists(at=timezone.now()) == 0
    assert refresh_status_lists(at=timezone.now() + timedelta(days=1)) == 2


def test_no_key_at_all_is_said(certificate: Certificate, settings: Any) -> None:
    settings.CREDENTIAL_KEYS = []
    with pytest.raises(CredentialKeyMissing):
        issue_credentials(certificates=[certificate], at=timezone.now())
