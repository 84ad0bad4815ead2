"""What the page of one topic shows to an official."""

from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.people.queries import get_department_names
from tongban.apps.voice.rooms.queries import list_rooms
from tongban.apps.voice.whole.queries import HandRow, Member, TopicPage, list_members
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.templatetags.tongban_ui import moment
from tongban.web.voice.arranging import answer_field, merge_field, owner_field
from tongban.web.voice.choosing import before_url, districts_of, read_before, weeks_of
from tongban.web.wording.topics import (
    growth_words,
    hand_state_words,
    hand_words,
    sign_words,
    stage_tone,
    stage_words,
    why_words,
)

__all__ = ["page_context"]

_PAGE = 20


def page_context(request: Request, view: TopicPage, kept: Any) -> dict[str, Any]:
    """The topic with a page of its inquiries. Raises ``ValueError`` for a cursor that was not given out here."""
    row, before = view.row, read_before(request)
    members = list_members(number=row.number, actor=request.actor, at=request.at, before=before, limit=_PAGE + 1)
    shown = members[:_PAGE]
    last = shown[-1] if len(members) > _PAGE else None
    return {
        "groups": side_groups(actor=request.actor, here="topics"),
        "url": reverse("voice:topic", args=[row.number]),
        "view": view,
        "row": row,
        "stage": stage_words(row.stage),
        "tone": stage_tone(row.stage),
        "stats": _stats(view),
        "rows": _rows(view),
        "alerts": [growth_words(each) for each in view.alerts[:1]],
        "signs": [sign_words(each) for each in row.signs],
        "rooms": list_rooms(topic=row.number, limit=5),
        "weeks": weeks_of(row.weeks, at=request.at),
        "districts": districts_of(row.districts),
        "members": [_member(each, view, kept) for each in shown],
        "hands": [_hand(each) for each in view.hands],
        "merge": merge_field(kept),
        "owner": owner_field(row.owner),
        "answer": answer_field(kept, view.answer),
        "first_url": "?" if before else "",
        "next_url": before_url(last.filed_at, last.number) if last else "",
    }


def _stats(view: TopicPage) -> list[dict[str, Any]]:
    row = view.row
    return [
        {"label": _("People"), "value": row.people, "note": _("each counted once")},
        {"label": _("Say “me too”"), "value": row.supporters, "note": _("beside those who wrote")},
        {
            "label": _("Inquiries"),
            "value": row.messages,
            "note": _("%(copies)d of them copies") % {"copies": row.copies} if row.copies else "",
        },
        {
            "label": _("Last 7 days"),
            "value": row.weeks[-1] if row.weeks else 0,
            "note": _("%(before)d in the 7 days before") % {"before": row.weeks[-2]} if len(row.weeks) > 1 else "",
        },
    ]


def _rows(view: TopicPage) -> list[dict[str, Any]]:
    row, names, language = view.row, get_department_names(), get_language() or "zh-hans"
    comma = _(", ")
    told = [
        {"key": _("What it is about"), "value": comma.join(row.words)},
        {"key": _("Places"), "value": comma.join(row.places)},
        {
            "key": _("Departments"),
            "value": comma.join(
                f"{names[code].short(language) if code in names else code} {amount}" for code, amount in row.departments
            ),
        },
        {"key": _("First and last"), "value": f"{moment(row.first_at, 'short')} – {moment(row.last_at, 'short')}"},
        {"key": _("Answers for it"), "value": names[row.owner].name(language) if row.owner in names else ""},
        {"key": _("Came back"), "value": str(view.returns) if view.returns else ""},
    ]
    return [each for each in told if each["value"]]


def _member(row: Member, view: TopicPage, kept: Any) -> dict[str, Any]:
    chosen = kept is not None and str(row.number) in kept.getlist("inquiry")
    return {"row": row, "why": why_words(row), "chosen": chosen, "opens": reverse("desk:case", args=[row.number])}


def _hand(row: HandRow) -> dict[str, Any]:
    return {"row": row, "words": hand_words(row), "state": hand_state_words(row), "may_undo": row.state == "done"}
