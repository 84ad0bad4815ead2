"""What people are told that no case's log tells: reminders, and what they may be entitled to.

A source is a function that is asked from time to time what there is to tell now, and answers with ``Telling``. It reads
through the queries of other apps and keeps nothing: the key of a telling says what it is about, and told again under it
nothing happens. A new one is a module here, its kind and parameters in ``words.KINDS``, its words in
``defaults/notices.yaml``, and a place in ``SOURCES``.
"""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice

from django.db import DatabaseError, transaction

from tongban.apps.channels.sources import appointments, calls, certificates, desk, mandates, orders, reminders
from tongban.apps.channels.telling import Telling, tell

__all__ = ["SOURCES", "Source", "ask_sources"]

Source = Callable[[datetime], Iterable[Telling]]
SOURCES: tuple[Source, ...] = (
    certificates.ending,
    mandates.ending,
    appointments.soon,
    appointments.called_off,
    orders.wanted,
    reminders.supplements,
    reminders.later,
    reminders.rectifications,
    reminders.drafts,
    reminders.fees,
    desk.limits,
    desk.standing_in,
    desk.recounted,
    calls.promised,
)
_AT_ONCE = 500

log = logging.getLogger(__name__)


def ask_sources(*, at: datetime) -> int:
    """Tell what there is to tell now; return how many notices are new. One source that fails stops no other."""
    made = 0
    for source in SOURCES:
        try:
            found = iter(source(at))
            while batch := list(islice(found, _AT_ONCE)):
                with transaction.atomic():
                    made += tell(tellings=batch, at=at)
        except DatabaseError:
            raise
        except Exception as error:
            log.error("Source %s.%s: %s", source.__module__, source.__name__, type(error).__name__)
    return made
