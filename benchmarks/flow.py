"""The engine in memory beside SpiffWorkflow, on the same BPMN file.

Both run whole instances, one after the other: six user tasks, a three-way parallel split, an exclusive gateway whose
condition is read in both languages alike. Ours decides each command, links each event to the one before it with its
working minutes, and applies it; the peer runs its ready tasks, keeps no log and counts no time. Neither saves anything.
The peer is driven as its own documentation does it, with its parsing done before. `flow.spread` is ours with hours
between the steps, so that working minutes have to be counted.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks import _saved
from tongban.kernel.clock import calendar_for
from tongban.kernel.flow import NEW, Complete, Event, File, load_bpmn, step

__all__ = ["main"]

_FILE = Path(__file__).parent / "data" / "six_tasks.bpmn"
_AMOUNT = 120
_ROUNDS = 5
_SECONDS = 1.0  # for each side of a round


def main() -> None:
    """Print flow.memory, flow.sqlite and flow.postgres."""
    ours, peer = _ours(), _peer()
    ours()
    peer()
    print(
        "flow.memory: whole instances a second in memory: six user tasks, three-way parallel split, exclusive gateway"
    )
    print(f"  peer: SpiffWorkflow, same file; {_ROUNDS} rounds in turn, the best of each")
    rates = [(_rate(ours), _rate(peer)) for _ in range(_ROUNDS)]
    best, other = max(rate for rate, _ in rates), max(rate for _, rate in rates)
    print(f"flow.memory ours={best:.0f}/s peer={other:.0f}/s ratio={best / other:.1f}")
    spread = _ours(apart=timedelta(hours=3))
    spread()
    rate = max(_rate(spread) for _ in range(_ROUNDS))
    print(f"flow.spread ours={rate:.0f}/s peer={other:.0f}/s ratio={rate / other:.1f}")
    _saved.main()


def _rate(run: Callable[[], None]) -> float:
    """Runs per second."""
    count = 0
    begun = time.perf_counter()
    while time.perf_counter() - begun < _SECONDS:
        run()
        count += 1
    return count / (time.perf_counter() - begun)


def _ours(*, apart: timedelta = timedelta()) -> Callable[[], None]:
    definition = load_bpmn(_FILE.read_bytes(), source=_FILE.name)
    calendar = calendar_for()
    begun = datetime(2026, 3, 2, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
    facts = {"amount": _AMOUNT}

    def run() -> None:
        log: list[Event] = []
        at = begun
        events, state = step(
            definition=definition, state=NEW, command=File(), facts=facts, at=at, calendar=calendar, actor="officer"
        )
        log += events
        done = 0
        while state.tasks:
            at += apart
            events, state = step(
                definition=definition,
                state=state,
                command=Complete(task=state.tasks[0].no),
                facts=facts,
                at=at,
                calendar=calendar,
                actor="officer",
            )
            log += events
            done += 1
        assert state.closed
        assert done == 6
        assert len(log) == 9  # filed, accepted, six tasks, closed

    return run


def _peer() -> Callable[[], None]:
    from SpiffWorkflow.bpmn import BpmnWorkflow
    from SpiffWorkflow.bpmn.parser import BpmnParser
    from SpiffWorkflow.util.task import TaskState

    parser = BpmnParser()
    parser.add_bpmn_file(str(_FILE))
    spec = parser.get_spec("six_tasks")

    def run() -> None:
        workflow = BpmnWorkflow(spec)
        workflow.do_engine_steps()
        done = 0
        while not workflow.is_completed():
            for task in workflow.get_tasks(state=TaskState.READY, manual=True):
                task.data["amount"] = _AMOUNT
                task.run()
                done += 1
            workflow.do_engine_steps()
        assert done == 6

    return run


if __name__ == "__main__":
    main()
