"""The materials of a case beside what was filed: turned, enlarged and checked off, with or without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.cases.consequences import Work, get_work
from tongban.apps.cases.queries import MaterialView
from tongban.apps.desks.errors import StepMoved
from tongban.apps.desks.queries import LONGEST_NOTE, LONGEST_PLACE, CheckedRow, Spot, list_checked, list_notes
from tongban.apps.desks.services import come_in, mark_checked
from tongban.apps.rights.services import record_look
from tongban.web.access import official
from tongban.web.desk.dossier import filed_answers, taken_from
from tongban.web.fields import Field
from tongban.web.registers import said_for, unconfirmed
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["case_file", "check"]

SIZES = {
    "fit": gettext_lazy("Whole"),
    "100": gettext_lazy("Full width"),
    "150": "150 %",
    "200": "200 %",
    "300": "300 %",
}
TURNS = ("0", "90", "180", "270")
_PICTURES = ("image/png", "image/jpeg", "image/webp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A material in the list: its name, where it is shown, who has checked it, and whether I have."""

    item: MaterialView
    name: str
    url: str
    shown: bool
    checked: str
    mine: bool


@official()
@require_safe
def case_file(request: Request, number: int) -> HttpResponse:
    """The list, one material large, and the answers beside it. The look goes on record, and that of the file too."""
    work = get_work(number=number, actor=request.actor, at=request.at)
    record_look(view=work.view, actor=request.actor, at=request.at)
    come_in(work=work, at=request.at)
    language = get_language() or "zh-hans"
    lines = _lines(work, request.GET.get("no", ""), language)
    shown = next((line for line in lines if line.shown), None)
    said = said_for(case=number, definition=work.view.definition)
    context = {
        "groups": side_groups(actor=request.actor),
        "case": work.view.row,
        "title": work.view.row.matter_name.in_language(language),
        "lines": lines,
        "shown": shown,
        "may_check": bool(work.mine),
        "taken_from": taken_from(work.view).get(shown.item.code, "") if shown else "",
        "data": filed_answers(work, language, unconfirmed(said=said, definition=work.view.definition)),
    }
    context |= _notes(work, shown, language)
    return render(request, "desk/case_file.html", context | _view(request, lines, shown))


@official()
@require_POST
def check(request: Request, number: int, no: int) -> HttpResponse:
    """Mark a material as checked, or take the mark back: the colleagues of the case see it."""
    work = get_work(number=number, actor=request.actor, at=request.at)
    try:
        mark_checked(work=work, material=no, checked=request.POST.get("checked") == "yes", at=request.at)
    except StepMoved:
        messages.error(request, _("You have nothing to do in this case now, so nothing was marked."))
    return redirect(f"{reverse('desk:file', args=[number])}?no={no}#sheet")


def _lines(work: Work, asked: str, language: str) -> list[Line]:
    marks = list_checked(case=work.view.number)
    here = reverse("desk:file", args=[work.view.number])
    materials = work.view.materials
    numbers = [str(item.no) for item in materials]
    shown = asked if asked in numbers else next(iter(numbers), "")
    return [
        Line(
            item=item,
            name=item.name.in_language(language),
            url=f"{here}?no={item.no}#sheet",
            shown=str(item.no) == shown,
            checked=_checked_words(marks.get(item.no, ()), language),
            mine=any(row.user_id == work.actor.user_id for row in marks.get(item.no, ())),
        )
        for item in materials
    ]


def _notes(work: Work, shown: Line | None, language: str) -> dict[str, Any]:
    """What colleagues have noted on the material that is shown, and on answers; where another can be put."""
    fields = {name: field.title.in_language(language) for name, field in work.view.definition.form.fields.items()}
    rows = list_notes(case=work.view.number)
    chinese = language.startswith("zh")
    told: list[dict[str, Any]] = [
        {
            "row": row,
            "on": fields.get(row.field, row.field),
            "who": row.name[0 if chinese else 1],
            "settled_by": row.settled_by[0 if chinese else 1] if row.settled_by else "",
            "where": _spot_words(row.spot) if row.spot else "",
        }
        for row in rows
    ]
    here = [each for each in told if shown and each["row"].material == shown.item.no]
    for no, each in enumerate((each for each in here if each["row"].spot is not None), start=1):
        each["mark"] = no
    asked = {each.name for _step, those in work.view.definition.form.asked_for(work.answers) for each in those}
    return {
        "notes_here": here,
        "marks": [each for each in here if "mark" in each and not each["row"].settled_by],
        "notes_answers": [each for each in told if each["row"].field],
        "note_fields": [(name, title) for name, title in fields.items() if name in asked],
        "longest_note": LONGEST_NOTE,
        "longest_place": LONGEST_PLACE,
        "spot_page": _spot_field("page", _("Page"), step="1", most="9999"),
        "spot_fields": [
            _spot_field("x", _("From the left")),
            _spot_field("y", _("From the top")),
            _spot_field("width", _("Width")),
            _spot_field("height", _("Height")),
        ],
    }


def _spot_field(name: str, label: str, *, step: str = "0.5", most: str = "100") -> Field:
    """A number of a place; with it everything can be said without pointing at anything."""
    return Field(
        kind="text",
        type="number",
        name=f"spot_{name}",
        label=label,
        width=5,
        required=False,
        autocomplete="off",
        attributes={"min": "0", "max": most, "step": step, "data-spot-part": name},
    )


def _spot_words(spot: Spot) -> str:
    """A place in words, for who does not see the picture, and for pages that nothing can be drawn on here."""
    said = _("%(x)s %% from the left, %(y)s %% from the top") % {"x": f"{spot.x:g}", "y": f"{spot.y:g}"}
    if spot.is_box:
        size = {"width": f"{spot.width:g}", "height": f"{spot.height:g}"}
        said = _("%(place)s, %(width)s %% wide, %(height)s %% high") % ({"place": said} | size)
    return _("page %(page)s: %(place)s") % {"page": spot.page, "place": said} if spot.page else said


def _checked_words(rows: Sequence[CheckedRow], language: str) -> str:
    chinese = language.startswith("zh")
    said = [
        _("%(name)s, %(at)s") % {"name": row.name[0 if chinese else 1], "at": f"{localtime(row.at):%m-%d %H:%M}"}
        for row in rows
    ]
    return _("checked: %(who)s") % {"who": _("; ").join(said)} if said else ""


def _view(request: Request, lines: Sequence[Line], shown: Line | None) -> dict[str, Any]:
    """How it is shown, and the links that show it otherwise."""
    if shown is None:
        return {}
    size, turn = request.GET.get("size", ""), request.GET.get("turn", "")
    size, turn = size if size in SIZES else "fit", turn if turn in TURNS else "0"
    at = lines.index(shown)

    def link(*, size: str = size, turn: str = turn) -> str:
        return f"?{urlencode({'no': shown.item.no, 'size': size, 'turn': turn})}#sheet"

    file = shown.item.file
    return {
        "size": size,
        "turn": turn,
        "sizes": [(key, words, link(size=key), key == size) for key, words in SIZES.items()],
        "left": link(turn=str((int(turn) + 270) % 360)),
        "right": link(turn=str((int(turn) + 90) % 360)),
        "previous": lines[at - 1] if at else None,
        "next": lines[at + 1] if at + 1 < len(lines) else None,
        "as_picture": file.media_type in _PICTURES and not file.removed_at,
        "as_pages": file.media_type == "application/pdf" and not file.removed_at,
    }
