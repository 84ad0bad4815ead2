"""Saying something: one page, read by nobody before it is sent, with what others said and were told beside it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.apps.catalog.queries import search
from tongban.apps.evidence.errors import EvidenceError
from tongban.apps.people.queries import get_applicant
from tongban.apps.voice.errors import WordsRefused
from tongban.apps.voice.queries import list_similar
from tongban.apps.voice.services import Speaker, Words, get_spoken_matter, key_of, speak
from tongban.web.access import public
from tongban.web.fields import Field
from tongban.web.limits import asks_too_often
from tongban.web.problems import too_many_requests
from tongban.web.questions import upload_field
from tongban.web.requests import Request
from tongban.web.voice.forms import SpeakForm
from tongban.web.voice.listing import lines_of
from tongban.web.wording import error_words, field_error_words

__all__ = ["said", "similar", "speak_up"]

_MOST_PHOTOS = 9
_SHOWN = 3


@public
@never_cache
@require_http_methods(["GET", "POST"])
def speak_up(request: Request) -> HttpResponse:
    """Say something. ``look`` shows what others said first, for whoever has no script; nothing is sent then."""
    form = SpeakForm(request.POST or None, on_file=request.actor.person_id is not None)
    if request.method == "GET":
        return _ask(request, form)
    if "look" in request.POST:
        form.is_valid()
        return _ask(request, form, looked=True)
    photos = request.FILES.getlist("photos")
    if not form.is_valid():
        return _ask(request, form, lost=bool(photos))
    if len(photos) > _MOST_PHOTOS:
        return _ask(request, form, photo_error=_("At most %(count)d files.") % {"count": _MOST_PHOTOS})
    if asks_too_often(request, "speak", settings.RATE_SPEAKING, key=key_of(request.actor)):
        return too_many_requests(request)
    return _send(request, form, [(each.name or "", each.read()) for each in photos])


@public
@never_cache
@require_POST
def similar(request: Request) -> HttpResponse:
    """What others said that is like it, and what can be asked for: a piece of the page, as it is typed."""
    if asks_too_often(request, "similar", settings.RATE_SIMILAR):
        return HttpResponse(status=429)
    return render(request, "voice/_similar.html", _beside(request, request.POST.get("text", "")))


@public
@never_cache
@require_GET
def said(request: Request) -> HttpResponse:
    """It was sent: its number, and how whoever is not signed in follows it."""
    number = request.session.get("said")
    if number is None:
        return redirect("voice:speak")
    return render(request, "voice/said.html", {"number": number})


def _send(request: Request, form: SpeakForm, photos: Sequence[tuple[str, bytes]]) -> HttpResponse:
    given = form.cleaned_data
    actor, known = request.actor, request.actor.person_id is not None
    day = timezone.localdate(request.at)
    speaker = Speaker(
        key=key_of(actor, default=f"telephone:{given.get('phone', '')}"),
        applicant=get_applicant(actor=actor, key=f"person:{actor.person_id}", on=day) if known else None,
        name=given["name"],
        phone=given.get("phone", ""),
    )
    words = Words(
        text=given["text"],
        kind=given["kind"],
        district=given.get("district", ""),
        place=given["place"],
        published=given["published"],
    )
    try:
        number = speak(words=words, speaker=speaker, channel="web", actor=actor, at=request.at, photos=photos)
    except EvidenceError as error:
        return _ask(request, form, photo_error=str(error_words(error)))
    except WordsRefused as error:
        for each in error.refused:
            said_of_it = str(field_error_words(code=each.code, params=each.params, label=""))
            form.add_error(each.field if each.field in form.fields else None, said_of_it)
        return _ask(request, form)
    if known:
        messages.success(request, _("It is sent. Whoever answers for it gets in touch with you."))
        return redirect("portal:case", number=number)
    request.session["said"] = number
    return redirect("voice:said")


def _ask(
    request: Request, form: SpeakForm, *, photo_error: str = "", lost: bool = False, looked: bool = False
) -> HttpResponse:
    """The page. Files cannot be put back into it: whoever chose some is told to choose them again."""
    if lost and not photo_error:
        photo_error = _("Choose the photos once more: a browser gives them only once.")
    context: dict[str, Any] = {
        "form": form,
        "photos": _photos(request, photo_error),
        "known": request.actor.person_id is not None,
        "sign_in": f"{reverse('account_login')}?next={reverse('voice:speak')}",
    }
    if looked:
        context |= _beside(request, request.POST.get("text", ""))
    wrong = bool(photo_error) or (bool(form.errors) and not looked)
    context["errors"] = not looked
    return render(request, "voice/speak.html", context, status=422 if wrong else 200)


def _photos(request: Request, error: str) -> Field:
    definition = get_spoken_matter(at=request.at).definition
    spec = definition.material(definition.voice.photos) if definition.voice is not None else None
    assert spec is not None
    return replace(upload_field(spec=spec, errors=(error,) if error else (), name="photos"), multiple=True)


def _beside(request: Request, text: str) -> dict[str, Any]:
    found = list_similar(text=text, limit=_SHOWN)
    return {
        "similar": lines_of(found, at=request.at),
        "matters": search(text=text[:60], on=timezone.localdate(request.at), limit=_SHOWN) if text.strip() else (),
        "asked": bool(text.strip()),
    }
