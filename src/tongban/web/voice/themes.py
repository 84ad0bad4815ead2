"""The themes of the months: before everybody, and where officials choose them and tell how far they are."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.catalog.city import get_calendar
from tongban.apps.people.queries import get_department_names
from tongban.apps.voice.errors import VoiceError
from tongban.apps.voice.themes import services
from tongban.apps.voice.themes.queries import ThemeRow, get_theme, list_late_themes, list_themes
from tongban.web.access import official, public
from tongban.web.fields import Field, Option
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import error_words

__all__ = ["late_themes", "public_themes", "theme", "themes"]

_PAGE = 20


@public
@require_safe
def public_themes(request: Request) -> HttpResponse:
    """What government has taken on, month by month, and how far it is."""
    try:
        context = _page(request)
    except ValueError:  # a cursor that somebody made up
        return redirect("voice:public_themes")
    return render(request, "voice/themes/public.html", context)


@keeps_posted
@official()
@require_http_methods(["GET", "HEAD", "POST"])
def themes(request: Request) -> HttpResponse:
    """All themes, the late ones first; posted, a coordinator takes a topic on."""
    kept = request.POST if request.method == "POST" else take_posted(request)
    refused = ""
    if kept is not None:
        try:
            chosen = _choose(request, kept)
        except (VoiceError, ValueError) as error:
            refused = error_words(error) if isinstance(error, VoiceError) else _("A day or a number cannot be read.")
        else:
            messages.success(request, _("Put on record."))
            return redirect("voice:theme", theme=chosen)
    try:
        context = _page(request)
    except ValueError:  # a cursor that somebody made up
        return redirect("voice:themes")
    context |= {
        "groups": side_groups(actor=request.actor, here="topics"),
        "late": late_themes(request),
        "fields": _fields(kept or request.GET, request)
        if services.may_choose(actor=request.actor, at=request.at)
        else [],
        "refused": refused,
    }
    return render(request, "voice/themes/list.html", context, status=422 if refused else 200)


@keeps_posted
@official()
@require_http_methods(["GET", "HEAD", "POST"])
def theme(request: Request, theme: int) -> HttpResponse:
    """One theme; posted, how far it is, or that it is done."""
    row = get_theme(theme=theme, at=request.at)
    kept = request.POST if request.method == "POST" else take_posted(request)
    refused = ""
    if kept is not None and kept.get("what") in ("note", "done"):
        command = services.finish_theme if kept["what"] == "done" else services.note_progress
        try:
            command(theme=theme, words=kept.get("words", "")[:2000], actor=request.actor, at=request.at)
        except VoiceError as error:
            refused = error_words(error)
        else:
            messages.success(request, _("Put on record."))
            return redirect("voice:theme", theme=theme)
    may: dict[str, Any] = {"department": row.department, "actor": request.actor, "at": request.at}
    context = {
        "groups": side_groups(actor=request.actor, here="topics"),
        "row": row,
        "may_note": row.done_at is None and services.may_note(**may),
        "may_finish": row.done_at is None and services.may_finish(**may),
        "field": _note_field(kept.get("words", "") if kept is not None else ""),
        "refused": refused,
    }
    return render(request, "voice/themes/theme.html", context, status=409 if refused else 200)


def late_themes(request: Request) -> list[ThemeRow]:
    """Those past their day, for supervision, who chooses them, and the departments that have them."""
    actor, rows = request.actor, list_late_themes(at=request.at)
    if actor.has_role("supervisor") or services.may_choose(actor=actor, at=request.at):
        return rows
    return [row for row in rows if row.department in actor.departments]


def _page(request: Request) -> dict[str, Any]:
    given, before = request.GET.get("before", ""), None
    if given:
        month, _rest, number = given.partition("~")
        before = (date.fromisoformat(month), int(number))
    rows = list_themes(at=request.at, before=before, limit=_PAGE + 1)
    last = rows[_PAGE - 1] if len(rows) > _PAGE else None
    return {
        "rows": rows[:_PAGE],
        "first_url": "?" if before else "",
        "next_url": "?" + urlencode({"before": f"{last.month.isoformat()}~{last.id}"}) if last else "",
    }


def _choose(request: Request, post: Any) -> int:
    return services.choose_theme(
        topic=int("".join(post.get("topic", "").split())),
        month=date.fromisoformat(post.get("month", "") + "-01"),
        title=post.get("title", ""),
        department=post.get("department", ""),
        plan=post.get("plan", "")[:2000],
        due=date.fromisoformat(post.get("due", "")),
        actor=request.actor,
        at=request.at,
    )


def _fields(given: Any, request: Request) -> list[Field]:
    language, names = get_language() or "zh-hans", get_department_names()
    today = get_calendar().local_date(request.at)
    chosen = given.get("department", "")
    options = [Option(value="", label=_("Choose"), selected=not chosen)]
    options += [Option(value=code, label=names[code].name(language), selected=code == chosen) for code in sorted(names)]
    return [
        Field(
            kind="text",
            name="topic",
            label=_("Number of the topic"),
            value=given.get("topic", ""),
            width=20,
            inputmode="numeric",
        ),
        Field(kind="text", name="title", label=_("What everybody reads it as"), value=given.get("title", "")),
        Field(kind="text", type="month", name="month", label=_("Month"), value=given.get("month", f"{today:%Y-%m}")),
        Field(kind="select", name="department", label=_("Who answers for it"), options=tuple(options)),
        Field(
            kind="textarea",
            name="plan",
            label=_("What is to be done"),
            value=given.get("plan", ""),
            attributes={"maxlength": "2000"},
        ),
        Field(kind="text", type="date", name="due", label=_("Done by"), value=given.get("due", "")),
    ]


def _note_field(words: str) -> Field:
    return Field(
        kind="textarea",
        name="words",
        label=_("What everybody is to know"),
        value=words,
        attributes={"maxlength": "2000"},
    )
