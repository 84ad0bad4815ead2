"""What can be wrong with a file or a certificate."""

from typing import ClassVar

__all__ = [
    "CertificateEnded",
    "CredentialNotReady",
    "EvidenceError",
    "FileEmpty",
    "FileHeic",
    "FileRemoved",
    "FileTooLarge",
    "FileTypeNotAllowed",
    "GroundUnfit",
    "NothingToShow",
    "PapersBusy",
    "ShowingEnded",
    "ShowingExpired",
    "TooManyShowings",
    "UnknownCertificate",
    "UnknownShowing",
    "ValidityUnfit",
]


class EvidenceError(Exception):
    """Base; ``code`` is stable, ``params`` fill the words on the screen."""

    code: ClassVar[str] = "evidence.error"

    def __init__(self, **params: object) -> None:
        super().__init__(self.code)
        self.params = params


class FileEmpty(EvidenceError):
    """The file has no bytes."""

    code = "file.empty"


class FileRemoved(EvidenceError):
    """It was kept as long as it may be and is gone; nobody can bring it back."""

    code = "file.removed"


class FileTooLarge(EvidenceError):
    """``limit`` megabytes are allowed."""

    code = "file.too-large"


class FileHeic(EvidenceError):
    """A photo as iPhones keep it (HEIC), where only pictures are taken that anybody can open."""

    code = "file.heic"


class FileTypeNotAllowed(EvidenceError):
    """What the bytes are is not among ``allowed``, whatever the file is called."""

    code = "file.type"


class PapersBusy(EvidenceError):
    """Too many papers are being checked at this moment."""

    code = "paper.busy"


class UnknownCertificate(EvidenceError):
    """No certificate was issued under this identifier."""

    code = "certificate.unknown"


class CertificateEnded(EvidenceError):
    """What is asked is not possible in the ``state`` that the certificate is in."""

    code = "certificate.ended"


class GroundUnfit(EvidenceError):
    """The ground is none of those that the law gives for this."""

    code = "certificate.ground"


class ValidityUnfit(EvidenceError):
    """A renewed certificate must be valid for longer than before: until after ``until``."""

    code = "certificate.validity"


class CredentialNotReady(EvidenceError):
    """The certificate has not been signed as a credential yet; the worker does it within seconds."""

    code = "certificate.not-signed-yet"


class NothingToShow(EvidenceError):
    """No field was ticked."""

    code = "showing.nothing"


class TooManyShowings(EvidenceError):
    """``limit`` links of one person work at a time."""

    code = "showing.too-many"


class UnknownShowing(EvidenceError):
    """There is no such link, or it was long ago."""

    code = "showing.unknown"


class ShowingExpired(EvidenceError):
    """The minutes are over."""

    code = "showing.expired"


class ShowingEnded(EvidenceError):
    """The holder has taken it back."""

    code = "showing.ended"
