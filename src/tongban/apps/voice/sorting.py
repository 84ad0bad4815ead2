"""Sorting inquiries as they come in: what the taught model and the directory say of each, kept beside its case.

A model is read once a process and again when its file changes; corrections of coordinators count from the next
inquiry on.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

from tongban.apps.cases.queries import Said, list_said
from tongban.apps.catalog.city import get_city, get_dispatch
from tongban.apps.ledger.services import Followed
from tongban.apps.voice.errors import ModelUnusable
from tongban.apps.voice.models import Correction, Inquiry
from tongban.apps.voice.speakers import speaker_hash
from tongban.apps.voice.text.grams import Passage
from tongban.apps.voice.text.model import Model, load
from tongban.apps.voice.text.sorting import Corrections, Reason, Sorted, Sorter
from tongban.apps.voice.text.tables import passage

__all__ = ["KINDS", "get_sorter", "model_file", "sort_filed", "sort_text"]

KINDS = ("case.filed",)
_REMEMBERED = 500
"""So many of the latest corrections are compared with what comes in; older ones are the next training's."""


def model_file() -> Path:
    """Where ``tongban voice train`` keeps what was learned."""
    return Path(settings.VAR) / "voice" / "classifier.npz"


def sort_filed(events: Sequence[Followed], at: datetime) -> None:
    """Sort what was said in these filings; cases of other matters are none of ours. Sorted twice, nothing changes."""
    said = list_said(numbers={each.case for each in events})
    sorter = get_sorter() if said else None
    for number in sorted(said, key=lambda each: (said[each].filed_at, each)):
        assert sorter is not None
        _keep(said[number], sorter.sort(text=said[number].text, subject=said[number].subject), at)


def sort_text(*, text: str, subject: str = "") -> Sorted:
    """What would be said of such an inquiry, before anybody files it."""
    return get_sorter().sort(text=text, subject=subject)


def get_sorter() -> Sorter:
    """The city's sorter, with what it was taught and what coordinators have put right since."""
    newest = Correction.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    path = model_file()
    stamp = path.stat().st_mtime_ns if path.exists() else 0
    return _sorter(str(path), stamp, newest)


@lru_cache(maxsize=1)
def _sorter(path: str, stamp: int, newest: int) -> Sorter:
    model = _model(path, stamp)
    corrected: Corrections | None = None
    if model is not None and newest:
        corrected = Corrections(model=model, corrected=_corrected())
    names = {code: name["zh"] for code, name in get_city().district_names.items()}
    return Sorter(dispatch=get_dispatch(), districts=names, model=model, corrections=corrected)


@lru_cache(maxsize=1)
def _model(path: str, stamp: int) -> Model | None:
    if not stamp:
        return None
    try:
        return load(Path(path))
    except ModelUnusable:  # the directory's words sort until somebody trains anew; `tongban voice train` says why
        return None


def _corrected() -> list[tuple[Passage, str]]:
    rows = list(Correction.objects.order_by("-pk").values_list("inquiry", "category")[:_REMEMBERED])[::-1]
    said = list_said(numbers={number for number, _ in rows})
    return [
        (passage(subject=said[number].subject, text=said[number].text), category)
        for number, category in rows
        if number in said
    ]


@transaction.atomic
def _keep(said: Said, found: Sorted, at: datetime) -> None:
    row = Inquiry.objects.select_for_update().filter(pk=said.number).first()
    if row is None:
        row = Inquiry(
            case_id=said.number,
            channel=said.channel,
            filed_at=said.filed_at,
            speaker=speaker_hash(said.speaker),
            may_publish=said.published,
        )
    if row.sorted_at is not None:
        return
    row.kind = said.kind
    row.district = _district(said) or found.district
    row.category = found.categories[-1] if found.categories and found.by != "coordinator" else ""
    row.thought, row.chance, row.sorted_by = found.thought, found.chance, found.by
    row.reasons, row.urgent_because = _told(found.reasons), _told(found.urgent_because)
    row.urgency, row.proposed, row.sorted_at = found.urgency, found.department, at
    row.earlier = _earlier(row)
    row.save()


def _district(said: Said) -> str:
    """The district that was chosen, by its code; a form may write codes or its own words for the same names."""
    names = get_city().district_names
    if said.district in names:
        return said.district
    return next((code for code, name in names.items() if name["zh"] == said.district_name), "")


def _earlier(row: Inquiry) -> Inquiry | None:
    """The last that the same speaker said about the same: whoever looks into this one reads that too."""
    if not row.thought:
        return None
    mine = Inquiry.objects.filter(speaker=row.speaker, filed_at__lt=row.filed_at, thought=row.thought)
    return mine.exclude(pk=row.pk).order_by("-filed_at").first()


def _told(reasons: Sequence[Reason]) -> list[list[object]]:
    return [[each.words, round(each.share, 3)] for each in reasons]
