"""A case as an officer reads it: who has it, what was said, how the clock stands, what may be done and what follows."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.consequences import Work, prove_read
from tongban.apps.cases.queries import CaseView, TaskView, TimelineEntry, reason_of
from tongban.apps.people.queries import DepartmentNames, get_department_names
from tongban.kernel.flow import STAND_IN
from tongban.kernel.numbers import format_case_number
from tongban.web.desk.clocks import clock_lines
from tongban.web.desk.drafts import draft_lines
from tongban.web.desk.forms import CommandForm
from tongban.web.desk.offered import CommandCard, list_cards
from tongban.web.documents import document_lines
from tongban.web.due import Due, due_of_step
from tongban.web.processes import draw_case
from tongban.web.questions import answer_rows
from tongban.web.registers import extract_cards, said_for, unconfirmed
from tongban.web.templatetags.tongban_ui import leading, moment
from tongban.web.wording import (
    act_words,
    capacity_words,
    channel_words,
    event_name,
    event_words,
    procedure_words,
    refusal_words,
    step_outcome_words,
)

__all__ = ["case_page", "filed_answers", "holder_name", "taken_from"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionLine:
    """What a department said, or that it has not answered yet."""

    step: str
    department: str
    mine: bool
    who: str
    at: datetime | None
    outcome: str
    tone: str
    opinion: str
    due: Due | None


def case_page(work: Work, *, at: datetime, bound: CommandForm | None = None, card: str = "") -> dict[str, Any]:
    """Everything that ``desk/case.html`` shows. ``bound`` is a posted form to show again on the card ``card``."""
    language, departments = get_language() or "zh-hans", get_department_names()
    view = work.view
    said = said_for(case=view.number, definition=view.definition)
    cards = list_cards(work, bound=bound, shown=card)
    return {
        "case": view.row,
        "view": view,
        "title": view.row.matter_name.in_language(language),
        "channel": channel_words(view.channel),
        "authority": departments[view.row.authority].name(language),
        "warnings": _warnings(work, language),
        "overdue": work.view.row.procedure_due if _is_overdue(work) else None,
        "steps": [_step_group(work, task, cards, language, departments) for task in work.mine],
        "case_cards": [each for each in cards if each.task == 0],
        "picture": draw_case(definition=view.definition.process, state=view.state, history=view.history),
        "clocks": clock_lines(view, at),
        "data": filed_answers(work, language, unconfirmed(said=said, definition=view.definition)),
        "missing": [spec.name.in_language(language) for spec in work.missing],
        "later": [(each, each.spec.name.in_language(language)) for each in view.later],
        "counter": bool(view.later or view.supplement) and work.actor.has_role("clerk"),
        "late": [each.spec.name.in_language(language) for each in view.later if each.late],
        "extracts": extract_cards(said=said, definition=view.definition, answers=view.answers),
        "taken_from": taken_from(view),
        "materials": [(item, item.name.in_language(language)) for item in view.materials],
        "drafts": draft_lines(work, language) if view.definition.drafted_at else [],
        "opinions": [_opinion(task, work, language, departments, at) for task in view.tasks if task.act in _SAID],
        "log": [_log_line(entry, view, language, departments) for entry in reversed(view.timeline)],
        "proof": _proof(view),
        "documents": document_lines(view),
        "supplement": _supplement(view, language),
        "expected": [event_name(one, language) for one in view.expected],
        "open_steps": [_open_step(task, work, language, departments, at) for task in view.open_tasks],
    }


# --- commands ---------------------------------------------------------------------------------------------------------


_EXPLAINED = frozenset({"accept", "complete", "decide", "deliver", "sign"})
"""Commands that move a case on: when they are not possible, the officer is told why."""


def _step_group(
    work: Work, task: TaskView, cards: Sequence[CommandCard], language: str, departments: DepartmentNames
) -> dict[str, Any]:
    own = [card for card in cards if card.task == task.no]
    return {
        "task": task,
        "name": task.name.in_language(language),
        "act": act_words(task.act),
        "department": departments[task.department].short(language),
        "main": [card for card in own if card.command.main],
        "more": [card for card in own if not card.command.main],
        "blocked": [
            refusal_words(code=each.code, params=each.params)
            for each in work.blocked
            if each.command in _EXPLAINED and each.task and each.task.no == task.no
        ],
    }


def holder_name(task: TaskView, language: str) -> str:
    """Who has a step, in the reader's language; "" for nobody."""
    return _in(task.claimed_name, language)


def _is_overdue(work: Work) -> bool:
    """Whether a special procedure takes longer than the applicant was told."""
    due = work.view.row.procedure_due
    return due is not None and due < work.at


def _warnings(work: Work, language: str) -> list[str]:
    """Two people must not work on one file unknowingly."""
    return [
        _("%(step)s: %(name)s has been working on it since %(since)s.")
        % {
            "name": holder_name(task, language),
            "step": task.name.in_language(language),
            "since": moment(task.claimed or task.opened, "short"),
        }
        for task in work.view.open_tasks
        if task.may_act and task.claimed_by is not None and not work.actor.has_in_hand(task.claimed_by)
    ]


# --- what there is to read -------------------------------------------------------------------------------------------

_SAID = frozenset({"handle", "review", "inspect", "opinion", "decide", "cosign"})
_TONES = {
    "pass": "done",
    "granted": "done",
    "signed": "done",
    "fail": "seal",
    "denied": "seal",
    "objected": "seal",
    "silent": "seal",
    "silent_agreed": "done",
}


def _opinion(task: TaskView, work: Work, language: str, departments: DepartmentNames, at: datetime) -> OpinionLine:
    open_now = task.finished is None
    return OpinionLine(
        step=task.name.in_language(language),
        department=_short(task.department, language, departments),
        mine=task.department in work.actor.departments,
        who=holder_name(task, language) if open_now else _in(task.finished_name, language),
        at=task.finished,
        outcome=_said_so_far(task, work),
        tone="" if open_now else _TONES.get(task.outcome, ""),
        opinion=task.opinion,
        due=_due(task, work, at) if open_now else None,
    )


def _said_so_far(task: TaskView, work: Work) -> str:
    if task.finished is None:
        return _("not answered yet")
    if task.withheld:
        return _("given; not to be read by you now")
    return step_outcome_words(work.view.definition.concluded(task.outcome))


def _open_step(task: TaskView, work: Work, language: str, departments: DepartmentNames, at: datetime) -> dict[str, Any]:
    return {
        "name": task.name.in_language(language),
        "department": departments[task.department].short(language)
        if task.department in departments
        else task.department,
        "holder": holder_name(task, language),
        "mine": task.claimed_by is not None and task.claimed_by == work.actor.user_id,
        "due": _due(task, work, at),
    }


def filed_answers(work: Work, language: str, open_ones: Collection[str]) -> list[dict[str, Any]]:
    """The form as it was answered, step by step; numbers of people stay masked, what is to be confirmed is marked."""
    form, answers = work.view.definition.form, work.answers
    return [
        {
            "name": step.title.in_language(language),
            "rows": answer_rows(form=form, asked=asked, answers=answers, unconfirmed=open_ones),
        }
        for step, asked in form.asked_for(answers)
    ]


def taken_from(view: CaseView) -> dict[str, str]:
    """Of files that the applicant did not hand in anew, by material: from which case or certificate they were taken."""
    filed = view.history[0].data.get("about", {}) if view.history else {}
    words = {
        "case": _("from case %(number)s of the same applicant"),
        "certificate": _("from certificate %(number)s"),
    }
    found = {}
    for code, source in filed.get("taken_from", {}).items():
        kind, _colon, number = source.partition(":")
        shown = format_case_number(int(number)) if kind == "case" else number
        found[code] = words[kind] % {"number": shown}
    return found


def _supplement(view: CaseView, language: str) -> dict[str, Any] | None:
    asked = view.supplement
    if asked is None:
        return None
    due = asked.get("due")
    return {
        "items": _asked_for(view, asked, language),
        "note": asked.get("note", ""),
        "due": datetime.fromisoformat(due) if due else None,
    }


def _asked_for(view: CaseView, asked: Mapping[str, Any], language: str) -> list[str]:
    """Names of what was asked for: materials by code, anything else as it was written."""
    return _names_of(view, asked.get("items", ()), language)


def _names_of(view: CaseView, codes: Sequence[str], language: str) -> list[str]:
    specs = {spec.code: spec.name.in_language(language) for spec in view.definition.materials}
    return [specs.get(code, code) for code in codes]


def _log_line(entry: TimelineEntry, view: CaseView, language: str, departments: DepartmentNames) -> dict[str, Any]:
    where = departments.get(entry.department)
    return {
        "seq": entry.seq,
        "at": entry.at,
        "what": event_words(
            kind=entry.kind,
            data=entry.data,
            official=True,
            ended_as=view.definition.concluded(str(entry.data.get("outcome", ""))),
        ),
        "node": entry.node.in_language(language) if entry.node else "",
        "who": _who_acted(entry, language),
        "department": where.short(language) if where else "",
        "words": _words_of(entry, view, language),
        "outcome": step_outcome_words(str(entry.data["outcome"])) if _has_outcome(entry) else "",
    }


def _has_outcome(entry: TimelineEntry) -> bool:
    return entry.kind == "task.completed" and "outcome" in entry.data


def _due(task: TaskView, work: Work, at: datetime) -> Due:
    row = work.view.row
    return due_of_step(due=task.due, since=task.opened, at=at, paused=row.paused, promised=row.promised_due)


def _who_acted(entry: TimelineEntry, language: str) -> str:
    """Who did it; of a stand-in also in whose place."""
    who = _in(entry.actor_name, language) or capacity_words(entry.capacity)
    absent = _in(entry.names.get(entry.capacity.removeprefix(STAND_IN)), language)
    return _("%(name)s in place of %(absent)s") % {"name": who, "absent": absent} if absent else who


def _words_of(entry: TimelineEntry, view: CaseView, language: str) -> str:
    """What whoever did it wrote beside it."""
    data = entry.data
    if entry.kind == "clock.paused":
        return procedure_words(str(data.get("reason", "")))
    if entry.kind == "supplement.requested":
        return "\n".join(filter(None, [_(", ").join(_asked_for(view, data, language)), str(data.get("note", ""))]))
    if entry.kind in ("material.handed_in", "timer.fired"):
        return _(", ").join(_names_of(view, data.get("brought", data.get("late", ())), language))
    if entry.kind in _TOLD:
        said = data.get("data")
        note = str(said.get("note", "")) if isinstance(said, Mapping) else ""
        return "\n".join(filter(None, (str(data.get("name", "")), note)))
    said = str(data.get("opinion") or reason_of(data).in_language(language) or data.get("note") or "")
    if hands := _hands(entry, language):
        return "\n".join(filter(None, (hands, said)))
    return f"{leading(procedure_words(str(data['procedure'])))}{said}" if entry.kind == "case.suspended" else said


_TOLD = frozenset({"message.received", "signal.received"})
_HANDS = frozenset({"task.transferred", "task.delegated", "task.reported", "task.recalled"})


def _hands(entry: TimelineEntry, language: str) -> str:
    """Who gave a step to whom, and who was asked to sign."""
    data = entry.data
    if entry.kind == "cosign.asked":
        return _(", ").join(_who_where(row["who"], row["department"], entry, language) for row in data["asks"])
    if entry.kind not in _HANDS or "to" not in data:
        return ""
    given = str(data.get("from") or data.get("by") or "")
    before = _who_where(given, str(data.get("from_department", "")), entry, language)
    return f"{before} → {_who_where(data['to'], str(data.get('to_department', '')), entry, language)}"


def _who_where(person: str, department: str, entry: TimelineEntry, language: str) -> str:
    return _in(entry.names.get(person), language) or _short(department, language, get_department_names())


def _proof(view: CaseView) -> dict[str, int]:
    """Whether the log's hashes follow from each other, checked now; ``broken`` is where they first do not."""
    proof = prove_read(view=view)
    return {"broken": proof.broken[0].seq if proof.broken else 0, "entries": proof.events}


def _short(code: str, language: str, departments: DepartmentNames) -> str:
    return departments[code].short(language) if code in departments else code


def _in(name: tuple[str, str] | None, language: str) -> str:
    return name[0 if language.startswith("zh") else 1] if name else ""
