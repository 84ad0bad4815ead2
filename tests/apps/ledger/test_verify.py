"""``tongban verify`` passes on what happened, and names the first event that was changed, cut off or taken out."""

from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tongban.apps.cases.models import Case
from tongban.apps.ledger.models import Event, Stream
from tongban.kernel.numbers import format_case_number


def _verify(*arguments: str) -> tuple[str, str, bool]:
    out, err = StringIO(), StringIO()
    try:
        call_command("verify", *arguments, stdout=out, stderr=err)
    except CommandError:
        return out.getvalue(), err.getvalue(), False
    return out.getvalue(), err.getvalue(), True


@pytest.fixture
def number(granted: Callable[..., int]) -> int:
    return granted()


def test_it_works(number: int) -> None:
    out, _, holds = _verify()
    assert holds
    assert f"{Stream.objects.count() + 1} logs" in out  # mandates of the city's people have logs too
    assert "Every log verifies." in out


def test_one_changed_character_is_found(number: int) -> None:
    row = Event.objects.filter(case=number, kind="task.completed", data__has_key="opinion").earliest("seq")
    changed = {**row.data, "opinion": row.data["opinion"][:-1] + "?"}
    Event.objects.filter(case=number, seq=row.seq).update(data=changed)
    _, err, holds = _verify()
    assert not holds
    assert f"case {format_case_number(number)}, event {row.seq} (task.completed)" in err


def test_a_changed_time_is_found(number: int) -> None:
    row = Event.objects.get(case=number, seq=2)
    Event.objects.filter(case=number, seq=2).update(at=row.at.replace(microsecond=(row.at.microsecond + 1) % 1_000_000))
    assert "event 2 (" in _verify()[1]


def test_an_event_taken_out_is_found(number: int) -> None:
    Event.objects.filter(case=number, seq=3).delete()
    assert "events are missing before it" in _verify()[1]


def test_a_log_cut_short_is_found(number: int) -> None:
    last = Case.objects.get(pk=number).last_seq
    Event.objects.filter(case=number, seq=last).delete()
    assert f"event {last} " in _verify()[1]


def test_a_log_removed_altogether_is_found(number: int) -> None:
    Event.objects.filter(case=number).delete()
    assert not _verify()[2]


def test_one_case_by_its_number(number: int, file_case: Callable[..., int]) -> None:
    other = file_case()
    Event.objects.filter(case=other, seq=1).update(actor="user:999")
    assert _verify(format_case_number(number))[2]
    assert not _verify(format_case_number(other))[2]


def test_a_wrong_number_is_told(number: int) -> None:
    with pytest.raises(CommandError, match="check"):
        call_command("verify", str(number + 1))
