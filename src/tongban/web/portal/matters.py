"""Finding a matter, knowing what it takes, and starting it."""

from collections.abc import Sequence
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.catalog.definitions import MatterDefinition
from tongban.apps.catalog.queries import get_matter, list_matters, list_topics
from tongban.apps.insight.queries import MatterFigures, get_matter_figures
from tongban.apps.intake.errors import UnknownDraft
from tongban.apps.intake.queries import DraftView, get_draft, list_applicants_for, list_drafts
from tongban.apps.intake.services import discard, start
from tongban.apps.people.queries import Applicant, get_department_names
from tongban.web.access import public, signed_in
from tongban.web.fields import Field, Option
from tongban.web.portal.home import topics_of
from tongban.web.processes import draw_matter, list_steps
from tongban.web.requests import Request
from tongban.web.wording import limit_words, topic_words, way_words

__all__ = ["begin", "listing", "page"]

_PAGE = 20
_FEW_MINUTES = 60


@public
@require_safe
def listing(request: Request) -> HttpResponse:
    """All matters, those of a topic, or those that fit what was typed."""
    today = timezone.localdate(request.at)
    text, topic = request.GET.get("q", "").strip()[:80], request.GET.get("topic", "")
    found = list_matters(on=today, text=text, topic=topic or None, offset=_offset(request), limit=_PAGE)
    keep = urlencode({name: value for name, value in (("q", text), ("topic", topic)) if value})
    context = {
        "found": found,
        "text": text,
        "topic": topic,
        "topic_name": topic_words(topic) if topic else "",
        "topics": topics_of(list_topics(on=today)),
        "previous_url": _page_url(keep, found.previous_offset),
        "next_url": _page_url(keep, found.next_offset),
    }
    return render(request, "portal/matters.html", context)


@public
@require_safe
def page(request: Request, code: str) -> HttpResponse:
    """What a matter costs, what to bring, what will happen."""
    published = get_matter(code=code, on=timezone.localdate(request.at))
    definition = published.definition
    names = {key: each.short(get_language() or "zh-hans") for key, each in get_department_names().items()}
    figures = get_matter_figures(code=code, at=request.at)
    context = {
        "matter": definition,
        "authority": get_department_names().get(definition.authority),
        "crumbs": _crumbs(definition),
        "stats": _stats(definition, figures),
        "asked": [spec for spec in definition.materials if spec.is_asked],
        "fetched": [spec for spec in definition.materials if not spec.is_asked],
        "drawing": draw_matter(version_id=published.version_id),
        "steps": list_steps(definition=definition, departments=names),
        "ways": [way_words(way) for way in definition.ways],
        "published": published,
    }
    return render(request, "portal/matter.html", context)


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
        return redirect("portal:resume", draft=draft)
    whom = _whom(applicants, wrong=request.method == "POST")
    context = {
        "matter": published.definition,
        "applicants": applicants,
        "drafts": _open_drafts(request, code),
        "whom": whom,
        "fields": [whom],
        "asked": [spec for spec in published.definition.materials if spec.is_asked],
    }
    return render(request, "portal/start.html", context, status=422 if request.method == "POST" else 200)


def _whom(applicants: Sequence[Applicant], *, wrong: bool) -> Field:
    """In whose name: oneself, or an organisation under a mandate. Who can only be oneself need not choose."""
    options = tuple(
        Option(
            value=each.key,
            label=each.name if each.is_organisation else _("%(name)s (you)") % {"name": each.name},
            hint=each.masked,
            selected=len(applicants) == 1,
        )
        for each in applicants
    )
    errors = (_("Choose in whose name you are applying"),) if wrong else ()
    return Field(
        kind="radios", name="applicant", label=_("In whose name are you applying?"), options=options, errors=errors
    )


def _draft_id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise UnknownDraft from None


def _open_drafts(request: Request, code: str) -> list[DraftView]:
    rows = [row for row in list_drafts(actor=request.actor, limit=50) if row.matter == code]
    return [get_draft(draft=row.id, actor=request.actor) for row in rows]


def _offset(request: Request) -> int:
    text = request.GET.get("from", "0")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _page_url(keep: str, offset: int | None) -> str:
    if offset is None:
        return ""
    return "?" + "&".join(part for part in (keep, f"from={offset}") if part)


def _crumbs(definition: MatterDefinition) -> list[dict[str, object]]:
    topic = definition.topics[0] if definition.topics else ""
    crumbs: list[dict[str, object]] = [{"name": _("Start page"), "url": reverse("portal:home")}]
    if topic:
        crumbs.append({"name": topic_words(topic), "url": f"{reverse('portal:matters')}?topic={topic}"})
    return [*crumbs, {"name": definition.name, "url": ""}]


# --- what it costs ----------------------------------------------------------------------------------------------------


def _stats(definition: MatterDefinition, figures: MatterFigures) -> list[dict[str, object]]:
    stats = [_promise(definition), _taken(figures), _visits(definition), _fee(definition), _rating(figures)]
    return [stat for stat in stats if stat]


def _promise(definition: MatterDefinition) -> dict[str, object]:
    by_law = _("by law %(limit)s") % {"limit": limit_words(definition.statutory)}
    if definition.kind == "instant":
        return {"label": _("Promised"), "value": _("at once"), "note": by_law}
    return {"label": _("Promised within"), "value": limit_words(definition.promised), "note": by_law}


def _taken(figures: MatterFigures) -> dict[str, object]:
    """Half of this year's cases were faster than this."""
    minutes, days = figures.median_minutes, figures.median_days
    if minutes is None or days is None:
        return {}
    if minutes < 1:
        value = _("a moment")
    elif minutes < _FEW_MINUTES:
        value = _("%(count)s min") % {"count": minutes}
    elif days < 1:
        value = _("%(count)s hours") % {"count": minutes // 60}
    else:
        value = _("%(count)s days") % {"count": days}
    note = _("in working time, %(count)s cases this year") % {"count": figures.decided}
    return {"label": _("Time actually taken (median)"), "value": value, "note": note}


def _visits(definition: MatterDefinition) -> dict[str, object]:
    count, note = definition.visits, definition.visits_reason or ""
    value = ngettext("once", "%(count)s times", count) % {"count": count} if count else _("none")
    return {"label": _("Visits to an office"), "value": value, "note": note}


def _fee(definition: MatterDefinition) -> dict[str, object]:
    if definition.fee.is_free:
        return {"label": _("Fee"), "value": _("free"), "note": ""}
    amount = f"{definition.fee.amount.normalize():f}"
    return {"label": _("Fee"), "value": _("%(amount)s yuan") % {"amount": amount}, "note": definition.fee.basis}


def _rating(figures: MatterFigures) -> dict[str, object]:
    if figures.rating is None:
        return {}
    note = _("%(count)s ratings this year") % {"count": figures.ratings}
    return {"label": _("Rating"), "value": f"{figures.rating} / 5", "note": note}
