"""A visit of several departments to the applicant's place: in one's own calendar, and another day asked for, once."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from tongban.apps.cases.queries import CaseView
from tongban.apps.catalog.city import get_city
from tongban.apps.halls.icalendar import CalendarEntry, write_calendar
from tongban.apps.inspections.errors import InspectionError
from tongban.apps.inspections.queries import JointVisitView, get_joint_visit_of_owner
from tongban.apps.inspections.services import ask_for_another_day
from tongban.apps.people.queries import get_department_names
from tongban.web.access import signed_in
from tongban.web.portal.cases import own_case
from tongban.web.requests import Request
from tongban.web.wording import error_words

__all__ = ["calendar", "other_day"]

_REMIND_MINUTES = 120


@signed_in
@require_POST
def other_day(request: Request, number: int) -> HttpResponse:
    """I cannot receive them then: the departments find another time."""
    case = own_case(request, number)
    try:
        ask_for_another_day(view=case, wish=request.POST.get("wish", ""), actor=request.actor, at=request.at)
        messages.success(
            request, _("They do not come then. You are told of the new day; nothing else changes for you.")
        )
    except InspectionError as refused:
        messages.error(request, error_words(refused))
    return redirect("portal:case", number=number)


@signed_in
@never_cache
@require_GET
def calendar(request: Request, number: int) -> HttpResponse:
    """The visit for one's own calendar (RFC 5545); a time that does not hold any more is taken out of it."""
    case = own_case(request, number)
    visit = get_joint_visit_of_owner(view=case)
    if visit is None:
        raise Http404
    language = get_language() or "zh-hans"
    names = get_department_names()
    url = f"{settings.BASE_URL}{reverse('portal:case', kwargs={'number': number})}"
    who = _(", ").join(names[part.department].name(language) for part in visit.going)
    entry = CalendarEntry(
        uid=f"visit-{visit.number}@{get_city().code}.tongban",
        stamp=visit.changed_at,
        start=visit.starts_at,
        end=visit.ends_at,
        summary=_("Visit of the departments: %(matter)s") % {"matter": case.row.matter_name.in_language(language)},
        location=_place(case, visit),
        description=_("They come together, once: %(who)s. %(url)s") % {"who": who, "url": url},
        url=url,
        # Told of a time, asked for another, told of the next: each is newer than the one before it.
        sequence=2 * visit.told + (visit.state != "fixed"),
        cancelled=visit.state in ("asked", "proposed", "off"),
        remind_minutes=_REMIND_MINUTES,
    )
    response = HttpResponse(
        write_calendar(entry=entry, product=get_city().site_name["en"]), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="visit-{visit.number}.ics"'
    return response


def _place(case: CaseView, visit: JointVisitView) -> str:
    """The address that the checklists name, as the applicant gave it."""
    nodes = {task.no: task.node for task in case.tasks}
    lists = [case.definition.checklists.get(nodes.get(part.task, "")) for part in visit.going]
    places = [str(case.answers.get(each.place) or "") for each in lists if each is not None and each.place]
    return next((place for place in places if place), "")
