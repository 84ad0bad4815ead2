"""A record of a visit, for whoever may see its case; and what to do with one that could not enter it."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from tongban.apps.evidence.queries import read_file
from tongban.apps.inspections import services
from tongban.apps.inspections.queries import (
    InspectionView,
    get_inspection,
    get_joint_record,
    get_photo,
    render_joint_record,
    render_record,
)
from tongban.apps.people.queries import get_department_names
from tongban.apps.rights.services import record_look
from tongban.web.access import official
from tongban.web.field.lines import joint_words, skew_words
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.templatetags.tongban_ui import spoken
from tongban.web.wording.inspections import conflict_words, result_words, signing_words, visit_state_words

__all__ = ["joint", "joint_paper", "note", "paper", "photo", "record", "signature"]


@official()
@require_safe
def record(request: Request, key: UUID) -> HttpResponse:
    """What was written, with its photos; for its inspector also what could not enter the case, and what to do."""
    view = get_inspection(key=key, actor=request.actor, at=request.at)
    if view.state == "arriving":
        raise Http404
    record_look(view=view.visit.view, actor=request.actor, at=request.at)
    chinese = (get_language() or "zh-hans").startswith("zh")
    context = {
        "groups": side_groups(actor=request.actor, here="field"),
        "view": view,
        "row": view.visit.view.row,
        "inspector": view.inspector_name[0 if chinese or not view.inspector_name[1] else 1],
        "conflict": conflict_words(view.conflict) if view.conflict else "",
        "result": result_words(view.result),
        "signing": signing_words(view.signing),
        "skew": skew_words(view.skew),
        "lines": _lines(view),
        "photos": [photo for photo in view.photos if photo.sha256],
    }
    return render(request, "field/record.html", context)


def _lines(view: InspectionView) -> list[dict[str, str]]:
    words = {"yes": _("Yes"), "no": _("No"), "na": _("Not applicable")}
    asked = {item.code: item for item in view.items}
    rows = []
    order = [*(code for code in asked if code in view.findings), *(code for code in view.findings if code not in asked)]
    for code in order:
        item, finding = asked.get(code), view.findings[code]
        value = words.get(finding.value, finding.value)
        if item is not None and item.kind == "photo" and finding.value != "na":
            value = _("see the photos")
        if item is not None and item.unit and finding.value not in ("", "na"):
            value = f"{value} {item.unit.in_language(get_language() or 'zh-hans')}"
        said = "; ".join(each for each in (value, finding.note) if each)
        wrong = item is not None and not item.is_met(finding.value or "na")
        key = spoken(item.ask) if item is not None else code
        rows.append({"key": key, "value": said, "tag": _("not as it should be") if wrong else ""})
    return rows


@official()
@require_safe
def joint(request: Request, number: int) -> HttpResponse:
    """What several departments found at one visit: one record, with the part of each."""
    record = get_joint_record(number=number, actor=request.actor, at=request.at)
    record_look(view=record.view, actor=request.actor, at=request.at)
    language, names = get_language() or "zh-hans", get_department_names()
    which = 0 if language.startswith("zh") else 1
    parts = [
        {
            "department": names[view.visit.task.department].short(language) if view.visit.task else "",
            "who": view.inspector_name[which] or view.inspector_name[0],
            "view": view,
            "result": result_words(view.result),
            "lines": _lines(view),
        }
        for view in record.records
    ]
    going = record.visit.going if record.visit.state == "fixed" else []
    waiting = [names[part.department].short(language) for part in going if part.record is None]
    context = {
        "groups": side_groups(actor=request.actor, here="field"),
        "record": record,
        "row": record.view.row,
        "parts": parts,
        "waiting": _(", ").join(waiting),
        "when": joint_words(record.visit)["when"],
        "state": visit_state_words(record.visit.state),
    }
    return render(request, "field/joint.html", context)


@official()
@require_safe
def joint_paper(request: Request, number: int) -> HttpResponse:
    """The one record of a joint visit as a PDF, once the visit is over."""
    record = get_joint_record(number=number, actor=request.actor, at=request.at)
    if record.visit.state != "held" or not any(view.written for view in record.records):
        raise Http404
    record_look(view=record.view, actor=request.actor, at=request.at)
    check_url = f"{settings.BASE_URL}{reverse('open:track')}?number={record.view.number}"
    content = render_joint_record(record=record, check_url=check_url, at=request.at)
    response = HttpResponse(content, content_type="application/pdf")
    name = _("Record of a joint visit") + f"-{record.view.number}-{record.visit.entry}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return _bare(response)


@official()
@require_POST
def note(request: Request, key: UUID) -> HttpResponse:
    """Put a kept record beside the case as a note."""
    row = services.note(key=key, actor=request.actor, at=request.at)
    messages.success(request, _("It stands beside the case as a note."))
    return redirect("field:record", key=row.key)


@official()
@require_safe
def paper(request: Request, key: UUID) -> HttpResponse:
    """The record as a PDF."""
    view = get_inspection(key=key, actor=request.actor, at=request.at)
    if view.state != "recorded" or not view.written:
        raise Http404
    record_look(view=view.visit.view, actor=request.actor, at=request.at)
    check_url = f"{settings.BASE_URL}{reverse('open:track')}?number={view.visit.view.number}"
    content = render_record(view=view, check_url=check_url, at=request.at)
    response = HttpResponse(content, content_type="application/pdf")
    name = _("Record of an inspection") + f"-{view.visit.view.number}-{view.entry}.pdf"
    response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    return _bare(response)


@official()
@require_safe
def photo(request: Request, key: UUID, photo: UUID) -> HttpResponse:
    """One photo of a record."""
    content, media_type = get_photo(key=key, photo=photo, actor=request.actor, at=request.at)
    return _bare(HttpResponse(content, content_type=media_type))


@official()
@require_safe
def signature(request: Request, key: UUID) -> HttpResponse:
    """The signature under a record."""
    view = get_inspection(key=key, actor=request.actor, at=request.at)
    if not view.signature:
        raise Http404
    content = read_file(sha256=view.signature)
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    return _bare(HttpResponse(content, content_type=kind))


def _bare(response: HttpResponse) -> HttpResponse:
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
