"""What the names in braces of a document become: from the log up to its event, and from the matter's definition."""

from collections.abc import Mapping
from datetime import date, datetime

from django.utils.dates import MONTHS
from django.utils.translation import gettext, ngettext, override

from tongban.apps.cases.documents.owed import CaseDocument
from tongban.apps.cases.queries.views import CaseView
from tongban.apps.cases.reasons import reason_of
from tongban.apps.catalog.city import get_calendar, get_city
from tongban.apps.catalog.definitions import SpecialProcedure
from tongban.apps.people.queries import get_department_names
from tongban.kernel import flow
from tongban.kernel.clock import LegalClock, Limit, Unit
from tongban.kernel.numbers import format_case_number

__all__ = ["DELIVERY", "flags_of", "lists_of", "values_of"]

DELIVERY = Limit(10, Unit.WORKING_DAYS)
"""A decision reaches the applicant within so much (Administrative Licensing Law, 44)."""
LICENCE = "01"
_DECISIONS = ("case.decided", "case.redecided")


def values_of(
    view: CaseView, document: CaseDocument, state: flow.State, *, name: str, check: str, language: str
) -> dict[str, str]:
    """Return the words for every name, "" where the case has nothing to say. ``state`` is that after the event."""
    definition, event = view.definition, view.history[document.entry - 1]
    calendar = get_calendar()
    data, filed = event.data, view.history[0]
    department = get_department_names()[view.row.authority]
    decided = event.kind in _DECISIONS
    values = {
        "accepted_on": _day(state.accepted, language),
        "answer_by": _day(_silence(filed), language) if document.kind == "receipt" else "",
        "applicant": name,
        "authority": department.name(language),
        "case": format_case_number(view.number).replace(" ", "\u00a0"),  # kept on one line
        "certificate": _certificate(view, document),
        "city": _in(get_city().name, language),
        "complaint": definition.phones.complaint,
        "consultation": definition.phones.consultation,
        "date": _day(event.at, language),
        "deliver_by": _day(calendar.deadline(start=event.at, limit=DELIVERY), language) if decided else "",
        "entry": str(document.entry),
        "extension": _limit(str(data.get("by", "")), language) if document.kind == "extension" else "",
        "filed_on": _day(filed.at, language),
        "hash": check,
        "matter": definition.name.in_language(language),
        "note": str(data.get("note", "")),
        "number": document.number,
        "promised": _limit(str(definition.promised), language),
        "promised_due": _day(_due(state.promised), language),
        "reason": reason_of(data).in_language(language) if document.kind != "special_procedure" else "",
        "remedies": definition.remedies.in_language(language),
        "result": definition.result.name.in_language(language),
        "statutory": _limit(str(definition.statutory), language),
        "statutory_due": _day(_due(state.statutory), language),
        "supplement_by": _day(_instant(data.get("due")), language) if document.kind == "supplement" else "",
        "year": str(calendar.local_date(event.at).year),
    }
    values["basis"] = (
        "；".join(_basis(view, language)) if language.startswith("zh") else "; ".join(_basis(view, language))
    )
    return values | (_procedure(view, document, state, language) if document.kind == "special_procedure" else {})


def flags_of(view: CaseView, document: CaseDocument, state: flow.State) -> frozenset[str]:
    """Return what holds of the event: ``silent`` or ``answered``, ``automatic``, ``licence``, ``provisional``."""
    event, calendar = view.history[document.entry - 1], get_calendar()
    due = _due(state.statutory)
    silent = bool(event.data.get("silent"))
    told = {
        "silent": silent,
        "answered": not silent,
        "automatic": event.actor == "system",
        "licence": view.definition.type == LICENCE,
        "provisional": due is not None and calendar.is_provisional(calendar.local_date(due)),
    }
    return frozenset(name for name, holds in told.items() if holds)


def lists_of(
    view: CaseView, document: CaseDocument, state: flow.State, language: str
) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return each list with the words that lead to it. ``state`` is that after the event."""
    definition, event = view.definition, view.history[document.entry - 1]
    names = {spec.code: spec.name.in_language(language) for spec in definition.materials}
    names |= {name: field.title.in_language(language) for name, field in definition.form.fields.items()}
    handed_in = (event.data.get("about") or {}).get("materials") or {}
    with override(language):
        procedures = tuple(
            f"{one.name.in_language(language)} ({_limit(str(one.limit), language)})"
            if language == "en"
            else f"{one.name.in_language(language)}（{_limit(str(one.limit), language)}）"
            for one in definition.special_procedures
        )
        return {
            "items": ("", tuple(names.get(item, item) for item in event.data.get("items", ()))),
            "materials": (gettext("Received with it:"), tuple(names.get(code, code) for code in handed_in)),
            "later": (gettext("Still to be handed in; the work does not wait for it:"), _later(state, names, language)),
            "basis": (gettext("Legal basis:"), tuple(_basis(view, language))),
            "procedures": (gettext("The time that these take does not count towards the limit:"), procedures),
        }


def _later(state: flow.State, names: Mapping[str, str], language: str) -> tuple[str, ...]:
    """What may follow, each with its day, the first that is due first."""
    return tuple(
        gettext("%(name)s, by %(day)s")
        % {"name": names.get(each.code, each.code), "day": _day(each.due, language).replace(" ", "\u00a0")}
        for each in sorted(state.later, key=lambda one: (one.due, one.code))
    )


def _basis(view: CaseView, language: str) -> list[str]:
    if language.startswith("zh"):
        return [f"《{one.law.zh}》{one.article.zh}" for one in view.definition.legal_basis]
    return [f"{one.law.en}, {one.article.en}" for one in view.definition.legal_basis]


def _procedure(view: CaseView, document: CaseDocument, state: flow.State, language: str) -> dict[str, str]:
    """A special procedure that an officer began, or a step of the diagram that is one."""
    event, before = view.history[document.entry - 1], view.history[document.entry - 2]
    with override(language):
        procedure = _PROCEDURES[str(event.data["reason"])]()
    reason = ""
    limit, due = "", None
    if before.kind == "case.suspended":
        limit, due = str(before.data.get("limit", "")), _instant(before.data.get("due"))
        reason = str(before.data.get("reason", ""))
    elif told := _told(view, state):
        procedure, limit = told.name.in_language(language), str(told.limit)
        due = get_calendar().deadline(start=event.at, limit=told.limit)
    return {
        "procedure": procedure,
        "procedure_limit": _limit(limit, language),
        "procedure_by": _day(due, language),
        "reason": reason,
    }


def _told(view: CaseView, state: flow.State) -> SpecialProcedure | None:
    """The published procedure among the steps that are open."""
    open_now = {view.definition.process.nodes[task.node].id for task in state.tasks}
    return next((one for one in view.definition.special_procedures if one.node in open_now), None)


_PROCEDURES = {
    "hearing": lambda: gettext("hearing"),
    "inspection": lambda: gettext("on-site inspection"),
    "testing": lambda: gettext("testing"),
    "expert_review": lambda: gettext("expert review"),
    "other": lambda: gettext("special procedure"),
}


def _certificate(view: CaseView, document: CaseDocument) -> str:
    """The identifier of what the decision came with: it is on record right after it."""
    if view.history[document.entry - 1].kind not in _DECISIONS:
        return ""
    after = view.history[document.entry :]
    return next((str(each.data["identifier"]) for each in after if each.kind == "certificate.issued"), "")


def _silence(filed: flow.Event) -> datetime | None:
    """Until when an answer is owed: the timer that silence after filing set."""
    timers = (filed.data.get("timers") or {}).get("set") or ()
    return next((_instant(timer["due"]) for timer in timers if not timer["node"]), None)


def _due(clock: LegalClock | None) -> datetime | None:
    return None if clock is None or clock.is_paused else clock.due(get_calendar())


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


def _day(at: datetime | None, language: str) -> str:
    if at is None:
        return ""
    day: date = get_calendar().local_date(at)
    if language.startswith("zh"):
        return f"{day.year}年{day.month}月{day.day}日"
    with override(language):
        return f"{day.day} {MONTHS[day.month]} {day.year}"


def _limit(text: str, language: str) -> str:
    if not text:
        return ""
    limit = Limit.parse(text)
    with override(language):
        match limit.unit:
            case Unit.WORKING_DAYS:
                words = ngettext("%(amount)d working day", "%(amount)d working days", limit.amount)
            case Unit.CALENDAR_DAYS:
                words = ngettext("%(amount)d day", "%(amount)d days", limit.amount)
            case Unit.WORKING_HOURS:
                words = ngettext("%(amount)d working hour", "%(amount)d working hours", limit.amount)
            case Unit.HOURS:
                words = ngettext("%(amount)d hour", "%(amount)d hours", limit.amount)
    return words % {"amount": limit.amount}


def _in(names: Mapping[str, str], language: str) -> str:
    return names["zh" if language.startswith("zh") else "en"]
