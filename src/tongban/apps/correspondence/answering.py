"""Follows the log of cases: whoever filed one by message or mail is told there what was asked of them, and answered."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tongban.apps.cases.queries import list_standings, reason_of
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.queries import get_versions
from tongban.apps.correspondence.contents import open_content
from tongban.apps.correspondence.models import Correspondent, Gathering, Message
from tongban.apps.correspondence.wording import say
from tongban.apps.correspondence.writing import write
from tongban.apps.ledger.services import Followed

__all__ = ["WATCHED", "answer"]

WATCHED = ("supplement.requested", "case.refused", "case.decided", "case.redecided")
OLDEST = timedelta(days=60)
"""What happened longer ago is no news: a log that was brought in from elsewhere, or is read again."""


@dataclass(frozen=True, slots=True)
class _Saying:
    kind: str
    text: str


def answer(events: Sequence[Followed], at: datetime) -> None:
    """Note down what is to be said because of these events; read again, nothing is said twice.

    A constant number of reads; a write for each message.
    """
    numbers = {each.case for each in events if each.event.at > at - OLDEST}
    mine = Gathering.objects.filter(case__in=numbers).select_related("correspondent")
    writers = {each.case: each.correspondent for each in mine if each.case is not None}
    if not writers:
        return
    standings = list_standings(numbers=writers)
    versions = get_versions(version_ids={each.version_id for each in standings.values()})
    references = _references(writers)
    for each in events:
        row, standing = writers.get(each.case), standings.get(each.case)
        if row is None or standing is None or each.event.at <= at - OLDEST:
            continue
        for said in _sayings(each, versions[standing.version_id].definition, row):
            key = f"{each.case}/{each.seq}:{said.kind}"
            reference = references.get(each.case, "")
            write(row, kind=said.kind, text=said.text, key=key, case=each.case, at=at, reference=reference)


def _sayings(followed: Followed, definition: MatterDefinition, row: Correspondent) -> Iterator[_Saying]:
    data, language, number = followed.event.data, row.language, followed.case
    match followed.event.kind:
        case "supplement.requested":
            names = [_name(definition, code, language) for code in data.get("items", ())]
            asked = ("、" if language.startswith("zh") else ", ").join(names)
            text = (": " if asked else "").join([asked, str(data.get("note", ""))]).strip(": ")
            yield _Saying("supplement", say("supplement", language=language, number=number, text=text))
        case "case.refused":
            text = _reason(data, language)
            yield _Saying("refused", say("refused", language=language, number=number, text=text))
        case _:
            text = _reason(data, language) or str(data.get("opinion") or "")
            kind = "answered" if text else "answered_bare"
            yield _Saying(kind, say(kind, language=language, number=number, text=text))
            yield _Saying("rate", say("rate", language=language))


def _reason(data: Mapping[str, Any], language: str) -> str:
    return reason_of(data).in_language(language)


def _name(definition: MatterDefinition, code: str, language: str) -> str:
    names = {spec.code: spec.name for spec in definition.materials}
    names |= {name: asked.title for name, asked in definition.form.fields.items()}
    return names[code].in_language(language) if code in names else code


def _references(writers: Collection[int]) -> dict[int, str]:
    """The last mail of each case, which ours answer."""
    rows = Message.objects.filter(case__in=list(writers), inbound=True, channel="mail").order_by("said_at", "pk")
    sealed = dict(rows.values_list("case", "content_sealed"))
    return {case: open_content(content).reference for case, content in sealed.items() if case is not None}
