"""Whether a certificate is genuine and what it is worth today: public, as on the page."""

from typing import Annotated

from django.utils import timezone
from ninja import Path, Router

from tongban.api.v1.schemas.certificates import CheckedCertificate, checked_of
from tongban.api.v1.security import ApiRequest
from tongban.apps.evidence.errors import UnknownCertificate
from tongban.apps.evidence.queries import check_number
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
