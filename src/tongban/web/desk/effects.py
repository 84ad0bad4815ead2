"""What a command would do, in sentences: the clock first, then whose turn it is, then what cannot be taken back."""

from datetime import datetime

from django.utils.translation import gettext as _

from tongban.apps.cases.consequences import ClockChange, Consequence, IfResumed, OpenedStep
from tongban.apps.people.queries import DepartmentNames
from tongban.kernel.clock import Limit
from tongban.web.due import date_words
from tongban.web.wording import amount_words

__all__ = ["clock_sentence", "effect_sentences"]


def effect_sentences(
    consequence: Consequence, *, language: str, departments: DepartmentNames, certificate: str = ""
) -> list[str]:
    """Everything that a reader should know before doing it."""
    said = [clock_sentence(consequence)]
    if consequence.if_resumed is not None:
        said.append(_if_resumed(consequence.if_resumed))
    if consequence.silent:
        said.append(_("The 5 working days for an answer had passed: it counts as accepted from the day of receipt."))
    if "issue_certificate" in consequence.operations:
        said.append(_("Issued at once: %(certificate)s.") % {"certificate": certificate})
    if consequence.ends and not consequence.closes:
        names = _joined([name.in_language(language) for name in consequence.ends])
        said.append(_("No longer open: %(steps)s.") % {"steps": names})
    if consequence.opens:
        said.append(_("Next: %(steps)s.") % {"steps": _steps(consequence.opens, language, departments)})
    elif consequence.waits_for:
        said.append(_("Still waited for: %(steps)s.") % {"steps": _steps(consequence.waits_for, language, departments)})
    if consequence.closes:
        said.append(_("The case is over."))
    return said


def clock_sentence(consequence: Consequence) -> str:
    """What becomes of the legal clock."""
    statutory, promised = consequence.statutory, consequence.promised
    dates = {"dates": _dates(promised, statutory)}
    if statutory.stopped_after:
        if statutory.running_before or consequence.decides:
            return _("The clock stops for good: %(used)s used of the promised %(limit)s.") % _used(promised)
        return _("The clock has stopped already.")
    if statutory.paused_after:
        if statutory.running_before:
            # Elsewhere a suspended case keeps its date and becomes late unseen: say that here the date does move.
            pause = _("The clock stops now, %(used)s of %(limit)s used; the due date moves by as long as it stands.")
            return pause % _used(promised if promised.total else statutory)
        return _("The clock stays paused.")
    if not statutory.running_after:
        return _("The legal clock has not begun; it begins with acceptance.")
    if not statutory.begun_before:
        return _("The clock begins: %(dates)s.") % dates
    if not statutory.running_before:
        return _("The clock runs again: %(dates)s.") % dates
    if statutory.due_after != statutory.due_before:
        return _("The dates move: %(dates)s.") % dates
    return _("The clock runs on: %(dates)s.") % dates


def _used(clock: ClockChange) -> dict[str, str]:
    total = clock.total or Limit.parse("0 working days")
    return {
        "used": amount_words(clock.used, total.unit.value),
        "limit": amount_words(total.amount, total.unit.value),
    }


def _if_resumed(foreseen: IfResumed) -> str:
    """What the pause costs, foreseen: for the time that is given, or for an example of five working days."""
    facts = {
        "day": date_words(foreseen.until),
        "dates": _date_pair(foreseen.promised_due, foreseen.statutory_due),
    }
    return _("If the clock runs again on %(day)s: %(dates)s.") % facts


def _dates(promised: ClockChange, statutory: ClockChange) -> str:
    return _date_pair(promised.due_after, statutory.due_after)


def _date_pair(promised: datetime | None, statutory: datetime | None) -> str:
    if statutory is None:
        return ""
    last = {"statutory": date_words(statutory)}
    if promised is None:
        return _("by law no later than %(statutory)s") % last
    facts = {"promised": date_words(promised), **last}
    return _("promised by %(promised)s, by law no later than %(statutory)s") % facts


def _steps(steps: tuple[OpenedStep, ...], language: str, departments: DepartmentNames) -> str:
    return _joined([_step(each, language, departments) for each in steps])


def _step(step: OpenedStep, language: str, departments: DepartmentNames) -> str:
    where = departments.get(step.department)
    name = step.name.in_language(language)
    return _("%(step)s (%(department)s)") % {"step": name, "department": where.short(language)} if where else name


def _joined(words: list[str]) -> str:
    return _(", ").join(words)
