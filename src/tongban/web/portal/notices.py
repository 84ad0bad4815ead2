"""How somebody is told: by which ways, of what, in which language, and when not."""

import json
from datetime import time

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.dateparse import parse_time
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tongban.apps.channels import services
from tongban.apps.channels.errors import (
    AddressInvalid,
    ChannelsError,
    MailNotSent,
    QuietHoursInvalid,
    UnknownNotice,
    WeChatRefused,
)
from tongban.apps.channels.queries import GROUPS, Preferences, get_preferences, push_key
from tongban.web.access import signed_in
from tongban.web.fields import Field, Option
from tongban.web.languages import languages
from tongban.web.requests import Request
from tongban.web.wording import carrier_words, error_words, group_words

__all__ = ["ask_email", "confirm_email", "from_wechat", "push", "remove", "show", "test", "to_wechat"]


@signed_in
@require_http_methods(["GET", "POST"])
def show(request: Request) -> HttpResponse:
    """All that can be chosen; what is posted is kept whole or not at all."""
    person = _person(request)
    if request.method == "GET":
        return _page(request, person)
    chosen = {channel: request.POST.getlist(channel) for channel in get_preferences(person_id=person).on}
    try:
        language = request.POST.get("language", "")
        start, end = _time(request, "from"), _time(request, "until")
        digest = request.POST.get("digest") == "yes"
        services.choose(person_id=person, chosen=chosen, quiet_from=start, quiet_until=end, digest=digest)
        if language in dict(settings.LANGUAGES):
            services.set_language(person_id=person, language=language)
    except (QuietHoursInvalid, ValueError):
        return _page(request, person, quiet_error=error_words(QuietHoursInvalid()))
    messages.success(request, _("Saved."))
    return redirect("portal:notices")


@signed_in
@require_POST
def ask_email(request: Request) -> HttpResponse:
    """Send a code to the address, to see whether it is the reader's."""
    person, address = _person(request), request.POST.get("address", "").strip()
    try:
        language = get_language() or settings.LANGUAGE_CODE
        services.begin_email(person_id=person, address=address, language=language, at=request.at)
        messages.success(request, _("We have sent a code to this address. Type it below."))
    except (AddressInvalid, MailNotSent) as error:
        return _page(request, person, address=address, address_error=error_words(error))
    except ChannelsError as error:
        messages.error(request, error_words(error))
    return redirect("portal:notices")


@signed_in
@require_POST
def confirm_email(request: Request) -> HttpResponse:
    """Take the address on when the code is right."""
    person = _person(request)
    try:
        services.confirm_email(person_id=person, code=request.POST.get("code", ""), at=request.at)
    except ChannelsError as error:
        return _page(request, person, code_error=error_words(error))
    messages.success(request, _("Your address is confirmed."))
    return redirect("portal:notices")


@signed_in
@require_POST
def remove(request: Request) -> HttpResponse:
    """Forget the address, or all browsers."""
    person, what = _person(request), request.POST.get("what", "")
    if what == "email":
        services.remove_email(person_id=person)
        messages.success(request, _("Your address is forgotten."))
    elif what == "push":
        services.unsubscribe(person_id=person, endpoint="")
        messages.success(request, _("No browser is told any more."))
    elif what == "wechat":
        services.remove_wechat(person_id=person)
        messages.success(request, _("You are not told in WeChat any more."))
    return redirect("portal:notices")


@signed_in
@require_safe
def to_wechat(request: Request) -> HttpResponse:
    """Go to WeChat, which asks whether we may write there."""
    url, state = services.begin_wechat(back=settings.BASE_URL + reverse("portal:notices_from_wechat"))
    request.session["wechat_state"] = state
    return HttpResponseRedirect(url)


@signed_in
@require_safe
def from_wechat(request: Request) -> HttpResponse:
    """Come back from WeChat; only with the word with which this reader went there."""
    state, said = request.session.pop("wechat_state", ""), request.GET.get("state", "")
    try:
        if not state or not constant_time_compare(state, said):
            raise WeChatRefused
        services.bind_wechat(person_id=_person(request), code=request.GET.get("code", ""))
        messages.success(request, _("You are told in WeChat from now on."))
    except WeChatRefused as error:
        messages.error(request, error_words(error))
    return redirect("portal:notices")


@signed_in
@require_POST
def push(request: Request) -> HttpResponse:
    """Keep, or forget, the subscription that a browser hands over."""
    try:
        said = json.loads(request.body)
        if said.get("off"):
            services.unsubscribe(person_id=_person(request), endpoint=str(said["off"]))
        else:
            services.subscribe(person_id=_person(request), subscription=said, at=request.at)
    except (ValueError, AttributeError, ChannelsError):
        return HttpResponseBadRequest(_("This browser's subscription cannot be used. Please try again."))
    return HttpResponse(status=204)


@signed_in
@require_POST
def test(request: Request) -> HttpResponse:
    """Tell the reader something by every way that is on."""
    try:
        services.send_test(person_id=_person(request), at=request.at)
        messages.success(request, _("A test is on its way. It is in your inbox already."))
    except ChannelsError as error:
        messages.info(request, error_words(error))
    return redirect("portal:notices")


# --- the page ---------------------------------------------------------------------------------------------------------


def _page(
    request: Request,
    person: int,
    *,
    quiet_error: str = "",
    address: str = "",
    address_error: str = "",
    code_error: str = "",
) -> HttpResponse:
    found = get_preferences(person_id=person)
    quiet = _quiet_fields(request, found, quiet_error)
    address_field, code_field = _address_field(address, address_error), _code_field(code_error)
    wrong = [each for each in (address_field, code_field, *quiet) if each.errors]
    context = {
        "found": found,
        "fields": {
            "language": _language_field(found),
            "quiet": quiet,
            "digest": _digest_field(found),
            "address": address_field,
            "code": code_field,
        },
        "wrong": wrong,
        "channels": [(channel, carrier_words(channel)) for channel in found.on],
        "groups": [_group(group, found) for group in GROUPS],
        "push_key": push_key(),
    }
    return render(request, "portal/notices.html", context, status=422 if wrong else 200)


def _address_field(value: str, error: str) -> Field:
    return Field(
        kind="text",
        name="address",
        label=_("E-mail address"),
        hint=_("We send a code there, to be sure that it is yours."),
        value=value,
        errors=(error,) if error else (),
        type="email",
        autocomplete="email",
        inputmode="email",
    )


def _code_field(error: str) -> Field:
    return Field(
        kind="text",
        name="code",
        label=_("Code from the mail"),
        hint=_("Six digits, good for 15 minutes."),
        errors=(error,) if error else (),
        width=10,
        inputmode="numeric",
        autocomplete="one-time-code",
    )


def _group(group: str, found: Preferences) -> dict[str, object]:
    boxes = [(channel, carrier_words(channel), group in found.chosen[channel]) for channel in found.on]
    return {"code": group, "name": group_words(group), "boxes": boxes}


def _language_field(found: Preferences) -> Field:
    now = found.language or settings.LANGUAGE_CODE
    options = tuple(Option(value=each.code, label=each.name, selected=each.here) for each in languages(current=now))
    return Field(kind="select", name="language", label=_("In which language we write to you"), options=options)


def _digest_field(found: Preferences) -> Field:
    option = Option(
        value="yes",
        label=_("Once a day, together"),
        hint=_("At six in the evening, if there is something. What is wanted of you and official notices never wait."),
        selected=found.digest,
    )
    return Field(kind="checkboxes", name="digest", label=_("What can wait"), options=(option,), required=False)


def _quiet_fields(request: Request, found: Preferences, error: str) -> list[Field]:
    kept = {"from": found.quiet_from, "until": found.quiet_until}
    labels = {"from": _("Quiet from"), "until": _("until")}
    return [
        Field(
            kind="text",
            name=f"quiet-{end}",
            label=labels[end],
            value=request.POST.get(f"quiet-{end}") or (f"{kept[end]:%H:%M}" if kept[end] else ""),
            errors=(error,) if error and end == "from" else (),
            required=False,
            width=5,
            type="time",
        )
        for end in ("from", "until")
    ]


def _time(request: Request, end: str) -> time | None:
    """What was typed. Raises ``ValueError`` for what is no time of day."""
    text = request.POST.get(f"quiet-{end}", "").strip()
    if not text:
        return None
    found = parse_time(text)
    if found is None:
        raise ValueError(text)
    return found.replace(second=0, microsecond=0)


def _person(request: Request) -> int:
    if request.actor.person_id is None:
        raise UnknownNotice
    return request.actor.person_id
