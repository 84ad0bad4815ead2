"""What the page of a case shows of a visit to its applicant's place, while it is to come."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.queries import CaseView
from tongban.apps.inspections.queries import get_joint_visit_of_owner
from tongban.apps.inspections.services import LONGEST_WISH
from tongban.apps.people.queries import get_department_names
from tongban.web.fields import Field
from tongban.web.requests import Request

__all__ = ["visit_card"]


def visit_card(case: CaseView, request: Request) -> dict[str, object] | None:
    """What the page of a case shows of a visit that its applicant was told of, while it is still to come."""
    visit = get_joint_visit_of_owner(view=case)
    if visit is None or not visit.is_open or case.row.closed_at is not None:
        return None
    language, names = get_language() or "zh-hans", get_department_names()
    return {
        "visit": visit,
        "fixed": visit.state == "fixed",
        "departments": _(", ").join(names[part.department].short(language) for part in visit.going),
        "may_ask": visit.state == "fixed" and visit.asked_at is None and request.at < visit.starts_at,
        "wish": Field(
            kind="textarea",
            name="wish",
            label=_("When you could receive them"),
            hint=_("Days and times in the coming week. This can be asked for once."),
            rows=2,
            required=False,
            attributes={"maxlength": str(LONGEST_WISH)},
        ),
    }
