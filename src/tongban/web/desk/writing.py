"""Keeping what is written in a command's form and not sent yet."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongban.apps.cases.consequences import get_work
from tongban.apps.desks.services import come_in, keep_unsent
from tongban.web.access import official
from tongban.web.desk.commands import COMMANDS
from tongban.web.desk.giving import attempt, number_in
from tongban.web.desk.views import show_case
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.requests import Request

__all__ = ["keep"]


@keeps_posted
@official()
@require_http_methods(["GET", "POST"])
def keep(request: Request, number: int, command: str) -> HttpResponse:
    """Keep what is written so far. Where the step is not mine any more, the words come back to be copied."""
    if command not in COMMANDS:
        raise Http404
    posted = request.POST if request.method == "POST" else take_posted(request)
    if posted is None:
        return redirect("desk:case", number=number)
    work = get_work(number=number, actor=request.actor, at=request.at)
    task = number_in(posted, "task")
    offer = work.offer(command=command, task=task)
    if offer is None:
        return show_case(request, work, attempt(COMMANDS[command], work, posted))
    fields = COMMANDS[command].bound(None, work=work, offer=offer).changed_in(posted)
    come_in(work=work, at=request.at)  # who writes is still there
    seen = number_in(posted, "seen") or len(work.view.history)
    kept = keep_unsent(work=work, command=command, task=task, fields=fields, seen=seen, at=request.at)
    words = _("Kept at %(at)s, not sent.") % {"at": f"{localtime(request.at):%H:%M}"} if kept else _("Nothing is kept.")
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(words, content_type="text/plain; charset=utf-8")
    messages.success(request, words)
    return redirect(f"{reverse('desk:case', args=[number])}#{command}-{task}")
