"""What coordinators do with topics: put together, put apart, take back, give to a department, answer, settle.

What changes which inquiry is in which topic is asked here and done by whoever follows the log, in the order in which it
was asked: so there is one order of inquiries and hands, and the same topics can be had again from it.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from tongban.apps.catalog.city import get_calendar
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_department_names
from tongban.apps.voice.errors import (
    HandTakenBack,
    NotForThem,
    NothingSaid,
    StillPersonal,
    TooFewTopics,
    TopicGone,
    TopicNotAnswered,
    UnknownTopic,
)
from tongban.apps.voice.models import Inquiry, Topic, TopicHand, TopicInput
from tongban.apps.voice.permissions import coordinating_department, is_coordinator, require_coordinator
from tongban.apps.voice.text.masking import find
from tongban.apps.voice.topics import life
from tongban.apps.voice.whole.record import COORDINATOR, keep_life, life_of, put_on_record
from tongban.kernel.numbers import is_stream_number

__all__ = ["answer_topic", "give_topic", "may_answer", "merge_topics", "settle_topic", "split_topic", "take_back_hand"]


@transaction.atomic
def merge_topics(*, number: int, others: Collection[int], actor: Actor, at: datetime) -> int:
    """Ask that other topics, or inquiries that stand alone, be one with this topic; the id by which it is taken back.

    Raises ``NotForThem``, ``UnknownTopic``, ``TopicGone``, ``TooFewTopics`` where there is nothing else.
    """
    _require_coordinator(actor, at)
    row = _open(number)
    strands = {row.strand} | {_strand(each) for each in set(others) - {number}}
    if len(strands) < 2:
        raise TooFewTopics("there is nothing else to put together with it")
    hand = _ask(row, "merge", actor, at, strands=sorted(strands))
    data = {"hand": hand.pk, "others": sorted(set(others) - {number})}
    put_on_record(row, "topic.merge_asked", data, at=at, actor_id=actor.id, capacity=COORDINATOR)
    return hand.pk


@transaction.atomic
def split_topic(*, number: int, inquiries: Collection[int], actor: Actor, at: datetime) -> int:
    """Ask that some of a topic's inquiries be apart from the others; the id by which it is taken back.

    Raises ``NotForThem``, ``UnknownTopic``, ``TopicGone``, ``TooFewTopics`` where they are none of it, or all of it.
    """
    _require_coordinator(actor, at)
    row = _open(number)
    own = sorted(Inquiry.objects.filter(topic=number, pk__in=set(inquiries)).values_list("pk", flat=True))
    if not own or len(own) == Inquiry.objects.filter(topic=number).count():
        raise TooFewTopics("choose some of its inquiries, and not all")
    hand = _ask(row, "split", actor, at, inquiries=own)
    data = {"hand": hand.pk, "inquiries": len(own)}
    put_on_record(row, "topic.split_asked", data, at=at, actor_id=actor.id, capacity=COORDINATOR)
    return hand.pk


@transaction.atomic
def take_back_hand(*, hand: int, actor: Actor, at: datetime) -> None:
    """Ask that what was put together or apart be as it was.

    Raises ``NotForThem``, ``UnknownTopic``, ``HandTakenBack``.
    """
    _require_coordinator(actor, at)
    row = TopicHand.objects.select_for_update().filter(pk=hand).first()
    if row is None:
        raise UnknownTopic("there is no such change")
    if row.back_asked_at is not None or row.refused or row.done_at is None:
        raise HandTakenBack("it is taken back already, or was never done")
    row.back_by_id, row.back_asked_at = actor.user_id, at
    row.save(update_fields=["back_by", "back_asked_at"])
    topic = Topic.objects.select_for_update().get(pk=row.topic_id)
    put_on_record(topic, "topic.back_asked", {"hand": hand}, at=at, actor_id=actor.id, capacity=COORDINATOR)


@transaction.atomic
def give_topic(*, number: int, department: str, actor: Actor, at: datetime) -> None:
    """Say which department answers for a topic as a whole, "" for none. Raises as ``merge_topics``."""
    _require_coordinator(actor, at)
    row = _open(number)
    if department and department not in get_department_names():
        raise UnknownTopic("there is no such department")
    if row.owner == department:
        return
    was, row.owner = row.owner, department
    data = {"was": was} if was else {}
    put_on_record(row, "topic.owned", data, at=at, actor_id=actor.id, capacity=COORDINATOR, department=department)


@transaction.atomic
def answer_topic(*, number: int, words: str, actor: Actor, at: datetime) -> None:
    """Answer a topic as a whole, before everybody: a coordinator, or who decides in the department that owns it.

    Raises ``NotForThem``, ``UnknownTopic``, ``TopicGone``, ``NothingSaid``, ``StillPersonal``.
    """
    row = _open(number)
    department = _require_answer(row, actor, at)
    if not words.strip():
        raise NothingSaid("there is nothing to read")
    if sure := [each for each in find(words) if each.sure]:
        raise StillPersonal("this is surely somebody's", words=words[sure[0].start : sure[0].start + 3] + "…")
    keep_life(row, life.answer(life_of(row), at=at))
    row.answer, row.answered_at, row.answered_by = words.strip(), at, department
    put_on_record(row, "topic.answered", {"answers": row.answers}, at=at, actor_id=actor.id, department=department)


@transaction.atomic
def settle_topic(*, number: int, actor: Actor, at: datetime) -> None:
    """Say that what was promised is done. Raises ``NotForThem``, ``UnknownTopic``, ``TopicNotAnswered``."""
    row = _open(number)
    department = _require_answer(row, actor, at)
    try:
        events = life.settle(life_of(row), at=at)
    except life.NotAnswered:
        raise TopicNotAnswered("nobody has answered it yet") from None
    if events:
        keep_life(row, events)
        put_on_record(row, "topic.settled", {}, at=at, actor_id=actor.id, department=department)


def may_answer(*, owner: str, actor: Actor, at: datetime) -> bool:
    """Whether the actor may answer and settle a topic that ``owner`` has."""
    return bool(_answers_for(owner, actor, at))


def _answers_for(owner: str, actor: Actor, at: datetime) -> str:
    coordinating = coordinating_department(on=get_calendar().local_date(at))
    if owner and actor.has_role("decider", department=owner):
        return owner
    return coordinating if is_coordinator(actor=actor, department=coordinating) else ""


def _require_answer(row: Topic, actor: Actor, at: datetime) -> str:
    department = _answers_for(row.owner, actor, at)
    if not department:
        raise NotForThem("only a coordinator, or who decides in the department that has it")
    return department


def _require_coordinator(actor: Actor, at: datetime) -> None:
    require_coordinator(actor=actor, department=coordinating_department(on=get_calendar().local_date(at)))


def _open(number: int) -> Topic:
    row = Topic.objects.select_for_update().filter(pk=number).first()
    if row is None:
        raise UnknownTopic("there is no such topic")
    if row.merged_into_id is not None:
        raise TopicGone("it has gone into another topic", into=row.merged_into_id)
    return row


def _strand(number: int) -> int:
    """The strand of another topic, or of an inquiry that stands alone."""
    if is_stream_number(number):
        return _open(number).strand
    row = Inquiry.objects.filter(pk=number).values_list("topic", flat=True).first()
    if row is not None:
        return _open(row).strand
    order = TopicInput.objects.filter(inquiry=number).values_list("strand", flat=True).first()
    if order is None:
        raise UnknownTopic("there is no such topic or inquiry")
    return order


def _ask(row: Topic, kind: str, actor: Actor, at: datetime, **what: list[int]) -> TopicHand:
    assert actor.user_id is not None
    return TopicHand.objects.create(kind=kind, topic=row, by_id=actor.user_id, asked_at=at, **what)
