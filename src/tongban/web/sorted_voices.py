"""How inquiries were sorted, in words: for who dispatches, who answers, and who has the last look."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.queries import list_said
from tongban.apps.catalog.city import get_dispatch
from tongban.apps.people.queries import get_department_names
from tongban.apps.voice.queries import SortedInquiry
from tongban.web.due import date_words
from tongban.web.fields import Field, Option
from tongban.web.wording.voices import KINDS, SORTED_BY, category_words, district_names

__all__ = ["LookLine", "look_lines", "sorted_lines"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookLine:
    """An inquiry in the list of those that wait for a look."""

    number: int
    kind: str
    subject: str
    words: str
    department: str
    when: str


def look_lines(*, numbers: Sequence[int], at: datetime) -> list[LookLine]:
    """Inquiries as officials read them, in this order."""
    said, departments = list_said(numbers=numbers), get_department_names()
    language = get_language() or "zh-hans"
    return [
        LookLine(
            number=number,
            kind=str(KINDS.get(said[number].kind, "")),
            subject=said[number].subject or said[number].text[:40],
            words=said[number].text,
            department=departments[said[number].authority].short(language),
            when=date_words(said[number].filed_at),
        )
        for number in numbers
        if number in said
    ]


def sorted_lines(found: SortedInquiry) -> dict[str, Any]:
    """What the page of a case says of how it was sorted, and the field by which that is put right."""
    return {
        "found": found,
        "rows": [{"key": key, "value": value} for key, value in _rows(found, get_language() or "zh-hans") if value],
        "urgent": quoted(found.urgent_because) if found.urgency else "",
        "field": _field(found.category, get_language() or "zh-hans"),
    }


def _rows(found: SortedInquiry, language: str) -> Iterator[tuple[str, str]]:
    proposed = get_department_names().get(found.proposed)
    by = str(SORTED_BY.get(found.sorted_by, ""))
    yield _("Where it belongs"), f"{_where(found, language)} · {by}" if by else ""
    yield _("Because of"), quoted(found.reasons)
    yield _("Department by the directory"), proposed.short(language) if proposed is not None else ""
    yield _("District"), district_names(language).get(found.district, "")
    yield _("Speaks under another name"), found.pseudonym
    yield _("“Me too”"), str(found.supports) if found.supports else ""


def _where(found: SortedInquiry, language: str) -> str:
    if found.category:
        return category_words(found.category, language)
    if not found.thought:
        return _("Not known yet")
    facts = {"thought": category_words(found.thought, language), "chance": round(100 * found.chance)}
    return _("Not sure; perhaps %(thought)s, %(chance)d %%") % facts


def quoted(reasons: Sequence[tuple[str, float]]) -> str:
    """The words that decided, in quotation marks of the reader's language."""
    return _(", ").join(_("“%(words)s”") % {"words": words} for words, _share in reasons)


def _field(chosen: str, language: str) -> Field:
    options = [Option("", _("Choose"), selected=not chosen)]
    options += [
        Option(code, category_words(code, language), selected=code == chosen) for code in get_dispatch().categories
    ]
    return Field(kind="select", name="category", label=_("Where it belongs"), options=tuple(options))
