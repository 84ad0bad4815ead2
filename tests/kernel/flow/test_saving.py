"""A state as text and back; what an earlier release has saved is read as well."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from tests.kernel.flow.living import LIMITS

from tongban.kernel.flow import NEW, Status, Task, Timer, state_from_json, state_to_json

_CLOCK = (
    '{"limit":"8 working days","paused_at":"2026-03-02T01:30:00+00:00","reason":"hearing",'
    '"since":"2026-03-02T01:30:00+00:00","started_at":"2026-03-02T01:30:00+00:00"}'
)
_ONE_OBJECT = (
    '{"accepted":"2026-03-02T01:30:00+00:00","last_activity":"case.suspended",'
    '"last_at":"2026-03-02T01:30:00+00:00","last_department":"authority",'
    '"limits":{"extension":"10 working days","promised":"8 working days","statutory":"20 working days"},'
    '"marking":[6],"next_task":3,"next_timer":3,"promised":' + _CLOCK + ","
    '"received":"2026-03-02T01:30:00+00:00","seq":5,"status":"suspended","suspension":"hearing",'
    '"tasks":[[2,2,"2026-03-02T01:30:00+00:00","li","2026-03-02T01:30:00+00:00","2026-03-05T15:59:59+00:00"]],'
    '"timers":[[2,3,"2026-03-11T01:30:00+00:00",2]],"updated":"2026-03-02T01:30:00+00:00",'
    '"variables":{"a":{"outcome":"accepted"}}}'
)
_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)


def test_a_state_saved_as_one_object_is_read_whole() -> None:
    state = state_from_json(_ONE_OBJECT)
    assert state.status is Status.SUSPENDED
    assert state.marking == (6,)
    assert state.limits == LIMITS
    assert state.tasks == (Task(2, 2, _AT, "li", _AT, datetime(2026, 3, 5, 15, 59, 59, tzinfo=UTC)),)
    assert state.timers == (Timer(2, 3, datetime(2026, 3, 11, 1, 30, tzinfo=UTC), 2),)
    assert state.promised is not None
    assert (state.promised.is_paused, state.promised.reason, state.promised.started_at) == (True, "hearing", _AT)
    assert (state.accepted, state.seq, state.variables) == (_AT, 5, {"a": {"outcome": "accepted"}})


_STANDING = (
    '{"last_activity":"case.suspended","last_department":"authority",'
    '"limits":{"extension":"10 working days","promised":"8 working days","statutory":"20 working days"},'
    '"marking":[6],"next_task":3,"next_timer":3,"status":"suspended","suspension":"hearing"}'
)
_TWO_PARTS = (
    f"[{_STANDING},\n"
    '{"accepted":"2026-03-02T01:30:00+00:00","last_at":"2026-03-02T01:30:00+00:00","promised":["8 working days",0,0,'
    '"hearing","2026-03-02T01:30:00+00:00","2026-03-02T01:30:00+00:00","2026-03-02T01:30:00+00:00",null,null],'
    '"received":"2026-03-02T01:30:00+00:00","seq":5,'
    '"tasks":[[2,2,"2026-03-02T01:30:00+00:00","li","2026-03-02T01:30:00+00:00","2026-03-05T15:59:59+00:00"]],'
    '"timers":[[2,3,"2026-03-11T01:30:00+00:00",2]],"updated":"2026-03-02T01:30:00+00:00",'
    '"variables":{"a":{"outcome":"accepted"}}}]'
)


def test_a_state_saved_in_two_parts_is_read_whole() -> None:
    assert state_from_json(_TWO_PARTS) == state_from_json(_ONE_OBJECT)


def test_it_is_saved_in_three_lines_from_then_on_which_together_are_json() -> None:
    state = state_from_json(_ONE_OBJECT)
    text = state_to_json(state)
    assert text.startswith(f"[{_STANDING},\n[null,[")
    assert state_from_json(text) == state
    standing, clocks, own = json.loads(text)
    assert standing == json.loads(_STANDING)
    assert clocks[1][0] == "8 working days"
    assert list(own) == sorted(own)


def test_what_has_not_happened_yet_is_false_and_left_out() -> None:
    assert not any(NEW[1:])
    assert json.loads(state_to_json(NEW)) == [{}, [None, None], {}]
    assert state_from_json(state_to_json(NEW)) == NEW
