"""What becomes of what people wrote: words, files and addresses are let go of after their time, the log stays."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from tongban.apps.correspondence.models import Attachment, Correspondent, Message, TurnedAway
from tongban.apps.correspondence.wording import get_rule
from tongban.apps.evidence.services import remove_files
from tongban.apps.people.services import Resealed, reseal_column

__all__ = ["let_go_of", "reseal_correspondence", "sweep_correspondence"]

_AT_ONCE = 500


@transaction.atomic
def sweep_correspondence(*, at: datetime) -> int:
    """Let go of words and files past their time, and of whoever has not written since; return of how many messages.

    What a case holds is the case's, and is kept as long as that is.
    """
    past = at - get_rule().kept
    ids = list(Message.objects.filter(at__lt=past).exclude(content_sealed="").values_list("pk", flat=True)[:_AT_ONCE])
    let_go_of(ids)
    TurnedAway.objects.filter(at__lt=past).delete()
    kept = Message.objects.filter(correspondent=OuterRef("pk")).exclude(content_sealed="")
    Correspondent.objects.filter(~Exists(kept), last_at__lt=past).delete()
    return len(ids)


def let_go_of(ids: Sequence[int]) -> int:
    """Let go of the words and files of messages, in the caller's transaction; return of how many."""
    files = list(Attachment.objects.filter(message__in=ids).values_list("file", flat=True))
    Attachment.objects.filter(message__in=ids).delete()
    remove_files(ids=files)
    return Message.objects.filter(pk__in=ids).update(content_sealed="", provider_hash=None, due=None)


def reseal_correspondence(*, batch: int) -> Iterator[Resealed]:
    """Seal addresses and words anew under the first key, batch by batch."""
    yield from reseal_column(model=Correspondent, column="address_sealed", batch=batch)
    yield from reseal_column(model=Message, column="content_sealed", batch=batch)
