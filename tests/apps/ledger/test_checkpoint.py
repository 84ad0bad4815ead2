"""Every day of the log is signed once it is over: by the worker, or by ``tongban checkpoint``."""

import base64
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from tests.apps.ledger.conftest import at, day, run, sign

from tongban.apps.ledger.checkpoints import get_checkpoint, leaves_of, list_checkpoints, list_keys
from tongban.apps.ledger.errors import KeyMissing, KeyUnusable, WrongKey
from tongban.apps.ledger.models import Checkpoint, CheckpointHead, Event
from tongban.kernel.chain import Algorithm, SigningKey, merkle_root

pytestmark = pytest.mark.django_db


def _heads(number: int) -> list[tuple[Any, ...]]:
    return list(CheckpointHead.objects.filter(case=number).order_by("seq").values_list("day", "seq"))


def _last(number: int, before: Any) -> int:
    return Event.objects.filter(case=number, at__lt=before).count()


def test_it_works(lived: int) -> None:
    signed = sign(at(0, "00:30"))
    assert [each.day for each in signed] == [day(4), day(3), day(2), day(1)]
    public = list_keys()[0].public
    assert all(each.is_signed_by(public) for each in signed)
    assert [each.cases for each in signed] == [1, 1, 1, 0]
    assert _heads(lived) == [(day(n), _last(lived, at(n - 1, "00:00"))) for n in (4, 3, 2)]
    assert list_checkpoints() == signed[::-1]


def test_each_follows_the_one_before(lived: int) -> None:
    signed = sign(at(0, "00:30"))
    assert signed[0].previous == b""
    assert [each.previous for each in signed[1:]] == [each.hash for each in signed[:-1]]


def test_the_root_is_over_the_ends_of_the_logs_of_that_day(lived: int, file_case: Callable[..., int]) -> None:
    others = [file_case(at=at(3, "11:00")) for _ in range(4)]
    signed = sign(at(0, "00:30"))[1]
    rows = CheckpointHead.objects.filter(day=day(3)).order_by("case")
    assert [row.case for row in rows] == sorted([lived, *others])
    assert signed.cases == 5
    assert signed.root == merkle_root(leaves=leaves_of(day(3), Algorithm.SHA256), algorithm=Algorithm.SHA256)
    for row in rows:
        assert bytes(row.hash) == bytes(Event.objects.get(case=row.case, seq=row.seq).hash)


def test_nothing_is_signed_twice(lived: int) -> None:
    before = [(each.day, each.signature) for each in sign(at(0, "00:30"))]
    assert sign(at(0, "00:40")) == []
    assert [(row.day, bytes(row.signature)) for row in Checkpoint.objects.order_by("day")] == before


def test_a_day_is_signed_when_it_is_over_and_has_rested(lived: int) -> None:
    assert sign(at(2, "23:59"))[-1].day == day(3)
    assert sign(at(1, "00:09")) == []
    assert [each.day for each in sign(at(1, "00:10"))] == [day(2)]


def test_the_day_is_the_citys(file_case: Callable[..., int]) -> None:
    late, early = file_case(at=at(3, "23:59")), file_case(at=at(2, "00:00"))
    sign(at(0, "00:30"))
    assert _heads(late)[0][0] == day(3)
    assert _heads(early)[0][0] == day(2)


def test_an_event_that_is_written_late_is_covered_by_the_next_checkpoint(
    lived: int, file_case: Callable[..., int], act: Any
) -> None:
    first = sign(at(1, "00:30"))
    other = file_case(at=at(3, "09:00"))  # on a day that is signed already
    act(lived, "complete", by="chenli", node="inspect", outcome="pass", opinion="Seen.", at=at(2, "15:00"))
    assert get_checkpoint(day=day(3)) == first[1]
    second = sign(at(0, "00:30"))
    assert [(each.day, each.cases) for each in second] == [(day(1), 2)]
    assert _heads(other) == [(day(1), Event.objects.filter(case=other).count())]
    assert _heads(lived)[-1] == (day(1), Event.objects.filter(case=lived).count())
    assert run("verify").well


def test_days_that_were_missed_are_made_up_for(lived: int) -> None:
    assert len(sign(at(3, "00:30"))) == 1
    assert [each.day for each in sign(at(0, "12:00"))] == [day(3), day(2), day(1)]


def test_a_log_without_events_has_nothing_to_sign(city: Any) -> None:
    assert sign(at(0)) == []
    assert "Nothing to sign" in run("checkpoint").out


def test_the_command(lived: int) -> None:
    ran = run("checkpoint")
    assert f"up to {day(1)}" in ran.out or f"up to {day(2)}" in ran.out  # not rested yet, shortly after midnight
    assert "Nothing to sign" in run("checkpoint", "make").out


@pytest.mark.usefixtures("without_tasks")
def test_the_worker_does_it_by_itself(lived: int) -> None:
    run("work", once=True)
    assert Checkpoint.objects.filter(day=day(2)).exists()


def test_of_two_workers_one_signs(lived: int, monkeypatch: pytest.MonkeyPatch) -> None:
    from tongban.apps.ledger import signing

    def faster(*_: Any, **__: Any) -> None:
        raise IntegrityError

    monkeypatch.setattr(signing, "_take_heads", faster)
    assert sign(at(0, "00:30")) == []
    monkeypatch.undo()
    assert len(sign(at(0, "00:30"))) == 4


def test_in_sm3_where_the_city_says_so(lived: int, settings: Any) -> None:
    settings.LEDGER_ALGORITHM = "sm3"
    signed = sign(at(0, "00:30"))
    assert {each.algorithm for each in signed} == {Algorithm.SM3}
    assert run("verify").well


# --- keys ------------------------------------------------------------------------------------------------------------


def key(number: int) -> str:
    return base64.b64encode(bytes([number]) * 32).decode()


@pytest.mark.usefixtures("without_tasks")
def test_without_a_key_it_says_how_to_make_one(lived: int, settings: Any) -> None:
    settings.CHECKPOINT_KEYS = []
    with pytest.raises(KeyMissing):
        sign(at(0))
    assert "openssl rand -base64 32" in run("checkpoint").err
    ran = run("work", once=True)
    assert ran.well
    assert "NO CHECKPOINTS ARE SIGNED" in ran.err


def test_a_key_that_is_none_is_named(lived: int, settings: Any) -> None:
    settings.CHECKPOINT_KEYS = [key(1), "short"]
    with pytest.raises(KeyUnusable, match=r"Key 2 of TONGBAN_CHECKPOINT_KEYS"):
        sign(at(0))


def test_another_key_does_not_take_over_by_itself(lived: int, settings: Any) -> None:
    sign(at(2, "00:30"))
    settings.CHECKPOINT_KEYS = [key(1)]
    with pytest.raises(WrongKey, match="rotate-key"):
        sign(at(0, "00:30"))


def test_a_new_key_is_endorsed_by_the_old_one(lived: int, settings: Any) -> None:
    settings.CHECKPOINT_KEYS = [key(1)]
    sign(at(2, "00:30"))
    settings.CHECKPOINT_KEYS = [key(2), key(1)]
    new = SigningKey.from_text(key(2))
    ran = run("checkpoint", "rotate-key")
    assert f"Key {new.id} signs the checkpoints from {day(2)} on" in ran.out
    settings.CHECKPOINT_KEYS = [key(2)]
    assert sign(at(0, "00:30"))[0].key == new.id
    old, current = list_keys()
    assert (old.first_day, old.last_day) == (day(4), day(3))
    assert (current.first_day, current.last_day) == (day(2), None)
    assert current.change is not None
    assert current.change.is_endorsed
    assert run("verify").well  # what the old key signed as well
    assert [line.split()[0] for line in run("checkpoint", "keys").out.splitlines()] == [old.id, current.id]


def test_rotating_needs_the_old_key(lived: int, settings: Any) -> None:
    settings.CHECKPOINT_KEYS = [key(1)]
    sign(at(2, "00:30"))
    settings.CHECKPOINT_KEYS = [key(2)]
    assert "`new,old`" in run("checkpoint", "rotate-key").err
    assert len(list_keys()) == 1


def test_a_lost_key_is_replaced_for_everybody_to_see(lived: int, settings: Any) -> None:
    settings.CHECKPOINT_KEYS = [key(1)]
    sign(at(2, "00:30"))
    settings.CHECKPOINT_KEYS = [key(2)]
    assert run("checkpoint", "rotate-key", "--old-is-lost").well
    assert "NOT endorsed" in run("checkpoint", "keys").out
    sign(at(0, "00:30"))
    assert run("verify").well


def test_a_key_that_was_changed_for_another_does_not_come_back(lived: int, settings: Any) -> None:
    settings.CHECKPOINT_KEYS = [key(1)]
    sign(at(2, "00:30"))
    settings.CHECKPOINT_KEYS = [key(2), key(1)]
    run("checkpoint", "rotate-key")
    settings.CHECKPOINT_KEYS = [key(1), key(2)]
    assert "signed before" in run("checkpoint", "rotate-key").err


def test_rotating_to_the_key_that_signs_changes_nothing(lived: int) -> None:
    assert "No key has signed yet" in run("checkpoint", "rotate-key").out
    sign(at(2, "00:30"))
    assert run("checkpoint", "rotate-key").well
    assert len(list_keys()) == 1


def test_rotating_twice_before_the_next_checkpoint(lived: int, settings: Any) -> None:
    settings.CHECKPOINT_KEYS = [key(1)]
    sign(at(2, "00:30"))
    for new, old in ((2, 1), (3, 2)):
        settings.CHECKPOINT_KEYS = [key(new), key(old)]
        run("checkpoint", "rotate-key")
    assert sign(at(0, "00:30"))[0].key == SigningKey.from_text(key(3)).id
    assert list_keys()[1].last_day == day(2) - timedelta(days=1)
    assert run("verify").well
