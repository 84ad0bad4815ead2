"""What can be wrong with a file or a certificate."""

from typing import ClassVar

__all__ = ["EvidenceError", "FileEmpty", "FileTooLarge", "FileTypeNotAllowed", "UnknownCertificate"]


class EvidenceError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "evidence.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class FileEmpty(EvidenceError):
    """The file has no bytes."""

    code = "file.empty"


class FileTooLarge(EvidenceError):
    """``limit`` megabytes are allowed."""

    code = "file.too-large"


class FileTypeNotAllowed(EvidenceError):
    """What the bytes are is not among ``allowed``, whatever the file is called."""

    code = "file.type"


class UnknownCertificate(EvidenceError):
    """No certificate was issued under this identifier."""

    code = "certificate.unknown"
