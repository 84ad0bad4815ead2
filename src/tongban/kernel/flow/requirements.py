"""What commands require of a case, said once."""

from __future__ import annotations

from .definition import Act, Node
from .drafting import Drafting
from .errors import Refusal, Refused
from .state import Task

__all__ = ["check_holder", "held_task", "require_not_suspended", "require_reason", "require_undecided", "task_of"]


def held_task(draft: Drafting, no: int, acts: tuple[Act, ...]) -> tuple[Task, Node]:
    """The open task, which nobody else holds and which is for one of these acts."""
    task, node = task_of(draft, no)
    if node.act not in acts:
        raise Refused(Refusal.WRONG_ACT, {"task": no, "act": str(node.act)})
    check_holder(draft, task)
    return task, node


def task_of(draft: Drafting, no: int) -> tuple[Task, Node]:
    """The open task of that number and its node."""
    task = draft.state.task(no)
    if task is None:
        raise Refused(Refusal.NO_TASK, {"task": no})
    return task, draft.definition.nodes[task.node]


def check_holder(draft: Drafting, task: Task) -> None:
    """Refuse when somebody else has claimed the task."""
    if task.by and draft.actor and task.by not in (draft.actor, draft.stands_for):
        raise Refused(Refusal.CLAIMED_BY_OTHER, {"task": task.no, "by": task.by})


def require_reason(reason: str) -> str:
    """The reason, which may not be empty."""
    if not reason.strip():
        raise Refused(Refusal.NO_REASON)
    return reason


def require_undecided(draft: Drafting) -> None:
    """Refuse once the case is decided."""
    if draft.state.decided is not None:
        raise Refused(Refusal.DECIDED)


def require_not_suspended(draft: Drafting) -> None:
    """Refuse while an officer's special procedure is under way."""
    if draft.state.suspension:
        raise Refused(Refusal.SUSPENDED, {"procedure": draft.state.suspension})
