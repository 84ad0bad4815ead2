"""The catalogue: public, as on the pages."""

from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from tongban.api.v1.addresses import matter_href
from tongban.api.v1.paging import Paging, give_cursor, read_cursor
from tongban.api.v1.schemas.catalogue import Matter, MatterPage, matter_of, summary_of
from tongban.api.v1.schemas.common import Code, Line
from tongban.api.v1.security import ApiRequest
from tongban.apps.catalog.queries import get_matter, list_matters
from tongban.apps.people.queries import get_department_names

__all__ = ["router"]

router = Router(tags=["catalogue"])


class MatterFilter(Paging):
    """Which matters."""

    q: Line = Field("", description="What somebody would type to find it; the best fit first.")
    topic: Line = Field(
        "", description="business, family, work, housing, retirement, health, transport, papers, rights"
    )


@router.get("/matters", response=MatterPage, auth=None, summary="List and search matters")
def list_all(request: ApiRequest, query: Query[MatterFilter]) -> MatterPage:
    """The matters in force today, by code, or by how well they fit ``q``."""
    offset = int(read_cursor(query.cursor, of="matters") or 0)
    today = timezone.localdate(request.at)
    page = list_matters(on=today, topic=query.topic or None, text=query.q, offset=offset, limit=query.limit)
    return MatterPage(
        items=[summary_of(row, href=matter_href(row.code)) for row in page.items],
        total=page.total,
        next=give_cursor(str(page.next_offset or ""), of="matters"),
    )


@router.get("/matters/{code}", response=Matter, auth=None, summary="The whole guide of a matter")
def show(request: ApiRequest, code: Code) -> Matter:
    """Everything that the matter says, with the JSON Schema of what is filled in."""
    published = get_matter(code=code, on=timezone.localdate(request.at))
    return matter_of(published, departments=get_department_names(), href=matter_href(code))
