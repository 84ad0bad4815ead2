"""One case whole: its steps, its timeline, its clocks, its papers."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models

from tongban.apps.cases.answers import mask_answers, open_answers
from tongban.apps.cases.errors import UnknownCase
from tongban.apps.cases.models import Case, Material, Rating, Task
from tongban.apps.cases.permissions import is_owner, is_served, may_see
from tongban.apps.cases.queries.checks import get_check, may_ask_for_check
from tongban.apps.cases.queries.opinions import Reader
from tongban.apps.cases.queries.parties import key_of
from tongban.apps.cases.queries.rectifying import RECTIFICATION_FILES, get_rectification
from tongban.apps.cases.queries.repairing import REPAIR_FILES
from tongban.apps.cases.queries.rows import case_row, node_name, shown, task_view
from tongban.apps.cases.queries.tracked import list_endings
from tongban.apps.cases.queries.views import (
    CaseView,
    CheckView,
    ClockView,
    LaterView,
    MaterialView,
    RatingView,
    RectificationView,
    TimelineEntry,
)
from tongban.apps.cases.reasons import why
from tongban.apps.cases.versions import Versions, versions_of
from tongban.apps.catalog.city import get_calendar
from tongban.apps.catalog.definitions import MatterDefinition, Text
from tongban.apps.catalog.queries import get_version, get_versions
from tongban.apps.evidence.queries import CertificateView, FileView, get_certificate_of_case, list_files, view_of_file
from tongban.apps.ledger import queries as ledger
from tongban.apps.ledger.readings import Given, Reading
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_user_names
from tongban.kernel import flow
from tongban.kernel.clock import LegalClock

__all__ = ["get_case", "get_case_and_answers", "get_case_of", "get_own_case", "list_cases_and_answers", "track_case"]

_OF_A_VISIT = {
    REPAIR_FILES: Text(zh="信用修复的材料", en="Why a pledge may count again"),
    RECTIFICATION_FILES: Text(zh="整改后的照片或材料", en="Shows that it was put right"),
    "inspection_photo": Text(zh="现场照片", en="Photo taken on the spot"),
    "inspection_signature": Text(zh="现场签名", en="Signature on the spot"),
}


_NUMBER = Given("number", models.BigIntegerField())

_case = Reading(
    lambda: (
        Case.objects.filter(pk=_NUMBER)
        .select_related("agent")
        .only(*shown(Case, without=("phone_sealed",)), "agent__name", "agent__name_en")
    )
)
_tasks = Reading(
    lambda: (
        Task.objects.filter(case=_NUMBER)
        .select_related("claimed_by")
        .only(*shown(Task), "claimed_by__name", "claimed_by__name_en")
        .order_by("no")
    )
)
_papers = Reading(lambda: Material.objects.filter(case=_NUMBER).select_related("file").order_by("no"))


def get_case(*, number: int, actor: Actor, at: datetime) -> CaseView:
    """Return a case as ``actor`` may see it. Raises ``UnknownCase`` for a stranger, as for a number not there."""
    return get_case_and_answers(number=number, actor=actor, at=at)[0]


def get_case_and_answers(*, number: int, actor: Actor, at: datetime) -> tuple[CaseView, dict[str, Any]]:
    """Return a case as ``get_case`` does, and its answers as they were given, for rules: never for a screen."""
    case = _case.first(number=number)
    if case is None:
        raise UnknownCase
    tasks = _tasks(number=number)
    if not may_see(case=case, actor=actor, departments=[task.department for task in tasks]):
        raise UnknownCase
    answers = open_answers(answers=case.answers)
    return _case_view(case, tasks, answers, actor=actor, at=at, public=False), answers


def list_cases_and_answers(
    *, numbers: Collection[int], actor: Actor, at: datetime
) -> dict[int, tuple[CaseView, dict[str, Any]]]:
    """Return those of these cases that ``actor`` may see, by number, with their answers for rules; five queries.

    For what is done to many at once: without names of people in the log, ratings and certificates.
    """
    cases = Case.objects.filter(pk__in=numbers).select_related("agent").order_by("pk")
    tasks, materials = defaultdict(list), defaultdict(list)
    for task in Task.objects.filter(case__in=numbers).select_related("claimed_by").order_by("case", "no"):
        tasks[task.case_id].append(task)
    for row in Material.objects.filter(case__in=numbers).order_by("case", "no"):
        materials[row.case_id].append(row)
    files = list_files(ids=[row.file_id for rows in materials.values() for row in rows])
    histories = ledger.list_histories(cases=numbers)
    found = {}
    get_versions(version_ids={case.matter_version_id for case in cases})
    for case in cases:
        own = tasks[case.number]
        if may_see(case=case, actor=actor, departments=[task.department for task in own]):
            answers = open_answers(answers=case.answers)
            beside = _Beside(history=histories.get(case.number, []), materials=materials[case.number], files=files)
            found[case.number] = _view(case, own, answers, beside, actor=actor, at=at, public=False), answers
    return found


def get_case_of(*, number: int, served: str, actor: Actor, at: datetime, briefly: bool = False) -> CaseView:
    """Return a case of ``served``, an applicant by key, to the clerk before whom they stand. Raises ``UnknownCase``.

    ``briefly``: no more of it than tracking shows, for who only calls.
    """
    case = Case.objects.filter(pk=number).select_related("agent").first()
    if case is None or not is_served(case=case, actor=actor, served=served):
        raise UnknownCase
    tasks = list(Task.objects.filter(case=number).select_related("claimed_by").order_by("no"))
    answers = {} if briefly else open_answers(answers=case.answers)
    return _case_view(case, tasks, answers, actor=actor, at=at, public=briefly)


def get_own_case(*, number: int, actor: Actor, at: datetime) -> tuple[CaseView, dict[str, Any]]:
    """Return the actor's own case, and its answers opened, for a copy of their own data. Raises ``UnknownCase``."""
    view, answers = get_case_and_answers(number=number, actor=actor, at=at)
    if not view.is_owner:
        raise UnknownCase
    return view, answers


def track_case(*, number: int, ending: str, at: datetime) -> CaseView:
    """Return a case without signing in, to whoever knows the last four digits of the applicant's phone.

    Of a person who gave none, those of the identity number (see ``list_endings``). Raises ``UnknownCase`` alike for a
    wrong number and for wrong digits, so that neither can be probed for. What is returned has no answers, no files and
    no names of officers.
    """
    case = Case.objects.filter(pk=number).first()
    if case is None or not ending or list_endings(cases=[case]).get(number) != ending.upper():
        raise UnknownCase
    tasks = list(Task.objects.filter(case=number).order_by("no"))
    return _case_view(case, tasks, {}, actor=Actor(id="public"), at=at, public=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Beside:
    """What lies beside a case and its steps: its log, who is named there, its papers, what came of it."""

    history: Sequence[flow.Event]
    links: Sequence[ledger.Link] = ()
    names: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    materials: Sequence[Material] = ()
    files: Mapping[Any, FileView] = field(default_factory=dict)
    rating: Rating | None = None
    certificate: CertificateView | None = None
    check: CheckView | None = None
    rectification: RectificationView | None = None


def _case_view(
    case: Case, tasks: list[Task], answers: Mapping[str, Any], *, actor: Actor, at: datetime, public: bool
) -> CaseView:
    history, links = ledger.get_log(case=case.number)
    materials = [] if public else _papers(number=case.number)
    beside = _Beside(
        history=history,
        links=links,
        names={} if public else _names(history, tasks),
        materials=materials,
        files={row.file_id: view_of_file(row.file) for row in materials},
        # What is only there once the case has come out is only then asked for.
        rating=Rating.objects.filter(case=case.number).first() if case.outcome else None,
        certificate=get_certificate_of_case(case=case.number) if case.outcome else None,
        check=None if public else get_check(case=case),
        rectification=None if public or not case.outcome else _rectification(case),
    )
    return _view(case, tasks, answers, beside, actor=actor, at=at, public=public)


def _view(
    case: Case,
    tasks: list[Task],
    answers: Mapping[str, Any],
    beside: _Beside,
    *,
    actor: Actor,
    at: datetime,
    public: bool,
) -> CaseView:
    published = get_version(version_id=case.matter_version_id)
    definition, history, names = published.definition, beside.history, beside.names
    state = flow.state_from_json(case.state)
    versions = versions_of(history=history, current=published)
    rating = beside.rating
    check = beside.check
    reader = Reader.of(case=case, definition=definition, state=state, actor=actor)
    return CaseView(
        row=case_row(case),
        definition=definition,
        version=published.version,
        version_id=case.matter_version_id,
        state=state,
        history=history,
        links=beside.links,
        head=(case.last_seq, bytes(case.last_hash)),
        channel=case.channel,
        reason=why(reason=case.reason, history=history),
        promised=_clock(state.promised, at),
        statutory=_clock(state.statutory, at),
        tasks=[
            reader.of_step(task_view(task, definition, actor=actor, names=names, state=state, former=versions.all))
            for task in tasks
        ],
        timeline=[
            reader.of_entry(_entry(seq, event, versions.at(seq), names)) for seq, event in enumerate(history, start=1)
        ],
        versions=versions,
        agent_name=Text(case.agent.name, case.agent.name_en or case.agent.name) if case.agent and not public else None,
        for_organisation=case.organisation_id is not None,
        applicant_key=key_of(person=case.person_id, organisation=case.organisation_id),
        is_owner=not public and is_owner(case=case, actor=actor),
        answers=mask_answers(form=definition.form, answers=answers),
        materials=_materials(beside, definition),
        later=_later(state, versions, at),
        certificate=beside.certificate,
        rating=RatingView(grade=rating.grade, words=rating.words, rated_at=rating.rated_at) if rating else None,
        by_rule=case.by_rule,
        check=check,
        rectification=beside.rectification,
        may_ask_for_check=not public
        and is_owner(case=case, actor=actor)
        and may_ask_for_check(by_rule=case.by_rule, decided_at=case.decided_at, asked=check is not None, at=at),
    )


def _rectification(case: Case) -> RectificationView | None:
    return get_rectification(case=case.number, definition=get_version(version_id=case.matter_version_id).definition)


def _names(history: Sequence[flow.Event], tasks: Sequence[Task]) -> dict[str, tuple[str, str]]:
    ids = {event.actor for event in history} | {task.finished_by for task in tasks}
    told = [event.data.get(key) for event in history if event.kind in flow.ASIDE for key in ("from", "to", "by", "who")]
    asked = [row["who"] for event in history for row in event.data.get("asks", ())]
    absent = [event.capacity.removeprefix(flow.STAND_IN) for event in history]
    ids |= {each for each in (*told, *asked, *absent) if isinstance(each, str)}
    users = get_user_names(ids=[int(each[5:]) for each in ids if each.startswith("user:")])
    return {f"user:{pk}": names for pk, names in users.items()}


def _clock(clock: LegalClock | None, at: datetime) -> ClockView | None:
    if clock is None:
        return None
    calendar = get_calendar()
    return ClockView(
        limit=str(clock.limit),
        amount=clock.limit.amount,
        unit=clock.limit.unit.value,
        due=clock.due(calendar),
        used=clock.used(at, calendar),
        remaining=clock.remaining(at, calendar),
        paused=clock.is_paused,
        started=clock.is_running or clock.is_paused,
    )


def _materials(beside: _Beside, definition: MatterDefinition) -> list[MaterialView]:
    names = {spec.code: spec.name for spec in definition.materials}
    return [
        MaterialView(
            no=row.no,
            code=row.code,
            name=names.get(row.code) or _OF_A_VISIT.get(row.code, Text(zh="其他材料", en="Other material")),
            file=beside.files[row.file_id],
            added_at=row.added_at,
        )
        for row in beside.materials
    ]


def _later(state: flow.State, versions: Versions, at: datetime) -> list[LaterView]:
    """What may still be handed in, in the words of the version that knows it: a newer one may have none."""
    found = []
    for each in sorted(state.later, key=lambda one: (one.due, one.code)):
        spec = next((spec for known in versions.all if (spec := known.material(each.code)) is not None), None)
        if spec is not None:
            found.append(LaterView(spec=spec, due=each.due, late=each.due < at))
    return found


def _entry(
    seq: int, event: flow.Event, definition: MatterDefinition, names: Mapping[str, tuple[str, str]]
) -> TimelineEntry:
    return TimelineEntry(
        seq=seq,
        kind=event.kind,
        at=event.at,
        node=node_name(definition, event.node) if event.node else None,
        department=event.department,
        capacity=event.capacity,
        actor=event.actor,
        actor_name=names.get(event.actor),
        names=names,
        data=event.data,
        step=event.node,
    )
