"""A department is told of a defect and of what becomes of it, the auditor of an answer; nobody of what is in order."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tongban.apps.audits import services
from tongban.apps.audits.drawing import Criteria
from tongban.apps.audits.models import Audit
from tongban.apps.audits.queries import get_audit
from tongban.apps.channels.models import Notice

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(granted: Any, actor_for: Any) -> Audit:
    """A file of market regulation that is to be looked at."""
    granted(at=timezone.now() - timedelta(days=3))
    today = timezone.localdate()
    criteria, actor = Criteria(since=today - timedelta(days=9), until=today), actor_for("liangchen")
    services.choose_files(criteria=criteria, most=1, why="A complaint.", actor=actor, at=timezone.now())
    return Audit.objects.get()


def _find(audit: Audit, actor: Any, **said: str) -> None:
    questions = get_audit(number=audit.number, actor=actor, at=timezone.now()).questions
    every = {each.code: "yes" for each in questions} | said
    grade = "minor" if said else "in_order"
    services.find(number=audit.number, said=every, grade=grade, reason="Why.", actor=actor, at=timezone.now())


def _told(actor_for: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name in ("chenli", "hejun", "huangyan", "luhao", "liangchen", "linxiaomei"):
        rows = Notice.objects.filter(person=actor_for(name).person_id, kind__startswith="desk_audit")
        if kinds := list(rows.order_by("at").values_list("kind", flat=True)):
            found[name] = kinds
    return found


def test_it_works(audit: Audit, actor_for: Any, follow_log: Any, client_for: Any) -> None:
    head, supervisor = actor_for("hejun"), actor_for("liangchen")
    given: dict[str, Any] = {"number": audit.number, "reason": "So."}
    _find(audit, supervisor, reasons="no")
    services.answer(**given, actor=head, at=timezone.now())
    services.send_back(**given, actor=supervisor, at=timezone.now())
    services.answer(**given, actor=head, at=timezone.now())
    services.close(**given, stands=False, actor=supervisor, at=timezone.now())
    follow_log("audits")
    follow_log("audits")
    ways = ["desk_audit_found", "desk_audit_returned", "desk_audit_closed"]
    assert _told(actor_for) == {"hejun": ways, "liangchen": ["desk_audit_answered"] * 2}
    for name, kind, path in (("hejun", ways[0], "/desk"), ("liangchen", "desk_audit_answered", "/supervise")):
        notice = Notice.objects.filter(kind=kind).first()
        assert notice is not None
        assert client_for(name).get(f"/desk/inbox/{notice.pk}/")["Location"] == f"{path}/audits/{audit.number}/"


def test_nobody_is_told_of_what_is_in_order(audit: Audit, actor_for: Any, follow_log: Any) -> None:
    _find(audit, actor_for("liangchen"))
    follow_log("audits")
    assert _told(actor_for) == {}
