"""Following the log: each inquiry that is filed goes where it belongs; what coordinators ask is done in its turn."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby

from tongban.apps.cases.queries import Said, list_said
from tongban.apps.ledger.services import Followed
from tongban.apps.voice.models import Inquiry, Topic, TopicHand, TopicInput
from tongban.apps.voice.sorting import sort_filed
from tongban.apps.voice.topics.clustering import Joined, Topics
from tongban.apps.voice.topics.views import why
from tongban.apps.voice.whole.held import Held, add_inquiry, do_hand, save, using, write_down
from tongban.apps.voice.whole.record import put_on_record
from tongban.apps.voice.whole.settling import join, settle, standing

__all__ = ["KINDS", "take_in"]

KINDS = ("case.filed", "topic.merge_asked", "topic.split_asked", "topic.back_asked")
MOVED = "voice.topic-hand-moved"


def take_in(events: Sequence[Followed], at: datetime) -> None:
    """Take in inquiries in the order of their filing, and hands between them. What was taken in is passed over."""
    with using() as held:
        for filed, some in groupby(events, key=lambda each: each.event.kind == "case.filed"):
            if filed:
                _take_in_filed(held, list(some), at)
            else:
                for each in some:
                    _do(held, each, at)
        save(held, at=at)


def _take_in_filed(held: Held, events: Sequence[Followed], at: datetime) -> None:
    said = list_said(numbers={each.case for each in events})
    known = dict(Inquiry.objects.filter(pk__in=said).values_list("pk", "sorted_at"))
    # Sorted first, whoever comes first: who speaks and in which district is known only then.
    if waiting := [each for each in events if each.case in said and not known.get(each.case)]:
        sort_filed(waiting, at)
    for row in Inquiry.objects.filter(pk__in=said, taken_in=None).order_by("filed_at", "pk"):
        joined = add_inquiry(held.topics, row, said[row.pk])
        write_down(held, [_input(held.topics, row, joined, said[row.pk])])
        join(held.topics, joined, at=at)


def _input(topics: Topics, row: Inquiry, joined: Joined, said: Said) -> TopicInput:
    """The input with the reasons for where it went, while its words are at hand."""
    strand = topics.rows.strands[topics.rows.row[joined.key]]
    if joined.opened:
        return TopicInput(inquiry=row, strand=strand)
    reason = why(topics, key=joined.key, lookup=lambda _key: (said.subject, said.text))
    return TopicInput(
        inquiry=row,
        strand=strand,
        alike=round(reason.alike, 3),
        words=list(reason.words),
        places=list(reason.places),
        copy_of=int(joined.copy_of) if joined.copy_of else None,
    )


def _do(held: Held, followed: Followed, at: datetime) -> None:
    back = followed.event.kind == "topic.back_asked"
    hand = (
        TopicHand.objects.select_for_update(of=("self",))
        .select_related("topic", "made")
        .get(pk=followed.event.data["hand"])
    )
    if hand.refused or (hand.undone_at if back else hand.done_at) is not None:
        return
    topics = held.topics
    before = _touched(topics, hand, back=back)
    try:
        number = do_hand(topics, hand, back=back)
    except (KeyError, ValueError):  # another hand came first
        hand.refused = MOVED
        hand.save(update_fields=["refused"])
        put_on_record(_row(hand.topic_id), "topic.hand_refused", {"hand": hand.pk, "code": MOVED}, at=at)
        return
    write_down(held, [TopicInput(hand=hand, back=back)])
    for each in hand.inquiries:
        strand = topics.rows.strands[topics.rows.row[str(each)]]
        TopicInput.objects.filter(inquiry=each).update(strand=strand)
    hand.number = number
    after = before | ({topics.links.apart[number][0]} if hand.kind == "split" and not back else set())
    settle(topics, after, why={"by": "hand", "hand": hand.pk}, at=at)
    _note(topics, hand, number, back=back, at=at)


def _note(topics: Topics, hand: TopicHand, number: int, *, back: bool, at: datetime) -> None:
    """Say in the row of the hand, and on record, what came of it."""
    if back:
        hand.undone_at = at
        if hand.kind == "split" and hand.made is not None:
            _close_emptied(topics, _row(hand.made.number), hand, at)
    else:
        hand.done_at = at
        strand = topics.links.apart[number][0] if hand.kind == "split" else min(hand.strands)
        hand.made = standing(topics, strand)
        if hand.kind == "split":
            made = hand.made.number if hand.made else None
            data = {"hand": hand.pk, "made": made, "inquiries": len(hand.inquiries)}
            put_on_record(_row(hand.topic_id), "topic.split", data, at=at)
    hand.save()


def _close_emptied(topics: Topics, made: Topic, hand: TopicHand, at: datetime) -> None:
    """A topic whose inquiries have gone back where they were points there; later ones stay in it."""
    if topics.members(topics.links.topic(made.strand)) or made.merged_into_id is not None:
        return
    home = standing(topics, hand.topic.strand)
    if home is None or home.pk == made.pk:
        return
    made.merged_into = home
    put_on_record(made, "topic.merged", {"into": home.number, "by": "hand", "hand": hand.pk}, at=at)


def _touched(topics: Topics, hand: TopicHand, *, back: bool) -> set[int]:
    """The strands of all topics that a hand changes, as they are linked before it."""
    strands = set(hand.strands)
    for each in hand.inquiries:
        if str(each) in topics.rows.row:
            strands.add(topics.links.topic(topics.rows.strands[topics.rows.row[str(each)]]))
    if back and hand.kind == "split" and hand.number in topics.splits:
        strands |= {topics.links.topic(old) for old in topics.splits[hand.number].values()}
    if back and hand.made is not None:
        strands.add(hand.made.strand)
    return {each for strand in strands for each in topics.links.strands(topics.links.topic(strand))}


def _row(number: int) -> Topic:
    return Topic.objects.select_for_update().get(pk=number)
