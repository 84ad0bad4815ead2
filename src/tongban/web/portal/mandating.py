"""Letting somebody act, or asking to act: who, for what, until when; read over in words before it is done."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods
from django_ratelimit.core import is_ratelimited

from tongban.apps.people import services
from tongban.apps.people.errors import PeopleError
from tongban.apps.people.queries import Applicant, list_applicants
from tongban.kernel.numbers import NumberError
from tongban.web.access import signed_in
from tongban.web.requests import Request
from tongban.web.scopes import ScopeForm, matters_to_tick
from tongban.web.templatetags.tongban_ui import day
from tongban.web.wording import error_words, field_error_words
from tongban.web.wording.mandates import mandate_sentence

__all__ = ["ask", "give"]

_SALT = "tongban.mandate"
_WAITS = 3600  # seconds between reading it over and confirming


class MandateForm(ScopeForm):
    """For what and until when; who is on the other side is asked by the forms below."""

    name = forms.CharField(
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": gettext_lazy("Enter the name.")},
    )
    number = forms.CharField(
        max_length=30,
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-width": "20"}),
        error_messages={"required": gettext_lazy("Enter the number.")},
    )
    until = forms.DateField(
        label=gettext_lazy("Until when, at the latest?"),
        help_text=gettext_lazy("The last day. Five years at most; either of you can end it at any time before."),
        widget=forms.DateInput(attrs={"type": "date", "data-width": "10"}),
        error_messages={
            "required": gettext_lazy("Enter the last day."),
            "invalid": gettext_lazy("Enter the last day as a date, such as 2027-12-31."),
        },
    )

    def __init__(self, data: Any, *, matters: Sequence[tuple[str, str]], on: date) -> None:
        super().__init__(data, matters=matters, initial={"until": (on + timedelta(days=365)).isoformat()})


class GiveForm(MandateForm):
    """Who shall act, and for whom: oneself, or an organisation that one represents by law."""

    whom = forms.ChoiceField(
        label=gettext_lazy("For whom shall they act?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose for whom.")},
    )
    field_order = ("whom", "name", "number", "scope", "matters", "until")

    def __init__(self, data: Any, *, own: Sequence[Applicant], matters: Sequence[tuple[str, str]], on: date) -> None:
        super().__init__(data, matters=matters, on=on)
        whom = self.fields["whom"]
        assert isinstance(whom, forms.ChoiceField)
        whom.choices = [
            (each.key, each.name if each.kind else _("%(name)s (you)") % {"name": each.name}) for each in own
        ]
        whom.initial = own[0].key if own else None
        self.fields["name"].label = _("Name of who shall act")
        self.fields["number"].label = _("Their identity number")
        hint = _("So that it is the right person. They need an account here, and accept first.")
        self.fields["number"].help_text = hint


class AskForm(MandateForm):
    """For whom one asks to act: a person, or an organisation."""

    kind = forms.ChoiceField(
        label=gettext_lazy("For whom do you want to act?"),
        choices=[("person", gettext_lazy("A person")), ("organisation", gettext_lazy("An organisation"))],
        initial="person",
        widget=forms.RadioSelect,
    )
    field_order = ("kind", "name", "number", "scope", "matters", "until")

    def __init__(self, data: Any, *, matters: Sequence[tuple[str, str]], on: date) -> None:
        super().__init__(data, matters=matters, on=on)
        self.fields["name"].label = _("Their name")
        self.fields["number"].label = _("Identity number, or credit code of the organisation")
        self.fields["number"].help_text = _("They are asked, and nothing holds before they accept.")


@signed_in
@require_http_methods(["GET", "POST"])
def give(request: Request) -> HttpResponse:
    """Let somebody act for me, or for my organisation."""
    if (answer := _confirmed(request)) is not None:
        return answer
    on = timezone.localdate(request.at)
    own = [each for each in list_applicants(actor=request.actor, on=on) if each.kind in ("", "representative")]
    matters, topics = matters_to_tick(topic=request.GET.get("topic", ""), on=on)
    form = GiveForm(request.POST or None, own=own, matters=matters, on=on)
    if request.method == "POST" and form.is_valid() and (agent := _found(request, form, "person")) is not None:
        whom = next(each for each in own if each.key == form.cleaned_data["whom"])
        terms = _terms(form, on) | {"do": "give", "organisation": whom.organisation_code, "agent": agent}
        return _read_over(request, terms, agent=form.cleaned_data["name"], represented=whom.name, names=dict(matters))
    return _form(request, form, topics, "give", possible=bool(own))


@signed_in
@require_http_methods(["GET", "POST"])
def ask(request: Request) -> HttpResponse:
    """Ask to act for a person or an organisation."""
    if (answer := _confirmed(request)) is not None:
        return answer
    on = timezone.localdate(request.at)
    matters, topics = matters_to_tick(topic=request.GET.get("topic", ""), on=on)
    form = AskForm(request.POST or None, matters=matters, on=on)
    if request.method == "POST" and form.is_valid():
        kind = form.cleaned_data["kind"]
        if (found := _found(request, form, kind)) is not None:
            terms = _terms(form, on) | {"do": "ask", kind: found}
            me = request.actor.name
            names = dict(matters)
            return _read_over(request, terms, agent=me, represented=form.cleaned_data["name"], names=names)
    return _form(request, form, topics, "ask", possible=request.actor.person_id is not None)


def _terms(form: MandateForm, on: date) -> dict[str, Any]:
    data = form.cleaned_data
    return {
        "matters": None if data["scope"] == "all" else data["matters"],
        "from": on.isoformat(),
        "until": data["until"].isoformat(),
    }


def _found(request: Request, form: MandateForm, kind: str) -> int | str | None:
    """Who is on the other side; None when the form says why not. Who guesses is stopped."""
    rate = settings.RATE_MANDATES
    if is_ratelimited(request, group="mandates", key=lambda *_: request.actor.id, rate=rate, increment=True):
        words = _("You have looked for many people. Please try again in an hour, or come to a window.")
        form.add_error("number", words)
        return None
    name, number = form.cleaned_data["name"], form.cleaned_data["number"]
    try:
        if kind == "person":
            return services.find_person(name=name, identity_number=number)
        return services.find_organisation(name=name, credit_code=number)
    except NumberError:
        code = "format.identity-number" if kind == "person" else "format.credit-code"
        label = str(form.fields["number"].label)
        form.add_error("number", field_error_words(code=code, params={}, label=label))
    except PeopleError as refused:
        form.add_error("number", error_words(refused))
    return None


def _read_over(
    request: Request, terms: dict[str, Any], *, agent: str, represented: str, names: dict[str, str]
) -> HttpResponse:
    """The mandate in words; what was found out rides along signed, so that no number is sent twice."""
    matters = _(", ").join(names.get(code, code) for code in terms["matters"] or ())
    sentence = mandate_sentence(
        agent=agent,
        represented=represented,
        kind="mandate",
        matters=matters,
        since=day(date.fromisoformat(terms["from"])),
        until=day(date.fromisoformat(terms["until"])),
    )
    who = {"by": request.actor.id}
    context = {"sentence": sentence, "terms": signing.dumps(terms | who, salt=_SALT), "do": terms["do"]}
    return render(request, "portal/mandates/read_over.html", context)


def _confirmed(request: Request) -> HttpResponse | None:
    """Do what was read over; None where nothing was confirmed."""
    if request.method != "POST" or "terms" not in request.POST:
        return None
    try:
        terms = signing.loads(request.POST["terms"], salt=_SALT, max_age=_WAITS)
        if terms["by"] != request.actor.id:
            raise signing.BadSignature
        mandate = _do(request, terms)
    except signing.BadSignature:
        messages.error(request, _("Too much time has passed. Please fill it in once more."))
        return redirect("portal:mandates")
    except PeopleError as refused:
        messages.error(request, error_words(refused))
        return redirect("portal:mandates")
    messages.success(request, _("Done. It holds as soon as the other side accepts; they see it in their inbox."))
    return redirect("portal:mandate", mandate=mandate)


def _do(request: Request, terms: dict[str, Any]) -> int:
    common: dict[str, Any] = {
        "matters": terms["matters"],
        "valid_from": date.fromisoformat(terms["from"]),
        "valid_until": date.fromisoformat(terms["until"]),
        "actor": request.actor,
        "on": timezone.localdate(request.at),
        "at": request.at,
    }
    if terms["do"] == "give":
        return services.offer_mandate(organisation=terms["organisation"], agent_id=terms["agent"], **common)
    return services.ask_for_mandate(organisation=terms.get("organisation"), person_id=terms.get("person"), **common)


def _form(
    request: Request, form: MandateForm, topics: list[tuple[str, str]], do: str, *, possible: bool
) -> HttpResponse:
    context = {"form": form, "topics": topics, "topic": request.GET.get("topic", ""), "do": do, "possible": possible}
    return render(request, "portal/mandates/form.html", context, status=422 if form.errors else 200)
