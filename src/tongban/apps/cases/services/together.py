"""One command given on many steps: what would come of it on each, and giving it to each by itself.

Only commands that leave nothing to discretion: steps change hands, an application in which nothing is missing is
accepted, a delivery is put on record. What is finished, decided, refused or asked for owes its reasons case by case
(Administrative Licensing Law, 32, 34, 38).
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tongban.apps.cases.consequences import Offer, Work, weigh
from tongban.apps.cases.errors import CaseError, NotTogether, UnknownCase
from tongban.apps.cases.permissions import may_do_act
from tongban.apps.cases.queries.whole import list_cases_and_answers
from tongban.apps.cases.services.colleagues import delegate, transfer
from tongban.apps.cases.services.department import accept, claim, deliver, release
from tongban.apps.people.actors import Actor
from tongban.apps.people.queries import list_colleagues
from tongban.kernel import flow

__all__ = ["MOST_TOGETHER", "TOGETHER", "Step", "Taken", "Weighed", "able_each", "do_each", "share_out", "weigh_each"]

MOST_TOGETHER = 100
"""Steps that one press may move."""

Step = tuple[int, int]
"""The number of a case, and of a step in it."""

_RUN: Mapping[str, Callable[..., None]] = {
    "claim": claim,
    "release": release,
    "transfer": transfer,
    "delegate": delegate,
    "accept": accept,
    "deliver": deliver,
}
TOGETHER = tuple(_RUN)
"""The commands that may be given on many steps at once."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What a command would do on one step, or the ``code`` of why it cannot. ``work``: None where there is nothing."""

    step: Step
    work: Work | None
    offer: Offer | None
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of it on one step: done, or the ``code`` of why not."""

    step: Step
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)


def weigh_each(*, steps: Sequence[Step], command: str, actor: Actor, at: datetime) -> list[Weighed]:
    """Return what ``command`` would do on each of these steps, in their order; as many queries for many as for one.

    A case that the actor may not see is unknown, as one that is not there.
    """
    read = list_cases_and_answers(numbers={case for case, _ in steps}, actor=actor, at=at)
    works = {
        number: weigh(view=view, answers=answers, actor=actor, at=at, command=command)
        for number, (view, answers) in read.items()
    }
    return [_weighed(step, works.get(step[0]), command) for step in steps]


def able_each(*, weighed: Sequence[Weighed], command: str) -> dict[Step, list[Actor]]:
    """Return who could be given each of the steps that can be given, in its own department; one query.

    By ``transfer`` whoever may do such a step; by ``delegate`` whoever serves there.
    """
    open_ones = {each.step: each.offer.task for each in weighed if each.offer is not None and each.offer.task}
    there = list_colleagues(departments={task.department for task in open_ones.values()})
    own = {each.work.actor.id for each in weighed if each.work is not None}
    return {
        step: [
            each
            for each in there
            if each.id not in own
            and task.department in each.departments
            and (command == "delegate" or may_do_act(act=task.act, department=task.department, actor=each))
        ]
        for step, task in open_ones.items()
    }


def share_out(*, able: Mapping[Step, Sequence[Actor]], chosen: Collection[str]) -> dict[Step, str]:
    """Return to whom of ``chosen`` each step goes, in the order of ``able``: to who may do it and has fewest so far.

    A step that none of them may do is left out.
    """
    shares = dict.fromkeys(chosen, 0)
    found: dict[Step, str] = {}
    for step, there in able.items():
        fit = [each.id for each in there if each.id in shares]
        if fit:
            found[step] = min(fit, key=lambda person: shares[person])
            shares[found[step]] += 1
    return found


def do_each(
    *, steps: Sequence[Step], command: str, given: Mapping[Step, Mapping[str, Any]], actor: Actor, at: datetime
) -> list[Taken]:
    """Give ``command`` on each step, each in a transaction and with an entry of its own; return what came of each.

    ``given`` is what the command takes beside the step. One that is refused, or fails, keeps none of the others back.
    """
    return [
        _do(each, command, given.get(each.step, {}), actor, at)
        for each in weigh_each(steps=steps, command=command, actor=actor, at=at)
    ]


def _weighed(step: Step, work: Work | None, command: str) -> Weighed:
    if work is None:
        return Weighed(step=step, work=None, offer=None, code=UnknownCase.code)
    offer = work.offer(command=command, task=step[1])
    if offer is None:
        code, params = work.why_not(command=command, task=step[1])
        return Weighed(step=step, work=work, offer=None, code=code, params=params)
    if command == "accept" and work.missing:
        return Weighed(step=step, work=work, offer=None, code=NotTogether.code)
    return Weighed(step=step, work=work, offer=offer)


def _do(weighed: Weighed, command: str, given: Mapping[str, Any], actor: Actor, at: datetime) -> Taken:
    if weighed.offer is None:
        return Taken(step=weighed.step, code=weighed.code, params=weighed.params)
    case, task = weighed.step
    try:
        _RUN[command](number=case, task=task, actor=actor, at=at, **given)
    except (flow.Refused, CaseError) as refused:
        return Taken(step=weighed.step, code=refused.code, params=refused.params)
    except Exception as error:
        log.error("%s together failed at case %s: %s", command, case, type(error).__name__)
        return Taken(step=weighed.step, code=CaseError.code)
    return Taken(step=weighed.step)
