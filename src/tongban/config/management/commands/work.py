"""``tongban work``: the worker that does timers and other background tasks."""

import logging
import os
import socket
import threading
from datetime import datetime, timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections
from django.utils import timezone

from tongban.apps.audits.services import draw_samples
from tongban.apps.calls.services import end_forgotten, sweep_call_backs, sweep_calls
from tongban.apps.cases.queries import has_due_timers, has_sendings
from tongban.apps.cases.services import beat, begin_renewed, note_calendar, note_missed_rectifications
from tongban.apps.cases.tasks import do_what_is_due
from tongban.apps.catalog.city import get_calendar, get_city
from tongban.apps.catalog.services import forget_choices
from tongban.apps.channels.services import ask_sources, send_due, tell_of_parts, tell_reports
from tongban.apps.correspondence.services import fetch_due, file_due, poll_mail, sweep_correspondence
from tongban.apps.correspondence.services import send_due as send_messages
from tongban.apps.crossings.queries import has_due as crossings_due
from tongban.apps.crossings.services import adopt_all, sweep_files
from tongban.apps.crossings.services import send_due as send_crossings
from tongban.apps.desks.services import (
    sweep_checked,
    sweep_filters,
    sweep_missing,
    sweep_notes,
    sweep_phrases,
    sweep_present,
    sweep_unsent,
)
from tongban.apps.evidence.key_errors import CredentialKeyError
from tongban.apps.evidence.services import (
    forget_showings,
    refresh_status_lists,
    sign_again,
    sign_disclosables_again,
)
from tongban.apps.exchange.errors import RecordNotWritten
from tongban.apps.exchange.extracts import ask_again
from tongban.apps.halls.services import end_days, mark_missed, sweep_halls
from tongban.apps.insight.services import find_standstills
from tongban.apps.inspections.services import sweep as sweep_inspections
from tongban.apps.intake.granting import grant_unasked
from tongban.apps.intake.orders.turns import file_what_is_due
from tongban.apps.intake.services import sweep_drafts
from tongban.apps.ledger.errors import LedgerError
from tongban.apps.ledger.services import follow_all, make_checkpoints, signing_keys
from tongban.apps.neighbours.errors import NeighbourError
from tongban.apps.neighbours.services import keep_keys
from tongban.apps.payments.tasks import do_payments
from tongban.apps.questions.services import lapse_over, sweep_words
from tongban.apps.questions.services import remind as remind_of_questions
from tongban.apps.recognition.process import the_reader
from tongban.apps.recognition.queries import has_waiting
from tongban.apps.recognition.services import read_next, sweep_readings
from tongban.apps.rights.services import sweep, sweep_exports
from tongban.apps.supervision.services import issue_cards
from tongban.apps.voice.whole.services import add_up, look_over

__all__ = ["Command"]

_SWEEP = timedelta(hours=1)
"""Between two looks for drafts that nobody has come back to."""
_NIGHT = range(1, 5)
"""Hours in which cases let go of what need not be kept any longer."""
_BEAT = timedelta(seconds=15)
"""Between two signs of life."""
_LOOK = timedelta(seconds=1)
"""Between two looks whether the log has grown."""
_MONEY = timedelta(seconds=30)
"""Between two looks for payments to ask about and refunds to do."""
_KEYS = timedelta(hours=1)
"""Between two looks at the keys of neighbours and ours, and at what they offer."""
_CARDS = timedelta(minutes=1)
"""Between two looks at limits that are near or past."""
_ASKING = timedelta(hours=6)
"""Between two looks whether there is something to remind people of, or to grant without asking."""
_SENDERS = 3
"""How many things one worker sends at a time."""
_ASKING_AGAIN = timedelta(seconds=20)
"""Between two looks for registers that did not answer and may do so now."""
_MAIL = timedelta(seconds=5)
"""Between two looks whether it is time to look into the mailbox."""
_SIGNING = timedelta(minutes=5)
"""Between two looks whether a day is to be signed, and whether a renewed certificate begins to hold."""

_SWEEPS = (
    sweep_drafts,
    end_days,
    mark_missed,
    sweep_halls,
    end_forgotten,
    sweep_calls,
    sweep_call_backs,
    sweep_phrases,
    lapse_over,
    remind_of_questions,
    sweep_filters,
    sweep_present,
    sweep_inspections,
    sweep_exports,
    sweep_readings,
    sweep_correspondence,
    forget_showings,
)

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Run background tasks and whatever the clock owes. Start as many as you like."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=5.0, help="seconds between two looks at the timers")
        parser.add_argument("--once", action="store_true", help="do what is due now, then stop")

    def handle(self, *args: Any, **options: Any) -> None:
        # Timers are owed to residents, so they go on without a key; but nobody shall be able to overlook it.
        try:
            signing_keys()
        except LedgerError as error:
            self.stderr.write(self.style.ERROR(f"NO CHECKPOINTS ARE SIGNED. {error}"))
        note_calendar(at=timezone.now())
        if options["once"]:
            _enqueue_if_due()
            _sweep_all(at_night=True)
            begin_renewed(at=timezone.now())
            sign_days(at=timezone.now())
            refresh_credentials(at=timezone.now())
            issue_cards(at=timezone.now())
            draw_samples(at=timezone.now())
            note_missed_rectifications(at=timezone.now())
            grant_unasked(at=timezone.now())
            while follow_log(at=timezone.now()):
                pass
            while add_up(at=timezone.now()):
                pass
            look_over(at=timezone.now())
            find_standstills(at=timezone.now())
            while file_parts(at=timezone.now()):
                while follow_log(at=timezone.now()):
                    pass
            do_payments(at=timezone.now())
            look_after_neighbours(at=timezone.now())
            while send_crossings(now=timezone.now):
                pass
            ask_registers(at=timezone.now())
            while poll_mail(now=timezone.now) + correspond():
                pass
            while read_next(at=timezone.now()):
                pass
            the_reader().end()
            ask_sources(at=timezone.now())
            tell_reports(at=timezone.now())
            while send_due(now=timezone.now):
                pass
            call_command("db_worker", batch=True, startup_delay=False)
            return
        stop = threading.Event()
        watcher = threading.Thread(target=_watch, args=(stop, options["every"]), daemon=True, name="timers")
        watcher.start()
        threading.Thread(target=_follow, args=(stop,), daemon=True, name="followers").start()
        threading.Thread(target=_watch_money, args=(stop,), daemon=True, name="money").start()
        threading.Thread(target=_watch_neighbours, args=(stop,), daemon=True, name="neighbours").start()
        threading.Thread(target=_cross, args=(stop,), daemon=True, name="crossings").start()
        threading.Thread(target=_watch_registers, args=(stop,), daemon=True, name="registers").start()
        threading.Thread(target=_correspond, args=(stop,), daemon=True, name="correspondence").start()
        threading.Thread(target=_watch_mail, args=(stop,), daemon=True, name="mail").start()
        threading.Thread(target=_read, args=(stop,), daemon=True, name="reader").start()
        threading.Thread(target=_watch_limits, args=(stop,), daemon=True, name="limits").start()
        for number in range(_SENDERS):
            threading.Thread(target=_send, args=(stop,), daemon=True, name=f"sender-{number}").start()
        try:
            call_command("db_worker")
        finally:
            stop.set()
            the_reader().end()


def _sweep_all(*, at_night: bool) -> None:
    """Let go of what nobody needs any more, and end what was forgotten; cases only ``at_night``."""
    now = timezone.now()
    for each in _SWEEPS:
        each(at=now)
    sweep_unsent()
    sweep_checked()
    sweep_missing()
    sweep_notes()
    sweep_words()
    if at_night:
        sweep(at=now)
    forget_choices(on=timezone.localdate())


def _watch(stop: threading.Event, seconds: float) -> None:
    next_signing = next_beat = next_sweep = next_asking = timezone.now()
    name = f"{socket.gethostname()[:60]}/{os.getpid()}"
    while not stop.wait(seconds):
        close_old_connections()
        try:
            if timezone.now() >= next_beat:
                next_beat = timezone.now() + _BEAT
                beat(worker=name, at=timezone.now())
            _enqueue_if_due()
            if timezone.now() >= next_sweep:
                next_sweep = timezone.now() + _SWEEP
                _sweep_all(at_night=timezone.localtime().hour in _NIGHT)
            if timezone.now() >= next_asking:
                next_asking = timezone.now() + _ASKING
                ask_sources(at=timezone.now())
                grant_unasked(at=timezone.now())
            if timezone.now() >= next_signing:
                next_signing = timezone.now() + _SIGNING
                begin_renewed(at=timezone.now())
                find_standstills(at=timezone.now())
                sign_days(at=timezone.now())
                draw_samples(at=timezone.now())
                refresh_credentials(at=timezone.now())
        except OperationalError:  # the database is busy or restarting: the next look will do
            continue


def _follow(stop: threading.Event) -> None:
    """Who follows the log has a thread of its own, so that neither waits for the other.

    Topics of what is said are added up and looked over in it too: they are held in memory, for one thread at a time.
    """
    next_look = timezone.now()
    while not stop.is_set():
        close_old_connections()
        try:
            done = follow_log(at=timezone.now())
            done += file_parts(at=timezone.now())
            done += add_up(at=timezone.now())
            if timezone.now() >= next_look:
                next_look = timezone.now() + _SWEEP
                look_over(at=timezone.now())
        except OperationalError:
            done = 0
        if not done:
            stop.wait(_LOOK.total_seconds())


def _send(stop: threading.Event) -> None:
    """What goes out waits for other servers: each of these waits for one at a time."""
    while not stop.is_set():
        close_old_connections()
        try:
            done = send_due(now=timezone.now)
        except OperationalError:
            done = 0
        if not done:
            stop.wait(_LOOK.total_seconds())


def _read(stop: threading.Event) -> None:
    """A picture takes seconds to read, in a process of its own: nobody else waits for it."""
    while not stop.is_set():
        close_old_connections()
        try:
            done = read_next(at=timezone.now()) if has_waiting() else 0
        except OperationalError:
            done = 0
        if not done:
            stop.wait(_LOOK.total_seconds())


def follow_log(*, at: datetime) -> int:
    """Hand the next events to whoever follows the log; return how many. What stands in the way goes to the log."""
    try:
        return follow_all(at=at)
    except LedgerError as error:
        log.error("Nobody follows the log: %s", error)
        return 0


def file_parts(*, at: datetime) -> int:
    """File the parts of orders whose turn has come, and tell at once whose parts wait for them; return how many."""
    looked = file_what_is_due(at=at)
    if looked.wanted:
        tell_of_parts(parts=looked.wanted, at=at)
    return looked.filed


def _watch_money(stop: threading.Event) -> None:
    """In a thread of its own: a provider that answers slowly keeps no resident's timer waiting."""
    while not stop.wait(_MONEY.total_seconds()):
        close_old_connections()
        try:
            do_payments(at=timezone.now())
        except OperationalError:
            continue


def _watch_limits(stop: threading.Event) -> None:
    """In a thread of its own: a city with much that is late keeps no resident's timer waiting."""
    while not stop.wait(_CARDS.total_seconds()):
        close_old_connections()
        try:
            issue_cards(at=timezone.now())
            note_missed_rectifications(at=timezone.now())
            tell_reports(at=timezone.now())
        except OperationalError:
            continue


def _watch_neighbours(stop: threading.Event) -> None:
    """Neighbours may answer slowly, or not at all: nobody else waits for them."""
    while not stop.is_set():
        close_old_connections()
        try:
            look_after_neighbours(at=timezone.now())
        except (OperationalError, NeighbourError) as error:
            log.error("Neighbours were not looked after: %s", error)
        stop.wait(_KEYS.total_seconds())


def look_after_neighbours(*, at: datetime) -> None:
    """Learn their keys and what they offer; forget what they sent ahead long ago."""
    keep_keys(at=at)
    adopt_all(at=at)
    sweep_files(at=at)


def _cross(stop: threading.Event) -> None:
    """What neighbours have to know waits for them, and for nobody else."""
    while not stop.is_set():
        close_old_connections()
        try:
            sent = send_crossings(now=timezone.now) if crossings_due(at=timezone.now()) else 0
        except OperationalError:
            sent = 0
        if not sent:
            stop.wait(_LOOK.total_seconds())


def _correspond(stop: threading.Event) -> None:
    """What people write by message and mail, and what they are answered: providers may be slow, nobody else waits."""
    while not stop.is_set():
        close_old_connections()
        try:
            done = correspond()
        except OperationalError:
            done = 0
        if not done:
            stop.wait(_LOOK.total_seconds())


def _watch_mail(stop: threading.Event) -> None:
    """A mail server may hang: nobody else waits for it."""
    while not stop.is_set():
        close_old_connections()
        try:
            done = poll_mail(now=timezone.now)
        except OperationalError:
            done = 0
        if not done:
            stop.wait(_MAIL.total_seconds())


def correspond() -> int:
    """Fetch pictures, file what is said whole, and send what is answered; return how much there was to do."""
    return fetch_due(now=timezone.now) + file_due(now=timezone.now) + send_messages(now=timezone.now)


def _watch_registers(stop: threading.Event) -> None:
    """In a thread of its own, as above: a register that hangs keeps nobody else waiting."""
    while not stop.wait(_ASKING_AGAIN.total_seconds()):
        close_old_connections()
        try:
            ask_registers(at=timezone.now())
        except OperationalError:
            continue


def ask_registers(*, at: datetime) -> int:
    """Ask the registers again that did not answer; return how many did now."""
    try:
        return ask_again(at=at)
    except RecordNotWritten as error:
        log.error("No register is asked: %s", error)
        return 0


def sign_days(*, at: datetime) -> int:
    """Sign the days of the log that are over; return how many. What stands in the way goes to the log."""
    try:
        return sum(1 for _ in make_checkpoints(at=at, city=get_city().code, timezone=get_calendar().timezone))
    except LedgerError as error:
        log.error("No checkpoint was signed: %s", error)
        return 0


def refresh_credentials(*, at: datetime) -> int:
    """Sign anew what is a day old or was signed by a key that does not count any more; return how many."""
    done = 0
    try:
        while some := sign_again(at=at) + sign_disclosables_again(at=at) + refresh_status_lists(at=at):
            done += some
    except CredentialKeyError as error:
        log.error("No credential was signed: %s", error)
    return done


def _enqueue_if_due() -> None:
    now = timezone.now()
    if has_due_timers(at=now) or has_sendings(at=now):
        do_what_is_due.enqueue()
