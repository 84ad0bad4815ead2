"""Acting for others, for those who come to a counter: put on record, ended, and a pseudonym joined to its person."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.apps.catalog.queries import list_topics
from tongban.apps.people import services
from tongban.apps.people.errors import NameDiffers, PeopleError, UnknownMandate
from tongban.apps.people.queries import list_mandates_of, read_credit_code
from tongban.kernel.numbers import NumberError
from tongban.web.access import official
from tongban.web.requests import Request
from tongban.web.scopes import matters_of_topic, matters_to_tick, names_of_matters
from tongban.web.side import side_groups
from tongban.web.window.forms import JoinForm, MandateForm, mismatch_words
from tongban.web.wording import error_words, field_error_words, topic_words
from tongban.web.wording.mandates import mandate_lines, mandate_state_words

__all__ = ["end", "join", "mandates"]

_CONCERNED = "counter_person"
_PERSON_LENGTH = 18


@official("clerk")
@require_http_methods(["GET", "POST"])
def mandates(request: Request) -> HttpResponse:
    """Put a mandate on record; below it, those of whom this clerk has just had the card on the counter."""
    on, topic = timezone.localdate(request.at), request.GET.get("topic", "")
    matters, topics = matters_to_tick(topic=topic, on=on)
    names = [(code, topic_words(code)) for code, count in list_topics(on=on).items() if count]
    form = MandateForm(request.POST or None, matters=matters, topics=names, topic=topic if topic in dict(names) else "")
    if request.method == "POST" and form.is_valid() and _registered(request, form):
        messages.success(request, _("On record, and it holds. Both sides are told where they have an account."))
        return redirect("window:mandates")
    key = request.session.get(_CONCERNED, "")
    found = list_mandates_of(key=key, on=on) if key else []
    names_of = names_of_matters(found, on=on)
    context = {
        "topics": topics,
        "topic": topic,
        "groups": side_groups(actor=request.actor, here="window"),
        "form": form,
        "lines": [(each, mandate_lines(each, names_of), mandate_state_words(each.state)) for each in found],
    }
    return render(request, "window/mandates.html", context, status=422 if form.errors else 200)


@official("clerk")
@require_POST
def end(request: Request, mandate: int) -> HttpResponse:
    """End one of those whose card lies on the counter, with a reason."""
    key, on = request.session.get(_CONCERNED, ""), timezone.localdate(request.at)
    mine = {each.id for each in list_mandates_of(key=key, on=on)} if key else set()
    try:
        if mandate not in mine:
            raise UnknownMandate
        reason = request.POST.get("reason", "")
        services.end_mandate_at_counter(mandate=mandate, reason=reason, actor=request.actor, on=on, at=request.at)
        messages.success(request, _("Ended. It has no effect any more."))
    except PeopleError as refused:
        messages.error(request, error_words(refused))
    return redirect("window:mandates")


@official("clerk")
@require_http_methods(["GET", "POST"])
def join(request: Request) -> HttpResponse:
    """Join a pseudonym of the identity provider to the person whose card lies on the counter."""
    form = JoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.join_at_counter(**form.cleaned_data, actor=request.actor, at=request.at)
        except NameDiffers:
            form.add_error("name", mismatch_words())
        except PeopleError as refused:
            form.add_error("code", error_words(refused))
        else:
            messages.success(request, _("Connected. From now on the identity provider signs them in."))
            return redirect("window:join")
    context = {"groups": side_groups(actor=request.actor, here="window"), "form": form}
    return render(request, "window/join.html", context, status=422 if form.errors else 200)


def _registered(request: Request, form: MandateForm) -> bool:
    """Put it on record; what is wrong stands in the form."""
    data = form.cleaned_data
    represented = _on_file(form, "represented", body=data["kind"] == "representative")
    agent = _on_file(form, "agent")
    if represented is None or agent is None:
        return False
    request.session[_CONCERNED] = represented.key
    try:
        services.register_mandate(
            kind=data["kind"],
            organisation=represented.organisation_code,
            person_id=represented.person_id,
            agent_id=agent.person_id or 0,
            matters=_scope(data, timezone.localdate(request.at)),
            valid_until=data["until"],
            reason=data["reason"],
            actor=request.actor,
            on=timezone.localdate(request.at),
            at=request.at,
        )
    except PeopleError as refused:
        form.add_error("until" if refused.code == "people.mandate-period" else "kind", error_words(refused))
        return False
    return True


def _scope(data: dict[str, Any], on: date) -> list[str] | None:
    """For which matters; None for all."""
    if data["scope"] == "topic":
        return matters_of_topic(topic=data["topic"], on=on)
    return None if data["scope"] == "all" else list(data["matters"])


def _on_file(form: MandateForm, field: str, *, body: bool = False) -> Any:
    """Who has this number and this name, registered if unknown; None when the form says what is wrong."""
    name, number = form.cleaned_data[f"{field}_name"], form.cleaned_data[field]
    of_body = body or (field == "represented" and _is_code(number))
    try:
        if of_body:
            return services.find_or_register_organisation(name=name, credit_code=read_credit_code(number))
        return services.find_or_register_person(name=name, identity_number=number)
    except NumberError:
        code = "format.credit-code" if of_body else "format.identity-number"
        form.add_error(field, field_error_words(code=code, params={}, label=str(form.fields[field].label)))
    except NameDiffers:
        form.add_error(f"{field}_name", mismatch_words())
    return None


def _is_code(number: str) -> bool:
    """Identity numbers are digits, but for their last character; credit codes have letters earlier."""
    plain = "".join(number.split())
    return any(each.isalpha() for each in plain[: _PERSON_LENGTH - 1])
