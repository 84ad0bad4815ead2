"""What somebody said in pieces becomes one inquiry, once they have been quiet for a while; the worker does it."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from tongban.apps.cases.queries import list_standings
from tongban.apps.catalog.city import get_calendar
from tongban.apps.correspondence.contents import Content, open_content
from tongban.apps.correspondence.mail.stripping import plain_subject
from tongban.apps.correspondence.models import Attachment, Correspondent, Gathering, Message, State
from tongban.apps.correspondence.record import put_on_record
from tongban.apps.correspondence.wording import get_rule, say
from tongban.apps.correspondence.writing import write
from tongban.apps.evidence.errors import FileRemoved
from tongban.apps.evidence.queries import fits, read_file, view_of_file
from tongban.apps.people.actors import SYSTEM
from tongban.apps.people.sealing import open_sealed
from tongban.apps.voice.errors import NothingSaid
from tongban.apps.voice.services import Speaker, Words, get_spoken_matter, speak

__all__ = ["file_due"]

_FIRST, _LONGEST = timedelta(minutes=1), timedelta(hours=4)
_MOST_CHARACTERS, _MOST_OF_A_SUBJECT, _MOST_OF_A_PLACE, _MOST_OF_A_NAME = 4_900, 60, 120, 20
"""An inquiry is no longer than this; what was said beyond stands in the conversation beside the case."""
_TOO_SHORT = "too-short"

log = logging.getLogger(__name__)


def file_due(*, now: Callable[[], datetime], limit: int = 10) -> int:
    """File what nobody adds to any more; return how many were tried. Any number of workers may do so at once."""
    ids = list(_due(now()).order_by("due", "pk").values_list("pk", flat=True)[:limit])
    for pk in ids:
        try:
            with transaction.atomic():
                _file(pk, now())
        except Exception as error:  # one that cannot be filed must not take the others along
            log.error("Messages of gathering %s were not filed: %s", pk, type(error).__name__)
            _put_off(pk, now())
    return len(ids)


def _due(at: datetime) -> QuerySet[Gathering]:
    """A picture that is still being fetched is waited for, though not for ever."""
    fetching = Message.objects.filter(gathering=OuterRef("pk"), due__isnull=False)
    rows = Gathering.objects.filter(over_at=None, due__lte=at)
    return rows.filter(~Exists(fetching) | Q(opened_at__lte=at - get_rule().longest))


def _file(pk: int, at: datetime) -> None:
    found = Gathering.objects.filter(pk=pk).values_list("correspondent", flat=True).first()
    if found is None:
        return
    row = Correspondent.objects.select_for_update().get(pk=found)  # who writes now waits, and is added to the case
    mine = Gathering.objects.select_for_update().filter(pk=pk, over_at=None, due__lte=at).first()
    if mine is None:  # taken back, filed by another worker, or something came in between
        return
    pieces = _pieces(mine)
    try:
        with transaction.atomic():
            number = speak(
                words=_words(row, pieces),
                speaker=_speaker(row),
                photos=_photos(pieces, at),
                channel=row.channel,
                actor=SYSTEM,
                at=at,
            )
    except NothingSaid:
        _ask_for_more(row, mine, pieces, at)
        return
    Message.objects.filter(gathering=mine).update(state=State.FILED, case=number, due=None)
    mine.case, mine.over_at, mine.closed_at = number, at, mine.closed_at or at
    mine.save()
    put_on_record(row, "correspondence.filed", at=at, data={"case": f"{number:016d}", "messages": len(pieces)})
    _tell_number(row, number, pieces, at)


def _ask_for_more(row: Correspondent, mine: Gathering, pieces: "Sequence[_Piece]", at: datetime) -> None:
    """Two letters are no inquiry: they are asked once to say more, and what stays so short is not filed."""
    asked = f"short:{mine.pk}"
    last = pieces[-1].content.reference if pieces else ""
    if mine.tries == 0 and row.channel != "mail":
        mine.tries, mine.due = 1, at + get_rule().longest
        mine.save(update_fields=["tries", "due"])
        minutes = int(get_rule().longest.total_seconds() // 60)
        text = say("say_more", language=row.language, minutes=minutes)
        write(row, kind="say_more", text=text, key=asked, at=at)
        return
    Message.objects.filter(gathering=mine).update(state=State.REFUSED, reason=_TOO_SHORT, content_sealed="", due=None)
    mine.over_at, mine.closed_at = at, mine.closed_at or at
    mine.save()
    put_on_record(row, "correspondence.refused", at=at, data={"why": _TOO_SHORT})
    text = say("too_short", language=row.language)
    write(row, kind="too_short", text=text, key=f"{asked}:over", at=at, reference=last)


def _tell_number(row: Correspondent, number: int, pieces: "Sequence[_Piece]", at: datetime) -> None:
    standing = list_standings(numbers=[number]).get(number)
    due = standing.promised_due if standing is not None else None
    day = get_calendar().local_date(due) if due is not None else None
    kind = "filed_mail" if row.channel == "mail" else "filed"
    text = say(kind, language=row.language, number=number, due=day)
    write(
        row,
        kind=kind,
        text=text,
        key=f"filed:{number}",
        case=number,
        at=at,
        reference=pieces[-1].content.reference,
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    message: Message
    content: Content


def _pieces(mine: Gathering) -> list[_Piece]:
    """In the order in which they were said, as the provider tells, whenever they arrived."""
    rows = Message.objects.filter(gathering=mine).order_by("said_at", "pk")
    return [_Piece(row, open_content(row.content_sealed)) for row in rows]


def _words(row: Correspondent, pieces: Sequence[_Piece]) -> Words:
    said = [each.content.text for each in pieces if each.content.text and each.message.kind != "location"]
    lost = [say("picture_lost", language=row.language) for each in pieces if each.message.reason == "picture-lost"]
    if not said:
        said = [say("no_words", language=row.language)]
    located = next((each.content for each in reversed(pieces) if each.content.latitude), Content())
    text = "\n".join([*said, *lost])
    if len(text) > _MOST_CHARACTERS:
        text = f"{text[:_MOST_CHARACTERS]}\n{say('cut', language=row.language)}"
    place = next((each.content.place for each in reversed(pieces) if each.content.place), "")
    subject = next((each.content.subject for each in pieces if each.content.subject), "")
    return Words(
        subject=plain_subject(subject)[:_MOST_OF_A_SUBJECT],
        text=text,
        place=place[:_MOST_OF_A_PLACE],
        latitude=Decimal(located.latitude) if located.latitude else None,
        longitude=Decimal(located.longitude) if located.longitude else None,
    )


def _speaker(row: Correspondent) -> Speaker:
    """A pseudonym that stays the same, and tells no address."""
    name = say(f"speaker_{row.channel}", language=row.language, ending=row.address_hash[:4].upper())
    return Speaker(applicant=None, name=name[:_MOST_OF_A_NAME], key=f"{row.channel}:{open_sealed(row.address_sealed)}")


def _photos(pieces: Sequence[_Piece], at: datetime) -> list[tuple[str, bytes]]:
    """The files that the matter takes; others stay in the conversation."""
    definition = get_spoken_matter(at=at).definition
    spec = definition.material(definition.voice.photos) if definition.voice and definition.voice.photos else None
    if spec is None:
        return []
    order = {each.message.pk: place for place, each in enumerate(pieces)}
    rows = Attachment.objects.filter(message__in=list(order)).select_related("file")
    photos = []
    for each in sorted(rows, key=lambda row: (order[row.message_id], row.no)):
        file = view_of_file(each.file)
        if not fits(file=file, allowed=spec.accept, max_megabytes=spec.max_mb):
            continue
        try:
            photos.append((file.name, read_file(sha256=file.sha256)))
        except FileRemoved:
            continue
    return photos


def _put_off(pk: int, at: datetime) -> None:
    tries = Gathering.objects.filter(pk=pk).values_list("tries", flat=True).first() or 0
    pause = min(_FIRST * 2 ** min(tries, 10), _LONGEST)
    Gathering.objects.filter(pk=pk, over_at=None).update(tries=tries + 1, due=at + pause)
