"""One command on many steps of the queue: selected, asked once for all, told for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongban.apps.cases.boards import list_by_number
from tongban.apps.cases.errors import NotTogether, UnknownCase
from tongban.apps.cases.services.together import (
    MOST_TOGETHER,
    TOGETHER,
    Step,
    Taken,
    Weighed,
    able_each,
    do_each,
    weigh_each,
)
from tongban.apps.people.actors import Actor
from tongban.apps.rights.queries import is_to_carry_out
from tongban.web.access import official
from tongban.web.desk.giving import again, who_did_it
from tongban.web.desk.offered import effects_of, untimed
from tongban.web.desk.together_forms import TogetherForm
from tongban.web.fields import field_of
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import refusal_words

__all__ = ["back_to_queue", "done", "keep_results", "read_steps", "together", "told", "was_pressed"]

_KEPT = "desk_together"
_ROLES = ("clerk", "handler", "reviewer", "decider")


@keeps_posted
@official(*_ROLES)
@require_http_methods(["GET", "POST"])
def together(request: Request) -> HttpResponse:
    """Say what a command would do to each of the selected steps, and, once confirmed, do it to each by itself."""
    kept = None if request.method == "POST" else take_posted(request)
    if request.method != "POST" and kept is None:
        return redirect("desk:queue")
    posted = request.POST if kept is None else again(kept)
    command, steps, back = posted.get("do", ""), read_steps(posted), back_to_queue(posted)
    if command not in TOGETHER or not steps:
        messages.error(request, _("Select at least one step, and what to do with it."))
        return redirect(back)
    if "edit" in posted and kept is None:
        return redirect(back)
    if "confirmed" in posted and was_pressed(request, posted):
        return redirect("desk:together_done")
    weighed = _weigh(steps, command, request)
    able = able_each(weighed=weighed, command=command) if command in ("transfer", "delegate") else {}
    form = TogetherForm(posted if "confirmed" in posted else None, command=command, able=able)
    if "confirmed" in posted and form.is_valid():
        open_ones = [each.step for each in weighed if each.offer is not None]
        given = {step: form.given(step, weighed) for step in open_ones}
        taken = do_each(steps=open_ones, command=command, given=given, actor=request.actor, at=request.at)
        left = [Taken(step=each.step, code=each.code, params=each.params) for each in weighed if each.offer is None]
        again_weighed = {each.step: each for each in weigh_each(**_asked(taken + left, command, request))}
        keep_results(request, posted, command, [(each, told(each, again_weighed)) for each in taken + left], back)
        return redirect("desk:together_done")
    context = _page(command, weighed, form, request) | {"back": back}
    return render(request, "desk/together.html", context, status=422 if form.errors else 200)


@official(*_ROLES)
@require_GET
def done(request: Request) -> HttpResponse:
    """What came of the last command that was given on many steps: on which it was done, and why not on the others."""
    kept = request.session.get(_KEPT)
    if kept is None:
        return redirect("desk:queue")
    rows = {row.number: row for row in list_by_number(numbers=[case for case, seen, _words in kept["rows"] if seen])}
    lines = [{"row": rows.get(case), "number": case, "words": words} for case, _seen, words in kept["rows"]]
    well = [line for line in lines if not line["words"]]
    context = {
        "groups": side_groups(actor=request.actor),
        "title": _done_words(kept["command"], len(well)),
        "done": well,
        "left": [line for line in lines if line["words"]],
        "back": kept["back"],
    }
    return render(request, "desk/together_done.html", context)


# --- what was posted --------------------------------------------------------------------------------------------------


def read_steps(posted: QueryDict) -> list[Step]:
    """The steps that are selected, each once; with ``all``, every one that the page showed."""
    names = posted.getlist("shown" if "all" in posted else "step")
    found = [_step(name) for name in names[: 2 * MOST_TOGETHER]]
    return list(dict.fromkeys(step for step in found if step))[:MOST_TOGETHER]


def _step(name: str) -> Step | None:
    case, _, task = name.partition("-")
    if not (case.isascii() and case.isdigit() and len(case) <= 16 and task.isascii() and task.isdigit()):
        return None
    return (int(case), int(task)) if len(task) < 6 else None


def back_to_queue(posted: QueryDict) -> str:
    """The part of the queue that the selection was made in."""
    target = posted.get("next", "")
    own = target.startswith(reverse("desk:queue"))
    return target if own and url_has_allowed_host_and_scheme(target, allowed_hosts=None) else reverse("desk:queue")


def was_pressed(request: HttpRequest, posted: QueryDict) -> bool:
    """Whether this very page was sent before: what came of it is shown once more, and nothing is done."""
    kept = request.session.get(_KEPT)
    return kept is not None and bool(kept["press"]) and kept["press"] == posted.get("press", "")


def keep_results(
    request: HttpRequest, posted: QueryDict, command: str, results: Sequence[tuple[Taken, str]], back: str
) -> None:
    """Keep what came of each step for the page that shows it: numbers and words, and of nobody a name but officers'."""
    request.session[_KEPT] = {
        "press": posted.get("press", "")[:32],
        "command": command,
        "rows": [(taken.step[0], taken.code != UnknownCase.code, words) for taken, words in results],
        "back": back,
    }


# --- what is said -----------------------------------------------------------------------------------------------------


def _asked(taken: Sequence[Taken], command: str, request: Request) -> dict[str, Any]:
    """Those that were not done, to be looked at once more: who was faster is only known by now."""
    steps = [each.step for each in taken if each.code]
    return {"steps": steps, "command": command, "actor": request.actor, "at": request.at}


def _weigh(steps: Sequence[Step], command: str, request: Request) -> list[Weighed]:
    weighed = weigh_each(steps=steps, command=command, actor=request.actor, at=request.at)
    if command != "deliver":
        return weighed
    # What was granted to a person about their own data is carried out, and delivered with that.
    return [
        Weighed(step=each.step, work=each.work, offer=None, code=NotTogether.code)
        if each.offer is not None and each.work is not None and is_to_carry_out(view=each.work.view)
        else each
        for each in weighed
    ]


def told(taken: Taken, weighed: Mapping[Step, Weighed]) -> str:
    """Why it was not done, with who was faster; "" where it was done."""
    if not taken.code:
        return ""
    found = weighed.get(taken.step)
    return _why(taken.code, taken.params, found)


def _why(code: str, params: Mapping[str, Any], weighed: Weighed | None) -> str:
    if code in ("task.not-open", "task.claimed-by-other") and weighed is not None and weighed.work is not None:
        faster = who_did_it(weighed.work.task(weighed.step[1]), weighed.work)
        if faster:
            return faster
    return refusal_words(code=code, params=params)


def _page(command: str, weighed: Sequence[Weighed], form: TogetherForm, request: Request) -> dict[str, Any]:
    can = [each for each in weighed if each.offer is not None]
    return {
        "groups": side_groups(actor=request.actor),
        "command": command,
        "title": _question(command, len(can)),
        "button": _yes(command),
        "common": untimed(command),
        "can": [_line(each, request.actor) | {"effects": _effects(each, command)} for each in can],
        "cannot": [
            _line(each, request.actor) | {"why": _why(each.code, each.params, each)}
            for each in weighed
            if each.offer is None
        ],
        "fields": [field_of(item) for item in form],
        "errors": form if form.errors else None,
        "press": get_random_string(16),
        "mended": command in ("claim", "release", "transfer", "delegate"),
    }


def _line(weighed: Weighed, actor: Actor) -> dict[str, Any]:
    work, language = weighed.work, get_language() or "zh-hans"
    task = work.task(weighed.step[1]) if work is not None else None
    return {
        "row": work.view.row if work is not None else None,
        "number": weighed.step[0],
        "name": f"{weighed.step[0]}-{weighed.step[1]}",
        "step": task.name.in_language(language) if task is not None else "",
    }


def _effects(weighed: Weighed, command: str) -> list[str]:
    """What is different from case to case; what is the same for all is said once above."""
    assert weighed.offer is not None
    assert weighed.work is not None
    return [] if untimed(command) else effects_of(weighed.work, weighed.offer.first)


def _question(command: str, count: int) -> str:
    words = {
        "claim": ngettext("Take on %(count)s step?", "Take on %(count)s steps?", count),
        "release": ngettext("Put %(count)s step back?", "Put %(count)s steps back?", count),
        "transfer": ngettext("Give %(count)s step away?", "Give %(count)s steps away?", count),
        "delegate": ngettext("Let a colleague do %(count)s step?", "Let a colleague do %(count)s steps?", count),
        "accept": ngettext("Accept %(count)s case?", "Accept %(count)s cases?", count),
        "deliver": ngettext("Record %(count)s delivery?", "Record %(count)s deliveries?", count),
    }[command]
    return words % {"count": count}


def _yes(command: str) -> str:
    return {
        "claim": _("Yes, take them on"),
        "release": _("Yes, put them back"),
        "transfer": _("Yes, give them away"),
        "delegate": _("Yes, let a colleague do them"),
        "accept": _("Yes, accept them"),
        "deliver": _("Yes, they were delivered"),
    }[command]


def _done_words(command: str, count: int) -> str:
    words = {
        "claim": ngettext("%(count)s step taken on", "%(count)s steps taken on", count),
        "release": ngettext("%(count)s step put back", "%(count)s steps put back", count),
        "transfer": ngettext("%(count)s step given away", "%(count)s steps given away", count),
        "delegate": ngettext("%(count)s step is with a colleague", "%(count)s steps are with a colleague", count),
        "accept": ngettext("%(count)s case accepted", "%(count)s cases accepted", count),
        "deliver": ngettext("%(count)s delivery on record", "%(count)s deliveries on record", count),
    }[command]
    return words % {"count": count}
