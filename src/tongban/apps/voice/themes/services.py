"""Commands of themes: choose a topic for a month, tell how far it is, and that it is done."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from tongban.apps.catalog.city import get_calendar
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import get_department_names
from tongban.apps.voice.errors import (
    DayPassed,
    NotForThem,
    NothingSaid,
    StillPersonal,
    ThemeThere,
    TopicGone,
    UnknownTheme,
    UnknownTopic,
)
from tongban.apps.voice.models import Theme, ThemeNote, Topic
from tongban.apps.voice.permissions import coordinating_department, is_coordinator, require_coordinator
from tongban.apps.voice.text.masking import find
from tongban.apps.voice.whole.record import COORDINATOR, put_on_record

__all__ = ["choose_theme", "finish_theme", "may_choose", "may_finish", "may_note", "note_progress"]

_WORKING = ("handler", "reviewer", "decider")


@transaction.atomic
def choose_theme(
    *, topic: int, month: date, title: str, department: str, plan: str, due: date, actor: Actor, at: datetime
) -> int:
    """Take a topic on as the theme of the month that ``month`` is in; its id. The department owns the topic then.

    Raises ``NotForThem``, ``UnknownTopic`` (also for a department that there is not), ``TopicGone``, ``NothingSaid``,
    ``StillPersonal``, ``DayPassed``, ``ThemeThere``.
    """
    coordinating, today = _coordinating(at), get_calendar().local_date(at)
    require_coordinator(actor=actor, department=coordinating)
    row = Topic.objects.select_for_update().filter(pk=topic).first()
    if row is None or department not in get_department_names():
        raise UnknownTopic("there is no such topic or department")
    if row.merged_into_id is not None:
        raise TopicGone("it has gone into another topic", into=row.merged_into_id)
    _require_words(title, plan)
    if due < today:
        raise DayPassed("it is to be done by a day that is over")
    try:
        with transaction.atomic():
            theme = Theme.objects.create(
                topic=row,
                month=month.replace(day=1),
                title=title.strip()[:80],
                department=department,
                plan=plan.strip(),
                due=due,
                chosen_at=at,
            )
    except IntegrityError:
        raise ThemeThere("it is a theme of that month already") from None
    row.owner = department
    data = {"month": f"{month:%Y-%m}", "due": due.isoformat()}
    put_on_record(row, "topic.themed", data, at=at, actor_id=actor.id, capacity=COORDINATOR, department=department)
    return theme.pk


@transaction.atomic
def note_progress(*, theme: int, words: str, actor: Actor, at: datetime) -> None:
    """Tell everybody how far it is: a coordinator, or whoever works in the department.

    Raises ``UnknownTheme``, ``NotForThem``, ``NothingSaid``, ``StillPersonal``.
    """
    row = _open(theme)
    if not may_note(department=row.department, actor=actor, at=at):
        raise NotForThem("only the department that has it, or a coordinator")
    _note(row, words, done=False, actor=actor, at=at)


@transaction.atomic
def finish_theme(*, theme: int, words: str, actor: Actor, at: datetime) -> None:
    """Tell everybody that it is done, and what came of it: who decides in the department, or a coordinator.

    Raises as ``note_progress``.
    """
    row = _open(theme)
    if not may_finish(department=row.department, actor=actor, at=at):
        raise NotForThem("only who decides in the department that has it, or a coordinator")
    _note(row, words, done=True, actor=actor, at=at)
    row.done_at = at
    row.save(update_fields=["done_at"])


def may_choose(*, actor: Actor, at: datetime) -> bool:
    """Whether the actor chooses themes."""
    return is_coordinator(actor=actor, department=_coordinating(at))


def may_note(*, department: str, actor: Actor, at: datetime) -> bool:
    """Whether the actor tells how far a theme of this department is."""
    return may_choose(actor=actor, at=at) or any(actor.has_role(role, department=department) for role in _WORKING)


def may_finish(*, department: str, actor: Actor, at: datetime) -> bool:
    """Whether the actor tells that a theme of this department is done."""
    return may_choose(actor=actor, at=at) or actor.has_role("decider", department=department)


def _coordinating(at: datetime) -> str:
    return coordinating_department(on=get_calendar().local_date(at))


def _open(theme: int) -> Theme:
    row = Theme.objects.select_for_update().filter(pk=theme, done_at=None).first()
    if row is None:
        raise UnknownTheme("there is no such theme, or it is done")
    return row


def _note(row: Theme, words: str, *, done: bool, actor: Actor, at: datetime) -> None:
    _require_words(words)
    ThemeNote.objects.create(theme=row, words=words.strip(), at=at, done=done)
    topic = Topic.objects.select_for_update().get(pk=row.topic_id)
    kind = "topic.theme_done" if done else "topic.progressed"
    data = {"theme": row.pk} | ({"late": get_calendar().local_date(at) > row.due} if done else {})
    put_on_record(topic, kind, data, at=at, actor_id=actor.id, department=row.department)


def _require_words(*texts: str) -> None:
    for text in texts:
        if not text.strip():
            raise NothingSaid("there is nothing to read")
        if sure := [each for each in find(text) if each.sure]:
            raise StillPersonal("this is surely somebody's", words=text[sure[0].start : sure[0].start + 3] + "…")
