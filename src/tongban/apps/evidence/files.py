"""Where the bytes lie: under their own hash, outside the web root, written once."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

__all__ = ["put", "read", "remove", "size", "sniff"]

# What the first bytes say, and the endings under which forms allow it. HEIC and WebP are what phones make today.
_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF-", "application/pdf"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypheix", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
)
HEIC = "image/heic"
ENDINGS = {
    "application/pdf": ("pdf",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/png": ("png",),
    "image/webp": ("webp",),
    HEIC: ("heic",),
}


def sniff(content: bytes) -> str | None:
    """Return the media type that the bytes themselves show, or None when it is none that we take."""
    for offset, signature, media_type in _SIGNATURES:
        if content[offset : offset + len(signature)] == signature:
            return media_type
    return None


def put(content: bytes) -> str:
    """Write ``content`` unless it is there; return its SHA-256. A crash leaves no half-written file in place."""
    digest = hashlib.sha256(content).hexdigest()
    path = _path(digest)
    if path.exists():
        return digest
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    return digest


def remove(sha256: str) -> None:
    """Remove the bytes stored under ``sha256``, if they are there."""
    _path(sha256).unlink(missing_ok=True)


def size(sha256: str) -> int:
    """How many bytes are stored under ``sha256``; none where there is nothing."""
    path = _path(sha256)
    return path.stat().st_size if path.exists() else 0


def read(sha256: str) -> bytes:
    """Return the bytes stored under ``sha256``. Raises ``FileNotFoundError``."""
    if not sha256:
        raise FileNotFoundError
    return _path(sha256).read_bytes()


def _path(sha256: str) -> Path:
    return Path(settings.FILES) / sha256[:2] / sha256[2:4] / sha256
