"""What is done with a topic from its page: read from what was posted, asked once, done."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_department_names
from tongban.apps.voice.whole import services
from tongban.apps.voice.whole.queries import TopicPage
from tongban.kernel.numbers import format_case_number
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["Asked", "answer_field", "asked_of", "confirm", "do", "merge_field", "owner_field", "said"]

_MOST = 5000
_NUMBER = re.compile(r"\d[\d \u00a0\u2009]{14,30}\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody wants done; ``hidden`` is what the page that asks once posts again, as it was posted."""

    what: str
    hidden: Sequence[tuple[str, str]]
    numbers: tuple[int, ...] = ()
    words: str = ""
    shown: Sequence[Mapping[str, str]] = field(default=())


def asked_of(view: TopicPage, post: Any) -> Asked | None:
    """What was posted; None where it is nothing that this reader is offered."""
    what = post.get("what", "")
    offered = {"merge", "split", "back", "own"} if view.may_arrange else set()
    offered |= {"answer", "settle"} if view.may_answer else set()
    if what not in offered:
        return None
    read: dict[str, Callable[[Any], Asked]] = {
        "merge": _merge,
        "split": _split,
        "back": _back,
        "own": _own,
        "answer": _answer,
        "settle": lambda _post: Asked(what="settle", hidden=[]),
    }
    return read[what](post)


def _merge(post: Any) -> Asked:
    given = post.get("others", "")[:2000]
    numbers = tuple(int(re.sub(r"\D", "", each)) for each in _NUMBER.findall(given))
    shown = [{"key": _("Put together with it"), "value": _(", ").join(map(format_case_number, numbers))}]
    return Asked(what="merge", hidden=[("others", given)], numbers=numbers, shown=shown)


def _split(post: Any) -> Asked:
    numbers = tuple(int(each) for each in post.getlist("inquiry")[:200] if each.isdecimal() and len(each) == 16)
    shown = [{"key": _("Put apart"), "value": _(", ").join(map(format_case_number, numbers))}]
    return Asked(what="split", hidden=[("inquiry", str(each)) for each in numbers], numbers=numbers, shown=shown)


def _back(post: Any) -> Asked:
    given = post.get("hand", "")
    number = int(given) if given.isdecimal() and len(given) < 12 else 0
    return Asked(what="back", hidden=[("hand", str(number))], numbers=(number,))


def _own(post: Any) -> Asked:
    department = post.get("department", "")
    names = get_department_names()
    name = names[department].name(get_language() or "zh-hans") if department in names else _("Nobody")
    shown = [{"key": _("Answers for it"), "value": name}]
    return Asked(what="own", hidden=[("department", department)], words=department, shown=shown)


def _answer(post: Any) -> Asked:
    words = post.get("words", "").strip()[:_MOST]
    shown = [{"key": _("Answer"), "value": words}]
    return Asked(what="answer", hidden=[("words", words)], words=words, shown=shown)


def do(asked: Asked, *, number: int, actor: Actor, at: datetime) -> None:
    """Do it. Raises what the domain says."""
    by: dict[str, Any] = {"actor": actor, "at": at}
    match asked.what:
        case "merge":
            services.merge_topics(number=number, others=asked.numbers, **by)
        case "split":
            services.split_topic(number=number, inquiries=asked.numbers, **by)
        case "back":
            services.take_back_hand(hand=asked.numbers[0], **by)
        case "own":
            services.give_topic(number=number, department=asked.words, **by)
        case "answer":
            services.answer_topic(number=number, words=asked.words, **by)
        case _:
            services.settle_topic(number=number, **by)


def confirm(request: Request, view: TopicPage, asked: Asked) -> HttpResponse:
    """Ask once before it is done."""
    count = len(asked.numbers)
    changed = _("Who arranged it stands on record. It can be taken back at any time.")
    moved = _("The pages show it in a moment.")
    asking: dict[str, tuple[str, str, list[str]]] = {
        "merge": (
            _("Put these topics together?"),
            _("Yes, put them together"),
            [_("They are one topic, also for what comes in from now on. People are counted once."), moved, changed],
        ),
        "split": (
            _("Put these inquiries apart?"),
            _("Yes, put them apart"),
            [
                ngettext("%(n)d inquiry leaves this topic.", "%(n)d inquiries leave this topic.", count) % {"n": count},
                _("They stay apart: nothing puts them together again but a hand."),
                moved,
                changed,
            ],
        ),
        "back": (
            _("Take this back?"),
            _("Yes, take it back"),
            [_("What was there before is there again. What has come in since stays where it went."), moved],
        ),
        "own": (_("Give it to this department?"), _("Yes, give it"), [_("Who decides there may answer the topic.")]),
        "answer": (
            _("Answer this topic before everybody?"),
            _("Yes, answer it"),
            [
                _("Everybody reads it, where something of the topic is public."),
                _("If three people speak of it again within 30 days, it counts as not settled."),
            ],
        ),
        "settle": (_("Is what was promised done?"), _("Yes, it is settled"), [_("Everybody sees that it is settled.")]),
    }
    title, button, effects = asking[asked.what]
    context = {
        "groups": side_groups(actor=request.actor, here="topics"),
        "url": reverse("voice:topic", args=[view.row.number]),
        "name": view.row.name,
        "asked": asked,
        "title": title,
        "button": button,
        "effects": effects,
    }
    return render(request, "voice/topics/confirm.html", context)


def said(request: Request, asked: Asked, url: str) -> HttpResponse:
    """Back to the topic, with what was done in words."""
    later = asked.what in ("merge", "split", "back")
    messages.success(request, _("Put on record. It is done in a moment.") if later else _("Put on record."))
    return redirect(url)


def merge_field(kept: Any) -> Field:
    """Which other topics belong to it."""
    return Field(
        kind="textarea",
        name="others",
        label=_("Numbers of other topics, or of inquiries that stand alone"),
        hint=_("16 digits each; several separated by commas or lines."),
        value=kept.get("others", "") if kept is not None else "",
        rows=2,
        attributes={"maxlength": "2000"},
    )


def owner_field(owner: str) -> Field:
    """Which department answers for it."""
    language, names = get_language() or "zh-hans", get_department_names()
    options = [Option(value="", label=_("Nobody"), selected=not owner)]
    options += [Option(value=code, label=names[code].name(language), selected=code == owner) for code in sorted(names)]
    return Field(kind="select", name="department", label=_("Department"), options=tuple(options))


def answer_field(kept: Any, answer: str) -> Field:
    """What everybody is told."""
    return Field(
        kind="textarea",
        name="words",
        label=_("Answer to the topic as a whole"),
        hint=_("Say what was found, what is done, by whom and by when. No names of residents."),
        value=kept.get("words", "") if kept is not None and "words" in kept else answer,
        attributes={"maxlength": str(_MOST)},
    )
