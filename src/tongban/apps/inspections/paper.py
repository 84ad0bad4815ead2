"""The record of an inspection on paper (现场检查笔录): numbered by its entry in the log, in both languages."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from tongban.apps.cases.documents import document_number
from tongban.apps.catalog.city import get_seals
from tongban.apps.catalog.definitions import Item
from tongban.apps.evidence.queries import Letter, LetterPart, Listing, Picture, Seal, read_file
from tongban.apps.evidence.services import hand_out_letter
from tongban.apps.people.queries import get_department_names
from tongban.kernel.numbers import format_case_number

if TYPE_CHECKING:
    from tongban.apps.inspections.queries import InspectionView, JointRecord

__all__ = ["render_joint_record", "render_record"]

_LANGUAGES = ("zh-hans", "en")  # the first is the one that counts
Block = str | Listing | Picture


def render_record(*, view: "InspectionView", check_url: str, at: datetime) -> bytes:
    """Return the record as a PDF; equal records are equal bytes. The first part counts, the second is a translation."""
    assert view.received_at is not None
    number = document_number(case=view.visit.view.number, entry=view.entry or 0, year=view.received_at.year)
    parts = tuple(_part(view, number, language) for language in _LANGUAGES)
    seal = get_seals().get(view.visit.task.department if view.visit.task else "", Seal())
    letter = Letter(number=number, parts=parts, check_url=check_url, seal=seal)
    return hand_out_letter(letter=letter, case=view.visit.view.number, document=number, at=at)


def render_joint_record(*, record: "JointRecord", check_url: str, at: datetime) -> bytes:
    """Return the one record of a joint visit as a PDF, in the name of who leads the case; each department in turn."""
    case = record.view.number
    number = document_number(case=case, entry=record.visit.entry or 0, year=record.visit.starts_at.year)
    parts = tuple(_joint_part(record, number, language) for language in _LANGUAGES)
    seal = get_seals().get(record.view.row.authority, Seal())
    letter = Letter(number=number, parts=parts, check_url=check_url, seal=seal)
    return hand_out_letter(letter=letter, case=case, document=number, at=at)


def _joint_part(record: "JointRecord", number: str, language: str) -> LetterPart:
    row = record.view.row
    with override(language):
        return LetterPart(
            language=language,
            issuer=get_department_names()[row.authority].name(language),
            title=_("Record of a joint visit"),
            number=_("No. %(number)s") % {"number": number},
            addressee=_("%(name)s:") % {"name": row.applicant_name},
            body=tuple(_joint_body(record, language)),
            date=_moment_day(record.visit.changed_at),
            foot=_("Made from the log of the case. Whoever has the number of the case can compare this paper there."),
            note="" if language == _LANGUAGES[0] else _("Translation. The Chinese text counts."),
        )


def _joint_body(record: "JointRecord", language: str) -> Iterator[Block]:
    names = get_department_names()
    going = (_(", ")).join(names[part.department].short(language) for part in record.visit.going)
    yield _("On %(moment)s these departments were there together: %(names)s.") % {
        "moment": _moment(record.visit.starts_at),
        "names": going,
    }
    for view in record.records:
        department = view.visit.task.department if view.visit.task else record.view.row.authority
        yield _("%(name)s:") % {"name": names[department].name(language)}
        yield from _body(view, language)


def _part(view: "InspectionView", number: str, language: str) -> LetterPart:
    row = view.visit.view.row
    task = view.visit.task
    names = get_department_names()
    department = names[task.department if task else row.authority]
    with override(language):
        return LetterPart(
            language=language,
            issuer=department.name(language),
            title=_("Record of an inspection on the spot"),
            number=_("No. %(number)s") % {"number": number},
            addressee=_("%(name)s:") % {"name": row.applicant_name},
            body=tuple(_body(view, language)),
            date=_moment_day(view.received_at),
            foot=_("Made from the log of the case. Whoever has the number of the case can compare this paper there."),
            note="" if language == _LANGUAGES[0] else _("Translation. The Chinese text counts."),
        )


def _body(view: "InspectionView", language: str) -> Iterator[Block]:
    row, said = view.visit.view.row, view.written
    chinese, english = view.inspector_name
    inspector = chinese if language.startswith("zh") else english or chinese
    facts = {
        "case": format_case_number(row.number),
        "matter": row.matter_name.in_language(language),
        "inspector": inspector,
        "told": _moment(view.told_at),
        "received": _moment(view.received_at),
    }
    yield _("Case %(case)s, %(matter)s. Inspected by %(inspector)s.") % facts
    if view.told_at:
        yield _("Finished at %(told)s by the clock of the device; received at %(received)s by ours.") % facts
    else:
        yield _("Received at %(received)s.") % facts
    if place := said.get("place"):
        yield _("Place as told by the device: %(latitude).5f, %(longitude).5f, within %(accuracy)d metres.") % place
    found = tuple(_line(item, view, language) for item in view.items)
    if found:
        yield Listing(_("What was looked at:"), found)
    if said.get("notes"):
        yield _("Notes: %(words)s") % {"words": said["notes"]}
    count = len(view.photos)
    yield ngettext("%(count)d photo belongs to this record.", "%(count)d photos belong to this record.", count) % {
        "count": count
    }
    yield _RESULT[view.result]() if view.result in _RESULT else ""
    if view.rectify_by:
        yield _("To be put right by %(day)s.") % {"day": _day(view.rectify_by)}
    yield _("The inspector states: %(words)s") % {"words": said.get("statement", "")}
    yield from _signed(view)


def _signed(view: "InspectionView") -> Iterator[Block]:
    said = view.written
    if view.signing == "signed":
        yield _("I have read this record, or it was read to me, and I sign it: %(name)s") % {"name": said["present"]}
        if view.signature:
            yield Picture(read_file(sha256=view.signature), _("Signed on the screen of the inspector's device"), 64)
    elif view.signing == "refused":
        yield _("Whoever was there refused to sign: %(words)s") % {"words": said.get("signing_words", "")}
    else:
        yield _("Nobody was there to sign: %(words)s") % {"words": said.get("signing_words", "")}


_RESULT = {
    "pass": lambda: _("Result: nothing stands against it."),
    "rectify": lambda: _("Result: to be put right."),
    "fail": lambda: _("Result: it does not meet the conditions."),
}


def _line(item: Item, view: "InspectionView", language: str) -> str:
    finding = view.findings.get(item.code)
    value = finding.value if finding else ""
    said = {"yes": _("Yes"), "no": _("No"), "na": _("Not applicable")}.get(value, value)
    if item.kind == "photo":
        said = said if value == "na" else _("see the photo")
    if item.unit and value not in ("", "na"):
        said = f"{said} {item.unit.in_language(language)}"
    words = {"ask": item.ask.in_language(language), "found": said}
    line = _("%(ask)s: %(found)s") % words
    if finding and finding.note:
        line = _("%(line)s; %(note)s") % {"line": line, "note": finding.note}
    if item.basis and not item.is_met(value or "na"):
        basis = {"law": item.basis.law.in_language(language), "article": item.basis.article.in_language(language)}
        line = _("%(line)s (%(law)s, %(article)s)") % ({"line": line} | basis)
    return line


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def _moment_day(at: datetime | None) -> str:
    return _day(timezone.localtime(at).date()) if at else ""


def _day(on: date) -> str:
    return _("%(year)d-%(month)02d-%(day)02d") % {"year": on.year, "month": on.month, "day": on.day}
