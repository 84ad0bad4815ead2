"""The form of a visit: each item of the checklist, and what belongs to every record. It works without scripts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.queries import Visit
from tongban.apps.catalog.definitions import Item, Lack
from tongban.apps.catalog.definitions.checklists import NA
from tongban.apps.inspections.errors import RecordLacks
from tongban.apps.inspections.queries import PhotoView
from tongban.apps.inspections.services import RESULTS, SIGNINGS, Written
from tongban.web.fields import Field, Option
from tongban.web.templatetags.tongban_ui import spoken
from tongban.web.wording.inspections import lack_words, result_words, signing_words, wrong_words

__all__ = ["PICTURES", "ItemFields", "Page", "page_of"]

PICTURES = "image/jpeg,image/png,image/webp"
_CAMERA = {"capture": "environment", "data-photo": "True"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFields:
    """One item as the page draws it: what is asked, its note and photo, and how many photos are there already."""

    item: Item
    ask: Field | None
    na: Field | None
    note: Field
    photo: Field
    there: int
    needs: str

    @property
    def is_unfolded(self) -> bool:
        """Whether photo and words are shown at once: where something stands there or is wrong."""
        note, photo = self.note, self.photo
        return bool(note.value or note.errors or (self.needs != "always" and (photo.errors or self.there)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All fields of a record; ``wrong`` are those that the summary above the form leads to."""

    items: Sequence[ItemFields]
    last: Mapping[str, Field]
    wrong: Sequence[Field]

    @property
    def more(self) -> Field:
        """Photos that belong to no item."""
        return self.last["p-"]


def page_of(
    visit: Visit,
    *,
    written: Written | None = None,
    error: RecordLacks | None = None,
    photos: Sequence[PhotoView] = (),
    broken: Mapping[str, str] | None = None,
) -> Page:
    """The form with what was written and what is wrong with it. ``broken``: photos that could not be read, by item."""
    lacks = {lack.item: lack for lack in (error.lacks if error else ())}
    fields = dict(error.fields) if error else {}
    items = [_item(item, written, lacks.get(item.code), photos, broken or {}) for item in visit.items]
    last = {field.name: field for field in _last(written, fields, broken or {})}
    drawn = [each for item in items for each in (item.ask, item.note, item.photo) if each is not None]
    return Page(items=items, last=last, wrong=[each for each in (*drawn, *last.values()) if each.errors])


def _item(
    item: Item, written: Written | None, lack: Lack | None, photos: Sequence[PhotoView], broken: Mapping[str, str]
) -> ItemFields:
    found = written.findings.get(item.code) if written else None
    said = (lack_words(lack, _in(item.ask)),) if lack else ()
    of_photo = lack is not None and (lack.why == "no-photo" or item.kind == "photo")
    cannot = (broken[item.code],) if item.code in broken else ()
    return ItemFields(
        item=item,
        ask=_ask(item, found.value if found else "", () if of_photo else said),
        na=_na(item, found.value if found else ""),
        note=Field(
            kind="text",
            name=f"n-{item.code}",
            label=_("Words beside it"),
            value=found.note if found else "",
            required=False,
            attributes={"maxlength": "300"},
        ),
        photo=_photo_field(
            f"p-{item.code}",
            spoken(item.ask) if item.kind == "photo" else _("Photo"),
            (*cannot, *(said if of_photo else ())),
            needed=item.kind == "photo" or item.photo == "always",
        ),
        there=sum(photo.item == item.code for photo in photos),
        needs="always" if item.kind == "photo" else item.photo,
    )


def _photo_field(name: str, label: str, errors: tuple[str, ...], *, needed: bool = False) -> Field:
    return Field(
        kind="file",
        name=name,
        label=label,
        errors=errors,
        required=needed,
        accept=PICTURES,
        multiple=True,
        attributes=_CAMERA,
    )


def _na(item: Item, value: str) -> Field | None:
    """That an item does not apply, where its kind has no answers to choose from."""
    if not item.may_not_apply or item.kind == "yes_no":
        return None
    ticked = "on" if value == NA else ""
    return Field(kind="checkbox", name=f"na-{item.code}", label=_("Not applicable"), value=ticked, required=False)


def _ask(item: Item, value: str, errors: tuple[str, ...]) -> Field | None:
    name, label, hint = f"f-{item.code}", spoken(item.ask), spoken(item.hint) if item.hint else ""
    na = (Option(value="na", label=_("Not applicable"), selected=value == "na"),) if item.may_not_apply else ()
    if item.kind == "yes_no":
        words = (("yes", _("Yes")), ("no", _("No")))
        options = tuple(Option(value=each, label=said, selected=value == each) for each, said in words)
        return Field(
            kind="radios", name=name, label=label, hint=hint, errors=errors, options=(*options, *na), inline=True
        )
    if item.kind == "photo":
        return None
    number = item.kind == "number"
    return Field(
        kind="text",
        name=name,
        label=label,
        hint=hint,
        value="" if value == NA else value,
        errors=errors,
        width=10 if number else 0,
        inputmode="decimal" if number else "",
        suffix=_in(item.unit) if item.unit else "",
        autocomplete="off",
    )


def _last(written: Written | None, wrong: Mapping[str, str], broken: Mapping[str, str]) -> list[Field]:
    """What follows the checklist: what else was seen, the result, one's statement, and who signs."""

    def said(name: str) -> tuple[str, ...]:
        return (wrong_words(name, wrong[name]),) if name in wrong else ()

    def value(name: str) -> str:
        return str(getattr(written, name)) if written else ""

    return [*_judged(written, broken, said, value), *_signed(broken, said, value)]


def _judged(
    written: Written | None,
    broken: Mapping[str, str],
    said: Callable[[str], tuple[str, ...]],
    value: Callable[[str], str],
) -> list[Field]:
    until = written.rectify_by if written else None
    parts = {"year": str(until.year), "month": str(until.month), "day": str(until.day)} if until else {}
    return [
        Field(
            kind="textarea",
            name="notes",
            label=_("What else you saw"),
            value=value("notes"),
            errors=said("notes"),
            required=False,
            rows=3,
        ),
        _photo_field("p-", _("More photos"), (broken[""],) if "" in broken else ()),
        Field(
            kind="radios",
            name="result",
            label=_("Result"),
            errors=said("result"),
            options=_options(RESULTS, result_words, value("result")),
        ),
        Field(
            kind="date",
            name="rectify_by",
            label=_("By which day it is to be put right"),
            parts=parts,
            hint=_("Only if it is to be put right. You look again after that day."),
            errors=said("rectify_by"),
            required=False,
        ),
        Field(
            kind="textarea",
            name="statement",
            label=_("Your own statement"),
            value=value("statement"),
            hint=_("What you saw and how you judge it. It stands in the case as your opinion."),
            errors=said("statement"),
            rows=3,
        ),
    ]


def _signed(
    broken: Mapping[str, str], said: Callable[[str], tuple[str, ...]], value: Callable[[str], str]
) -> list[Field]:
    return [
        Field(
            kind="radios",
            name="signing",
            label=_("Does the person inspected sign?"),
            errors=said("signing"),
            options=_options(SIGNINGS, signing_words, value("signing")),
        ),
        Field(
            kind="text",
            name="present",
            label=_("Name of who signs"),
            value=value("present"),
            errors=said("present"),
            required=False,
            autocomplete="off",
        ),
        Field(
            kind="file",
            name="signature_file",
            label=_("Photo of the signature"),
            required=False,
            hint=_("Where the screen cannot be signed: a photo of the signature on paper."),
            accept=PICTURES,
            errors=said("signature") or ((broken["signature"],) if "signature" in broken else ()),
        ),
        Field(
            kind="text",
            name="signing_words",
            label=_("Why nobody signs"),
            value=value("signing_words"),
            errors=said("signing_words"),
            required=False,
            autocomplete="off",
        ),
    ]


def _options(values: Sequence[str], words: Any, chosen: str) -> tuple[Option, ...]:
    return tuple(Option(value=each, label=words(each), selected=each == chosen) for each in values)


def _in(words: Any) -> str:
    return str(words.in_language(get_language() or "zh-hans"))
