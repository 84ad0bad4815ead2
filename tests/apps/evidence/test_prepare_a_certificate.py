"""A certificate's number: the month on the wall, then digits that nobody guesses."""

from datetime import UTC, datetime

from tongban.apps.evidence.services import prepare_certificate
from tongban.kernel.numbers import CertificateIdentifier


def _serial(at: datetime) -> str:
    certificate = prepare_certificate(
        case=2602010000000000,
        matter="senior-card",
        name={"zh": "老年人优待证", "en": "Senior card"},
        type_code="LN",
        authority="civil-affairs",
        authority_credit_code="11361700MB0001008C",
        holder="赵国安",
        holder_hash="0" * 64,
        valid_until=None,
        fields=[],
        at=at,
    )
    return CertificateIdentifier.parse(certificate.identifier).serial


def test_the_month_is_that_of_the_city() -> None:
    assert _serial(datetime(2026, 1, 31, 15, 59, tzinfo=UTC)).startswith("2601")
    assert _serial(datetime(2026, 1, 31, 16, 0, tzinfo=UTC)).startswith("2602")  # past midnight in the city


def test_the_rest_cannot_be_guessed_from_the_one_before() -> None:
    at = datetime(2026, 2, 1, tzinfo=UTC)
    assert len({_serial(at) for _ in range(50)}) == 50
