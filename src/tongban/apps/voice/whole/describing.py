"""Adding topics up: what their rows say of them, from the streaming topics and from the inquiries' own rows."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, CharField, Count, F, Q, When

from tongban.apps.cases.queries import list_said
from tongban.apps.catalog.city import get_calendar
from tongban.apps.voice.models import Inquiry, Support, Topic, TopicPart
from tongban.apps.voice.permissions import coordinating_department
from tongban.apps.voice.text.masking import mask
from tongban.apps.voice.topics.clustering import Topics, person_number
from tongban.apps.voice.topics.text import normalise
from tongban.apps.voice.topics.views import TopicView, describe
from tongban.apps.voice.whole.held import Held, using

__all__ = ["PARTS", "add_up", "make_stale"]

PARTS = ("district", "department")
_AT_ONCE = 50
_NAME = 60
_COOL = timedelta(days=180)
"""Topics of which nobody has spoken for so long are cold and stay so until somebody does."""
_FACES = 200
"""So many of the newest public inquiries of a topic are looked through for its words."""


def add_up(*, at: datetime, limit: int = _AT_ONCE) -> int:
    """Add up anew topics that have changed, at most ``limit``; return how many."""
    numbers = list(Topic.objects.filter(stale=True).order_by("number").values_list("pk", flat=True)[:limit])
    if not numbers:
        return 0
    with using() as held:
        for number in numbers:
            _add_up(held, number, at)
    return len(numbers)


def make_stale(*, at: datetime) -> int:
    """Let all topics be added up anew that are still talked of: heat cools, and weeks go by."""
    return Topic.objects.filter(last_at__gte=at - _COOL, stale=False, merged_into=None).update(stale=True)


@transaction.atomic
def _add_up(held: Held, number: int, at: datetime) -> None:
    row = Topic.objects.select_for_update().get(pk=number)
    held.catch_up()  # the row is locked: what is there now is all that has been put into it
    topics = held.topics
    strand = topics.links.topic(row.strand)
    row.stale = False
    if row.merged_into_id is None and topics.members(strand):
        _take_supports(topics, strand)
        _fill(row, topics, describe(topics, number=strand, at=at, lookup=_Texts()), strand)
        _count_parts(row, at)
    row.save()


class _Texts:
    """What was said, looked up as it is asked for; nothing where it has been erased."""

    def __call__(self, key: str) -> tuple[str, str]:
        said = list_said(numbers=[int(key)]).get(int(key))
        return (said.subject, said.text) if said else ("", "")


def _fill(row: Topic, topics: Topics, view: TopicView, strand: int) -> None:
    row.typical_id = int(view.typical)
    row.name = _name(row.typical_id) or row.name
    row.words, row.places = list(view.words), list(view.places)
    row.messages, row.copies = view.messages, view.copies
    row.people, row.supporters, row.weeks, row.heat = view.people, view.supporters, list(view.weeks), view.heat
    row.first_at, row.last_at = view.first, view.last
    _find_face(row)


def _name(number: int) -> str:
    """The typical message with what is personal covered, short."""
    said = list_said(numbers=[number]).get(number)
    if said is None:
        return ""
    words = " ".join(mask(said.subject or said.text).split())
    return words if len(words) <= _NAME else words[: _NAME - 1] + "…"


def _find_face(row: Topic) -> None:
    """Which public inquiry stands for the topic, and which of its words stand in public ones."""
    public = Inquiry.objects.filter(topic=row.number, published_at__isnull=False).order_by("-published_at", "-pk")
    found = list(public.values_list("pk", "public_subject", "public_text", "supports")[:_FACES])
    texts = [normalise(f"{subject} {text}") for _, subject, text, _ in found]
    row.public_words = [word for word in row.words if any(word in text for text in texts)]
    row.public_places = [place for place in row.places if any(place in text for text in texts)]
    scores = {
        pk: (sum(word in text for word in row.words), supports)
        for (pk, _, _, supports), text in zip(found, texts, strict=True)
    }
    row.face_id = max(scores, key=lambda pk: (*scores[pk], -pk)) if scores else None


def _take_supports(topics: Topics, strand: int) -> None:
    """Who says "me too" to a topic's inquiries: taken from their rows each time, so that nobody is lost or doubled by
    what is merged, unmerged or taken back."""
    keys = {int(topics.rows.keys[row]): row for row in topics.members(strand)}
    held: dict[int, set[int]] = {}
    numbers = list(keys)
    for start in range(0, len(numbers), 5000):
        pairs = Support.objects.filter(inquiry__in=numbers[start : start + 5000]).values_list("inquiry", "speaker")
        for number, speaker in pairs:
            held.setdefault(keys[number], set()).add(person_number(speaker))
    for row in keys.values():
        topics.rows.supports.pop(row, None)
    topics.rows.supports.update(held)


def _count_parts(row: Topic, at: datetime) -> None:
    own = Inquiry.objects.filter(topic=row.number)
    counted = {
        "district": own.exclude(district="").values_list("district").annotate(Count("pk")),
        "department": own.annotate(whose=_whose(at)).values_list("whose").annotate(Count("pk")),
    }
    wanted = {(what, str(code)): amount for what in PARTS for code, amount in counted[what].order_by()}
    kept = {(each.what, each.code): each.amount for each in TopicPart.objects.filter(topic=row)}
    if wanted == kept:
        return
    TopicPart.objects.filter(topic=row).delete()
    parts: Sequence[TopicPart] = [
        TopicPart(topic=row, what=what, code=code, amount=amount) for (what, code), amount in wanted.items()
    ]
    TopicPart.objects.bulk_create(parts)


def _whose(at: datetime) -> Case:
    """The department that has an inquiry; that which the directory proposes, while it still lies where it came in."""
    coordinating = coordinating_department(on=get_calendar().local_date(at))
    waits = Q(case__authority=coordinating) & ~Q(proposed="")
    return Case(When(waits, then=F("proposed")), default=F("case__authority"), output_field=CharField())
