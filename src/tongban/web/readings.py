"""Paper that was photographed: read meanwhile, each field confirmed beside its cut-out before it is used."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.apps.evidence.errors import EvidenceError, FileEmpty, FileTooLarge
from tongban.apps.recognition.errors import NotConfirmed, RecognitionError, UnknownReading
from tongban.apps.recognition.queries import FieldView, ReadingView, get_purpose, get_reading, get_taken
from tongban.apps.recognition.services import LARGEST, begin_reading, confirm_reading, forget_reading
from tongban.web.access import signed_in
from tongban.web.fields import Field
from tongban.web.reading_purposes import Purpose, purpose_of
from tongban.web.requests import Request
from tongban.web.served import served_at_counter
from tongban.web.side import side_groups
from tongban.web.wording import error_words, refusal_words
from tongban.web.wording.readings import doubt_words, paper_words, wrong_words

__all__ = ["begin", "forget", "show", "taken_of"]

_LONG = timedelta(seconds=45)
"""After which somebody who waits is told that they need not."""


@dataclass(frozen=True, slots=True)
class _Shown:
    """A proposal as the page draws it: its control, its cut-outs, and the tick that a marked one needs."""

    field: Field
    strips: tuple[str, ...]
    tick: Field | None


@signed_in
@require_POST
def begin(request: Request) -> HttpResponse:
    """Take the picture. What is wrong with it is said on the page that follows, with a way to try again."""
    back, what = _own_path(request, request.POST.get("back", "")), request.POST.get("what", "")[:160]
    file, where = request.FILES.get("picture"), {"back": back, "what": what}
    if file is None:
        words = _("Please take or choose a photograph first.")
        return _page(request, {"state": "refused", "error": words, **where}, status=422)
    try:
        if (file.size or 0) > LARGEST * 1_000_000:
            raise FileTooLarge(limit=LARGEST)
        if not file.size:
            raise FileEmpty
        reading = begin_reading(
            content=file.read(), name=file.name or "", by=request.actor.id, at=request.at, purpose=what, back=back
        )
    except (EvidenceError, RecognitionError) as refused:
        return _page(request, {"state": "refused", "error": error_words(refused), **where}, status=422)
    return redirect("reading", reading=reading)


@signed_in
@require_http_methods(["GET", "POST"])
def show(request: Request, reading: UUID) -> HttpResponse:
    """How far it is; then what was read, to be confirmed or corrected field by field."""
    try:
        asked = get_purpose(reading=reading, by=request.actor.id, at=request.at)
        purpose = purpose_of(asked, actor=request.actor, at=request.at, served=_served(request, asked))
        view = get_reading(reading=reading, by=request.actor.id, at=request.at, form=purpose.form)
    except UnknownReading as gone:
        context = {"state": "refused", "error": error_words(gone), "back": "/", "what": "person"}
        return _page(request, context, status=404)
    where = {"back": view.back, "what": view.purpose, "reading": view.id}
    if view.state in ("waiting", "reading"):
        return _page(request, {"state": "waiting", "slow": request.at - view.begun_at > _LONG, **where})
    if view.state in ("unusable", "failed"):
        return _page(request, {"state": "refused", "error": refusal_words(code=view.code, params={}), **where})
    useful = [each for each in view.fields if each.proposal.name in purpose.of_use(view.kind)]
    view = replace(view, fields=useful)
    if view.kind not in purpose.papers or not useful:
        return _page(request, {"state": "refused", "error": purpose.other_words(view.kind), **where})
    if request.method == "POST":
        return _confirm(request, view, purpose)
    return _ask(request, view, purpose, {each.proposal.name: each.proposal.text for each in view.fields}, {}, ())


@signed_in
@require_POST
def forget(request: Request, reading: UUID) -> HttpResponse:
    """Type it instead: the picture and what was read are removed at once."""
    back = "/"
    with suppress(UnknownReading):  # it may have been forgotten already
        back = get_reading(reading=reading, by=request.actor.id, at=request.at).back
        forget_reading(reading=reading, by=request.actor.id, at=request.at)
    return redirect(back)


def taken_of(request: Request) -> Mapping[str, str]:
    """What was confirmed in the reading that the address names; empty where it names none, or it is gone."""
    try:
        return get_taken(reading=UUID(request.GET.get("reading", "")), by=request.actor.id, at=request.at)
    except (ValueError, UnknownReading):
        return {}


def _confirm(request: Request, view: ReadingView, purpose: Purpose) -> HttpResponse:
    names = [each.proposal.name for each in view.fields]
    values = {name: request.POST.get(name, "")[:200] for name in names}
    looked = [name for name in names if request.POST.get(f"looked-{name}")]
    try:
        confirm_reading(
            reading=view.id, values=values, looked=looked, by=request.actor.id, at=request.at, form=purpose.form
        )
    except NotConfirmed as wrong:
        return _ask(request, view, purpose, values, wrong.fields, looked)
    parts = urlsplit(view.back)
    query = [(name, text) for name, text in parse_qsl(parts.query) if name != "reading"]
    return redirect(f"{parts.path}?{urlencode([*query, ('reading', str(view.id))])}")


def _ask(
    request: Request,
    view: ReadingView,
    purpose: Purpose,
    values: Mapping[str, str],
    wrong: Mapping[str, str],
    looked: Collection[str],
) -> HttpResponse:
    shown = [_shown(each, purpose, values, wrong, looked) for each in view.fields]
    there = {each.proposal.name for each in view.fields}
    context = {
        "state": "read",
        "reading": view.id,
        "back": view.back,
        "what": view.purpose,
        "paper": paper_words(view.kind),
        "shown": shown,
        "fields": [each.field for each in shown],
        "missing": [purpose.label(name) for name in purpose.of_use(view.kind) if name not in there],
    }
    return _page(request, context, status=422 if wrong else 200)


def _shown(
    each: FieldView, purpose: Purpose, values: Mapping[str, str], wrong: Mapping[str, str], looked: Collection[str]
) -> _Shown:
    proposal = each.proposal
    label = purpose.label(proposal.name)
    field = Field(
        kind="text",
        name=proposal.name,
        label=label,
        hint=doubt_words(proposal.why) if proposal.marked else "",
        value=values.get(proposal.name, ""),
        errors=(wrong_words(wrong[proposal.name]),) if proposal.name in wrong else (),
        autocomplete="off",
    )
    tick = None
    if proposal.marked:
        words = _("I have compared this with the picture: %(label)s") % {"label": label}
        ticked = "on" if proposal.name in looked else ""
        tick = Field(kind="checkbox", name=f"looked-{proposal.name}", label=words, value=ticked, required=False)
    return _Shown(field, tuple(each.strips), tick)


def _served(request: Request, purpose: str) -> str:
    """Whose card lies on the clerk's counter, where a case of theirs asks for what is read."""
    number = purpose.removeprefix("case:")
    return served_at_counter(request, number=int(number)) if number != purpose and number.isdecimal() else ""


def _page(request: Request, context: Mapping[str, object], *, status: int = 200) -> HttpResponse:
    """The page as whoever sees it knows their pages: staff at the counter, residents on theirs."""
    at_counter = str(context["back"]).startswith(reverse("window:start")) and request.actor.is_official
    template = "readings/at_counter.html" if at_counter else "readings/own.html"
    groups = side_groups(actor=request.actor, here="window") if at_counter else []
    return render(request, template, {**context, "groups": groups}, status=status)


def _own_path(request: Request, path: str) -> str:
    """A path of ours; the first page for anything else."""
    safe = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts={request.get_host()})
    return path if safe and len(path) <= 500 else "/"
