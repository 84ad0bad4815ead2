"""A case as its applicant follows it: what is wanted now, the way so far like a parcel's, what is left of the time.

Used by the page of whoever is signed in and by public tracking, which shows the same without names and papers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from tongban.apps.cases.queries import CaseRow, CaseView, ClockView, TaskView, TimelineEntry, reason_of
from tongban.apps.ledger.checkpoints import newest_end
from tongban.apps.people.queries import get_department_names
from tongban.kernel import flow
from tongban.web.processes import Drawing, draw_case, steps_ahead
from tongban.web.templatetags.tongban_ui import day, local, moment, phrase, spoken
from tongban.web.wording import amount_words, channel_words, event_words, grade_words, limit_words, procedure_words
from tongban.web.wording.halls import visit_words

__all__ = ["ClockCard", "Following", "Item", "follow", "parts_of"]

# Taking a step on and putting it back is the office's own business; pauses are told with what causes them.
_NOT_SHOWN = frozenset(
    {
        *("task.claimed", "task.released", "clock.resumed", "case.resumed", "timer.fired"),
        # How officials come to agree is theirs; the applicant sees who has it, and that others are asked.
        *("task.delegated", "task.reported", "task.recalled", "task.proposed", "cosign.objected", "cosign.removed"),
        *("signal.received", "condition.met", "error.raised"),
        "crossing.heard",  # what it was about stands beside it
        "case.served",  # how long it took stands with the filing
    }
)
_STOPPED = frozenset({"case.refused", "case.withdrawn"})


@dataclass(frozen=True, slots=True)
class Item:
    """One place on the way: past, present or ahead."""

    name: str
    state: str
    lines: Sequence[str] = ()
    at: datetime | str = ""


@dataclass(frozen=True, slots=True)
class ClockCard:
    """What is left of the promise, and the statute beneath it."""

    title: str
    figure: str
    unit: str
    percent: int
    tone: str
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Following:
    """Everything that the following page says besides the case itself."""

    items: Sequence[Item]
    clock: ClockCard | None
    answer_by: datetime | None
    drawing: Drawing
    wanted: Sequence[str] = field(default_factory=tuple)
    signed_until: date | None = None
    proof: str = ""


def follow(*, case: CaseView) -> Following:
    """Put a case into the words of its following page."""
    end = newest_end(case=case.row.number)
    return Following(
        items=[*_past(case), *_present(case), *_ahead(case)],
        clock=_clock_card(case),
        answer_by=_silence(case.state),
        drawing=draw_case(definition=case.definition.process, state=case.state, history=case.history),
        wanted=_wanted(case),
        signed_until=end[0] if end else None,
        proof=reverse("open:proof", kwargs={"number": case.row.number, "head": end[1].hex()}) if end else "",
    )


def parts_of(row: CaseRow) -> list[dict[str, str]]:
    """How far a case is, in four parts: received, accepted, decided, in the applicant's hands."""
    reached = [True, row.accepted_at is not None, bool(row.outcome), row.closed_at is not None]
    names = [_("received"), _("accepted"), _("decided"), _("delivered")]
    parts, open_state = [], "waiting" if row.paused or row.status == "supplement" else "active"
    for name, is_reached in zip(names, reached, strict=True):
        state = "done" if is_reached else open_state
        parts.append({"name": name, "state": state})
        if not is_reached:
            open_state = "ahead"
    return parts


# --- the way so far ---------------------------------------------------------------------------------------------------


def _past(case: CaseView) -> list[Item]:
    told = [entry for entry in case.timeline if _is_told(entry)]
    items = [_item(case, entry) for entry in told]
    if case.state.supplement == "open":  # the way stands still there, not at the step that has asked
        asked = max((at for at, entry in enumerate(told) if entry.kind == "supplement.requested"), default=None)
        if asked is not None:
            items[asked] = replace(items[asked], state="waiting")
    return items


def _is_told(entry: TimelineEntry) -> bool:
    """What the system does by itself, such as making a certificate, is told by what comes of it."""
    if entry.kind == "inspection.recorded" and "visit" in entry.data:
        return False  # told of as the one visit that it was
    if entry.kind == "timer.fired" and any(what in entry.data for what in ("overdue", "late", "silent")):
        return True
    return entry.kind not in _NOT_SHOWN and not (entry.kind == "task.completed" and entry.capacity == "system")


def _item(case: CaseView, entry: TimelineEntry) -> Item:
    ended_as = case.definition.concluded(str(entry.data.get("outcome", "")))
    name = event_words(kind=entry.kind, data={**entry.data, "channel": case.channel}, ended_as=ended_as)
    if entry.kind == "task.completed" and entry.node is not None:
        name = phrase(_("%(step)s: done"), step=entry.node)
    denied = entry.kind in ("case.decided", "case.redecided") and entry.data["outcome"] == "denied"
    state = "stopped" if denied or entry.kind in _STOPPED else "done"
    return Item(name=name, state=state, lines=[line for line in _lines(case, entry) if line], at=entry.at)


def _lines(case: CaseView, entry: TimelineEntry) -> list[str]:
    data = entry.data
    match entry.kind:
        case "case.filed":
            return [
                _filed(case),
                visit_words(case.visit) if case.visit else "",
                _to_follow(case, data.get("later", {})),
            ]
        case "material.handed_in":
            return [_all(_item_names(case, data["brought"])), _at_a_counter(entry)]
        case "supplement.answered":
            return [_at_a_counter(entry)]
        case "timer.fired" if "silent" in data:
            return [entry.node.in_language(_language()) if entry.node else "", _who(entry)]
        case "timer.fired":
            return [_all(_item_names(case, data.get("late", ())))]
        case "case.accepted":
            return [_who(entry), _limits(case)]
        case "supplement.requested":
            return [_who(entry), _all(_item_names(case, data.get("items", ()))), str(data.get("note", ""))]
        case "clock.paused":
            return [_("Why: %(reason)s. This time does not count.") % {"reason": _reason(str(data.get("reason")))}]
        case "case.suspended":
            return [_who(entry), str(data.get("reason", "")), _takes(data)]
        case "case.decided" | "case.redecided" | "case.refused" | "task.returned" | "case.withdrawn":
            return [_who(entry), str(local(reason_of(data)))]
        case "clock.extended":
            return [_who(entry), str(data.get("reason", ""))]
        case "clock.recounted":
            return [str(data.get("notice", "")), *_moved(data)]
        case "visit.fixed" | "visit.other_day_asked" | "visit.called_off":
            when = moment(datetime.fromisoformat(str(data["from"])))
            return [when, _all(_departments(data.get("departments", ()))), str(data.get("reason", ""))]
        case "visit.held":
            return [_all(_departments(data["results"]))]
        case "case.rated":
            return [grade_words(int(data["grade"]))]
        case "task.completed":
            return [_who(entry)]
        case _:
            return []


def _departments(codes: Iterable[str]) -> list[str]:
    names = get_department_names()
    return [names[code].short(_language()) for code in codes if code in names]


def _moved(data: Mapping[str, Any]) -> list[str]:
    """What a changed calendar did to the days that the applicant was told."""
    lines = []
    if "promised" in data.get("after", {}):
        days = {"was": day(datetime.fromisoformat(data["before"]["promised"]))}
        days["is"] = day(datetime.fromisoformat(data["after"]["promised"]))
        lines.append(_("Promised by %(was)s before, by %(is)s now.") % days)
    if "supplement_was" in data:
        lines.append(_("Hand it in by %(day)s.") % {"day": day(datetime.fromisoformat(data["supplement"]))})
    elif data.get("later"):
        until = day(datetime.fromisoformat(min(data["later"].values())))
        lines.append(_("What is to follow is due by %(day)s now.") % {"day": until})
    return lines


def _takes(data: Mapping[str, Any]) -> str:
    """How long a special procedure takes, and until when."""
    if "limit" not in data:
        return ""
    until = day(datetime.fromisoformat(str(data["due"])))
    return _("It takes %(limit)s, until %(day)s.") % {"limit": limit_words(str(data["limit"])), "day": until}


def _reason(procedure: str) -> str:
    """Why the clock stands, said to whom it stands for."""
    return _("waiting for you") if procedure == "supplement" else procedure_words(procedure)


def _filed(case: CaseView) -> str:
    where, count = channel_words(case.channel), len(case.materials)
    if not count:
        return where
    return ngettext("%(where)s, with %(count)s file", "%(where)s, with %(count)s files", count) % {
        "where": where,
        "count": count,
    }


def _to_follow(case: CaseView, later: Mapping[str, str]) -> str:
    if not later:
        return ""
    names = _all(_item_names(case, sorted(later)))
    return _("To follow by %(day)s: %(names)s") % {
        "day": day(datetime.fromisoformat(min(later.values()))),
        "names": names,
    }


def _who(entry: TimelineEntry) -> str:
    """The department, and who it was there if the reader may know."""
    department = get_department_names().get(entry.department)
    names = [department.short(_language())] if department else []
    if entry.capacity in ("officer", "clerk") and entry.actor_name:
        names.append(entry.actor_name[not _language().startswith("zh")])
    return " · ".join(names)


def _at_a_counter(entry: TimelineEntry) -> str:
    """Through whom it came, where a clerk handed it in."""
    return _("At a counter, through %(who)s") % {"who": _who(entry)} if entry.capacity == "clerk" else ""


def _limits(case: CaseView) -> str:
    definition = case.definition
    facts = {"statutory": limit_words(definition.statutory), "promised": limit_words(definition.promised)}
    return _("By law %(statutory)s, promised %(promised)s") % facts


def _item_names(case: CaseView, items: Sequence[str]) -> list[str]:
    names = {spec.code: spoken(spec.name) for spec in case.definition.materials}
    names |= {name: spoken(asked.title) for name, asked in case.definition.form.fields.items()}
    return [names.get(item, item) for item in items]


def _all(names: Sequence[str]) -> str:
    return format_html_join(_(", "), "{}", ((name,) for name in names))


# --- now and ahead ----------------------------------------------------------------------------------------------------


def _wanted(case: CaseView) -> list[str]:
    asked: Mapping[str, Any] | None = case.supplement
    return _item_names(case, asked.get("items", ())) if asked else []


def _present(case: CaseView) -> list[Item]:
    if case.row.outcome and case.row.closed_at:
        return []
    if case.state.supplement == "open":
        return [Item(name=spoken(task.name), state="ahead") for task in case.open_tasks]
    return [_open_item(task, waiting=case.row.paused) for task in case.open_tasks]


def _open_item(task: TaskView, *, waiting: bool) -> Item:
    department = get_department_names().get(task.department)
    lines = [
        _("With %(department)s since %(day)s")
        % {"department": department.short(_language()), "day": day(task.opened, "short")}
        if department
        else "",
        _("Someone is working on it") if task.claimed else "",
    ]
    at = _("due by %(day)s") % {"day": day(task.due, "short")} if task.due and not waiting else ""
    name = spoken(task.name)
    return Item(name=name, state="waiting" if waiting else "active", lines=[line for line in lines if line], at=at)


def _ahead(case: CaseView) -> list[Item]:
    done = [entry.data.get("node", "") for entry in case.timeline] + [task.node for task in case.tasks if task.finished]
    names = steps_ahead(definition=case.definition, state=case.state, done=done)
    return [Item(name=spoken(name), state="ahead") for name in names]


def _silence(state: flow.State) -> datetime | None:
    """Until when an answer about acceptance is owed."""
    return next((timer.due for timer in state.timers if timer.node == flow.OF_SILENCE), None)


# --- the clock --------------------------------------------------------------------------------------------------------


def _clock_card(case: CaseView) -> ClockCard | None:
    clock = case.promised or case.statutory
    if clock is None or not clock.started or case.row.outcome:
        return None
    late = clock.remaining < 0
    figure, unit = _figure(clock)
    if late:
        title, tone = _("Over the promised time by"), "seal"
    elif clock.paused:
        title, tone = _("Left of the promised time: paused"), "sun"
    else:
        title, tone = _("Left of the promised time"), ""
    percent = 100 if late else round(100 * clock.used / max(clock.used + clock.remaining, 1))
    return ClockCard(title=title, figure=figure, unit=unit, percent=percent, tone=tone, notes=_notes(case))


def _figure(clock: ClockView) -> tuple[str, str]:
    """The number alone and the words that follow it, as each language puts them."""
    number = str(abs(clock.remaining))
    words = amount_words(abs(clock.remaining), clock.unit)
    return number, words.removeprefix(number).strip()


def _notes(case: CaseView) -> list[str]:
    notes = []
    if case.promised and case.promised.paused:
        notes.append(_("While it is paused, no time is used up. It goes on where it stopped."))
    elif case.promised and case.promised.due:
        notes.append(_("Promised by %(day)s") % {"day": day(case.promised.due)})
    if case.statutory and case.statutory.due and not case.statutory.paused:
        notes.append(_("By law at the latest on %(day)s") % {"day": day(case.statutory.due)})
    return notes


def _language() -> str:
    return get_language() or "zh-hans"
