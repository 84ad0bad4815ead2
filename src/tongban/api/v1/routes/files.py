"""Uploads: a file that a matter asks for, kept until it is filed with a case."""

from django.utils import timezone
from ninja import File, Form, Router
from ninja.decorators import decorate_view
from ninja.files import UploadedFile

from tongban.api.v1.doors import takes
from tongban.api.v1.errors import Invalid, Wrong
from tongban.api.v1.once import KEYED, once
from tongban.api.v1.schemas.cases import StoredFile
from tongban.api.v1.schemas.common import Code
from tongban.api.v1.security import ApiRequest, needs
from tongban.apps.catalog.queries import get_matter
from tongban.apps.evidence.errors import FileEmpty, FileTooLarge, FileTypeNotAllowed
from tongban.apps.evidence.services import store_file

__all__ = ["router"]

router = Router(tags=["filing"])


@router.post(
    "/files",
    response={201: StoredFile},
    auth=needs("cases:file"),
    summary="Upload a file",
    openapi_extra=KEYED,
)
@decorate_view(takes("multipart/form-data"))
@once(status=201)
def upload(request: ApiRequest, matter: Form[Code], material: Form[Code], file: File[UploadedFile]) -> StoredFile:
    """Hand in a file for a material of a matter. Its type is what its bytes show, whatever it is called."""
    spec = get_matter(code=matter, on=timezone.localdate(request.at)).definition.material(material)
    if spec is None or not spec.is_asked:
        raise Invalid([Wrong(field="material", code="material.unknown")])
    if (file.size or 0) > spec.max_mb * 1_000_000:
        raise FileTooLarge(limit=spec.max_mb)
    try:
        stored = store_file(
            content=file.read(),
            name=file.name or "",
            allowed=spec.accept,
            max_megabytes=spec.max_mb,
            by=request.auth.actor.id,
            at=request.at,
        )
    except (FileEmpty, FileTypeNotAllowed) as error:
        raise Invalid([Wrong(field="file", code=error.code, params=error.params)]) from error
    return StoredFile(
        id=stored.pk, name=stored.name, media_type=stored.media_type, size=stored.size, sha256=stored.sha256
    )
