"""From one case to the next: the way through the queue, and where a command leads when it is done."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongban.apps.cases.queries import next_in_queue
from tongban.kernel.numbers import NumberError, parse_case_number
from tongban.web.access import official
from tongban.web.desk.lines import Asked, read_asked
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.wording import error_words

__all__ = ["after_command", "afterwards", "find", "find_field", "onward", "remember_queue", "way_on"]

_QUEUE, _AFTER = "desk_queue", "desk_after"
_AFTERWARDS = ("stay", "next", "queue")


@official()
@require_GET
def onward(request: Request) -> HttpResponse:
    """Open the case behind ``case`` in the part of the queue that was looked at last, or with ``back`` the one before.

    At its end, back to the queue.
    """
    asked = _last_asked(request)
    back = "back" in request.GET
    found = next_in_queue(
        actor=request.actor,
        case=_number(request.GET),
        group=asked.group,
        matter=asked.matter,
        urgent_before=asked.until(request.at),
        back=back,
    )
    if found is not None:
        return redirect("desk:case", number=found)
    words = (
        _("There is none before it in this part of the queue.") if back else _("That was the last one in this part.")
    )
    messages.info(request, words)
    return redirect(asked.url())


@official()
@require_POST
def afterwards(request: Request) -> HttpResponse:
    """Choose where a command leads when it is done; kept as long as one is signed in."""
    chosen = request.POST.get("then", "")
    if chosen in _AFTERWARDS:
        request.session[_AFTER] = chosen
        messages.success(request, _("Chosen."))
    number = _number(request.POST)
    return redirect("desk:case", number=number) if number else redirect("desk:queue")


@official()
@require_GET
def find(request: Request) -> HttpResponse:
    """Open a case by its number, with blanks or without."""
    try:
        number = parse_case_number(request.GET.get("number", ""))
    except NumberError as wrong:
        messages.error(request, error_words(wrong))
        return redirect(_last_asked(request).url())
    return redirect("desk:case", number=number)


def find_field() -> Field:
    """The box for the number of a case."""
    return Field(
        kind="text",
        name="number",
        label=_("Case number"),
        width=20,
        inputmode="numeric",
        attributes={"data-search": ""},
    )


def remember_queue(request: HttpRequest, asked: Asked) -> None:
    """Keep which part of the queue is looked at; written only where it is another one."""
    what = [asked.group, asked.matter, asked.within, asked.after]
    if request.session.get(_QUEUE, ["department", "", "", ""]) != what:
        request.session[_QUEUE] = what


def way_on(request: HttpRequest, number: int) -> dict[str, Any]:
    """What the head of a case needs to lead on: addresses, and what is chosen for afterwards."""
    chosen = request.session.get(_AFTER, _AFTERWARDS[0])
    words = {"stay": _("stay here"), "next": _("go to the next case"), "queue": _("go back to the queue")}
    address = reverse("desk:onward") + f"?case={number:016d}"
    return {
        "queue": f"{_last_asked(request).url()}#at-{number}",
        "next": address,
        "previous": address + "&back",
        "field": Field(
            kind="select",
            name="then",
            label=_("When something is done"),
            options=tuple(Option(value=each, label=words[each], selected=each == chosen) for each in _AFTERWARDS),
        ),
    }


def after_command(request: HttpRequest, number: int) -> str:
    """Where to go when a command is done: the case itself, the next one, or the same place in the queue."""
    match request.session.get(_AFTER, _AFTERWARDS[0]):
        case "next":
            return f"{reverse('desk:onward')}?case={number:016d}"
        case "queue":
            return f"{_last_asked(request).url()}#at-{number}"
    return reverse("desk:case", args=[number])


def _last_asked(request: HttpRequest) -> Asked:
    kept = request.session.get(_QUEUE) or ["department", "", "", ""]
    return read_asked(dict(zip(("group", "matter", "within", "after"), kept, strict=True)))


def _number(given: QueryDict) -> int:
    text = given.get("case", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 16 else 0
