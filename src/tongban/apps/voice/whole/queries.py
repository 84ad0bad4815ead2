"""Reads of topics: for officials by what they may read, for everybody by what is public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from tongban.apps.cases.queries import list_said
from tongban.apps.catalog.city import get_calendar
from tongban.apps.people.actors import Actor
from tongban.apps.voice.errors import NotForThem, TopicGone, UnknownTopic
from tongban.apps.voice.models import Inquiry, Topic, TopicAlert, TopicHand, TopicPart
from tongban.apps.voice.permissions import coordinating_department, is_coordinator
from tongban.apps.voice.text.masking import mask
from tongban.apps.voice.whole.hands import may_answer

__all__ = [
    "STAGES",
    "AlertRow",
    "HandRow",
    "Member",
    "PublicTopic",
    "TopicPage",
    "TopicRow",
    "get_public_topic",
    "get_topic",
    "list_alerts",
    "list_members",
    "list_public_members",
    "list_public_topics",
    "list_topics",
]

STAGES = ("rising", "answered", "settled", "back")
_ALERTED = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicRow:
    """A topic in a list. ``parts``: inquiries by district and by department, the most first."""

    number: int
    name: str
    words: Sequence[str]
    places: Sequence[str]
    messages: int
    copies: int
    people: int
    supporters: int
    weeks: Sequence[int]
    heat: float
    first_at: datetime
    last_at: datetime
    stage: str
    owner: str
    signs: Sequence[dict[str, Any]]
    districts: Sequence[tuple[str, int]]
    departments: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert with its figures (``models.TopicAlert``) and the topic that it is about."""

    topic: int
    name: str
    on: date
    observed: int
    expected: float
    chance: float
    days: int
    city: float
    of_season: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HandRow:
    """What was put together or apart. ``state`` is asked, done, refused, going_back or undone."""

    id: int
    kind: str
    by: tuple[str, str]
    asked_at: datetime
    state: str
    amount: int
    made: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicPage:
    """A topic whole, for officials."""

    row: TopicRow
    typical: int | None
    answers: int
    returns: int
    changed_at: datetime | None
    answer: str
    answered_at: datetime | None
    answered_by: str
    alerts: Sequence[AlertRow]
    hands: Sequence[HandRow]
    may_arrange: bool
    may_answer: bool
    reads_all: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An inquiry of a topic and why it is in it. ``text`` is covered, "" where its words have been erased."""

    number: int
    text: str
    filed_at: datetime
    district: str
    department: str
    supports: int
    public: bool
    alike: float
    words: Sequence[str]
    places: Sequence[str]
    copy_of: int | None
    by_hand: bool
    organised: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicTopic:
    """What everybody may read of a topic: counts of all, words of public inquiries only."""

    number: int
    name: str
    words: Sequence[str]
    places: Sequence[str]
    messages: int
    people: int
    supporters: int
    weeks: Sequence[int]
    first_at: datetime
    last_at: datetime
    stage: str
    answer: str
    answered_at: datetime | None
    answered_by: str
    districts: Sequence[tuple[str, int]]
    departments: Sequence[tuple[str, int]]


def list_topics(
    *,
    district: str = "",
    department: str = "",
    stage: str = "",
    since: datetime | None = None,
    organised: bool = False,
    after: tuple[float, int] | None = None,
    limit: int = 20,
) -> list[TopicRow]:
    """Topics, the hottest first, by the heat and number of the last one before; two queries.

    ``since``: of which somebody has spoken since then.
    """
    rows = Topic.objects.filter(merged_into=None)
    rows = _of_part(_of_part(rows, "district", district), "department", department)
    if stage:
        rows = rows.filter(stage=stage)
    if since is not None:
        rows = rows.filter(last_at__gte=since)
    if organised:
        rows = rows.exclude(signs=[])
    if after is not None:
        rows = rows.filter(Q(heat__lt=after[0]) | Q(heat=after[0], number__lt=after[1]))
    found = list(rows.order_by("-heat", "-number")[:limit])
    parts = _parts([each.pk for each in found])
    return [_row(each, parts) for each in found]


def get_topic(*, number: int, actor: Actor, at: datetime) -> TopicPage:
    """One topic for an official. Raises ``UnknownTopic``, ``TopicGone``, ``NotForThem`` for whoever is none."""
    if not actor.is_official:
        raise NotForThem("topics are for officials")
    row = _found(number)
    hands = TopicHand.objects.filter(Q(topic=row) | Q(made=row)).select_related("by").order_by("-pk")[:50]
    alerts = TopicAlert.objects.filter(topic=row).select_related("topic").order_by("-on")[:10]
    return TopicPage(
        row=_row(row, _parts([row.pk])),
        typical=row.typical_id,
        answers=row.answers,
        returns=row.returns,
        changed_at=row.changed_at,
        answer=row.answer,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        alerts=[_alert(each) for each in alerts],
        hands=[_hand(each) for each in hands],
        may_arrange=_coordinates(actor, at),
        may_answer=may_answer(owner=row.owner, actor=actor, at=at),
        reads_all=_reads_all(actor, at),
    )


def list_members(
    *, number: int, actor: Actor, at: datetime, before: tuple[datetime, int] | None = None, limit: int = 20
) -> list[Member]:
    """A topic's inquiries, the newest first, by the keys of the last one before: all of them for coordinators and
    supervision, for others those that are their departments'. Three queries."""
    topic = _found(number)
    rows = Inquiry.objects.filter(topic=number)
    if not _reads_all(actor, at):
        rows = rows.filter(case__authority__in=sorted(actor.departments))
    if before is not None:
        rows = rows.filter(filed_at__lte=before[0]).exclude(filed_at=before[0], pk__gte=before[1])
    found = list(rows.select_related("taken_in", "case").order_by("-filed_at", "-pk")[:limit])
    said = list_said(numbers=[each.pk for each in found])
    organised = {each for sign in topic.signs for each in sign["inquiries"]}
    moved = _moved_by_hand(topic)
    members = []
    for each in found:
        why, words = each.taken_in, said.get(each.pk)
        members.append(
            Member(
                number=each.pk,
                text=mask(f"{words.subject} {words.text}".strip()) if words else "",
                filed_at=each.filed_at,
                district=each.district,
                department=str(each.case.authority_id),
                supports=each.supports,
                public=each.published_at is not None,
                alike=why.alike,
                words=why.words,
                places=why.places,
                copy_of=why.copy_of,
                by_hand=each.pk in moved or why.strand in moved,
                organised=each.pk in organised,
            )
        )
    return members


def list_alerts(*, actor: Actor, at: datetime, limit: int = 10) -> list[AlertRow]:
    """Alerts of the last two weeks, the least probable first, for coordinators and supervision; none for others."""
    if not _reads_all(actor, at):
        return []
    since = get_calendar().local_date(at - _ALERTED)
    rows = TopicAlert.objects.filter(on__gte=since, topic__merged_into=None).select_related("topic")
    return [_alert(each) for each in rows.order_by("chance", "-pk")[:limit]]


def list_public_topics(
    *,
    district: str = "",
    department: str = "",
    stage: str = "",
    after: tuple[float, int] | None = None,
    limit: int = 20,
) -> list[tuple[float, PublicTopic]]:
    """Topics with something public in them, the hottest first, with their heat; two queries."""
    rows = Topic.objects.filter(merged_into=None, face__published_at__isnull=False, face__topic__isnull=False)
    rows = _of_part(_of_part(rows, "district", district), "department", department)
    if stage:
        rows = rows.filter(stage=stage)
    if after is not None:
        rows = rows.filter(Q(heat__lt=after[0]) | Q(heat=after[0], number__lt=after[1]))
    found = list(rows.select_related("face").order_by("-heat", "-number")[:limit])
    parts = _parts([each.pk for each in found])
    return [(each.heat, _public(each, parts)) for each in found]


def get_public_topic(*, number: int) -> PublicTopic:
    """One topic as everybody may read it. Raises ``UnknownTopic`` where nothing of it is public, ``TopicGone``."""
    row = _found(number)
    if row.face is None or row.face.published_at is None:
        raise UnknownTopic("nothing of it is public")
    return _public(row, _parts([row.pk]))


def list_public_members(
    *, number: int, before: tuple[datetime, int] | None = None, limit: int = 20
) -> list[tuple[int, str, str, datetime, datetime]]:
    """Public inquiries of a topic, the newest first: number, subject, text, filed, published; one query."""
    rows = Inquiry.objects.filter(topic=number, published_at__isnull=False)
    if before is not None:
        rows = rows.filter(filed_at__lte=before[0]).exclude(filed_at=before[0], pk__gte=before[1])
    values = rows.order_by("-filed_at", "-pk").values_list(
        "pk", "public_subject", "public_text", "filed_at", "published_at"
    )
    return [(pk, subject, text, filed, told) for pk, subject, text, filed, told in values[:limit] if told]


def _found(number: int) -> Topic:
    row = Topic.objects.select_related("face").filter(pk=number).first()
    if row is None:
        raise UnknownTopic("there is no such topic")
    if row.merged_into_id is not None:
        raise TopicGone("it has gone into another topic", into=row.merged_into_id)
    return row


def _coordinates(actor: Actor, at: datetime) -> bool:
    return is_coordinator(actor=actor, department=coordinating_department(on=get_calendar().local_date(at)))


def _reads_all(actor: Actor, at: datetime) -> bool:
    return actor.has_role("supervisor") or _coordinates(actor, at)


def _of_part(rows: "QuerySet[Topic]", what: str, code: str) -> "QuerySet[Topic]":
    if not code:
        return rows
    return rows.filter(pk__in=TopicPart.objects.filter(what=what, code=code).values("topic"))


_Parts = dict[tuple[int, str], list[tuple[str, int]]]


def _parts(numbers: Sequence[int]) -> _Parts:
    found: _Parts = {}
    for each in TopicPart.objects.filter(topic__in=numbers).order_by("-amount", "code"):
        found.setdefault((each.topic_id, each.what), []).append((each.code, each.amount))
    return found


def _row(row: Topic, parts: _Parts) -> TopicRow:
    assert row.first_at is not None
    assert row.last_at is not None
    return TopicRow(
        number=row.number,
        name=row.name,
        words=row.words,
        places=row.places,
        messages=row.messages,
        copies=row.copies,
        people=row.people,
        supporters=row.supporters,
        weeks=row.weeks,
        heat=row.heat,
        first_at=row.first_at,
        last_at=row.last_at,
        stage=row.stage,
        owner=row.owner,
        signs=row.signs,
        districts=parts.get((row.number, "district"), []),
        departments=parts.get((row.number, "department"), []),
    )


def _public(row: Topic, parts: _Parts) -> PublicTopic:
    assert row.face is not None
    assert row.first_at is not None
    assert row.last_at is not None
    return PublicTopic(
        number=row.number,
        name=row.face.public_subject or row.face.public_text[:60],
        words=row.public_words,
        places=row.public_places,
        messages=row.messages,
        people=row.people,
        supporters=row.supporters,
        weeks=row.weeks,
        first_at=row.first_at,
        last_at=row.last_at,
        stage=row.stage,
        answer=row.answer,
        answered_at=row.answered_at,
        answered_by=row.answered_by,
        districts=parts.get((row.number, "district"), []),
        departments=parts.get((row.number, "department"), []),
    )


def _alert(row: TopicAlert) -> AlertRow:
    return AlertRow(
        topic=row.topic_id,
        name=row.topic.name,
        on=row.on,
        observed=row.observed,
        expected=row.expected,
        chance=row.chance,
        days=row.days,
        city=row.city,
        of_season=row.of_season,
    )


def _hand(row: TopicHand) -> HandRow:
    state = "asked" if row.done_at is None else "done"
    if row.refused:
        state = "refused"
    elif row.undone_at is not None:
        state = "undone"
    elif row.back_asked_at is not None:
        state = "going_back"
    return HandRow(
        id=row.pk,
        kind=row.kind,
        by=(row.by.name, row.by.name_en),
        asked_at=row.asked_at,
        state=state,
        amount=len(row.strands if row.kind == "merge" else row.inquiries),
        made=row.made_id,
    )


def _moved_by_hand(topic: Topic) -> set[int]:
    """Inquiries that were put apart and strands that were put together by hand, as it holds."""
    moved: set[int] = set()
    hands = TopicHand.objects.filter(Q(topic=topic) | Q(made=topic), undone_at=None, done_at__isnull=False)
    for kind, strands, inquiries in hands.values_list("kind", "strands", "inquiries"):
        moved.update(strands if kind == "merge" else inquiries)
    return moved - {topic.strand}
