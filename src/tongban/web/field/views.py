"""Tasks of who goes there: a list for a day on the road, and one task with what to look at and its form."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from tongban.apps.cases.queries import VISIT, Visit, get_visit, list_visits, list_visits_of
from tongban.apps.evidence.errors import EvidenceError
from tongban.apps.inspections.errors import InspectionError, NotSent, RecordLacks, UnknownInspection
from tongban.apps.inspections.queries import (
    JointVisitView,
    PartView,
    has_record,
    list_arrived,
    list_of_case,
    list_second_looks,
    list_to_go,
    open_joint_visit,
)
from tongban.apps.inspections.services import Written, add_photo, hand_in
from tongban.apps.rights.services import record_look
from tongban.web.access import official
from tongban.web.field.forms import page_of
from tongban.web.field.lines import joint_words, shown_rows, task_lines
from tongban.web.field.reading import key_of, photos_of, read_written
from tongban.web.inspected import record_lines
from tongban.web.installed.personal import is_own_device
from tongban.web.requests import Request
from tongban.web.side import side_groups
from tongban.web.wording import error_words
from tongban.web.wording.inspections import conflict_words

__all__ = ["task", "tasks"]


@official()
@require_safe
def tasks(request: Request) -> HttpResponse:
    """My visits: late ones, those of today, later ones."""
    together = list_to_go(actor=request.actor)
    alone = list_visits(actor=request.actor)
    there = {(each.row.number, each.task.no) for each in alone}
    rows = [*alone, *list_visits_of(tasks=together.keys() - there, actor=request.actor)]
    again = list_second_looks(tasks=[(each.row.number, each.task.no) for each in rows])
    context = {
        "groups": side_groups(actor=request.actor, here="field"),
        "parts": task_lines(rows, again=again, together=together, at=request.at),
        "is_own_device": is_own_device(request),
    }
    return render(request, "field/tasks.html", context)


@official()
@require_http_methods(["GET", "HEAD", "POST"])
def task(request: Request, number: int, no: int) -> HttpResponse:
    """One visit: where, whom, what to look at; and its record handed in."""
    visit = get_visit(number=number, task=no, actor=request.actor, at=request.at)
    joint = open_joint_visit(view=visit.view, task=no) if visit.task is not None else None
    if visit.task is None or (joint is None and visit.task.act != VISIT and not has_record(case=number, task=no)):
        raise Http404
    record_look(view=visit.view, actor=request.actor, at=request.at)
    if request.method != "POST":
        return _show(request, visit, key=key_of(request.GET.get("key")) or uuid4(), joint=joint)
    return _take(request, visit)


def _take(request: Request, visit: Visit) -> HttpResponse:
    assert visit.task is not None
    key = key_of(request.POST.get("key")) or uuid4()
    broken = _photos(request, visit, key)
    signature = _signature(request)
    written = read_written(posted=request.POST, items=visit.items, signature=signature)
    plain = "application/json" not in request.headers.get("Accept", "")
    try:
        if broken:
            raise RecordLacks(lacks=(), fields={})
        row = hand_in(
            key=key, number=visit.view.number, task=visit.task.no, written=written, actor=request.actor, at=request.at
        )
    except NotSent as error:
        return JsonResponse({"state": "photos", "photos": error.params["photos"]}, status=409)
    except RecordLacks as error:
        if plain:
            return _show(request, visit, key=key, written=written, error=error, broken=broken)
        page = page_of(visit, written=written, error=error)
        told = [{"name": field.name, "words": " ".join(field.errors)} for field in page.wrong]
        return JsonResponse({"state": "refused", "errors": told}, status=422)
    except UnknownInspection:
        raise
    except (InspectionError, EvidenceError) as error:
        if plain:
            return _show(request, visit, key=key, written=written, broken={"signature": error_words(error)})
        return JsonResponse({"state": "refused", "errors": [{"name": "", "words": error_words(error)}]}, status=422)
    where = reverse("field:record", args=[row.key])
    if not plain:
        conflict = conflict_words(row.conflict) if row.conflict else ""
        return JsonResponse({"state": row.state, "conflict": conflict, "url": where})
    if row.state != "kept":
        messages.success(request, _("The record has entered the case."))
    return redirect(where)


def _photos(request: Request, visit: Visit, key: UUID) -> dict[str, str]:
    """Take in the photos of a plain form; return what could not be read, by item."""
    assert visit.task is not None
    broken: dict[str, str] = {}
    for item in ("", *(each.code for each in visit.items)):
        for file in request.FILES.getlist(f"p-{item}"):
            content = file.read()
            try:
                add_photo(
                    key=photos_of(record=key, content=content, item=item),
                    record=key,
                    number=visit.view.number,
                    task=visit.task.no,
                    item=item,
                    content=content,
                    told_at=None,
                    place=None,
                    actor=request.actor,
                    at=request.at,
                )
            except UnknownInspection:
                raise
            except (InspectionError, EvidenceError) as error:
                broken[item] = error_words(error)
    return broken


def _signature(request: Request) -> bytes:
    file = request.FILES.get("signature_file")
    return file.read() if file is not None and (file.size or 0) <= 10_000_000 else b""


def _show(
    request: Request,
    visit: Visit,
    *,
    key: UUID,
    written: Written | None = None,
    error: RecordLacks | None = None,
    broken: Mapping[str, str] | None = None,
    joint: tuple[JointVisitView, PartView] | None = None,
) -> HttpResponse:
    assert visit.task is not None
    joint = joint or open_joint_visit(view=visit.view, task=visit.task.no)
    photos: Sequence[Any] = list_arrived(key=key, actor=request.actor)
    records = record_lines(list_of_case(case=visit.view.number, task=visit.task.no))
    page = page_of(visit, written=written, error=error, photos=photos, broken=broken)
    context = {
        "groups": side_groups(actor=request.actor, here="field"),
        "visit": visit,
        "row": visit.view.row,
        "page": page,
        "key": key,
        "shown": shown_rows(visit),
        "records": records,
        "together": joint_words(joint[0]) if joint else None,
        "is_open": visit.is_open and (joint is not None or visit.task.act == VISIT),
        "other_photos": sum(not photo.item for photo in photos),
        "is_own_device": is_own_device(request),
    }
    return render(request, "field/task.html", context, status=422 if error or broken else 200)
