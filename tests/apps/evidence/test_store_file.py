"""A file is what its bytes are, lies under its hash, and is refused with a code when it is none that is taken."""

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.evidence import services
from tongban.apps.evidence.errors import FileEmpty, FileTooLarge, FileTypeNotAllowed
from tongban.apps.evidence.models import StoredFile
from tongban.apps.evidence.queries import read_file

PDF = b"%PDF-1.4\n%%EOF"
pytestmark = pytest.mark.django_db


def _store(content: bytes, name: str = "plan.pdf", allowed: tuple[str, ...] = ("pdf", "png")) -> StoredFile:
    return services.store_file(
        content=content, name=name, allowed=allowed, max_megabytes=1, by="user:1", at=timezone.now()
    )


def test_it_works() -> None:
    stored = _store(PDF)
    assert (stored.media_type, stored.size, stored.name) == ("application/pdf", len(PDF), "plan.pdf")
    assert read_file(sha256=stored.sha256) == PDF


def test_equal_bytes_are_kept_once(settings: Any) -> None:
    one, other = _store(PDF, "a.pdf"), _store(PDF, "b.pdf")
    assert one.sha256 == other.sha256
    assert one.pk != other.pk


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", FileEmpty),
        (b"%PDF-1.4" + b"x" * 1_000_000, FileTooLarge),
        (b"MZ\x90\x00 not a pdf", FileTypeNotAllowed),
        (b"<html><script>alert(1)</script>", FileTypeNotAllowed),
        (b"\xff\xd8\xff\xe0 a jpeg where none is allowed", FileTypeNotAllowed),
    ],
)
def test_what_is_not_taken(content: bytes, error: type[Exception]) -> None:
    with pytest.raises(error):
        _store(content)
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\plan.pdf", "plan.pdf"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("\x00\x07", "file"),
        ("长" * 300, "长" * 200),
    ],
)
def test_a_name_is_only_a_name(given: str, kept: str) -> None:
    assert _store(PDF, given).name == kept


def test_it_lies_outside_the_web_root(settings: Any) -> None:
    assert not Path(settings.FILES).is_relative_to(Path(settings.STATIC_ROOT))
