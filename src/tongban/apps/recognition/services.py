"""Commands: have a picture read, confirm what was read, forget it."""

import json
import logging
import time
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from tongban.apps.evidence.errors import EvidenceError
from tongban.apps.evidence.queries import list_files, read_file
from tongban.apps.evidence.services import remove_files, store_file
from tongban.apps.people.queries import read_credit_code, read_identity_number
from tongban.apps.people.sealing import open_sealed, seal
from tongban.apps.recognition.errors import NotConfirmed, RecognitionError, TooManyReadings
from tongban.apps.recognition.models import Reading
from tongban.apps.recognition.process import Reader, the_reader
from tongban.apps.recognition.proposals import Proposal
from tongban.apps.recognition.queries import KEPT, Asked, own, proposed
from tongban.kernel.numbers import NumberError

__all__ = ["ENDINGS", "LARGEST", "begin_reading", "confirm_reading", "forget_reading", "read_next", "sweep_readings"]

ENDINGS = ("jpg", "png", "webp")
LARGEST = 10
"""Megabytes of a photograph."""
_AT_A_TIME = 5
_LOST = timedelta(minutes=3)
"""After which a worker that took a picture has not come back."""
_TRIES = 2

log = logging.getLogger(__name__)


def begin_reading(*, content: bytes, name: str, by: str, at: datetime, purpose: str = "", back: str = "") -> UUID:
    """Have a picture read by the worker; return the reading's id. The picture is removed as soon as it has been read.

    ``purpose`` and ``back`` are kept with it as they are: what it is for, and where it leads.

    Raises ``FileEmpty``, ``FileTooLarge``, ``FileTypeNotAllowed`` and ``TooManyReadings``.
    """
    if Reading.objects.filter(by=by, state__in=("waiting", "reading"), begun_at__gt=at - KEPT).count() >= _AT_A_TIME:
        raise TooManyReadings(limit=_AT_A_TIME)
    with transaction.atomic():
        file = store_file(content=content, name=name, allowed=ENDINGS, max_megabytes=LARGEST, by=by, at=at)
        return Reading.objects.create(by=by, begun_at=at, file=file.pk, purpose=purpose, back=back).id


def read_next(*, at: datetime, reader: Reader | None = None) -> int:
    """Read the picture that waits longest; return how many that were. Safe beside other workers, also dead ones."""
    _take_back(at)
    row = Reading.objects.filter(state="waiting").order_by("begun_at").first()
    if row is None or not _claimed(row, at):
        return 0
    started = time.monotonic()
    try:
        seen = (reader or the_reader()).read(_content(row))
    except (RecognitionError, EvidenceError) as error:
        log.warning("Reading %s was not read: %s", row.id, error.code)
        _finished(row, state="failed", code=error.code)
        return 1
    if code := seen.get("unusable"):
        _finished(row, state="unusable", code=code)
        return 1
    understood = proposed(seen)
    row.kind = understood.kind
    row.fields = len(understood.proposals)
    row.marked = sum(each.marked for each in understood.proposals)
    row.found = seal(json.dumps({"lines": seen["lines"], "strips": seen["strips"]}))
    row.seconds = round(time.monotonic() - started, 2)
    _finished(row, state="read")
    return 1


def confirm_reading(
    *,
    reading: UUID,
    values: Mapping[str, str],
    looked: Collection[str],
    by: str,
    at: datetime,
    form: Mapping[str, Asked] | None = None,
) -> Mapping[str, str]:
    """Take what a person says that the paper says; return it by field, numbers in plain form, nothing empty.

    ``values`` are all fields that were shown; an empty one is not taken.

    ``looked`` are the fields of which the person said so: a marked one is not taken unseen. Raises ``UnknownReading``,
    and ``NotConfirmed`` with a code for each field: ``look``, or what is wrong with a number.
    """
    row = own(reading=reading, by=by, at=at)
    seen = json.loads(open_sealed(row.found)) if row.found else {}
    proposals = {each.name: each for each in proposed(seen, form=form).proposals if each.name in values}
    given = {name: text.strip() for name, text in values.items() if name in proposals and text.strip()}
    wrong: dict[str, str] = {}
    for name, text in given.items():
        try:
            given[name] = _checked(name, text, form)
        except NumberError as error:
            wrong[name] = error.code
            continue
        if proposals[name].marked and given[name] == proposals[name].text and name not in looked:
            wrong[name] = "look"
    if wrong:
        raise NotConfirmed(fields=wrong)
    row.corrected = sorted(_corrected(given, proposals))
    row.fields, row.marked = len(proposals), sum(each.marked for each in proposals.values())
    row.values, row.state, row.taken_at = seal(json.dumps(given)), "taken", at
    row.save()
    return given


def forget_reading(*, reading: UUID, by: str, at: datetime) -> None:
    """Forget a picture and what was read. Raises ``UnknownReading``."""
    row = own(reading=reading, by=by, at=at)
    with transaction.atomic():
        _forget(row)


def sweep_readings(*, at: datetime) -> int:
    """Forget what was read and is not needed any more; return how much of it."""
    rows = list(Reading.objects.filter(begun_at__lte=at - KEPT).exclude(state="over")[:500])
    for row in rows:
        with transaction.atomic():
            _forget(row)
    return len(rows)


def _take_back(at: datetime) -> None:
    lost = Reading.objects.filter(state="reading", claimed_at__lt=at - _LOST)
    lost.filter(tries__gte=_TRIES).update(state="failed", code="reading.failed")
    lost.filter(tries__lt=_TRIES).update(state="waiting")


def _claimed(row: Reading, at: datetime) -> bool:
    """Whether it is ours: another worker may have been quicker."""
    ours = Reading.objects.filter(pk=row.pk, state="waiting").update(
        state="reading", claimed_at=at, tries=F("tries") + 1
    )
    return ours == 1


def _content(row: Reading) -> bytes:
    assert row.file is not None
    return read_file(sha256=list_files(ids=[row.file])[row.file].sha256)


def _finished(row: Reading, *, state: str, code: str = "") -> None:
    file, row.file = row.file, None
    row.state, row.code = state, code
    with transaction.atomic():
        # Whoever gave it up meanwhile has made it "over": that stays.
        names = ["state", "code", "kind", "found", "seconds", "fields", "marked", "file"]
        ours = Reading.objects.filter(pk=row.pk, state="reading")
        ours.update(**{name: getattr(row, name) for name in names})
        if file is not None:
            remove_files(ids=[file])


def _forget(row: Reading) -> None:
    file, row.file = row.file, None
    row.state, row.found, row.values = "over", "", ""
    row.save()
    if file is not None:
        remove_files(ids=[file])


def _checked(name: str, text: str, form: Mapping[str, Asked] | None) -> str:
    """The text; a number in its plain form. Raises ``NumberError``."""
    kind = form[name].format if form and name in form else name.replace("_", "-")
    if kind == "identity-number":
        return read_identity_number(text)
    return read_credit_code(text) if kind == "credit-code" else text


def _corrected(given: Mapping[str, str], proposals: Mapping[str, Proposal]) -> set[str]:
    return {name for name, each in proposals.items() if given.get(name, "") != each.text}
