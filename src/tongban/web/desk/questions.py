"""Questions to colleagues: asked from a case, answered at a desk, read again beside the case."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.cases.consequences import Work, get_work
from tongban.apps.people.queries import get_department_names, list_colleagues
from tongban.apps.questions import services
from tongban.apps.questions.errors import AskedAlready, ColleagueUnfit, NotYourCase, QuestionMoved
from tongban.apps.questions.queries import (
    LONGEST,
    QuestionRow,
    QuestionView,
    get_question,
    list_asked,
    list_done,
    list_of_case,
    list_waiting,
)
from tongban.web.access import official
from tongban.web.due import date_words
from tongban.web.fields import Field, Option, field_of
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import error_words

__all__ = ["ask_colleague", "case_questions", "question", "questions"]

_DAYS = (1, 2, 3, 5, 10)
_STATES = {
    "open": (gettext_lazy("Not answered yet"), "sun"),
    "answered": (gettext_lazy("Answered"), "leaf"),
    "taken_back": (gettext_lazy("Asked no longer"), ""),
    "lapsed": (gettext_lazy("The case was over first"), ""),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionLine:
    """A question as pages show it."""

    row: QuestionRow
    matter: str
    department: str
    asker: str
    colleague: str
    answerer: str
    state: str
    tone: str
    due: str


class AskForm(forms.Form):
    """Whom, what, and by when an answer would help."""

    colleague = forms.ChoiceField(
        label=gettext_lazy("Whom you ask"),
        widget=forms.Select(attrs={"data-width": "0"}),
        error_messages={"required": gettext_lazy("Choose a colleague.")},
    )
    words = forms.CharField(
        label=gettext_lazy("Your question"),
        help_text=gettext_lazy("Who may not open the case reads this and the matter only: say what they need to know."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write what you want to know.")},
    )
    days = forms.TypedChoiceField(label=gettext_lazy("An answer would help within"), coerce=int, initial="2")

    def __init__(self, data: Any, *, department: str, request: Request) -> None:
        """``department``: whose colleagues can be chosen."""
        super().__init__(data, use_required_attribute=False)
        chinese = (get_language() or "zh-hans").startswith("zh")
        people = [
            (str(each.user_id), each.name if chinese else each.name_en or each.name)
            for each in list_colleagues(departments=[department])
            if each.user_id != request.actor.user_id
        ]
        days = [(str(n), ngettext("%(n)d working day", "%(n)d working days", n) % {"n": n}) for n in _DAYS]
        for name, choices in (("colleague", [("", _("Choose")), *people]), ("days", days)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices


@official()
@require_safe
def questions(request: Request) -> HttpResponse:
    """What colleagues ask me, what I have asked them, and what is over."""
    actor, at = request.actor, request.at
    try:
        done = list_done(actor=actor, at=at, cursor=request.GET.get("after", ""))
    except ValueError:  # a cursor that somebody made up
        return redirect("desk:questions")
    context = {
        "groups": side_groups(actor=actor, here="questions"),
        "waiting": [_line(row) for row in list_waiting(actor=actor, at=at)],
        "asked": [_line(row) for row in list_asked(actor=actor, at=at)],
        "done": [_line(row) for row in done.rows],
        "first_url": "?" if request.GET.get("after") else "",
        "next_url": "?" + urlencode({"after": done.next}) if done.next else "",
    }
    return render(request, "desk/questions.html", context)


@keeps_posted
@official()
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: Request, number: int) -> HttpResponse:
    """A question; posted, its answer, which is asked once, or that it is asked no longer."""
    view = get_question(number=number, actor=request.actor, at=request.at)
    kept = request.POST if request.method == "POST" else take_posted(request)
    if kept is None:
        return _show(request, view)
    words = kept.get("words", "").strip()[:LONGEST]
    if "take_back" in kept:
        return _take_back(request, view)
    if not words or "edit" in kept:
        wrong = "" if words else _("Write your answer.")
        return _show(request, view, words=words, wrong=wrong, status=422 if wrong else 200)
    if kept.get("confirmed") != "yes" and view.may_answer:
        return render(request, "desk/question_confirm.html", _context(request, view) | {"words": words})
    try:
        services.answer(number=number, words=words, actor=request.actor, at=request.at)
    except QuestionMoved as error:
        view = get_question(number=number, actor=request.actor, at=request.at)
        return _show(request, view, words=words, refused=error_words(error), status=409)
    messages.success(request, _("Your answer is with who asked."))
    return redirect("desk:questions")


@keeps_posted
@official()
@require_http_methods(["GET", "HEAD", "POST"])
def ask_colleague(request: Request, number: int) -> HttpResponse:
    """Choose a department, then a colleague there, and ask."""
    work = get_work(number=number, actor=request.actor, at=request.at)
    if not work.mine or work.view.is_owner:
        raise NotYourCase
    kept = request.POST if request.method == "POST" else take_posted(request)
    names = get_department_names()
    wanted = (kept or request.GET).get("department", "")
    department = wanted if wanted in names else work.mine[0].department
    form, refused = AskForm(kept, department=department, request=request), ""
    if form.is_valid():
        try:
            services.ask(
                work=work,
                department=department,
                colleague=int(form.cleaned_data["colleague"]),
                words=form.cleaned_data["words"],
                days=form.cleaned_data["days"],
                at=request.at,
            )
        except (AskedAlready, ColleagueUnfit) as error:
            refused = error_words(error)
        else:
            messages.success(request, _("Asked. You are told when there is an answer; the clock runs on meanwhile."))
            return redirect("desk:questions")
    language = get_language() or "zh-hans"
    departments = [
        Option(value=code, label=name.name(language), selected=code == department) for code, name in names.items()
    ]
    context = {
        "groups": side_groups(actor=request.actor),
        "case": work.view.row,
        "matter": work.view.row.matter_name.in_language(language),
        "department": department,
        "choose": Field(kind="select", name="department", label=_("Department"), options=tuple(departments)),
        "fields": [field_of(item) for item in form],
        "errors": form if form.errors else None,
        "refused": refused,
    }
    return render(request, "desk/ask.html", context, status=422 if form.errors or refused else 200)


def case_questions(work: Work, request: Request) -> dict[str, Any]:
    """What the page of a case shows of its questions, and whether the reader may ask one."""
    rows = list_of_case(view=work.view, at=request.at)
    return {
        "questions": [_line(row) for row in rows],
        "may_ask": bool(work.mine) and not work.view.is_owner,
    }


def _take_back(request: Request, view: QuestionView) -> HttpResponse:
    try:
        services.take_back(number=view.row.number, actor=request.actor, at=request.at)
    except QuestionMoved as error:
        fresh = get_question(number=view.row.number, actor=request.actor, at=request.at)
        return _show(request, fresh, refused=error_words(error), status=409)
    messages.success(request, _("Taken back. Your colleague need not answer."))
    return redirect("desk:questions")


def _show(
    request: Request, view: QuestionView, *, words: str = "", wrong: str = "", refused: str = "", status: int = 200
) -> HttpResponse:
    field = Field(
        kind="textarea",
        name="words",
        label=_("Your answer"),
        hint=_("Who asked reads it, and the officials of the case. Who applied does not."),
        value=words,
        errors=(wrong,) if wrong else (),
        attributes={"maxlength": str(LONGEST)},
    )
    shown = {"field": field, "fields": [field], "refused": refused, "typed": words if refused else ""}
    return render(request, "desk/question.html", _context(request, view) | shown, status=status)


def _context(request: Request, view: QuestionView) -> dict[str, Any]:
    chinese = (get_language() or "zh-hans").startswith("zh")
    return {
        "groups": side_groups(actor=request.actor, here="questions"),
        "view": view,
        "line": _line(view.row),
        "in_place_of": view.in_place_of[0 if chinese else 1] if view.in_place_of else "",
    }


def _line(row: QuestionRow) -> QuestionLine:
    language, names = get_language() or "zh-hans", get_department_names()
    which = 0 if language.startswith("zh") else 1
    words, tone = _STATES[row.state]
    return QuestionLine(
        row=row,
        matter=row.matter.in_language(language),
        department=names[row.department].short(language) if row.department in names else row.department,
        asker=row.asker[which],
        colleague=row.colleague[which],
        answerer=row.answerer[which],
        state=str(words),
        tone=tone,
        due=date_words(row.due_at),
    )
