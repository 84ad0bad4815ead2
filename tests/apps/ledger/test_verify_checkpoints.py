"""Whoever may write to the database can compute every hash anew. What was signed shows it all the same."""

from typing import Any

import pytest
from tests.apps.ledger.conftest import Ran, at, day, run, sign

from tongban.apps.cases.models import Case
from tongban.apps.ledger.models import Checkpoint, CheckpointHead, CheckpointKey, Event, Stream
from tongban.apps.ledger.queries import body_of
from tongban.kernel.chain import GENESIS, Algorithm, SigningKey, link_hash, merkle_root
from tongban.kernel.numbers import format_case_number


@pytest.fixture
def signed(lived: int) -> int:
    sign(at(0, "00:30"))
    assert run("verify").well
    return lived


def rewrite(number: int, seq: int, **changes: Any) -> None:
    """What a careful forger does: change an event, chain the log anew, bring the case's own row along."""
    Event.objects.filter(case=number, seq=seq).update(**changes)
    previous = GENESIS
    for row in Event.objects.filter(case=number).order_by("seq"):
        previous = link_hash(previous=previous, body=body_of(row))
        Event.objects.filter(case=number, seq=row.seq).update(hash=previous)
    Case.objects.filter(pk=number).update(last_hash=previous)


def rewrite_heads(number: int) -> None:
    """The forger brings the ends that are kept along too."""
    for head in CheckpointHead.objects.filter(case=number):
        link = Event.objects.get(case=number, seq=head.seq).hash
        CheckpointHead.objects.filter(case=number, seq=head.seq).update(hash=link)


def heads(number: int) -> list[int]:
    return list(CheckpointHead.objects.filter(case=number).order_by("seq").values_list("seq", flat=True))


def test_a_rewritten_log_is_found_and_the_event_named(signed: int) -> None:
    first, second, _ = heads(signed)
    rewrite(signed, second + 1, actor="user:999")
    ran = run("verify")
    assert not ran.well
    kind = Event.objects.get(case=signed, seq=second + 1).kind
    assert f"case {format_case_number(signed)}, event {second + 1} ({kind})" in ran.err
    assert "hashes were computed anew" in ran.err
    rewrite(signed, first, actor="user:999")
    err = run("verify").err
    assert f"case {format_case_number(signed)}, event 1 (case.filed): it, or one up to event {first}, is not" in err


def test_what_was_not_signed_yet_is_not_blamed(signed: int, act: Any) -> None:
    act(signed, "complete", by="chenli", node="inspect", outcome="pass", opinion="Seen.", at=at(0, "00:40"))
    assert run("verify").well


def test_a_rewritten_log_is_found_by_its_number_and_by_the_day(signed: int) -> None:
    rewrite(signed, 1, actor="user:999")
    for words in ((format_case_number(signed),), ("--case", str(signed)), ("--since", str(day(4)))):
        ran = run("verify", *words)
        assert not ran.well, words
        assert "event 1 (case.filed)" in ran.err


def test_ends_that_are_rewritten_with_the_log_are_found_by_the_signed_root(signed: int) -> None:
    rewrite(signed, 1, actor="user:999")
    rewrite_heads(signed)
    ran = run("verify")
    assert not ran.well
    assert f"checkpoint of {day(4)}: the ends of logs" in ran.err
    assert not run("verify", format_case_number(signed)).well


def test_a_root_that_is_rewritten_too_is_found_by_its_signature(signed: int) -> None:
    rewrite(signed, 1, actor="user:999")
    rewrite_heads(signed)
    from tongban.apps.ledger.checkpoints import leaves_of

    for row in Checkpoint.objects.all():
        root = merkle_root(leaves=leaves_of(row.day, Algorithm.SHA256), algorithm=Algorithm.SHA256)
        Checkpoint.objects.filter(day=row.day).update(root=root)
    assert f"checkpoint of {day(4)}: its signature does not fit" in run("verify").err


def test_checkpoints_signed_anew_by_a_strange_key_are_found(signed: int) -> None:
    forger = SigningKey(bytes(range(32)))
    CheckpointKey.objects.create(id=forger.id, public=forger.public, first_day=day(9))
    Checkpoint.objects.update(key_id=forger.id)
    err = run("verify").err
    assert "was not endorsed" in err
    assert "its signature does not fit" in err


def test_a_key_signs_only_the_days_that_it_was_in_force(signed: int) -> None:
    CheckpointKey.objects.update(last_day=day(3))
    assert f"checkpoint of {day(2)}: the key that it names is not one that signed then" in run("verify").err


def test_a_case_that_is_gone_altogether_is_found(signed: int) -> None:
    from tongban.apps.cases.models import Material, Task, Timer

    for table in (Task, Timer, Material):
        table.objects.filter(case=signed).delete()
    Event.objects.filter(case=signed).delete()
    Case.objects.filter(pk=signed).delete()
    ran = run("verify")
    assert not ran.well
    assert f"case {format_case_number(signed)}, event 1 (?)" in ran.err
    assert "gone although a checkpoint covers it" in ran.err


def test_a_dropped_checkpoint_is_found(signed: int) -> None:
    Checkpoint.objects.filter(day=day(3)).delete()
    err = run("verify").err
    assert f"checkpoint of {day(2)}: checkpoints are missing before it" in err
    assert f"checkpoint of {day(3)}: it was removed" in err


def test_a_checkpoint_that_follows_another_is_found(signed: int) -> None:
    Checkpoint.objects.filter(day=day(3)).update(previous=bytes(32))
    assert f"checkpoint of {day(3)}: it does not follow" in run("verify").err


def test_the_newest_checkpoints_cut_off_are_found_while_their_ends_are_kept(signed: int) -> None:
    Checkpoint.objects.filter(day__gte=day(2)).delete()
    assert f"checkpoint of {day(2)}: it was removed" in run("verify").err


def test_an_end_that_is_put_in_or_taken_out_is_found(signed: int) -> None:
    CheckpointHead.objects.filter(day=day(3)).delete()
    assert f"checkpoint of {day(3)}: the ends of logs" in run("verify").err


def test_since_a_day_only_what_grew_then_is_looked_at(signed: int, file_case: Any) -> None:
    others = Stream.objects.count()  # mandates of the city's people, made just now
    file_case(at=at(0, "00:20"))
    assert _logs(run("verify", "--since", str(day(0)))) == 1 + others
    assert _logs(run("verify", "--since", str(day(4)))) == 2 + others
    assert "--since" in run("verify", "--since", "yesterday").err


def _logs(ran: Ran) -> int:
    return int(ran.out.split(" logs", 1)[0])


def test_a_long_walk_says_how_far_it_is(signed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from tongban.apps.cases.management.commands import verify

    monkeypatch.setattr(verify, "_EVERY", 0.0)
    assert f"events of {1 + Stream.objects.count()} logs" in run("verify").err
