"""Files that came with a message, or were fetched for it: kept with all others, by what their bytes are."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tongban.apps.correspondence.contents import open_content, seal_content
from tongban.apps.correspondence.models import Attachment, Message
from tongban.apps.evidence.errors import EvidenceError
from tongban.apps.evidence.services import store_file

__all__ = ["ALLOWED", "MOST_FILES", "MOST_MEGABYTES", "attach"]

ALLOWED = ("jpg", "jpeg", "png", "webp", "heic", "pdf")
MOST_MEGABYTES = 10
MOST_FILES = 20


def attach(message: Message, files: Sequence[tuple[str, bytes]], *, at: datetime) -> None:
    """Keep what may be kept; the names of what may not are noted with the message."""
    left_out: list[str] = []
    first = Attachment.objects.filter(message=message).count()
    for no, (name, found) in enumerate(files[: MOST_FILES - first], first):
        try:
            kept = store_file(
                content=found,
                name=name,
                allowed=ALLOWED,
                max_megabytes=MOST_MEGABYTES,
                by=f"correspondent:{message.correspondent_id}",
                at=at,
            )
        except EvidenceError as error:
            left_out.append(f"{name[:80]} ({error.code})")
            continue
        Attachment.objects.create(message=message, no=no, file=kept)
    left_out += [f"{name[:80]} (file.too-many)" for name, _ in files[MOST_FILES - first :]]
    if left_out:
        content = open_content(message.content_sealed)
        message.content_sealed = seal_content(replace(content, left_out=(*content.left_out, *left_out)[:50]))
        message.save(update_fields=["content_sealed"])
