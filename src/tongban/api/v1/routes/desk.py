"""A department's work: its queue, and the commands on its open steps."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

from ninja import Query, Router
from pydantic import Field

from tongban.api.v1.addresses import case_href
from tongban.api.v1.once import KEYED, once
from tongban.api.v1.paging import Paging, give_cursor, read_cursor
from tongban.api.v1.routes.cases import case_summary
from tongban.api.v1.schemas.calls import (
    Completion,
    Decision,
    Delivery,
    Lacking,
    Message,
    Nothing,
    Refusal,
    Report,
    SupplementRequest,
)
from tongban.api.v1.schemas.cases import CaseSummary, MissingList, MissingOf, TaskPage, waiting_task
from tongban.api.v1.schemas.common import CaseNumber, Line, StepNo
from tongban.api.v1.security import ApiRequest, needs
from tongban.apps.cases import services
from tongban.apps.cases.consequences import get_work
from tongban.apps.cases.queries import Draft, list_queue
from tongban.apps.desks import services as missing
from tongban.apps.desks.queries import get_saying
from tongban.apps.desks.queries import list_missing as list_said
from tongban.apps.rights.services import record_look
from tongban.kernel.clock import Limit, Unit
from tongban.kernel.numbers import parse_case_number

__all__ = ["router"]

Operation = TypeVar("Operation", bound=Callable[..., Any])

router = Router(tags=["desk"])
_WORKS = needs("desk:tasks", "desk:decide")


class QueueFilter(Paging):
    """Which part of the queue."""

    group: Literal["department", "free", "paused"] = Field(
        "department", description="All that run; those that nobody has taken on; those that wait for somebody else."
    )
    matter: Line = Field("", description="Code of a matter.")


@router.get("/tasks", response=TaskPage, auth=_WORKS, summary="The department's queue")
def list_tasks(request: ApiRequest, query: Query[QueueFilter]) -> TaskPage:
    """Open steps of the client's department, the most urgent first."""
    page = list_queue(
        actor=request.auth.actor,
        group=query.group,
        matter=query.matter,
        cursor=read_cursor(query.cursor, of="tasks"),
        limit=query.limit,
    )
    return TaskPage(
        items=[waiting_task(row, href=case_href(row.number)) for row in page.rows],
        next=give_cursor(page.next, of="tasks"),
    )


def _command(name: str, *, summary: str, auth: Any = _WORKS) -> Callable[[Operation], Operation]:
    return router.post(
        f"/cases/{{number}}/tasks/{{no}}/{name}",
        response=CaseSummary,
        auth=auth,
        summary=summary,
        operation_id=f"task_{name}",
        openapi_extra=KEYED,
    )


@_command("accept", summary="Accept the case")
@once()
def accept(request: ApiRequest, number: CaseNumber, no: StepNo, body: Nothing) -> CaseSummary:
    """Take the case on: the legal clocks start."""
    parsed = parse_case_number(number)
    services.accept(number=parsed, task=no, actor=request.auth.actor, at=request.at)
    return case_summary(parsed)


@_command("refuse", summary="Do not accept the case")
@once()
def refuse(request: ApiRequest, number: CaseNumber, no: StepNo, body: Refusal) -> CaseSummary:
    """The case ends, and the applicant is told why."""
    parsed = parse_case_number(number)
    services.refuse(number=parsed, task=no, reason=body.reason, actor=request.auth.actor, at=request.at)
    return case_summary(parsed)


@_command("supplement", summary="Ask for what is missing")
@once()
def request_supplement(request: ApiRequest, number: CaseNumber, no: StepNo, body: SupplementRequest) -> CaseSummary:
    """Once, all at once; the clocks stand until it is there (Administrative Licensing Law, 32)."""
    parsed, days = parse_case_number(number), body.within_working_days
    services.request_supplement(
        number=parsed,
        task=no,
        items=body.items,
        note=body.note,
        within=Limit(days, Unit.WORKING_DAYS) if days else None,
        actor=request.auth.actor,
        at=request.at,
    )
    return case_summary(parsed)


@_command("missing", summary="Say what the department misses")
@once()
def say_missing(request: ApiRequest, number: CaseNumber, no: StepNo, body: Lacking) -> CaseSummary:
    """Of a joint review, until the applicant has been asked: it goes into the one request for all departments.

    Said again it counts anew; with nothing in it, it is taken back.
    """
    parsed = parse_case_number(number)
    work = get_work(number=parsed, actor=request.auth.actor, at=request.at)
    step = next((each for each in work.mine if each.no == no), None)
    department = step.department if step is not None else ""
    missing.say_missing(work=work, department=department, items=body.items, words=body.words, at=request.at)
    return case_summary(parsed)


@router.get(
    "/cases/{number}/missing",
    response=MissingList,
    auth=_WORKS,
    summary="What the departments of a joint review miss",
)
def list_missing(request: ApiRequest, number: CaseNumber) -> MissingList:
    """For whoever makes the one request of it, and for the other departments; nothing of it is on record."""
    work = get_work(number=parse_case_number(number), actor=request.auth.actor, at=request.at)
    record_look(view=work.view, actor=request.auth.actor, at=request.at)
    saying = get_saying(work=work)
    rows = list_said(case=work.view.number) if work.view.definition.joint_with else []
    return MissingList(
        items=[MissingOf(department=row.department, items=list(row.items), words=row.words, at=row.at) for row in rows],
        until=saying.until if saying is not None and not saying.closed else None,
    )


@_command("complete", summary="Finish a step")
@once()
def complete(request: ApiRequest, number: CaseNumber, no: StepNo, body: Completion) -> CaseSummary:
    """Handle, review, inspect or give an opinion: a result, and words beside it."""
    parsed = parse_case_number(number)
    services.complete(
        number=parsed,
        task=no,
        outcome=body.outcome,
        opinion=body.opinion,
        draft=Draft(outcome=body.draft.outcome, reason=body.draft.reason) if body.draft else None,
        actor=request.auth.actor,
        at=request.at,
    )
    return case_summary(parsed)


@_command("decide", summary="Grant or deny", auth=needs("desk:decide"))
@once()
def decide(request: ApiRequest, number: CaseNumber, no: StepNo, body: Decision) -> CaseSummary:
    """Decide the case. A denial owes its reason."""
    parsed = parse_case_number(number)
    services.decide(
        number=parsed, task=no, outcome=body.outcome, reason=body.reason, actor=request.auth.actor, at=request.at
    )
    return case_summary(parsed)


@_command("deliver", summary="Record the delivery")
@once()
def deliver(request: ApiRequest, number: CaseNumber, no: StepNo, body: Delivery) -> CaseSummary:
    """Put on record that the result has reached the applicant."""
    parsed = parse_case_number(number)
    services.deliver(number=parsed, task=no, way=body.way, actor=request.auth.actor, at=request.at)
    return case_summary(parsed)


@_command("raise", summary="Report an error or escalation of a step")
@once()
def raise_event(request: ApiRequest, number: CaseNumber, no: StepNo, body: Report) -> CaseSummary:
    """By its code in the diagram, which says what follows."""
    parsed = parse_case_number(number)
    services.raise_event(
        number=parsed,
        task=no,
        name=body.name,
        kind=body.kind,
        reason=body.reason,
        actor=request.auth.actor,
        at=request.at,
    )
    return case_summary(parsed)


@router.post(
    "/cases/{number}/messages",
    response=CaseSummary,
    auth=needs("desk:tasks"),
    summary="Tell a case what it waits for",
    operation_id="case_message",
    openapi_extra=KEYED,
)
@once()
def receive_message(request: ApiRequest, number: CaseNumber, body: Message) -> CaseSummary:
    """A message or signal that the case's process waits for, by its name; for handlers of the case's authority."""
    parsed = parse_case_number(number)
    receive = services.receive_signal if body.kind == "signal" else services.receive_message
    receive(number=parsed, name=body.name, data=body.data, actor=request.auth.actor, at=request.at)
    return case_summary(parsed)
