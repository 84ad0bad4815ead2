""" "Me too": who has met the same says so to what is public, once, instead of saying it all again."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from tongban.apps.voice.errors import UnknownInquiry
from tongban.apps.voice.models import Inquiry, Support, Topic
from tongban.apps.voice.speakers import speaker_hash

__all__ = ["have_supported", "support", "take_back_support"]


def support(*, number: int, key: str, at: datetime) -> bool:
    """Count ``key`` among those who say the same; False if they did already, or said it themselves.

    Raises ``UnknownInquiry`` where nothing public has that number.
    """
    speaker = speaker_hash(key)
    row = Inquiry.objects.filter(pk=number, published_at__isnull=False).first()
    if row is None:
        raise UnknownInquiry("nothing public has this number")
    if row.speaker == speaker:
        return False
    try:
        with transaction.atomic():
            Support.objects.create(inquiry=row, speaker=speaker, at=at)
            Inquiry.objects.filter(pk=number).update(supports=F("supports") + 1)
            _count_anew(row)
    except IntegrityError:
        return False
    return True


@transaction.atomic
def take_back_support(*, number: int, key: str) -> bool:
    """Count ``key`` no longer; False where they were not counted."""
    gone, _ = Support.objects.filter(inquiry=number, speaker=speaker_hash(key)).delete()
    if gone:
        Inquiry.objects.filter(pk=number).update(supports=F("supports") - 1)
        _count_anew(Inquiry.objects.get(pk=number))
    return bool(gone)


def have_supported(*, numbers: list[int], key: str) -> set[int]:
    """To which of these they have said "me too"; one query."""
    rows = Support.objects.filter(inquiry__in=numbers, speaker=speaker_hash(key))
    return set(rows.values_list("inquiry", flat=True))


def _count_anew(row: Inquiry) -> None:
    if row.topic is not None:
        Topic.objects.filter(pk=row.topic).update(stale=True)
