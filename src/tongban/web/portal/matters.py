"""Knowing what a matter takes, and starting it."""

from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.cases.queries import list_on_file
from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.queries import get_matter
from tongban.apps.insight.queries import get_matter_figures
from tongban.apps.intake.errors import UnknownDraft
from tongban.apps.intake.queries import (
    DraftView,
    blank_number,
    get_draft,
    is_on_paper,
    list_applicants_for,
    list_drafts,
    render_blank,
)
from tongban.apps.intake.services import discard, look_up, start
from tongban.apps.people.assurance import meets
from tongban.apps.people.queries import get_department_names
from tongban.web.access import public, signed_in
from tongban.web.away import under_way
from tongban.web.capacity import capacity_of
from tongban.web.portal import about
from tongban.web.portal.whom import whom_field
from tongban.web.processes import draw_matter, list_steps
from tongban.web.requests import Request
from tongban.web.wording import topic_words, way_words

__all__ = ["begin", "blank", "page"]


@public
@require_safe
def page(request: Request, code: str) -> HttpResponse:
    """What a matter costs, what to bring, what will happen."""
    today = timezone.localdate(request.at)
    published = get_matter(code=code, on=today)
    definition = published.definition
    departments = get_department_names()
    names = {key: each.short(get_language() or "zh-hans") for key, each in departments.items()}
    on_file = list_on_file(actor=request.actor, materials=definition.materials, on=today)
    context = {
        "matter": definition,
        "authority": departments.get(definition.authority),
        "crumbs": _crumbs(definition),
        "asked": [spec for spec in definition.materials if spec.is_asked],
        "fetched": [(spec, on_file.get(spec.code)) for spec in definition.materials if not spec.is_asked],
        "drawing": draw_matter(version_id=published.version_id),
        "steps": list_steps(definition=definition, departments=names),
        "ways": [way_words(way) for way in definition.ways],
        "published": published,
        "on_paper": is_on_paper(definition),
        **about.told(definition, get_matter_figures(code=code, at=request.at)),
    }
    return render(request, "portal/matter.html", context)


@public
@require_safe
def blank(request: Request, code: str) -> HttpResponse:
    """The empty form on paper, for whoever fills it in with a pen."""
    published = get_matter(code=code, on=timezone.localdate(request.at))
    if not is_on_paper(published.definition):
        raise Http404
    address = f"{settings.BASE_URL}{reverse('portal:matter', kwargs={'code': code})}"
    response = HttpResponse(render_blank(matter=published, address=address), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(False, f"{blank_number(published)}.pdf") or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "public, max-age=3600"
    return response


@signed_in
@require_http_methods(["GET", "POST"])
def begin(request: Request, code: str) -> HttpResponse:
    """Ask in whose name, offer what was begun before, and open a draft."""
    today = timezone.localdate(request.at)
    published = get_matter(code=code, on=today)
    applicants = list_applicants_for(actor=request.actor, matter=published, on=today)
    chosen = request.POST.get("applicant", "")
    if request.method == "POST" and chosen:
        if afresh := request.POST.get("afresh"):
            discard(draft=_draft_id(afresh), actor=request.actor)
        draft = start(actor=request.actor, matter=code, applicant_key=chosen, channel="web", at=request.at)
        look_up(draft=draft, actor=request.actor, at=request.at)
        return redirect("portal:resume", draft=draft)
    whom = whom_field(applicants, wrong=request.method == "POST", chosen=capacity_of(request).key)
    context = {
        "matter": published.definition,
        "applicants": applicants,
        "drafts": _open_drafts(request, code),
        "away": under_way(request, matters=[published.definition], applicants=applicants),
        "whom": whom,
        "fields": [whom],
        "needs": ""
        if meets(request.actor.assurance, published.definition.assurance)
        else published.definition.assurance,
        "asked": [spec for spec in published.definition.materials if spec.is_asked],
    }
    return render(request, "portal/start.html", context, status=422 if request.method == "POST" else 200)


def _draft_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UnknownDraft from None


def _open_drafts(request: Request, code: str) -> list[DraftView]:
    rows = [row for row in list_drafts(actor=request.actor, limit=50) if row.matter == code]
    return [get_draft(draft=row.id, actor=request.actor) for row in rows]


def _crumbs(definition: MatterDefinition) -> list[dict[str, object]]:
    topic = definition.topics[0] if definition.topics else ""
    crumbs: list[dict[str, object]] = [{"name": _("Start page"), "url": reverse("portal:home")}]
    if topic:
        crumbs.append({"name": topic_words(topic), "url": f"{reverse('portal:matters')}?topic={topic}"})
    return [*crumbs, {"name": definition.name, "url": ""}]
