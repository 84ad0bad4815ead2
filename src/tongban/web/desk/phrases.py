"""Ready-made texts for opinions and reasons: my own, and those of my departments for those who keep them."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongban.apps.cases.boards import list_queue_matters
from tongban.apps.catalog.queries import get_matters
from tongban.apps.desks.errors import PhraseChanged, TooManyPhrases
from tongban.apps.desks.queries import ACTS, PhraseRow, get_phrase, kept_departments, list_phrases
from tongban.apps.desks.services import add_phrase, change_phrase, remove_phrase, restore_phrase
from tongban.apps.people.queries import get_department_names
from tongban.web.access import official
from tongban.web.desk.forms import LONGEST
from tongban.web.fields import field_of
from tongban.web.keeping import keeps_posted, take_posted
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import act_words, error_words

__all__ = ["change", "phrases", "remove", "restore", "words"]

_working = official("clerk", "handler", "reviewer", "decider")


class PhraseForm(forms.Form):
    """What it is called, its words, and where it is offered."""

    title = forms.CharField(
        label=gettext_lazy("What you call it"),
        max_length=80,
        error_messages={"required": gettext_lazy("Give it a name by which you find it in a list.")},
    )
    words = forms.CharField(
        label=gettext_lazy("The text"),
        help_text=gettext_lazy("Name no person in it. You can change it each time before you send it."),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Write the text that you want to have at hand.")},
    )
    whose = forms.ChoiceField(
        label=gettext_lazy("For whom"), required=False, widget=forms.Select(attrs={"data-width": "0"})
    )
    act = forms.ChoiceField(
        label=gettext_lazy("At which steps"), required=False, widget=forms.Select(attrs={"data-width": "0"})
    )
    matter = forms.ChoiceField(
        label=gettext_lazy("In which matter"), required=False, widget=forms.Select(attrs={"data-width": "0"})
    )

    def __init__(self, data: Any = None, *, request: Request, row: PhraseRow | None = None) -> None:
        """``row`` is the text that is changed; whose it is stays as it is."""
        super().__init__(data, initial=_facts(row) if row else None, use_required_attribute=False)
        language, kept = get_language() or "zh-hans", kept_departments(actor=request.actor)
        if row is not None or not kept:
            del self.fields["whose"]
        else:
            names = get_department_names()
            departments = [(code, _("all of %(name)s") % {"name": names[code].short(language)}) for code in kept]
            self._choose("whose", [("", _("only me")), *departments])
        self._choose("act", [("", _("at all of them")), *((act, act_words(act)) for act in ACTS)])
        matters = {code: name.in_language(language) for code, name in list_queue_matters(actor=request.actor)}
        if row is not None and row.matter:
            matters.setdefault(row.matter, _matter_names([row], request).get(row.matter, row.matter))
        self._choose("matter", [("", _("in all of them")), *matters.items()])

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def facts(self) -> dict[str, str]:
        """What the domain is told, but for whose it is."""
        return {name: self.cleaned_data[name] for name in ("title", "words", "act", "matter")}


def _facts(row: PhraseRow) -> dict[str, str]:
    return {"title": row.title, "words": row.words, "act": row.act, "matter": row.matter}


@keeps_posted
@_working
@require_http_methods(["GET", "POST"])
def phrases(request: Request) -> HttpResponse:
    """The texts that I have at hand, and a form to add one."""
    kept = None if request.method == "POST" else take_posted(request)
    form = PhraseForm(request.POST if request.method == "POST" else kept, request=request)
    refused = ""
    if request.method == "POST" and form.is_valid():
        try:
            department = form.cleaned_data.get("whose", "")
            add_phrase(department=department, actor=request.actor, at=request.at, **form.facts)
        except TooManyPhrases as error:
            refused = error_words(error)
        else:
            messages.success(request, _("It is at hand from now on, beside the field for your opinion or reason."))
            return redirect("desk:phrases")
    rows = list_phrases(actor=request.actor)
    matters = _matter_names(rows, request)
    context = {
        "groups": side_groups(actor=request.actor, here="phrases"),
        "mine": [_line(row, matters) for row in rows if not row.department and not row.removed],
        "shared": [_line(row, matters) for row in rows if row.department and not row.removed],
        "removed": [_line(row, matters) for row in rows if row.removed and row.may_change],
        "fields": [field_of(item) for item in form],
        "errors": form if form.errors else None,
        "refused": refused,
    }
    return render(request, "desk/phrases.html", context, status=422 if form.errors or refused else 200)


@keeps_posted
@_working
@require_http_methods(["GET", "POST"])
def change(request: Request, no: int) -> HttpResponse:
    """Change a text. Where a colleague was faster, both are shown and nothing is lost."""
    row = get_phrase(phrase=no, actor=request.actor)
    if not row.may_change:
        return redirect("desk:phrases")
    posted = request.POST if request.method == "POST" else take_posted(request)
    form = PhraseForm(posted, request=request, row=row)
    refused = ""
    if request.method == "POST" and form.is_valid():
        seen = request.POST.get("version", "")
        version = int(seen) if seen.isascii() and seen.isdigit() else 0
        try:
            change_phrase(phrase=no, version=version, actor=request.actor, at=request.at, **form.facts)
        except PhraseChanged as error:
            refused = error_words(error)
        else:
            messages.success(request, _("Changed."))
            return redirect("desk:phrases")
    context = {
        "groups": side_groups(actor=request.actor, here="phrases"),
        "row": row,
        "fields": [field_of(item) for item in form],
        "errors": form if form.errors else None,
        "refused": refused,
    }
    return render(request, "desk/phrase.html", context, status=409 if refused else 422 if form.errors else 200)


@_working
@require_GET
def words(request: Request, no: int) -> HttpResponse:
    """The bare words of a text, for the script that puts them where the cursor is."""
    row = get_phrase(phrase=no, actor=request.actor)
    return HttpResponse(row.words, content_type="text/plain; charset=utf-8", headers={"Cache-Control": "no-store"})


@_working
@require_POST
def remove(request: Request, no: int) -> HttpResponse:
    """Take a text out."""
    remove_phrase(phrase=no, actor=request.actor, at=request.at)
    messages.success(request, _("It is taken out. You can undo that below."))
    return redirect("desk:phrases")


@_working
@require_POST
def restore(request: Request, no: int) -> HttpResponse:
    """Put a text back."""
    restore_phrase(phrase=no, actor=request.actor)
    messages.success(request, _("It is back in."))
    return redirect("desk:phrases")


def _matter_names(rows: list[PhraseRow], request: Request) -> dict[str, str]:
    codes = sorted({row.matter for row in rows if row.matter})
    found = get_matters(codes=codes, on=timezone.localdate(request.at)) if codes else {}
    language = get_language() or "zh-hans"
    return {code: each.definition.name.in_language(language) for code, each in found.items()}


def _line(row: PhraseRow, matters: dict[str, str]) -> dict[str, Any]:
    """A text with where it is offered: “review · Food business licence”."""
    names, language = get_department_names(), get_language() or "zh-hans"
    places = [
        names[row.department].short(language) if row.department in names else row.department,
        act_words(row.act) if row.act else "",
        matters.get(row.matter, row.matter),
    ]
    return {"row": row, "where": " · ".join(filter(None, places))}
