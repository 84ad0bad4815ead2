"""My stand-ins: who does my work while I am away, whose work I do, and what the head of a department arranges."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tongban.apps.people.actors import Actor
from tongban.apps.people.errors import PeopleError, UnknownStandIn
from tongban.apps.people.queries import StandInRow, get_department_names, list_colleagues, list_stand_ins
from tongban.apps.people.services import name_stand_in, revoke_stand_in
from tongban.web.access import official
from tongban.web.fields import field_of
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.templatetags.tongban_ui import day
from tongban.web.wording import error_words, role_words

__all__ = ["revoke", "stand_ins", "standing_in_words"]

_LENDABLE = ("clerk", "handler", "reviewer", "decider")


class StandInForm(forms.Form):
    """Who, for whom, for which work, from when to when."""

    absent = forms.ChoiceField(label=gettext_lazy("Who is away"), widget=forms.Select(attrs={"data-width": "0"}))
    stand_in = forms.ChoiceField(
        label=gettext_lazy("Who stands in"),
        widget=forms.Select(attrs={"data-width": "0"}),
        error_messages={"required": gettext_lazy("Choose a colleague.")},
    )
    department = forms.ChoiceField(
        label=gettext_lazy("For which department"), required=False, widget=forms.Select(attrs={"data-width": "0"})
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("For which work"),
        help_text=gettext_lazy("Nothing ticked: for all of it."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    since = forms.DateField(label=gettext_lazy("First day"), widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label=gettext_lazy("Last day"), widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(label=gettext_lazy("Why"), required=False, max_length=200)

    def __init__(self, data: Any = None, *, actor: Actor) -> None:
        super().__init__(data, use_required_attribute=False)
        own = sorted({where for where, role in actor.own_roles if role in _LENDABLE})
        colleagues = list_colleagues(departments=own)
        headed = {where for where, role in actor.own_roles if role == "decider"}
        others = [each for each in colleagues if each.departments & headed and each.id != actor.id]
        me = [(str(actor.user_id), _("%(name)s (I myself)") % {"name": _name(actor)})]
        self._choose("absent", [*me, *((str(each.user_id), _name(each)) for each in others)])
        everyone = [(str(each.user_id), _name(each)) for each in colleagues]
        self._choose("stand_in", [("", _("Choose")), *everyone])
        names, language = get_department_names(), get_language() or "zh-hans"
        departments = [(code, names[code].name(language)) for code in own if code in names]
        # A head answers for their own department, not for all in which a colleague may serve.
        self._choose("department", [*departments, ("", _("all of theirs"))])
        self._choose("roles", [(role, role_words(role)) for role in _LENDABLE])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


def _name(actor: Actor) -> str:
    return actor.name if (get_language() or "zh-hans").startswith("zh") else actor.name_en or actor.name


@official("clerk", "handler", "reviewer", "decider")
@require_http_methods(["GET", "POST"])
def stand_ins(request: Request) -> HttpResponse:
    """What is arranged, and a form to arrange more. Naming a stand-in can be revoked at any time."""
    form = StandInForm(request.POST if request.method == "POST" else None, actor=request.actor)
    refused = ""
    if request.method == "POST" and form.is_valid():
        refused = _arranged(form.cleaned_data, request)
        if not refused:
            messages.success(request, _("Arranged. It ends by itself after the last day, or as soon as you revoke it."))
            return redirect("desk:stand_ins")
    context = {
        "groups": side_groups(actor=request.actor, here="stand_ins"),
        "rows": [_line(row) for row in list_stand_ins(actor=request.actor, on=_today(request))],
        "fields": [field_of(item) for item in form],
        "errors": form if form.errors else None,
        "refused": refused,
    }
    return render(request, "desk/stand_ins.html", context, status=422 if form.errors or refused else 200)


def _arranged(data: dict[str, Any], request: Request) -> str:
    """Why it could not be arranged; "" when it was."""
    try:
        name_stand_in(
            absent_id=int(data["absent"]),
            stand_in_id=int(data["stand_in"]),
            department=data["department"],
            roles=data["roles"],
            since=data["since"],
            until=data["until"],
            reason=data["reason"],
            actor=request.actor,
            on=_today(request),
            at=request.at,
        )
    except PeopleError as error:
        return error_words(error)
    return ""


@official("clerk", "handler", "reviewer", "decider")
@require_POST
def revoke(request: Request, no: int) -> HttpResponse:
    """End it at once: from the next request on, the stand-in sees and does none of it."""
    try:
        revoke_stand_in(stand_in=no, actor=request.actor, at=request.at)
    except UnknownStandIn as error:
        raise Http404 from error
    messages.success(request, _("Revoked."))
    return redirect("desk:stand_ins")


def standing_in_words(request: Request) -> list[str]:
    """In whose place the reader acts today and from when to when: their work is in this queue. One query, or none."""
    if not request.actor.stands_for:
        return []
    which, today = 0 if (get_language() or "zh-hans").startswith("zh") else 1, _today(request)
    return [
        _("You act in place of %(name)s, %(since)s – %(until)s: their work lies in this queue too.")
        % {"name": row.absent[which], "since": day(row.since), "until": day(row.until)}
        for row in list_stand_ins(actor=request.actor, on=today)
        if row.is_mine and row.since <= today
    ]


def _line(row: StandInRow) -> dict[str, Any]:
    language = get_language() or "zh-hans"
    names = get_department_names()
    which = 0 if language.startswith("zh") else 1
    return {
        "id": row.id,
        "absent": row.absent[which],
        "stand_in": row.stand_in[which],
        "department": names[row.department].short(language) if row.department in names else _("all of theirs"),
        "roles": _(", ").join(role_words(role) for role in row.roles) or _("all work"),
        "since": row.since,
        "until": row.until,
        "reason": row.reason,
        "may_revoke": row.may_revoke,
    }


def _today(request: Request) -> date:
    return timezone.localdate(request.at)
