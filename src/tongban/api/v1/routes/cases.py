"""One case: following it, and what an applicant may do on the way."""

from urllib.parse import quote

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from ninja import Query, Router

from tongban.api.v1.addresses import case_href
from tongban.api.v1.checks import OTHER, require_own_files, wrong_answers
from tongban.api.v1.errors import ApiError, Invalid, Wrong
from tongban.api.v1.once import KEYED, once
from tongban.api.v1.paging import Paging, give_cursor, read_cursor
from tongban.api.v1.schemas.calls import Papers, Rated, SupplementAnswer, Withdrawal
from tongban.api.v1.schemas.cases import Case, CaseSummary, EventPage, case_of, event_of, summary_of
from tongban.api.v1.schemas.common import CaseNumber, StepNo
from tongban.api.v1.security import ApiRequest, needs
from tongban.apps.cases import services
from tongban.apps.cases.boards import list_by_number
from tongban.apps.cases.queries import CaseView, get_case
from tongban.apps.evidence.errors import UnknownCertificate
from tongban.apps.evidence.queries import read_file
from tongban.apps.evidence.services import hand_out_certificate
from tongban.apps.rights.services import record_look
from tongban.kernel.flow import Refused
from tongban.kernel.numbers import parse_case_number

__all__ = ["case_summary", "router"]

router = Router(tags=["cases"])
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_PDF = {"responses": {200: {"content": {"application/pdf": _BINARY}}}}
_FILE = {"responses": {200: {"content": {"*/*": _BINARY}}}}
_SEES = needs("cases:track", "desk:tasks", "desk:decide")
# Taking a step on and putting it back is the office's own business.
_OFFICE = frozenset({"task.claimed", "task.released"})


@router.get("/cases/{number}", response=Case, auth=_SEES, summary="A case whole")
def show(request: ApiRequest, number: CaseNumber) -> Case:
    """Where it is, since when, by when, and what is wanted of whom."""
    view = _case(request, number)
    return case_of(view, official=request.auth.actor.is_official, href=case_href(view.number))


@router.get("/cases/{number}/events", response=EventPage, auth=_SEES, summary="What has happened")
def list_events(request: ApiRequest, number: CaseNumber, query: Query[Paging]) -> EventPage:
    """The case's log from its beginning, as its reader may know it."""
    view, official = _case(request, number), request.auth.actor.is_official
    after = int(read_cursor(query.cursor, of="events") or 0)
    told = [entry for entry in view.timeline if entry.seq > after and (official or entry.kind not in _OFFICE)]
    page = told[: query.limit]
    more = str(page[-1].seq) if len(told) > len(page) else ""
    return EventPage(items=[event_of(entry, official=official) for entry in page], next=give_cursor(more, of="events"))


@router.get("/cases/{number}/certificate", auth=_SEES, summary="The result as PDF", openapi_extra=_PDF)
def get_certificate(request: ApiRequest, number: CaseNumber) -> HttpResponse:
    """The certificate that the case resulted in; its QR code leads to the public verification page."""
    view = _case(request, number)
    if view.certificate is None:
        raise UnknownCertificate
    verify = reverse("open:certificate", kwargs={"identifier": view.certificate.identifier})
    url = f"{settings.BASE_URL}{verify}"
    content = hand_out_certificate(certificate=view.certificate, verify_url=url, at=request.at)
    return _download(content, name=f"{view.certificate.name_zh}-{view.number:016d}.pdf", kind="application/pdf")


@router.get("/cases/{number}/materials/{no}", auth=_SEES, summary="A file of the case", openapi_extra=_FILE)
def get_material(request: ApiRequest, number: CaseNumber, no: StepNo) -> HttpResponse:
    """What was handed in, for the owner and for the departments that work on it."""
    found = next((each for each in _case(request, number).materials if each.no == no), None)
    if found is None:
        raise ApiError("api.not-found", status=404)
    return _download(read_file(sha256=found.file.sha256), name=found.file.name, kind=found.file.media_type)


@router.post(
    "/cases/{number}/supplement",
    response=CaseSummary,
    auth=needs("cases:file"),
    summary="Hand in what was asked for",
    openapi_extra=KEYED,
)
@once()
def answer_supplement(request: ApiRequest, number: CaseNumber, body: SupplementAnswer) -> CaseSummary:
    """Everything that was asked for, once. Answers replace those given before."""
    view = _case(request, number)
    answers = _asked_answers(view, body)
    require_own_files(
        definition=view.definition, materials=body.materials, actor=request.auth.actor, other=OTHER in body.materials
    )
    services.answer_supplement(
        number=view.number,
        answers=answers,
        materials=body.materials,
        actor=request.auth.actor,
        at=request.at,
        served=_served(request, view),
    )
    return case_summary(view.number)


@router.post(
    "/cases/{number}/papers",
    response=CaseSummary,
    auth=needs("cases:file"),
    summary="Hand in what was to follow",
    openapi_extra=KEYED,
)
@once()
def hand_in(request: ApiRequest, number: CaseNumber, body: Papers) -> CaseSummary:
    """Papers that the matter lets follow: one of them or all, also after their day, until it is decided."""
    view = _case(request, number)
    if not view.later:
        raise Refused("material.not-awaited")
    awaited = {each.spec.code for each in view.later}
    wrong = [Wrong(field=f"materials.{code}", code="api.not-asked") for code in body.materials if code not in awaited]
    if not any(body.materials.values()):
        wrong.append(Wrong(field="body", code="api.nothing-given"))
    if wrong:
        raise Invalid(wrong)
    require_own_files(definition=view.definition, materials=body.materials, actor=request.auth.actor)
    services.hand_in(
        number=view.number,
        materials=body.materials,
        actor=request.auth.actor,
        at=request.at,
        served=_served(request, view),
    )
    return case_summary(view.number)


@router.post(
    "/cases/{number}/withdraw",
    response=CaseSummary,
    auth=needs("cases:file"),
    summary="Take a case back",
    openapi_extra=KEYED,
)
@once()
def withdraw(request: ApiRequest, number: CaseNumber, body: Withdrawal) -> CaseSummary:
    """At any time before the decision."""
    parsed = parse_case_number(number)
    services.withdraw(number=parsed, reason=body.reason, actor=request.auth.actor, at=request.at)
    return case_summary(parsed)


@router.post(
    "/cases/{number}/rating",
    response={201: CaseSummary},
    auth=needs("cases:file"),
    summary="Rate a decided case",
    openapi_extra=KEYED,
)
@once(status=201)
def rate(request: ApiRequest, number: CaseNumber, body: Rated) -> CaseSummary:
    """Once, after the decision. Low grades are followed up by a person."""
    parsed = parse_case_number(number)
    services.rate(
        number=parsed,
        grade=body.grade,
        words=body.words,
        shown=body.shown,
        actor=request.auth.actor,
        at=request.at,
    )
    return case_summary(parsed)


def _download(content: bytes, *, name: str, kind: str) -> HttpResponse:
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    return HttpResponse(content, content_type=kind, headers={"Content-Disposition": disposition})


def case_summary(number: int) -> CaseSummary:
    """Where a case stands, for whoever has just changed it; one query."""
    return summary_of(list_by_number(numbers=[number])[0], href=case_href(number))


def _case(request: ApiRequest, number: str) -> CaseView:
    view = get_case(number=parse_case_number(number), actor=request.auth.actor, at=request.at)
    record_look(view=view, actor=request.auth.actor, at=request.at)
    return view


def _served(request: ApiRequest, view: CaseView) -> str:
    """For whom the front desk's system hands in: for whoever it has filed that case for; "" for all other callers."""
    filed = view.assisting
    mine = filed is not None and filed.actor == request.auth.actor.id
    return view.applicant_key if request.auth.at_front_desk and mine else ""


def _asked_answers(view: CaseView, body: SupplementAnswer) -> dict[str, object]:
    """The answers, checked by the matter's own form. Raises ``Invalid`` for what was not asked for."""
    if view.supplement is None:
        raise Refused("supplement.not-open")
    definition, items = view.definition, set(view.supplement["items"])
    in_words = any(item not in definition.form.fields and definition.material(item) is None for item in items)
    wrong = [Wrong(field=f"answers.{name}", code="api.not-asked") for name in body.answers if name not in items]
    allowed = items | ({OTHER} if in_words else set())
    wrong += [Wrong(field=f"materials.{code}", code="api.not-asked") for code in body.materials if code not in allowed]
    if not body.answers and not any(body.materials.values()):
        wrong.append(Wrong(field="body", code="api.nothing-given"))
    if wrong:
        raise Invalid(wrong)
    result = definition.form.validate(answers={**view.answers, **body.answers})
    if found := [error for error in result.errors if error.field in body.answers]:
        raise Invalid(wrong_answers(definition.form, found))
    return {name: result.clean[name] for name in body.answers if name in result.clean}
