"""Events of life: what belongs to each, and a guide that says what of it applies to me. No sign-in is needed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tongban.apps.cases.queries import list_on_file
from tongban.apps.catalog.bundles import get_bundle, list_bundles, matters_of, plan_bundle
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions.bundles import Bundle, Paper, Plan, Question, plan_all
from tongban.apps.evidence.queries import CertificateView
from tongban.web.access import public
from tongban.web.fields import Field, Option
from tongban.web.requests import Request
from tongban.web.templatetags.tongban_ui import day

__all__ = ["guide", "guide_url", "listing", "page", "stats_of"]


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of the guide with its answer in words, and the address under which it is asked once more."""

    title: str
    answer: str
    url: str


@public
@require_safe
def listing(request: Request) -> HttpResponse:
    """Every event of life as a tile."""
    return render(request, "portal/bundles/listing.html", {"bundles": list_bundles(on=timezone.localdate(request.at))})


@public
@require_safe
def page(request: Request, code: str) -> HttpResponse:
    """What is in it, and what filing it together saves."""
    today = timezone.localdate(request.at)
    bundle = get_bundle(code=code, on=today).definition
    whole = plan_all(bundle=bundle, definitions=matters_of(bundle=bundle, on=today))
    context = {
        "bundle": bundle,
        "plan": whole,
        "together": _compared(whole, request.at),
        "crumbs": [
            {"name": _("Start page"), "url": reverse("portal:home")},
            {"name": _("Life events"), "url": reverse("portal:bundles")},
            {"name": bundle.name, "url": ""},
        ],
    }
    return render(request, "portal/bundles/page.html", context)


@public
@require_safe
def guide(request: Request, code: str) -> HttpResponse:
    """One question at a time; then what applies, in which order, with which papers. All of it stands in the address."""
    bundle = get_bundle(code=code, on=timezone.localdate(request.at)).definition
    given = {question.id: request.GET.get(question.id, "") for question in bundle.questions}
    answers = bundle.clean(given)
    question = bundle.question(request.GET.get("change", "")) or bundle.first_open(answers)
    if question is not None:
        return _ask(request, bundle, answers, question)
    found = plan_bundle(bundle=bundle, answers=answers, on=timezone.localdate(request.at))
    context = {
        "bundle": bundle,
        "plan": found,
        "on_file": _on_file(request, found),
        "stages": _stages(found),
        "stats": stats_of(found, request.at),
        "answered": _answered(bundle, answers),
        "start_url": f"{reverse('portal:bundle_start', kwargs={'code': code})}?{urlencode(answers)}",
        "is_clerk": request.actor.has_role("clerk"),
        "window_url": f"{reverse('window:together', kwargs={'code': code})}?{urlencode(answers)}",
        "back": guide_url(bundle, _before(bundle, answers, None)),
    }
    return render(request, "portal/bundles/result.html", context)


def guide_url(bundle: Bundle, answers: Mapping[str, str], **more: str) -> str:
    """The address of the guide with these answers."""
    query = urlencode({**answers, **more})
    address = reverse("portal:guide", kwargs={"code": bundle.code})
    return f"{address}?{query}" if query else address


def stats_of(plan: Plan, at: datetime) -> list[dict[str, object]]:
    """What it comes to: time, visits, cost."""
    calendar = get_calendar()
    due = calendar.local_date(plan.promised(start=at, calendar=calendar))
    visits = ngettext("once", "%(count)s times", plan.visits) % {"count": plan.visits} if plan.visits else _("none")
    fee = _("%(amount)s yuan") % {"amount": f"{plan.fee.normalize():f}"} if plan.fee else _("free")
    return [
        {"label": _("Matters"), "value": str(len(plan.parts)), "note": ""},
        {"label": _("All promised by"), "value": day(due, "short"), "note": _("if it is sent and accepted today")},
        {"label": _("Visits to an office"), "value": visits, "note": ""},
        {"label": _("Cost in all"), "value": fee, "note": ""},
    ]


def _compared(plan: Plan, at: datetime) -> list[dict[str, str]]:
    """Together, beside one by one."""
    calendar = get_calendar()
    days = [
        str(calendar.working_days_between(calendar.local_date(at), calendar.local_date(due)))
        for due in (plan.promised(start=at, calendar=calendar), plan.promised_apart(start=at, calendar=calendar))
    ]
    return [
        {"name": _("Questions to answer"), "together": str(plan.questions), "apart": str(plan.questions_apart)},
        {"name": _("Papers to hand in"), "together": str(plan.papers_asked), "apart": str(plan.papers_apart)},
        {"name": _("Visits to an office"), "together": str(plan.visits), "apart": str(plan.visits_apart)},
        {"name": _("Working days, as promised"), "together": days[0], "apart": days[1]},
    ]


def _ask(request: Request, bundle: Bundle, answers: Mapping[str, str], question: Question) -> HttpResponse:
    """A question; one that was sent without an answer says so."""
    wrong = request.GET.get("asked") == question.id and question.id not in answers
    language = get_language() or "zh-hans"
    field = Field(
        kind="radios",
        name=question.id,
        label=question.title.in_language(language),
        hint=question.hint.in_language(language) if question.hint else "",
        value=answers.get(question.id, ""),
        options=tuple(
            Option(
                value=choice.value,
                label=choice.label.in_language(language),
                hint=choice.hint.in_language(language) if choice.hint else "",
                selected=choice.value == answers.get(question.id),
            )
            for choice in question.choices
        ),
        errors=(_("Please choose one of these"),) if wrong else (),
        heading=True,
    )
    asked = bundle.asked(answers)
    before = _before(bundle, answers, question)
    context = {
        "bundle": bundle,
        "field": field,
        "fields": [field],
        "kept": {name: value for name, value in answers.items() if name != question.id},
        "number": next((at for at, each in enumerate(asked, 1) if each is question), 1),
        "total": len(bundle.questions),
        "back": guide_url(bundle, before) if answers else reverse("portal:bundle", kwargs={"code": bundle.code}),
    }
    return render(request, "portal/bundles/question.html", context, status=422 if wrong else 200)


def _before(bundle: Bundle, answers: Mapping[str, str], question: Question | None) -> dict[str, str]:
    """The answers without the last one that comes before ``question`` (None: before the end)."""
    asked = [each.id for each in bundle.asked(answers)]
    end = asked.index(question.id) if question is not None and question.id in asked else len(asked)
    given = [name for name in asked[:end] if name in answers]
    return {name: answers[name] for name in given[:-1]}


def _answered(bundle: Bundle, answers: Mapping[str, str]) -> list[Answered]:
    language = get_language() or "zh-hans"
    return [
        Answered(
            title=question.title.in_language(language),
            answer=choice.label.in_language(language),
            url=guide_url(bundle, answers, change=question.id),
        )
        for question in bundle.asked(answers)
        if (choice := question.choice(answers.get(question.id))) is not None
    ]


def _on_file(request: Request, plan: Plan) -> list[tuple[Paper, CertificateView | None]]:
    """What nobody brings; for whoever is signed in, with the certificate of theirs that serves for it."""
    specs = [paper.spec for paper in plan.on_file]
    held = list_on_file(actor=request.actor, materials=specs, on=timezone.localdate(request.at))
    return [(paper, held.get(paper.spec.code)) for paper in plan.on_file]


def _stages(plan: Plan) -> Sequence[tuple[int, list[Any]]]:
    """The parts by the stage in which they are filed."""
    stages: dict[int, list[Any]] = {}
    for part in plan.parts:
        stages.setdefault(part.stage, []).append(part)
    return sorted(stages.items())
