"""Before one is away: all steps that one has taken on, and open questions, handed over to colleagues with one note."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from tongban.apps.cases.queries import list_queue
from tongban.apps.cases.services.together import (
    MOST_TOGETHER,
    Step,
    Weighed,
    able_each,
    do_each,
    share_out,
    weigh_each,
)
from tongban.apps.people.actors import Actor
from tongban.web.access import official
from tongban.web.desk.forms import words_field
from tongban.web.desk.handing_questions import able_for, my_questions, pass_each, question_lines, share_questions
from tongban.web.desk.together import keep_results, told, was_pressed
from tongban.web.desk.together_forms import name_of
from tongban.web.fields import field_of
from tongban.web.requests import Request
from tongban.web.side import side_groups

__all__ = ["hand_over"]


class _HandOverForm(forms.Form):
    """To whom, and what they should know."""

    colleagues = forms.MultipleChoiceField(
        label=gettext_lazy("To whom"),
        help_text=gettext_lazy(
            "Of several, each gets as many as the others, the most urgent in turn, and only what they may do."
        ),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one.")},
    )
    reason = words_field(gettext_lazy("What they should know"))

    def __init__(self, data: Any = None, *, people: Sequence[Actor]) -> None:
        super().__init__(data, use_required_attribute=False)
        field = self.fields["colleagues"]
        assert isinstance(field, forms.MultipleChoiceField)
        field.choices = [(each.id, name_of(each)) for each in people]


@official("clerk", "handler", "reviewer", "decider")
@require_http_methods(["GET", "POST"])
def hand_over(request: Request) -> HttpResponse:
    """What I have taken on, to whom it could go; asked once with who gets which; then each given by itself."""
    posted, actor = request.POST, request.actor
    if "edit" in posted:
        return redirect("desk:hand_over")
    if "confirmed" in posted and was_pressed(request, posted):
        return redirect("desk:together_done")
    steps = _held(actor)
    weighed = weigh_each(steps=steps, command="transfer", actor=actor, at=request.at)
    able = able_each(weighed=weighed, command="transfer")
    questions = my_questions(actor=actor, at=request.at)
    able_too = able_for(rows=questions, actor=actor)
    people = {each.id: each for there in (*able.values(), *able_too.values()) for each in there}
    form = _HandOverForm(posted if request.method == "POST" else None, people=sorted(people.values(), key=name_of))
    shares: dict[Step, str] = {}
    shared: dict[int, str] = {}
    if form.is_valid():
        chosen = form.cleaned_data["colleagues"]
        shares = share_out(able=able, chosen=chosen)
        shared = share_questions(able=able_too, chosen=chosen, steps=shares, rows=questions)
        if "confirmed" in posted:
            return _give(request, shares, weighed, form.cleaned_data["reason"], shared)
    context = {
        "groups": side_groups(actor=actor, here="stand_ins"),
        "lines": [_line(each, shares, people) for each in weighed],
        "questions": question_lines(rows=questions, shared=shared, people=people, actor=actor),
        "passed": len(shared),
        "fields": [field_of(item) for item in form],
        "errors": form if form.errors else None,
        "given": [(name, value) for name in ("colleagues", "reason") for value in posted.getlist(name)],
        "shares": len(shares),
        "question": ngettext("Hand over %(count)s step?", "Hand over %(count)s steps?", len(shares))
        % {"count": len(shares)},
        "left": len(weighed) - len(shares),
        "most": MOST_TOGETHER if len(steps) == MOST_TOGETHER else 0,
        "press": get_random_string(16),
    }
    return render(request, "desk/hand_over.html", context, status=422 if form.errors else 200)


def _held(actor: Actor) -> list[Step]:
    """My own steps, the most urgent first; those of absent colleagues stay theirs."""
    rows = list_queue(actor=actor, group="mine", limit=MOST_TOGETHER).rows
    return [(row.number, row.task.no) for row in rows if row.task and row.task.claimed_by == actor.user_id]


def _give(
    request: Request, shares: Mapping[Step, str], weighed: Sequence[Weighed], reason: str, shared: Mapping[int, str]
) -> HttpResponse:
    if passed := pass_each(shared=shared, actor=request.actor, at=request.at):
        words = ngettext("%(count)s question was passed on.", "%(count)s questions were passed on.", passed)
        messages.success(request, words % {"count": passed})
    if not shares:
        return redirect("desk:hand_over")
    tasks = {each.step: each.offer.task for each in weighed if each.offer is not None and each.offer.task is not None}
    given = {step: {"to": to, "department": tasks[step].department, "reason": reason} for step, to in shares.items()}
    taken = do_each(steps=list(shares), command="transfer", given=given, actor=request.actor, at=request.at)
    known = {each.step: each for each in weighed}
    keep_results(
        request, request.POST, "transfer", [(each, told(each, known)) for each in taken], reverse("desk:hand_over")
    )
    return redirect("desk:together_done")


def _line(weighed: Weighed, shares: Mapping[Step, str], people: Mapping[str, Actor]) -> dict[str, Any]:
    to = shares.get(weighed.step, "")
    return {
        "row": weighed.work.view.row if weighed.work is not None else None,
        "number": weighed.step[0],
        "to": name_of(people[to]) if to else "",
    }
