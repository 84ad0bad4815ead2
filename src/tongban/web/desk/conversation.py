"""What somebody wrote by message or mail beside their case, what they were told, and one more message to them."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongban.apps.cases.consequences import Work, get_work
from tongban.apps.correspondence.errors import NoCorrespondent, NothingToSay
from tongban.apps.correspondence.queries import (
    LONGEST_WRITTEN,
    MessageRow,
    get_file,
    has_conversation,
    list_messages,
)
from tongban.apps.correspondence.services import write_to
from tongban.apps.rights.services import record_look
from tongban.web.access import official
from tongban.web.desk.papers import file_response
from tongban.web.fields import Field
from tongban.web.requests import Request
from tongban.web.wording import channel_words, error_words

__all__ = ["case_messages", "file", "write"]

_STATES = {
    "waiting": (gettext_lazy("on its way"), ""),
    "sending": (gettext_lazy("on its way"), ""),
    "sent": (gettext_lazy("sent"), "leaf"),
    "held": (gettext_lazy("goes out when they next write"), "sun"),
    "failed": (gettext_lazy("did not go out"), "seal"),
}


_LEFT_OUT = {
    "file.type": gettext_lazy("not a kind of file that is taken"),
    "file.too-large": gettext_lazy("too large"),
    "too-large": gettext_lazy("too large"),
    "file.empty": gettext_lazy("empty"),
    "file.too-many": gettext_lazy("more files than are taken"),
    "not-opened": gettext_lazy("a mail within the mail, not opened"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageLine:
    """A message as the page of its case shows it. ``left_out``: names of what was not taken, and why."""

    row: MessageRow
    who: str
    state: str
    tone: str
    left_out: tuple[str, ...] = ()


def case_messages(work: Work) -> dict[str, Any]:
    """What the page of a case shows of its conversation; nothing, and no read, for a case that has none."""
    if not has_conversation(case=work.view) or work.view.is_owner:
        return {"conversation": False}
    field = Field(
        kind="textarea",
        name="words",
        label=_("One more message to them"),
        hint=_("They read it where they wrote from, with the name of your department. No clock stands still for it."),
        attributes={"maxlength": str(LONGEST_WRITTEN), "rows": "3"},
    )
    return {
        "conversation": True,
        "conversation_way": channel_words(work.view.channel),
        "conversation_lines": [_line(row) for row in list_messages(case=work.view, actor=work.actor)],
        "conversation_field": field,
        "conversation_key": uuid4().hex,
    }


@official()
@require_POST
def write(request: Request, number: int) -> HttpResponse:
    """Write to whoever filed the case; what cannot be sent comes back in the message."""
    work = get_work(number=number, actor=request.actor, at=request.at)
    words, key = request.POST.get("words", ""), request.POST.get("key", "")[:40]
    try:
        write_to(case=work.view, words=words, key=key, actor=request.actor, at=request.at)
        messages.success(request, _("Your message is on its way."))
    except (NothingToSay, NoCorrespondent) as error:
        said = error_words(error)
        messages.error(request, f"{said} {words[:300]}".strip())
    return redirect(f"{reverse('desk:case', args=[number])}#conversation")


@official()
@require_GET
def file(request: Request, number: int, message: int, no: int) -> HttpResponse:
    """A file of a message, to look at or (``?save``) to keep."""
    view = get_work(number=number, actor=request.actor, at=request.at).view
    found = get_file(case=view, message=message, no=no, actor=request.actor)
    record_look(view=view, actor=request.actor, at=request.at)
    return file_response(found, keep="save" in request.GET)


def _line(row: MessageRow) -> MessageLine:
    chinese = (get_language() or "zh-hans").startswith("zh")
    if row.inbound:
        left_out = tuple(_left_out_words(each) for each in row.left_out)
        return MessageLine(row=row, who=_("They wrote"), state="", tone="", left_out=left_out)
    words, tone = _STATES.get(row.state, ("", ""))
    who = row.writer[0 if chinese else 1] or row.writer[0] if row.writer else _("They were told")
    return MessageLine(row=row, who=who, state=str(words), tone=tone)


def _left_out_words(told: str) -> str:
    """``archive.zip (file.type)`` in words."""
    name, _between, code = told.removesuffix(")").rpartition(" (")
    return _("%(name)s, %(why)s") % {"name": name, "why": _LEFT_OUT[code]} if code in _LEFT_OUT else told
