"""Whether a certificate is genuine and what it is worth today: public, as on the page."""

from typing import Annotated

from django.utils import timezone
from ninja import File, Path, Router
from ninja.decorators import decorate_view
from ninja.files import UploadedFile

from tongban.api.v1.doors import takes
from tongban.api.v1.errors import Invalid, Wrong
from tongban.api.v1.schemas.certificates import CheckedCertificate, CheckedFile, checked_of, file_of
from tongban.api.v1.security import ApiRequest
from tongban.api.v1.throttling import ByCaller, OfVerifications
from tongban.apps.evidence.errors import FileTooLarge, UnknownCertificate
from tongban.apps.evidence.queries import LARGEST, check_file, check_number
from tongban.kernel.numbers import CertificateIdentifier, NumberError

__all__ = ["router"]

router = Router(tags=["certificates"])

Identifier = Annotated[str, Path(max_length=120, description="GB/T 36904, beginning with 1.2.156.3005.2.")]


@router.get(
    "/certificates/{identifier}", response=CheckedCertificate, auth=None, summary="What a certificate is worth today"
)
def check(request: ApiRequest, identifier: Identifier) -> CheckedCertificate:
    """Look a certificate up by its number. Its file can be checked without us: keys and lists are public."""
    try:
        plain = str(CertificateIdentifier.parse(identifier))
    except NumberError:
        raise UnknownCertificate from None
    verdict = check_number(identifier=plain, on=timezone.localdate(request.at))
    if verdict.certificate is None:
        raise UnknownCertificate
    return checked_of(verdict)


@router.post(
    "/verify/file",
    response=CheckedFile,
    auth=None,
    throttle=[ByCaller(), OfVerifications()],
    summary="What a file is worth: a PDF or a credential in JSON",
)
@decorate_view(takes("multipart/form-data"))
def check_upload(request: ApiRequest, file: File[UploadedFile]) -> CheckedFile:
    """Check a file that somebody was given: its signature, its issuer, and what it is worth now. It is not kept.

    It changes nothing, so it takes no `Idempotency-Key`. At most 10 MB.
    """
    if (file.size or 0) > LARGEST:
        raise FileTooLarge(limit=LARGEST // 1_000_000)
    content = file.read()
    if not content:
        raise Invalid([Wrong(field="file", code="file.empty")])
    return file_of(check_file(content=content, at=request.at))
