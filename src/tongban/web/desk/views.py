"""What an officer asks for. A view reads the request, asks the domain once, and shows what came of it."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from tongban.apps.cases import consequences, queries
from tongban.apps.cases.boards import list_queue_matters
from tongban.apps.crossings.queries import get_crossing
from tongban.apps.desks.queries import list_filters
from tongban.apps.desks.services import come_in, let_go_of_unsent
from tongban.apps.people.queries import get_department_names
from tongban.apps.rights.queries import is_to_carry_out, may_look_into
from tongban.apps.rights.services import record_look
from tongban.web.access import official
from tongban.web.desk.commands import COMMANDS
from tongban.web.desk.conversation import case_messages
from tongban.web.desk.dossier import case_page
from tongban.web.desk.giving import Attempt, again, attempt
from tongban.web.desk.here import others_here
from tongban.web.desk.lines import filter_fields, queue_lines, read_asked, together_choices
from tongban.web.desk.missing import missing_part
from tongban.web.desk.onward import after_command, find_field, remember_queue, way_on
from tongban.web.desk.papers import file_response
from tongban.web.desk.put_right import rectifying_part
from tongban.web.desk.questions import case_questions
from tongban.web.desk.replying import answered_alike, reply_part
from tongban.web.desk.standing_in import standing_in_words
from tongban.web.desk.visits import visit_part
from tongban.web.desk.voices import voice_part
from tongban.web.inspected import records_of_case
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.requests import Request
from tongban.web.side import GROUPS, filter_url, side_groups
from tongban.web.wording.halls import visit_words

__all__ = ["act", "case", "material", "queue", "show_case"]


@official()
@require_GET
def queue(request: Request) -> HttpResponse:
    """The open steps of my departments, the most urgent first."""
    asked = read_asked(request.GET)
    saved = [row for row in list_filters(actor=request.actor) if not row.removed]
    first = next((row for row in saved if row.is_first), None)
    if first is not None and not request.GET:
        return redirect(filter_url(first))
    asked = replace(asked, explicit=first is not None)
    shown = next((row for row in saved if (row.part, row.matter, row.within) == asked.what), None)
    page = queries.list_queue(
        actor=request.actor,
        group=asked.group,
        matter=asked.matter,
        urgent_before=asked.until(request.at),
        cursor=asked.after,
    )
    language = get_language() or "zh-hans"
    matters = list_queue_matters(actor=request.actor)
    remember_queue(request, asked)
    lines = queue_lines(
        page.rows, actor=request.actor, at=request.at, language=language, departments=get_department_names()
    )
    context = {
        "asked": asked,
        "may_select": any(line.may_select for line in lines),
        "together": together_choices(),
        "standing_in": standing_in_words(request),
        "find": find_field(),
        "may_save": shown is None and asked.what != ("department", "", ""),
        "heading": GROUPS[asked.group][0],
        "groups": side_groups(
            actor=request.actor,
            here=f"filter-{shown.id}" if shown else asked.group,
            counts=queries.count_queue(actor=request.actor),
            saved=saved,
        ),
        "lines": lines,
        "filters": filter_fields(asked, [(code, name.in_language(language)) for code, name in matters]),
        "plain_url": asked.url(after="", matter="", within=""),
        "first_url": asked.url(after="") if asked.after else "",
        "next_url": asked.url(after=page.next) if page.next else "",
    }
    return render(request, "desk/queue.html", context)


@official()
@require_GET
def case(request: Request, number: int) -> HttpResponse:
    """A case with everything that I may do to it, and what each of it would do."""
    return show_case(request, _work(request, number))


@keeps_posted
@official()
@require_http_methods(["GET", "POST"])
def act(request: Request, number: int, command: str) -> HttpResponse:
    """Give a command. What is final is asked once more; what is refused changes nothing and loses nothing."""
    here = reverse("desk:case", args=[number])
    if command not in COMMANDS:
        raise Http404
    kept = None if request.method == "POST" else take_posted(request)
    if request.method != "POST" and kept is None:
        return redirect(here)
    tried = attempt(COMMANDS[command], _work(request, number), request.POST if kept is None else again(kept))
    if tried.state == "confirm":
        return render(
            request, "desk/confirm.html", _common(request) | tried.confirmation() | reply_part(tried, at=request.at)
        )
    if tried.state == "done":
        let_go_of_unsent(case=number, task=tried.task, command=command, actor=request.actor)
        messages.success(request, str(COMMANDS[command].done))
        return redirect(_back(request) or after_command(request, number))
    return show_case(request, _work(request, number) if tried.state == "refused" else tried.work, tried)


@official()
@require_GET
def material(request: Request, number: int, no: int) -> HttpResponse:
    """A file of the case, to look at or (``?save``) to keep."""
    view = _work(request, number).view
    found = next((item for item in view.materials if item.no == no), None)
    if found is None:
        raise Http404
    record_look(view=view, actor=request.actor, at=request.at, what="paper", no=no)
    response = file_response(found.file, keep="save" in request.GET)
    if "inside" in request.GET:  # in a frame of the page that shows it beside the answers, and in nobody else's
        response._csp_replace = {"frame-ancestors": ["'self'"]}  # type: ignore[attr-defined]  # django-csp's own way
        response["X-Frame-Options"] = "SAMEORIGIN"
    return response


def show_case(request: Request, work: consequences.Work, tried: Attempt | None = None) -> HttpResponse:
    """The page of a case, with what was wrong with a command just given, if any. The look at it goes on record."""
    record_look(view=work.view, actor=request.actor, at=request.at)
    carry = is_to_carry_out(view=work.view) if work.view.row.outcome else False
    page = case_page(work, at=request.at, bound=tried.form if tried else None, card=tried.card if tried else "")
    context = (
        _common(request)
        | page
        | {
            "carry_out": carry,
            "looked": may_look_into(view=work.view, actor=request.actor),
            "refusal": tried.refusal(work) if tried else None,
            "errors": tried.wrong if tried else None,
            "others": others_here(come_in(work=work, at=request.at)),
            "crossing": get_crossing(case=work.view),
            "way": way_on(request, work.view.number),
            "inspections": records_of_case(work.view),
            "missed": missing_part(work),
            "joint": visit_part(work),
            "rectifying": rectifying_part(work.view),
            "came_in": visit_words(work.view.visit) if work.view.visit else "",
        }
        | case_questions(work, request)
        | voice_part(work, actor=request.actor, at=request.at)
        | case_messages(work)
        | answered_alike(work)
    )
    return render(request, "desk/case.html", context, status=tried.status if tried else 200)


def _work(request: Request, number: int) -> consequences.Work:
    return consequences.get_work(number=number, actor=request.actor, at=request.at)


def _common(request: Request) -> dict[str, Any]:
    return {"groups": side_groups(actor=request.actor)}


def _back(request: HttpRequest) -> str:
    """The list, where the command was given from there."""
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, allowed_hosts=None) and target.startswith(reverse("desk:queue"))
    return target if safe else ""
