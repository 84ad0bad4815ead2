"""A certificate and its credential as the worker signs it; signers of papers: ours, a stranger's, an ended one."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tongban.apps.evidence.letters import Letter, LetterPart
from tongban.apps.evidence.models import Certificate
from tongban.apps.evidence.pdf_signer import make_keeping

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def work(follow_log: Callable[[str], None]) -> Callable[[], None]:
    """Let the worker sign what has been issued and changed."""
    return lambda: follow_log("credentials")


@pytest.fixture
def certificate(granted: Callable[..., int]) -> Certificate:
    return Certificate.objects.get(case=granted())


@pytest.fixture
def credential(certificate: Certificate, work: Callable[[], None]) -> dict[str, Any]:
    from tongban.apps.evidence.queries import get_credential_text

    work()
    found: dict[str, Any] = json.loads(get_credential_text(identifier=certificate.identifier))
    return found


@pytest.fixture(scope="session")
def signer_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """``signer_files("ours")``: a folder with ``signer.p12`` and ``root.pem`` of that name, made once."""
    folder = tmp_path_factory.mktemp("signers")

    def make(name: str, *, at: datetime = NOW, lasts: timedelta = timedelta(days=3650)) -> Path:
        made = folder / name
        if not made.exists():
            archive, root = make_keeping(name=name, at=at, lasts=lasts, password="open")
            made.mkdir()
            (made / "signer.p12").write_bytes(archive)
            (made / "root.pem").write_bytes(root)
        return made

    return make


@pytest.fixture
def sign_as(settings: Any, signer_files: Callable[..., Path]) -> Callable[..., Path]:
    """From here on papers are signed as by ``name``, and its root alone is trusted."""

    def switch(name: str, **given: Any) -> Path:
        made = signer_files(name, **given)
        settings.PDF_SIGNER, settings.PDF_SIGNER_PASSWORD = str(made / "signer.p12"), "open"
        settings.PDF_ROOTS = [str(made / "root.pem")]
        return made

    return switch


@pytest.fixture
def a_letter() -> Callable[..., Letter]:
    """A short letter in Chinese."""

    def letter(words: str = "您的申请已收到。") -> Letter:
        part = LetterPart(
            language="zh-hans",
            issuer="明川市市场监督管理局",
            title="受理通知书",
            number="编号 1",
            addressee="林晓梅：",
            body=(words,),
            date="2026年3月2日",
            foot="扫码核对。",
        )
        return Letter(number="1", parts=(part,), check_url="http://127.0.0.1:8000/track/")

    return letter
