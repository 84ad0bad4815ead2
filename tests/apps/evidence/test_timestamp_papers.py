"""With a timestamp a paper outlives the certificate that signed it; the authority here is OpenSSL's."""

import copy
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import cms
from django.core.cache import cache
from django.utils import timezone
from tests.apps.evidence.authority import Authority, drawn_over

from tongban.apps.evidence import pdf_reading, pdf_signing
from tongban.apps.evidence.letters import Letter
from tongban.apps.evidence.models import SignedPaper
from tongban.apps.evidence.pdf_signer import get_keeping, get_roots
from tongban.apps.evidence.services import hand_out_letter

pytestmark = pytest.mark.django_db


@pytest.fixture
def authority(tmp_path: Path, settings: Any) -> Iterator[Authority]:
    """Our signer is certified for thirty days, and papers get a timestamp."""
    with Authority(tmp_path) as running:
        settings.PDF_SIGNER = str(running.signer("city", lasts=timedelta(days=30)))
        settings.PDF_SIGNER_PASSWORD = "open"
        settings.PDF_ROOTS = [str(tmp_path / "root.pem")]
        settings.PDF_TIMESTAMP_URL = f"{running.url}/tsa"
        yield running


@pytest.fixture
def hand_out(a_letter: Callable[..., Letter]) -> Callable[..., bytes]:
    """A paper, as it is handed out some days from now."""
    return lambda **later: hand_out_letter(letter=a_letter(), case=None, at=timezone.now() + timedelta(**later))


def _read(content: bytes, **later: Any) -> dict[str, Any]:
    keeping = get_keeping()
    assert keeping is not None
    at = timezone.now() + timedelta(**later)
    return pdf_reading.read(content, roots=list(get_roots()), own=[keeping.fingerprint], at=at)


def test_it_outlives_its_signer(authority: Authority, hand_out: Any) -> None:
    paper = hand_out()
    found = _read(paper, days=60)
    assert (found["state"], found["stamped"]) == ("authentic", True)
    assert hand_out(days=60) == paper, "and need not be signed anew"


def test_without_a_timestamp_it_does_not(authority: Authority, hand_out: Any, settings: Any) -> None:
    settings.PDF_TIMESTAMP_URL = ""
    assert _read(hand_out(), days=60)["state"] == "expired"


def test_a_timestamp_of_somebody_unknown_proves_nothing(
    authority: Authority, hand_out: Any, tmp_path_factory: pytest.TempPathFactory, settings: Any
) -> None:
    with Authority(tmp_path_factory.mktemp("other")) as other:
        settings.PDF_TIMESTAMP_URL = f"{other.url}/tsa"
        paper = hand_out()
    assert b"ETSI.CAdES.detached" in paper
    assert _read(paper, days=60)["state"] in ("expired", "foreign")


def test_revocation_lists_travel_with_it(authority: Authority, hand_out: Any, settings: Any) -> None:
    settings.PDF_LONG_TERM = True
    paper = hand_out()
    assert b"/DSS" in paper
    assert b"/CRLs" in paper
    assert _read(paper)["state"] == "authentic"
    assert _read(paper, days=60)["state"] == "authentic"
    assert _read(drawn_over(paper))["state"] == "changed"


def test_a_revoked_signer_gets_no_long_term_paper(authority: Authority, hand_out: Any, settings: Any) -> None:
    settings.PDF_LONG_TERM = True
    keeping = get_keeping()
    assert keeping is not None
    authority.revoked.add(keeping.certificate.serial_number)
    assert b"/DSS" not in hand_out()


def test_a_token_is_not_written_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even one whose length ends in 0x80, which is taken for a length that is not known."""
    token = cms.ContentInfo({"content_type": "data", "content": bytes(113)})
    sent = token.dump()
    assert sent[:3] == b"\x30\x81\x80"
    kept = pdf_signing._Token.sent(token)

    def refuse(*_given: Any, **_more: Any) -> None:
        raise AssertionError("written anew")

    monkeypatch.setattr(cms.ContentInfo, "_set_contents", refuse)
    assert kept.dump(force=True) == sent
    assert copy.deepcopy(kept).dump() == sent
    with pytest.raises(AssertionError, match="written anew"):
        cms.ContentInfo.load(sent).dump()


def test_an_authority_that_is_down_costs_the_timestamp_only(authority: Authority, hand_out: Any) -> None:
    authority.answers = False
    plain = hand_out()
    assert _read(plain)["stamped"] is False
    assert _read(plain)["state"] == "authentic"
    assert not SignedPaper.objects.exists(), "it is asked for again"
    authority.answers = True
    assert _read(hand_out())["stamped"] is False, "the authority rests for a minute"
    cache.clear()
    assert _read(hand_out())["stamped"] is True
