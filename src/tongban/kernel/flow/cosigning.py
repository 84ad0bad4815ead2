"""Co-signing: others sign an open task before, beside or after its work, without a touch to the diagram (加签, 会签).

*Before* (前加签): the task waits until they have signed. *Beside* (并加签): the work goes on, but is not finished
without them. *After* (后加签): the work is done and put before them; the token leaves when they have signed. Of those
asked together `all` sign (会签), or one suffices (`any`, 或签), or so many.

An objection is an answer. When by objections the rule cannot be met any more, a result that lay before the signers
falls back to who made it, and is put before all of them again. Before and beside, the work stands still until whoever
asked has removed the objector, with a reason, or the work goes back: an objection may be overruled, never passed over
in silence.
"""

from __future__ import annotations

import json
from typing import Any

from . import commands as c
from .aside import Round, Signer, handover_of, round_of, rounds_of
from .definition import Act, Node
from .drafting import Drafting
from .errors import Refusal, Refused
from .finishing import asked_anew, end_task
from .handing import department_of
from .requirements import check_holder, require_not_suspended, require_reason, task_of

__all__ = ["PLACES", "SIGNABLE", "add", "claim", "object_to", "release", "remove", "sign"]

PLACES = ("before", "beside", "after")
SIGNABLE = (Act.HANDLE, Act.REVIEW, Act.INSPECT, Act.OPINION, Act.DECIDE)
"""The acts that others can sign. Acceptance has its own five days (32), delivery decides nothing."""


def add(draft: Drafting, command: c.AddCosigner) -> None:
    """Ask others to sign."""
    task, node = task_of(draft, command.task)
    if node.act not in SIGNABLE:
        raise Refused(Refusal.WRONG_ACT, {"task": task.no, "act": str(node.act)})
    handover = handover_of(draft.state, task.no)
    if handover.result:
        raise Refused(Refusal.PROPOSED, {"task": task.no})
    check_holder(draft, task)
    if command.place not in PLACES:
        raise Refused(Refusal.COSIGN_PLACE, {"place": command.place, "known": list(PLACES)})
    asked = [(draft.definition.departments.get(one.department, one.department), one.who) for one in command.signers]
    if not asked:
        raise Refused(Refusal.COSIGN_NOBODY)
    _check_rule(command.rule, len(asked))
    owners = {person for person in (task.by, handover.owner, draft.actor, draft.stands_for) if person}
    if any(who in owners for _, who in asked):
        raise Refused(Refusal.COSIGN_SELF, {"task": task.no})
    there = [(s.department, s.who) for one in rounds_of(draft.state, task.no) for s in one.signers]
    if len({*asked, *there}) < len(asked) + len(there):
        raise Refused(Refusal.COSIGN_TWICE, {"task": task.no})
    first = draft.state.next_task
    data: dict[str, Any] = {
        "round": first,
        "place": command.place,
        "rule": command.rule,
        "reason": command.reason,
        "asks": [{"no": first + n, "department": where, "who": who} for n, (where, who) in enumerate(asked)],
    }
    draft.emit("cosign.asked", data, node=node, task=task.no, department=department_of(*_where(draft), task))


def _check_rule(rule: str, count: int) -> None:
    if rule in ("all", "any"):
        return
    if not (rule.isascii() and rule.isdigit() and 1 <= int(rule) <= count):
        raise Refused(Refusal.COSIGN_RULE, {"rule": rule, "asked": count})


def _where(draft: Drafting) -> tuple[Any, Any]:
    return draft.definition, draft.state


def claim(draft: Drafting, signer: Signer, by: str) -> None:
    """Take it on to look at what is to be signed: what a department was asked."""
    if signer.answer:
        raise Refused(Refusal.NO_TASK, {"task": signer.no})
    _require_turn(signer)
    holder = signer.by or signer.who
    if holder:
        code = Refusal.ALREADY_CLAIMED if holder == by else Refusal.CLAIMED_BY_OTHER
        raise Refused(code, {"task": signer.no, "by": holder})
    _require_not_own(draft, signer, by)
    _tell(draft, "task.claimed", signer, {"by": by})


def release(draft: Drafting, signer: Signer) -> None:
    """Put it back for colleagues."""
    if not signer.by or signer.answer:
        raise Refused(Refusal.NOT_CLAIMED, {"task": signer.no})
    _require_mine(draft, signer)
    _tell(draft, "task.released", signer, {"by": signer.by})


def sign(draft: Drafting, command: c.Sign) -> None:
    """Agree."""
    signer, one = _mine(draft, command.task)
    closes = [signer.no]
    after = one._replace(signers=tuple(s._replace(answer="signed") if s.no == signer.no else s for s in one.signers))
    data: dict[str, Any] = {"outcome": "signed", "opinion": command.opinion}
    if after.met:
        data["over"] = one.no
        closes += [other.no for other in after.unanswered]
    _tell(draft, "cosign.signed", signer, data | {"closes": closes})
    _go_on(draft, one.task)


def object_to(draft: Drafting, command: c.Object) -> None:
    """Disagree, with the reason."""
    signer, one = _mine(draft, command.task)
    reason = require_reason(command.reason)
    after = one._replace(signers=tuple(s._replace(answer="objected") if s.no == signer.no else s for s in one.signers))
    data: dict[str, Any] = {"outcome": "objected", "reason": reason, "closes": [signer.no]}
    if after.failed and one.place == "after":
        data |= {"fallen": True, "asks": asked_anew(draft, one.task, signer.no)}
    _tell(draft, "cosign.objected", signer, data)


def remove(draft: Drafting, command: c.RemoveCosigner) -> None:
    """Ask somebody no longer: who has not answered, or has objected and is overruled with a reason on record."""
    one = round_of(draft.state, command.task)
    if one is None:
        raise Refused(Refusal.NO_TASK, {"task": command.task})
    signer = next(s for s in one.signers if s.no == command.task)
    task, _ = task_of(draft, one.task)
    check_holder(draft, task)
    if signer.answer == "signed":
        raise Refused(Refusal.COSIGN_ANSWERED, {"task": signer.no})
    data: dict[str, Any] = {"reason": require_reason(command.reason), "who": signer.who, "outcome": "cancelled"}
    after = one._replace(signers=tuple(s for s in one.signers if s.no != signer.no))
    closes = [] if signer.answer else [signer.no]
    if after.met:
        data["over"] = one.no
        closes += [other.no for other in after.unanswered]
    if closes:
        data["closes"] = closes
    _tell(draft, "cosign.removed", signer, data)
    _go_on(draft, task.no)


def _go_on(draft: Drafting, no: int) -> None:
    """The work that lay before the signers is finished as soon as nobody has to sign any more."""
    handover = handover_of(draft.state, no)
    if not handover.result or rounds_of(draft.state, no):
        return
    task, node = task_of(draft, no)
    end_task(draft, task, node, json.loads(handover.result), handover)


def _mine(draft: Drafting, no: int) -> tuple[Signer, Round]:
    one = round_of(draft.state, no)
    signer = None if one is None else next(s for s in one.signers if s.no == no)
    if one is None or signer is None or signer.answer:
        raise Refused(Refusal.NO_TASK, {"task": no})
    require_not_suspended(draft)
    _require_turn(signer)
    _require_mine(draft, signer)
    _require_not_own(draft, signer, draft.actor)
    return signer, one


def _require_turn(signer: Signer) -> None:
    if signer.opened is None:
        raise Refused(Refusal.COSIGN_NOT_YET, {"task": signer.no})


def _require_mine(draft: Drafting, signer: Signer) -> None:
    holder = signer.by or signer.who
    if holder and draft.actor and holder not in (draft.actor, draft.stands_for):
        raise Refused(Refusal.CLAIMED_BY_OTHER, {"task": signer.no, "by": holder})


def _require_not_own(draft: Drafting, signer: Signer, person: str) -> None:
    one = round_of(draft.state, signer.no)
    assert one is not None
    task, _ = task_of(draft, one.task)
    handover = handover_of(draft.state, task.no)
    own = {each for each in (task.by, handover.owner, handover.by) if each}
    if (person and person in own) or (draft.stands_for and draft.stands_for in own):
        raise Refused(Refusal.COSIGN_SELF, {"task": signer.no, "by": person})


def _tell(draft: Drafting, kind: str, signer: Signer, data: dict[str, Any]) -> None:
    one = round_of(draft.state, signer.no)
    assert one is not None
    node = _node(draft, one)
    draft.emit(kind, {"of": one.task, **data}, node=node, task=signer.no, department=signer.department)


def _node(draft: Drafting, one: Round) -> Node:
    return task_of(draft, one.task)[1]
