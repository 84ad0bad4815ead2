"""One generated case, from filing to as far as it got by the end of the period."""

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from itertools import count
from random import Random

from tongban.apps.cases.services import Journal, add_rating
from tongban.apps.insight.history.habits import Habits
from tongban.apps.people.actors import SYSTEM, Actor
from tongban.apps.voice.services import sort_text
from tongban.kernel import flow
from tongban.kernel.clock import Calendar, Limit, Unit

__all__ = ["Cast", "Life"]

_REVIEW = Limit(8, Unit.WORKING_DAYS)  # sometimes kept, sometimes not
_MINUTE = 60_000_000  # the grain of working hours is the microsecond


@dataclass(frozen=True, slots=True)
class Cast:
    """Who serves: officials by department and role, and the calendar that they keep."""

    officials: Mapping[tuple[str, str], Sequence[Actor]]
    calendar: Calendar

    def choose(self, *, department: str, roles: Sequence[str], random: Random) -> Actor | None:
        """Return somebody of that department with one of these roles; None where nobody is."""
        for role in roles:
            if found := self.officials.get((department, role)):
                return random.choice(found)
        return None

    def after(self, at: datetime, minutes: int) -> datetime:
        """Return when so many minutes of office hours have passed."""
        return self.calendar.reach(unit=Unit.WORKING_HOURS, start=at, amount=max(1, minutes) * _MINUTE)


_ROLES = {
    "accept": ("clerk", "handler"),
    "handle": ("handler", "clerk"),
    "inspect": ("handler",),
    "opinion": ("handler", "reviewer"),
    "review": ("reviewer", "decider"),
    "decide": ("decider",),
    "deliver": ("clerk", "handler"),
}


@dataclass(slots=True)
class Life:
    """Lets one case live: whoever's turn it is acts after a plausible while, until ``until``."""

    journal: Journal
    owner: Actor
    capacity: str
    cast: Cast
    habits: Habits
    random: Random
    until: datetime
    refused: int = 0
    _agenda: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)
    _seen: set[tuple[str, int]] = field(default_factory=set)
    _failed: bool = False

    def run(self) -> None:
        """Play the case to the end of the period; what is refused by the kernel does not happen."""
        if self._happens("withdrawn"):
            self._plan(self.journal.case.filed_at + timedelta(days=self.random.uniform(0.1, 3)), self._withdraw)
        self._look_ahead(self.journal.case.filed_at)
        while self._agenda:
            at, _, action = heapq.heappop(self._agenda)
            if at > self.until:
                return
            try:
                action(at)
            except flow.Refused:
                self.refused += 1
            self._look_ahead(at)

    # --- whose turn it is --------------------------------------------------------------------------------------------

    def _look_ahead(self, at: datetime) -> None:
        state = self.journal.state
        for task in state.tasks:
            if self._new("task", task.no):
                self._expect_step(task, at)
        for timer in state.timers:
            if self._new("timer", timer.no):
                self._plan(timer.due + timedelta(seconds=5), partial(self._fire, timer.no))
        if state.supplement == "open" and self._new("supplement", 0) and self._happens("supplement_answered"):
            self._plan(at + timedelta(hours=self.random.lognormvariate(3.2, 0.8)), self._answer_supplement)
        if state.later and self._new("later", 0) and self._happens("supplement_answered"):
            self._plan(at + timedelta(hours=self.random.lognormvariate(4, 0.8)), self._hand_in)
        if state.suspension and self._new("suspension", 0):
            self._plan(self.cast.after(at, int(self.random.uniform(3, 9) * 450)), self._resume)
        if state.outcome is not None and self._new("rating", 0) and self._happens("rated"):
            self._plan(at + timedelta(hours=self.random.uniform(0.2, 60)), self._rate)

    def _new(self, kind: str, no: int) -> bool:
        if (kind, no) in self._seen:
            return False
        self._seen.add((kind, no))
        return True

    def _plan(self, at: datetime, action: Callable[[datetime], None]) -> None:
        heapq.heappush(self._agenda, (at, next(self._order), action))

    def _expect_step(self, task: flow.Task, at: datetime) -> None:
        node = self.journal.definition.process.nodes[task.node]
        act = str(node.act)
        if act not in _ROLES or (act == "accept" and self._happens("left_lying")):
            return  # a service, or a receipt that lies until silence accepts it
        # What is dispatched lies with whichever department is responsible by then.
        department = flow.department_of(self.journal.definition.process, self.journal.state, task)
        official = self.cast.choose(department=department, roles=_ROLES[act], random=self.random)
        if official is None:
            return
        wait = self.habits.minutes_of_waiting(act=act, department=department, at=at, random=self.random)
        no = task.no
        self._plan(self.cast.after(at, wait), lambda when: self._take_on(no, act, department, official, when))

    # --- officials ---------------------------------------------------------------------------------------------------

    def _take_on(self, no: int, act: str, department: str, official: Actor, at: datetime) -> None:
        if self.journal.state.supplement == "open" or self.journal.state.suspension:
            self._plan(self.cast.after(at, 900), lambda when: self._take_on(no, act, department, official, when))
            return
        self._do(flow.Claim(task=no, by=official.id), official, at)
        minutes = self.habits.minutes_of_work(act=act, department=department, random=self.random)
        self._plan(self.cast.after(at, minutes), lambda when: self._finish(no, act, official, when))

    def _finish(self, no: int, act: str, official: Actor, at: datetime) -> None:
        state = self.journal.state
        if state.task(no) is None:
            return
        if state.supplement == "open" or state.suspension:
            self._plan(self.cast.after(at, 600), lambda when: self._finish(no, act, official, when))
            return
        if act in ("accept", "handle") and not state.supplement and self._happens("supplement") and self._items():
            self._do(flow.RequestSupplement(items=self._items(), note=self._says("supplement")), official, at)
            self._plan(self.cast.after(at, 600), lambda when: self._finish(no, act, official, when))
        elif act == "accept":
            refused = self._happens("not_accepted")
            if not refused:
                self._dispatch(no, official, at)
            self._do(flow.Refuse(reason=self._says("not_accepted")) if refused else flow.Accept(), official, at)
        elif act == "decide":
            self._decide(no, official, at)
        elif act == "deliver":
            self._do(flow.Deliver(task=no, way=self.random.choice(("counter", "post"))), official, at)
        elif act == "review" and (earlier := self._earlier_step()) and self._happens("returned"):
            history = [entry.event for entry in self.journal.events]
            self._do(flow.ReturnTo(task=no, node=earlier, reason=self._says("returned")), official, at, history)
        elif act == "handle" and ("suspension", 0) not in self._seen and self._happens("special_procedure"):
            reason = self._says("special_procedure")
            self._do(flow.Suspend(procedure="expert_review", reason=reason, limit=_REVIEW), official, at)
            self._plan(self.cast.after(at, 600), lambda when: self._finish(no, act, official, when))
        else:
            self._complete(no, official, at)

    def _dispatch(self, no: int, official: Actor, at: datetime) -> None:
        """Where the step says whose it is: whoever the directory names for what was said, and can answer it."""
        process, state, task = self.journal.definition.process, self.journal.state, self.journal.state.task(no)
        voice = self.journal.definition.voice
        if task is None or voice is None or state.dispatched or not process.nodes[task.node].dispatches:
            return
        able = sorted({department for department, role in self.cast.officials if role == "decider"})
        named = sort_text(text=str(self.journal.case.answers.get(voice.text, ""))).department
        department = named if named in able else self.random.choice(able) if able else ""
        if department and department != self.journal.case.authority_id:
            self._do(flow.Dispatch(task=no, department=department, reason=""), official, at)

    def _complete(self, no: int, official: Actor, at: datetime) -> None:
        failed = self._happens("failed")
        self._failed |= failed
        opinion = self._says("failed" if failed else "passed")
        task = self.journal.state.task(no)
        # A diagram names the outcomes of its steps from good to bad, as in `pass fail`.
        outcomes = self.journal.definition.process.nodes[task.node].outcomes if task else ()
        good, *_, bad = outcomes if len(outcomes) > 1 else ("pass", "fail")
        self._do(flow.Complete(task=no, outcome=bad if failed else good, opinion=opinion), official, at)

    def _decide(self, no: int, official: Actor, at: datetime) -> None:
        denied = self._happens("denied_after_failing" if self._failed else "denied")
        reason = self._says("denied") if denied else ""
        self.journal.case.reason = reason
        self._do(flow.DecideCase(task=no, outcome="denied" if denied else "granted", reason=reason), official, at)

    def _items(self) -> tuple[str, ...]:
        asked = [spec.code for spec in self.journal.definition.materials if spec.is_asked]
        return tuple(self.random.sample(asked, k=1)) if asked else ()

    def _earlier_step(self) -> str | None:
        done = [entry.event.node for entry in self.journal.events if entry.event.kind == "task.completed"]
        return done[-1] if done else None

    def _resume(self, at: datetime) -> None:
        official = self.cast.choose(department=self.journal.case.authority_id, roles=("handler",), random=self.random)
        if official is not None:
            self._do(flow.Resume(), official, at)

    def _fire(self, timer: int, at: datetime) -> None:
        if any(each.no == timer for each in self.journal.state.timers):
            self.journal.run(command=flow.FireTimer(timer=timer), actor=SYSTEM, capacity="clock", at=at)

    # --- the applicant -----------------------------------------------------------------------------------------------

    def _answer_supplement(self, at: datetime) -> None:
        if self.journal.state.supplement == "open":
            self.journal.run(command=flow.AnswerSupplement(), actor=self.owner, capacity=self.capacity, at=at)

    def _hand_in(self, at: datetime) -> None:
        if codes := [each.code for each in self.journal.state.later]:
            self.journal.run(command=flow.HandIn(codes=codes), actor=self.owner, capacity=self.capacity, at=at)

    def _withdraw(self, at: datetime) -> None:
        if self.journal.state.outcome is None:
            reason = self._says("withdrawn")
            self.journal.run(command=flow.Withdraw(reason=reason), actor=self.owner, capacity=self.capacity, at=at)

    def _rate(self, at: datetime) -> None:
        case = self.journal.case
        late = case.promised_due is not None and case.decided_at is not None and case.decided_at > case.promised_due
        grade, words = self.habits.grade(late=late, denied=case.outcome == "denied", random=self.random)
        add_rating(self.journal, grade=grade, words=words, shown=True, actor=self.owner, at=at)

    def _happens(self, what: str) -> bool:
        return self.habits.happens(what, self.random)

    def _says(self, what: str) -> str:
        return self.habits.says(what, self.random)

    def _do(self, command: flow.Command, official: Actor, at: datetime, history: Sequence[flow.Event] = ()) -> None:
        self.journal.run(command=command, actor=official, capacity="officer", at=at, history=history)
