"""How the work on a task ends: at once, by a report to who delegated it, or once others have signed it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .aside import Handover, handover_of, rounds_of
from .definition import Node
from .drafting import Drafting
from .errors import Refusal, Refused
from .requirements import require_not_suspended, require_undecided
from .state import Task

__all__ = ["asked_anew", "conclude", "end_task", "require_ready", "require_stranger"]


def conclude(draft: Drafting, task: Task, node: Node, result: Mapping[str, Any]) -> None:
    """The work on a task is done, with this result (`command`, `outcome`, and what was said).

    What was delegated goes back to its owner as a report; the owner confirms by finishing it. What others must sign
    afterwards is put before them. Otherwise the task ends.
    """
    handover = handover_of(draft.state, task.no)
    if handover.owner:
        if rounds_of(draft.state, task.no, "before"):
            require_ready(draft, task)
        told = {name: value for name, value in result.items() if name != "command"}
        draft.emit("task.reported", {**told, "by": task.by, "to": handover.owner}, node=node, task=task.no)
        return
    require_ready(draft, task)
    require_stranger(draft, task.no, draft.actor)
    require_stranger(draft, task.no, draft.stands_for)
    if rounds_of(draft.state, task.no, "after"):
        _propose(draft, task, node, result)
        return
    end_task(draft, task, node, result, None)


def require_ready(draft: Drafting, task: Task) -> None:
    """Refuse while others have to sign first, or have objected, or have the result before them."""
    if handover_of(draft.state, task.no).result:
        raise Refused(Refusal.PROPOSED, {"task": task.no})
    for one in rounds_of(draft.state, task.no, "before", "beside"):
        code = Refusal.COSIGN_OBJECTED if one.failed else Refusal.COSIGN_WAITING
        raise Refused(code, {"task": task.no, "place": one.place})


def require_stranger(draft: Drafting, task: int, person: str) -> None:
    """Refuse when the person is asked to sign this task: nobody signs their own work."""
    people = {who for one in rounds_of(draft.state, task) for signer in one.signers for who in (signer.who, signer.by)}
    if person and person in people:
        raise Refused(Refusal.COSIGN_SELF, {"task": task, "by": person})


def _propose(draft: Drafting, task: Task, node: Node, result: Mapping[str, Any]) -> None:
    """Put a result before those who sign after it."""
    text = json.dumps(dict(result), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    draft.emit("task.proposed", {"result": text, "outcome": result["outcome"]}, node=node, task=task.no)


def asked_anew(draft: Drafting, task: int, objector: int = 0) -> list[dict[str, Any]]:
    """Those who sign afterwards and had answered: once the result has fallen, their answer says nothing any more."""
    answered = [
        signer
        for one in rounds_of(draft.state, task, "after")
        for signer in one.signers
        if signer.answer or signer.no == objector
    ]
    first = draft.state.next_task
    return [{"no": first + n, "was": s.no, "department": s.department, "who": s.who} for n, s in enumerate(answered)]


def end_task(draft: Drafting, task: Task, node: Node, result: Mapping[str, Any], finished: Handover | None) -> None:
    """The token leaves. `finished` is by whom and when the work was done, if others signed since."""
    require_not_suspended(draft)
    said = dict(result)
    decides = said.pop("command") == "decide"
    if decides:
        require_undecided(draft)
        if draft.state.supplement == "open":
            raise Refused(Refusal.SUPPLEMENT_OPEN)
    data = draft.finish(task, {"outcome": said["outcome"]})
    data |= said
    if decides:
        data |= draft.stopped()
    kind = "case.decided" if decides else "task.completed"
    if finished is None:
        draft.emit(kind, data, node=node, task=task.no)
    else:
        draft.emit(kind, data, node=node, task=task.no, actor=finished.by, capacity=finished.capacity)
