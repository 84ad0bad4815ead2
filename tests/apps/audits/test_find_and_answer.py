"""A file is looked at by somebody impartial; the department answers a defect; counts tell no share of few files."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.apps.audits.conftest import on

from tongban.apps.audits import services
from tongban.apps.audits.errors import (
    AuditMoved,
    FindingIncomplete,
    NotImpartial,
    NotToAudit,
    ReasonMissing,
    UnknownAudit,
)
from tongban.apps.audits.models import Audit, Sample
from tongban.apps.audits.queries import DepartmentAudits, count_by_department, count_to_answer, get_audit, list_audits
from tongban.apps.ledger.queries import get_history
from tongban.apps.people.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(drawn: Sample) -> Audit:
    """The first of the sample, open."""
    return Audit.objects.get(sample=drawn.number, place=1)


@pytest.fixture
def find(audit: Audit, actor_for: Any) -> Callable[..., None]:
    """The supervisor's finding: in order, or with what is wrong."""

    def put(*wrong: str, grade: str = "", reason: str = "Not said why.", by: str = "liangchen", **left: str) -> None:
        questions = get_audit(number=audit.number, actor=actor_for("admin"), at=on(1)).questions
        said = {each.code: "no" if each.code in wrong else "yes" for each in questions} | left
        given = grade or ("minor" if wrong else "in_order")
        services.find(number=audit.number, said=said, grade=given, reason=reason, actor=actor_for(by), at=on(1))

    return put


def test_in_order_and_closed(audit: Audit, find: Callable[..., None]) -> None:
    find()
    audit.refresh_from_db()
    assert (audit.state, audit.grade, audit.answer_due) == ("closed", "in_order", None)
    assert audit.said[0]["zh"]
    with pytest.raises(AuditMoved):
        find()


def test_a_defect_is_answered_sent_back_answered_and_closed(
    audit: Audit, find: Callable[..., None], actor_for: Any
) -> None:
    number, head, supervisor = audit.number, actor_for("denghua"), actor_for("liangchen")
    with pytest.raises(UnknownAudit):  # nothing was found yet: the department does not know of it
        get_audit(number=number, actor=head, at=on(1))
    find("reasons", grade="serious")
    audit.refresh_from_db()
    assert audit.state == "found"
    assert count_to_answer(departments=["civil-affairs"]) == 1
    services.answer(number=number, reason="Written down now.", actor=head, at=on(1))
    services.send_back(number=number, reason="Where?", actor=supervisor, at=on(1))
    services.answer(number=number, reason="In the file.", actor=head, at=on(2))
    services.close(number=number, stands=True, reason="Seen.", actor=supervisor, at=on(2))
    audit.refresh_from_db()
    assert (audit.state, audit.grade) == ("closed", "serious")
    kinds = ["opened", "found", "answered", "returned", "answered", "closed"]
    assert [each.kind for each in get_history(case=number)] == [f"audit.{kind}" for kind in kinds]


def test_an_answer_may_show_that_there_was_none(audit: Audit, find: Callable[..., None], actor_for: Any) -> None:
    find("reasons")
    services.answer(number=audit.number, reason="On page 2.", actor=actor_for("denghua"), at=on(1))
    services.close(number=audit.number, stands=False, reason="So it is.", actor=actor_for("liangchen"), at=on(1))
    audit.refresh_from_db()
    assert audit.grade == "in_order"


def test_each_question_is_answered_and_the_grade_agrees(find: Callable[..., None]) -> None:
    for wrong, given in (((), {"grade": "minor"}), (("reasons",), {"grade": "in_order"}), ((), {"decision": ""})):
        with pytest.raises(FindingIncomplete):
            find(*wrong, **given)
    with pytest.raises(ReasonMissing):
        find("reasons", reason=" ")
    find(decision="none")  # does not apply


def test_nobody_audits_what_they_handled_or_their_own_department(
    audit: Audit, find: Callable[..., None], user_for: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(NotToAudit):
        find(by="admin")
    monkeypatch.setattr(services, "list_handlers", lambda number: frozenset({user_for("liangchen").pk}))
    with pytest.raises(NotImpartial):
        find()
    monkeypatch.undo()
    Membership.objects.create(user=user_for("liangchen"), department_id="civil-affairs", role="reviewer")
    with pytest.raises(NotImpartial):
        find()


def test_only_the_department_answers(audit: Audit, find: Callable[..., None], actor_for: Any) -> None:
    find("reasons")
    for name, why in (("hejun", UnknownAudit), ("linxiaomei", UnknownAudit), ("liangchen", NotToAudit)):
        with pytest.raises(why):
            services.answer(number=audit.number, reason="No.", actor=actor_for(name), at=on(1))


def test_lists_narrow_and_turn_over(drawn: Sample, find: Callable[..., None], actor_for: Any) -> None:
    supervisor, head, late = actor_for("liangchen"), actor_for("denghua"), on(60)
    find("reasons")
    assert len(list_audits(actor=supervisor, at=on(1)).rows) == 3
    assert [row.grade for row in list_audits(actor=head, at=on(1)).rows] == ["minor"]
    assert list_audits(actor=supervisor, at=on(1), state="late").rows == []
    assert len(list_audits(actor=supervisor, at=late, state="late").rows) == 1
    page = list_audits(actor=supervisor, at=on(1), limit=2)
    rest = list_audits(actor=supervisor, at=on(1), limit=2, cursor=page.next)
    assert len({row.number for row in (*page.rows, *rest.rows)}) == 3
    assert rest.next == ""


def test_counts_tell_no_share_of_few(drawn: Sample, find: Callable[..., None]) -> None:
    find("reasons", grade="serious")
    (count,) = count_by_department()
    assert (count.department, count.looked_at, count.serious, count.is_enough) == ("civil-affairs", 1, 1, False)
    assert count_by_department(since=on(1) + timedelta(days=9)) == []


@pytest.mark.parametrize(("n", "defects", "interval"), [(20, 0, (0, 17)), (20, 20, (83, 100)), (100, 50, (40, 60))])
def test_intervals(n: int, defects: int, interval: tuple[int, int]) -> None:
    given: dict[str, Any] = {
        "department": "tax",
        "looked_at": n,
        "in_order": n - defects,
        "minor": defects,
        "serious": 0,
    }
    assert DepartmentAudits(**given).interval == interval
