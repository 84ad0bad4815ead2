"""Reports of the morning and of the week: each official once, who has anything to read."""

from collections.abc import Iterator
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import override

from tongban.apps.catalog.city import get_calendar
from tongban.apps.channels.reports import gather, is_morning, sections_for, since_of, summary_of
from tongban.apps.channels.telling import Telling, tell
from tongban.apps.people.queries import list_officials, list_persons_of

__all__ = ["daily", "tell_reports", "weekly"]

_KEPT = 86_400
_LANGUAGES = {"zh": "zh-hans", "en": "en", "es": "es"}


def tell_reports(*, at: datetime) -> int:
    """Tell each official once what there is to read this morning; return how many notices are new.

    Asked each minute, it looks once a day: what comes after the look is for the next morning.
    """
    key = f"reports:{get_calendar().local_date(at).isoformat()}"
    if not is_morning(at=at) or cache.get(key):
        return 0
    with transaction.atomic():
        made = tell(tellings=[*daily(at), *weekly(at)], at=at)
    cache.set(key, True, _KEPT)
    return made


def daily(at: datetime) -> Iterator[Telling]:
    """Yield, on the morning of a working day, to each official what is due, late or waits for them."""
    if is_morning(at=at):
        yield from _tellings("desk_daily", weekly=False, at=at)


def weekly(at: datetime) -> Iterator[Telling]:
    """Yield the same of the week before to supervisors and heads, on the first working day of a week."""
    calendar = get_calendar()
    today = calendar.local_date(at)
    before = calendar.add_working_days(today, -1)
    if is_morning(at=at) and before.isocalendar()[:2] != today.isocalendar()[:2]:
        yield from _tellings("desk_weekly", weekly=True, at=at)


def _tellings(kind: str, *, weekly: bool, at: datetime) -> Iterator[Telling]:
    facts, day = gather(at=at, weekly=weekly), get_calendar().local_date(at).isoformat()
    officials = list_officials()
    people = list_persons_of(users=[each.user_id for each in officials if each.user_id is not None])
    for actor in officials:
        person = people.get(actor.user_id or 0)
        if person is None:
            continue
        said: dict[str, str] = {}
        for language, code in _LANGUAGES.items():
            with override(code):
                said[language] = summary_of(sections_for(facts=facts, actor=actor, language=code))
        if said["zh"]:
            params = {"summary": said, "since": since_of(weekly=weekly, at=at).date().isoformat()}
            yield Telling(person_id=person, kind=kind, key=f"{kind}:{day}:{person}", at=at, desk=True, params=params)
