"""What officials are told at their desk: what has come to them, limits that are near; and what of it they want."""

from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.apps.channels.errors import UnknownNotice
from tongban.apps.channels.queries import DESK_GROUPS, InboxPage, count_unread, get_preferences, list_notices
from tongban.apps.channels.services import choose_at_desk, mark_all_read, mark_read
from tongban.web.access import official
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import carrier_words, group_words

__all__ = ["choices", "listing", "open_notice", "read_all", "read_one"]


@official()
@require_safe
def listing(request: Request) -> HttpResponse:
    """Newest first, page by page."""
    person, cursor = request.actor.person_id, request.GET.get("after", "")
    language = get_language() or "zh-hans"
    try:
        found = (
            list_notices(person_id=person, language=language, desk=True, cursor=cursor)
            if person is not None
            else InboxPage(rows=[])
        )
    except ValueError:  # a cursor that somebody made up
        return redirect("desk:inbox")
    context = {
        "rows": [(row, ", ".join(carrier_words(each) for each in row.sent)) for row in found.rows],
        "new": count_unread(person_id=person, desk=True) if person is not None else 0,
        "until": request.at.isoformat(),
        "first_url": "?" if cursor else "",
        "next_url": "?" + urlencode({"after": found.next}) if found.next else "",
        "groups": side_groups(actor=request.actor, here="inbox"),
    }
    return render(request, "desk/inbox.html", context)


@official()
@require_safe
def open_notice(request: Request, notice: int) -> HttpResponse:
    """Note that it is read, and go to what it is about: a card, an audit, a question, or the case."""
    found = mark_read(person_id=_reader(request), notice_id=notice, at=request.at)
    if card := found.params.get("card"):
        ruling = found.kind == "desk_card_appealed"
        return redirect("supervise:card" if ruling else "desk:card", number=int(card))
    if audit := found.params.get("audit"):
        mine = found.kind == "desk_audit_answered"
        return redirect("supervise:audit" if mine else "desk:audit", number=int(audit))
    if question := found.params.get("question"):
        return redirect("desk:question", number=int(question))
    return redirect("desk:case", number=found.case) if found.case and found.desk else redirect("desk:inbox")


@official()
@require_POST
def read_one(request: Request, notice: int) -> HttpResponse:
    """Note that it is read, and stay."""
    mark_read(person_id=_reader(request), notice_id=notice, at=request.at)
    return redirect("desk:inbox")


@official()
@require_POST
def read_all(request: Request) -> HttpResponse:
    """Note that all is read that was there when the page was drawn."""
    try:
        until = datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        until = request.at
    until = min(until, request.at) if until.tzinfo else request.at
    mark_all_read(person_id=_reader(request), at=request.at, until=until, desk=True)
    return redirect("desk:inbox")


@official()
@require_http_methods(["GET", "POST"])
def choices(request: Request) -> HttpResponse:
    """What of it comes into the inbox, and what goes out by another way too."""
    person = _reader(request)
    found = get_preferences(person_id=person)
    if request.method == "POST":
        chosen = {channel: request.POST.getlist(channel) for channel in found.on}
        choose_at_desk(person_id=person, inbox=request.POST.getlist("inbox"), chosen=chosen)
        messages.success(request, _("Saved."))
        return redirect("desk:inbox_choices")
    ways = [("inbox", _("In this inbox"), found.desk)]
    ways += [(channel, carrier_words(channel), found.chosen[channel]) for channel in found.on]
    context = {
        "fields": [_field(name, words, on) for name, words, on in ways],
        "groups": side_groups(actor=request.actor, here="inbox"),
    }
    return render(request, "desk/inbox_choices.html", context)


def _field(name: str, words: str, on: object) -> Field:
    chosen = list(on) if isinstance(on, list | tuple) else []
    options = tuple(Option(value=each, label=group_words(each), selected=each in chosen) for each in DESK_GROUPS)
    return Field(kind="checkboxes", name=name, label=words, options=options, required=False)


def _reader(request: Request) -> int:
    if request.actor.person_id is None:
        raise UnknownNotice
    return request.actor.person_id
