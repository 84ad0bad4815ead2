"""Whoever follows the log is handed every event, in the order of commits, and nothing twice that it keeps."""

import threading
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone
from tests.apps.ledger.conftest import run

from tongban.apps.ledger import followers, turns
from tongban.apps.ledger.errors import LogIsElsewhere, UnknownFollower
from tongban.apps.ledger.followers import Followed, follow, list_followers, mend, replay, skip
from tongban.apps.ledger.models import Event, Follower, TurnOrigin
from tongban.apps.ledger.statements import Statements

NOW = timezone.now()
on_postgres = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="of PostgreSQL alone")


_BY_HAND = """INSERT INTO event ("case", seq, kind, at, actor, capacity, department, node, task, previous_activity,
previous_department, data, hash) VALUES (1, 1, 'case.filed', now(), '', '', '', '', 0, '', '', '{}', '')"""


class Reader:
    """A follower that keeps what it was handed, and fails where it is told to."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []
        self.poison: set[tuple[int, int]] = set()
        self.handed = 0

    def take(self, events: Sequence[Followed], at: datetime) -> None:
        self.handed += len(events)
        if self.poison & {(each.case, each.seq) for each in events}:
            raise ValueError("张三 cannot be told")
        self.seen += [(each.case, each.seq) for each in events]


@pytest.fixture
def reader(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """On real transactions: what one has not committed is not followed."""
    monkeypatch.setattr(followers, "_registered", {})
    it = Reader()
    followers.register(name="reader", take=it.take, from_beginning=True)
    return it


def write(case: int, seq: int, kind: str = "case.filed") -> None:
    Statements().insert_objects(
        Event,
        [Event(case=case, seq=seq, kind=kind, at=NOW, actor="system", capacity="system", data={"é": "字"}, hash=b"\1")],
    )


def everything(name: str = "reader", at: datetime = NOW) -> int:
    read = 0
    while done := follow(name=name, at=at):
        read += done
    return read


def test_it_works(reader: Reader, file_case: Callable[..., int]) -> None:
    everything()  # what loading a city has written
    reader.seen.clear()
    number = file_case()
    expected = list(Event.objects.filter(case=number).order_by("seq").values_list("case", "seq"))
    assert everything() == len(expected) > 0
    assert reader.seen == expected
    assert reader.seen[0] == (number, 1)
    assert follow(name="reader", at=NOW) == 0


def test_the_order_is_that_of_commits_whatever_the_case_numbers(reader: Reader) -> None:
    for case in (9, 3, 7):
        write(case, 1)
    write(3, 2)
    everything()
    assert reader.seen == [(9, 1), (3, 1), (7, 1), (3, 2)]


def test_events_come_whole(reader: Reader) -> None:
    found: list[Followed] = []
    followers.register(name="whole", take=lambda events, at: found.extend(events), from_beginning=True)
    write(5, 1)
    follow(name="whole", at=NOW)
    assert (found[0].event.at, found[0].event.data, found[0].event.actor) == (NOW, {"é": "字"}, "system")


def test_a_new_follower_begins_with_what_happens_from_now_on(reader: Reader) -> None:
    write(1, 1)
    late: list[Followed] = []
    followers.register(name="late", take=lambda events, at: late.extend(events))
    assert follow(name="late", at=NOW) == 0
    write(1, 2)
    assert everything("late") == 1
    assert [(each.case, each.seq) for each in late] == [(1, 2)]


def test_only_the_kinds_that_it_wants(reader: Reader) -> None:
    found: list[Followed] = []
    followers.register(
        name="some", take=lambda events, at: found.extend(events), kinds=["case.decided"], from_beginning=True
    )
    write(1, 1)
    write(1, 2, "case.decided")
    assert everything("some") == 2
    assert [each.seq for each in found] == [2]


def test_batches_go_on_where_the_last_one_ended(reader: Reader) -> None:
    for seq in range(1, 8):
        write(4, seq)
    assert follow(name="reader", at=NOW, limit=3) == 3
    assert follow(name="reader", at=NOW, limit=3) == 3
    assert follow(name="reader", at=NOW, limit=3) == 1
    assert reader.seen == [(4, seq) for seq in range(1, 8)]


def test_one_that_fails_stands_still_and_is_tried_again(reader: Reader) -> None:
    for seq in range(1, 6):
        write(2, seq)
    reader.poison = {(2, 3)}
    assert follow(name="reader", at=NOW) == 2
    assert reader.seen == [(2, 1), (2, 2)]
    (row,) = list_followers(at=NOW)
    assert (row.behind, row.tries, row.since) == (3, 1, NOW)
    assert "ValueError" in row.error
    assert "张三" not in row.error
    handed = reader.handed
    assert follow(name="reader", at=NOW) == 0
    assert reader.handed == handed, "it waits before it tries again"
    assert follow(name="reader", at=NOW + timedelta(seconds=6)) == 0
    assert list_followers(at=NOW)[0].tries == 2
    reader.poison = set()
    assert follow(name="reader", at=NOW + timedelta(minutes=1)) == 3
    assert reader.seen == [(2, seq) for seq in range(1, 6)]
    assert list_followers(at=NOW)[0].error == ""


def test_an_operator_passes_over_what_cannot_be_taken(reader: Reader) -> None:
    for seq in (1, 2, 3):
        write(2, seq)
    reader.poison = {(2, 1)}
    assert follow(name="reader", at=NOW) == 0
    assert "STANDS STILL after 1 tries" in run("followers").out
    passed = skip(name="reader", at=NOW)
    assert passed is not None
    assert (passed.case, passed.seq) == (2, 1)
    assert follow(name="reader", at=NOW) == 2
    assert run("followers", "skip", "reader").out == "Nothing to pass over.\n"


def test_what_was_seen_is_handed_out_again(reader: Reader) -> None:
    write(1, 1)
    everything()
    replay(name="reader", since=None, at=NOW)
    everything()
    assert reader.seen == [(1, 1), (1, 1)]
    assert run("followers", "replay", "reader", "--since", "2999-01-01").well
    assert follow(name="reader", at=NOW) == 0
    assert run("followers", "replay", "reader", "--since", f"{NOW - timedelta(days=1):%Y-%m-%d}").well
    assert everything() == 1


@pytest.mark.parametrize(
    "words", [("replay", "nobody"), ("skip", "nobody"), ("replay", "reader", "--since", "yesterday")]
)
def test_what_an_operator_gets_wrong_is_said(reader: Reader, words: tuple[str, ...]) -> None:
    done = run("followers", *words)
    assert not done.well
    assert "nobody" in done.err or "2026-03-02" in done.err
    with pytest.raises(UnknownFollower):
        follow(name="nobody", at=NOW)


def test_what_it_keeps_goes_with_its_place(reader: Reader) -> None:
    """It writes and then fails: neither what it wrote nor its place stays."""

    def take(events: Sequence[Followed], at: datetime) -> None:
        Follower.objects.create(name=f"kept-{events[0].seq}", turn=0, case=0, seq=0, moved_at=at)
        raise RuntimeError

    followers.register(name="writer", take=take, from_beginning=True)
    write(1, 1)
    assert follow(name="writer", at=NOW) == 0
    assert not Follower.objects.filter(name__startswith="kept").exists()


@pytest.mark.usefixtures("in_threads")
def test_nothing_is_skipped_while_others_write(reader: Reader) -> None:
    """Writers begin in one order and commit in another; two workers read all the while."""
    writing = threading.Event()
    failed: list[BaseException] = []

    def writer(case: int) -> None:
        try:
            for seq in range(1, 41):
                with transaction.atomic():
                    write(case, seq)
                    if (case + seq) % 5 == 0:
                        threading.Event().wait(0.004)  # committed later than it was written
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    def worker() -> None:
        try:
            while writing.is_set() or follow(name="reader", at=NOW):
                follow(name="reader", at=NOW, limit=7)
        except BaseException as error:
            failed.append(error)
        finally:
            connections.close_all()

    writing.set()
    writers = [threading.Thread(target=writer, args=(case,)) for case in range(1, 7)]
    workers = [threading.Thread(target=worker) for _ in range(2)]
    for thread in (*writers, *workers):
        thread.start()
    for thread in writers:
        thread.join()
    writing.clear()
    for thread in workers:
        thread.join()
    everything()
    assert failed == []
    assert sorted(reader.seen) == [(case, seq) for case in range(1, 7) for seq in range(1, 41)]
    for case in range(1, 7):
        assert [seq for number, seq in reader.seen if number == case] == list(range(1, 41))


@on_postgres
def test_what_commits_late_is_waited_for(reader: Reader) -> None:
    slow = connection.copy()
    try:
        with slow.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(_BY_HAND)
            write(2, 1)
            assert follow(name="reader", at=NOW) == 0, "what came later must not be read first"
            cursor.execute("COMMIT")
    finally:
        slow.close()
    everything()
    assert reader.seen == [(1, 1), (2, 1)]


@on_postgres
def test_the_order_goes_on_after_a_restore_into_another_cluster(reader: Reader) -> None:
    TurnOrigin.objects.all().delete()
    write(1, 1)
    everything()
    with connection.cursor() as cursor:  # as it is after a restore: far ahead, written by another transaction
        cursor.execute('UPDATE event SET "turn" = "turn" + 5000000000')
        cursor.execute('UPDATE follower SET "turn" = "turn" + 5000000000')
    TurnOrigin.objects.update(cluster="another")
    write(1, 2)  # somebody was faster than the operator
    assert turns.is_elsewhere()
    replay(name="reader", since=None, at=NOW)
    with pytest.raises(LogIsElsewhere):
        follow(name="reader", at=NOW)
    try:
        assert mend() == 1
        assert mend() == 0
        write(1, 3)
        assert everything() == 3
        assert reader.seen == [(1, 1), (1, 1), (1, 2), (1, 3)]
    finally:
        with connection.cursor() as cursor:
            cursor.execute('ALTER TABLE event ALTER "turn" SET DEFAULT (pg_current_xact_id()::text::bigint)')
        TurnOrigin.objects.update(added=0)


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="of SQLite alone")
def test_the_database_keeps_the_order_itself(db: None) -> None:
    """A migration that rebuilds the table from the model would lose the column: see ``ledger.models.Event``."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, pk FROM pragma_table_info('event') WHERE pk > 0")
        assert cursor.fetchall() == [("turn", 1)]
        cursor.execute("SELECT COUNT(*) FROM pragma_index_list('event') WHERE \"unique\" = 1")
        assert cursor.fetchone() == (1,)
