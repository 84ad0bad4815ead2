"""One's own cases: filing them once, and the list of them."""

from typing import Literal

from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from tongban.api.v1.addresses import case_href
from tongban.api.v1.applicants import applicant_of
from tongban.api.v1.checks import require_own_files, wrong_answers
from tongban.api.v1.errors import ApiError, Invalid, Wrong
from tongban.api.v1.once import KEYED, once
from tongban.api.v1.paging import Paging, give_cursor, read_cursor
from tongban.api.v1.schemas.calls import Filing
from tongban.api.v1.schemas.cases import CasePage, Filed, summary_of
from tongban.api.v1.security import ApiRequest, needs
from tongban.apps.cases.queries import list_cases
from tongban.apps.catalog.queries import get_matter
from tongban.apps.intake.errors import DraftIncomplete
from tongban.apps.intake.services import file_directly

__all__ = ["router"]

router = Router(tags=["filing"])


class CaseFilter(Paging):
    """Which of one's cases."""

    group: Literal["all", "open", "waiting", "done"] = Field(
        "all", description="`waiting`: for the applicant, who has been asked for something."
    )


@router.get("/cases", response=CasePage, auth=needs("cases:track"), summary="List one's own cases")
def list_own(request: ApiRequest, query: Query[CaseFilter]) -> CasePage:
    """The cases of the client's organisation, the newest first, by whatever way they came."""
    if request.auth.applicant is None:
        raise ApiError("api.no-organisation", status=403)
    place = read_cursor(query.cursor, of="cases")
    page = list_cases(actor=request.auth.actor, group=query.group, cursor=place, limit=query.limit)
    return CasePage(
        items=[summary_of(row, href=case_href(row.number)) for row in page.rows],
        next=give_cursor(page.next, of="cases"),
    )


@router.post(
    "/cases",
    response={201: Filed},
    auth=needs("cases:file"),
    summary="File a case",
    openapi_extra=KEYED,
)
@once(status=201)
def file_case(request: ApiRequest, body: Filing) -> Filed:
    """File a case: the same case as from a page or a counter, under the same rules.

    What the front desk's own system files for somebody came in at the window.
    """
    matter = get_matter(code=body.matter, on=timezone.localdate(request.at))
    caller = request.auth
    require_own_files(definition=matter.definition, materials=body.materials, actor=caller.actor)
    try:
        number = file_directly(
            matter=matter,
            applicant=applicant_of(caller, body.applicant),
            agent_id=None,
            answers=body.answers,
            materials=body.materials,
            channel="window" if caller.at_front_desk else "api",
            actor=caller.actor,
            at=request.at,
        )
    except DraftIncomplete as incomplete:
        missing = [Wrong(field=f"materials.{code}", code="material.missing") for code in incomplete.materials]
        raise Invalid([*wrong_answers(matter.definition.form, incomplete.errors), *missing]) from incomplete
    return Filed(number=f"{number:016d}", filed_at=request.at, href=case_href(number))
