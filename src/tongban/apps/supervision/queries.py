"""Reads of cards: lists page by page, one card whole, and how many wait for somebody. No count grows with rows."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from tongban.apps.cases.queries.near import list_silences
from tongban.apps.cases.queries.rows import node_name
from tongban.apps.catalog.definitions import Text
from tongban.apps.catalog.queries import get_versions
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_user_names
from tongban.apps.supervision.errors import UnknownCard
from tongban.apps.supervision.models import Card, Colour, State
from tongban.apps.supervision.permissions import may_answer, may_see, oversees

__all__ = [
    "COLOURS",
    "STATES",
    "CardFact",
    "CardPage",
    "CardRow",
    "CardView",
    "DepartmentCards",
    "HeldCard",
    "count_appealed",
    "count_by_department",
    "count_unanswered",
    "forget_counts",
    "get_card",
    "list_card_facts",
    "list_cards",
    "list_cards_held",
]

COLOURS: Sequence[str] = tuple(Colour.values)
STATES: Sequence[str] = ("unanswered", *State.values)
"""What lists can be narrowed to; ``unanswered``: issued, and the time for an answer is over."""
_KEPT_SECONDS = 60
_MOST_HELD = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A card as lists show it. ``step`` None: for the case as a whole. No name of an applicant.

    ``silence``: the department has let its time in a joint review go by, and what that counted as: ``agreed``,
    ``escalate``; else "".
    """

    number: int
    case: int
    colour: str
    state: str
    department: str
    matter: Text
    step: Text | None
    due: datetime
    percent: int
    issued_at: datetime
    answer_due: datetime
    is_unanswered: bool
    silence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPage:
    """Cards, and the cursor of those that follow ("" at the end)."""

    rows: Sequence[CardRow]
    next: str


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody wrote, when, and who it was, in both languages."""

    words: str
    at: datetime
    who: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardView:
    """A card whole, and what its reader may do to it now."""

    row: CardRow
    limit: str
    roles: Sequence[str]
    holder: tuple[str, str] | None
    appeal_due: datetime
    answer: Said | None
    appeal: Said | None
    ruling: Said | None
    may_answer: bool
    may_appeal: bool
    may_rule: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartmentCards:
    """How many cards a department was shown, without those withdrawn, and what came of them."""

    department: str
    yellow: int
    red: int
    unanswered: int
    appealed: int
    withdrawn: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardFact:
    """What notices say of a card, and to whom."""

    number: int
    case: int
    colour: str
    department: str
    holder: int | None
    roles: frozenset[str]
    answerers: frozenset[str]
    matter: Text
    step: Text | None
    due: datetime
    answer_due: datetime


def list_cards(
    *,
    actor: Actor,
    at: datetime,
    departments: Collection[str] | None = None,
    colour: str = "",
    state: str = "",
    since: datetime | None = None,
    cursor: str = "",
    limit: int = 25,
) -> CardPage:
    """Return cards that the actor may see, the newest first; four queries at most.

    Narrowed to departments, a colour, a state (``STATES``) and those shown ``since`` then. Raises ``ValueError`` for a
    cursor that was not given out here.
    """
    rows = _seen(actor, departments)
    if colour:
        rows = rows.filter(colour=colour)
    if state:
        rows = rows.filter(_state(state, at))
    if since is not None:
        rows = rows.filter(issued_at__gte=since)
    if cursor:
        when, number = _read_cursor(cursor)
        rows = rows.filter(issued_at__lte=when).filter(Q(issued_at__lt=when) | Q(number__lt=number))
    found = list(rows.order_by("-issued_at", "-number")[: limit + 1])
    page = found[:limit]
    last = page[-1] if len(found) > limit else None
    return CardPage(rows=_rows(page, at), next=f"{last.issued_at.isoformat()}~{last.number}" if last else "")


def count_by_department(*, at: datetime, since: datetime | None = None) -> list[DepartmentCards]:
    """Return how many cards each department was shown since then, the most red ones first; one query."""
    rows = Card.objects.all() if since is None else Card.objects.filter(issued_at__gte=since)
    stands = ~Q(state=State.WITHDRAWN)
    counted = rows.values("department").annotate(
        yellow=Count("number", filter=stands & Q(colour=Colour.YELLOW)),
        red=Count("number", filter=stands & Q(colour=Colour.RED)),
        unanswered=Count("number", filter=_state("unanswered", at)),
        appealed=Count("number", filter=Q(state=State.APPEALED)),
        withdrawn=Count("number", filter=Q(state=State.WITHDRAWN)),
    )
    found = [DepartmentCards(**row) for row in counted.order_by()]
    return sorted(found, key=lambda each: (-each.red, -each.yellow, each.department))


def get_card(*, number: int, actor: Actor, at: datetime) -> CardView:
    """Return a card whole. Raises ``UnknownCard`` where there is none, or none that the actor may know of."""
    card = Card.objects.filter(pk=number).first()
    if card is None or not may_see(card=card, actor=actor):
        raise UnknownCard
    ids = {user for who in (card.answerer, card.appellant, card.ruler) if (user := _user(who)) is not None}
    names = get_user_names(ids=ids | ({card.holder_id} if card.holder_id is not None else set()))
    mine = may_answer(card=card, actor=actor)
    return CardView(
        row=_rows([card], at)[0],
        limit=card.limit,
        roles=card.answered_by.split(),
        holder=names.get(card.holder_id or 0),
        appeal_due=card.appeal_due,
        answer=_said(card.answer, card.answered_at, card.answerer, names),
        appeal=_said(card.appeal, card.appealed_at, card.appellant, names),
        ruling=_said(card.ruling, card.ruled_at, card.ruler, names),
        may_answer=mine and card.state == State.ISSUED,
        may_appeal=mine and card.state in (State.ISSUED, State.ANSWERED) and at <= card.appeal_due,
        may_rule=actor.has_role("supervisor")
        and card.state == State.APPEALED
        and card.department not in actor.departments,
    )


def list_card_facts(*, numbers: Collection[int]) -> dict[int, CardFact]:
    """Return what notices say of these cards; two queries."""
    cards = list(Card.objects.filter(pk__in=list(numbers)))
    versions = get_versions(version_ids={card.version_id for card in cards})
    return {
        card.number: CardFact(
            number=card.number,
            case=card.case_id,
            colour=card.colour,
            department=card.department,
            holder=card.holder_id,
            roles=frozenset(card.answered_by.split()),
            answerers=frozenset(each for each in (card.answerer, card.appellant) if each),
            matter=versions[card.version_id].definition.name,
            step=node_name(versions[card.version_id].definition, card.node) if card.node else None,
            due=card.due,
            answer_due=card.answer_due,
        )
        for card in cards
    }


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card for a step that somebody had when it was shown."""

    case: int
    issued_at: datetime
    withdrawn: bool


def list_cards_held(*, holder: int, departments: Collection[str], since: datetime, until: datetime) -> list[HeldCard]:
    """Return the cards shown in this time for steps that the sign-in ``holder`` had, the latest first; one query.

    ``departments``: where they serve. 200 at most.
    """
    rows = Card.objects.filter(
        department__in=list(departments), holder=holder, issued_at__gte=since, issued_at__lt=until
    )
    found = rows.order_by("-issued_at", "number").values_list("case", "issued_at", "state")[:_MOST_HELD]
    return [HeldCard(case, issued, state == State.WITHDRAWN) for case, issued, state in found]


def count_unanswered(*, departments: Collection[str]) -> int:
    """Return how many cards of these departments wait for an answer; kept for a minute, or until one changes."""
    keys = {f"cards:{department}": department for department in departments}
    found: dict[str, int] = cache.get_many(keys)
    if missing := [department for key, department in keys.items() if key not in found]:
        rows = Card.objects.filter(state=State.ISSUED, department__in=missing).order_by().values("department")
        counts = dict(rows.annotate(count=Count("number")).values_list("department", "count"))
        read = {f"cards:{department}": counts.get(department, 0) for department in missing}
        cache.set_many(read, _KEPT_SECONDS)
        found |= read
    return sum(found.values())


def count_appealed() -> int:
    """Return how many appeals wait for a ruling; kept for a minute, or until one changes."""
    count: int | None = cache.get("cards-appealed")
    if count is None:
        count = Card.objects.filter(state=State.APPEALED).count()
        cache.set("cards-appealed", count, _KEPT_SECONDS)
    return count


def forget_counts(*, department: str) -> None:
    """Let what was counted be counted anew: a card of this department has changed."""
    cache.delete_many([f"cards:{department}", "cards-appealed"])


# --- inside -----------------------------------------------------------------------------------------------------------


def _seen(actor: Actor, departments: Collection[str] | None) -> QuerySet[Card]:
    wanted = departments if oversees(actor) else actor.departments & set(departments or actor.departments)
    return Card.objects.all() if wanted is None else Card.objects.filter(department__in=sorted(wanted))


def _state(state: str, at: datetime) -> Q:
    return Q(state=State.ISSUED, answer_due__lt=at) if state == "unanswered" else Q(state=state)


def _rows(cards: Collection[Card], at: datetime) -> list[CardRow]:
    versions = get_versions(version_ids={card.version_id for card in cards})
    silences = list_silences(cases={card.case_id for card in cards if card.task and card.colour == Colour.RED})
    return [
        CardRow(
            number=card.number,
            case=card.case_id,
            colour=card.colour,
            state=card.state,
            department=card.department,
            matter=versions[card.version_id].definition.name,
            step=node_name(versions[card.version_id].definition, card.node) if card.task else None,
            due=card.due,
            percent=card.percent,
            issued_at=card.issued_at,
            answer_due=card.answer_due,
            is_unanswered=card.state == State.ISSUED and card.answer_due < at,
            silence=silences.get((card.case_id, card.task), "") if card.colour == Colour.RED else "",
        )
        for card in cards
    ]


def _said(words: str, at: datetime | None, who: str, names: dict[int, tuple[str, str]]) -> Said | None:
    return Said(words, at, names.get(_user(who) or 0, ("", ""))) if at is not None else None


def _user(actor: str) -> int | None:
    number = actor.removeprefix("user:")
    return int(number) if actor.startswith("user:") and number.isdigit() else None


def _read_cursor(cursor: str) -> tuple[datetime, int]:
    when, number = cursor.split("~")
    at = datetime.fromisoformat(when)
    if at.tzinfo is None:
        raise ValueError(cursor)
    return at, int(number)
