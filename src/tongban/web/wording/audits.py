"""Words for audits of decided files."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from tongban.apps.audits.queries import DepartmentAudits

__all__ = ["audit_state_words", "count_words", "grade_tone", "grade_words", "said_words"]

_GRADES = {
    "in_order": (_("In order"), "done"),
    "minor": (_("Minor defect"), "sun"),
    "serious": (_("Serious defect"), "seal"),
}
_STATES = {
    "late": _("Not answered in time"),
    "open": _("To be looked at"),
    "found": _("To be answered"),
    "answered": _("Answered"),
    "closed": _("Closed"),
}
_SAID = {"yes": _("Yes"), "no": _("No"), "none": _("Does not apply")}


def grade_words(grade: str) -> str:
    """What was found."""
    return str(_GRADES[grade][0]) if grade in _GRADES else ""


def grade_tone(grade: str) -> str:
    """The tone of its tag; the words say it too."""
    return _GRADES[grade][1] if grade in _GRADES else ""


def audit_state_words(state: str) -> str:
    """Where an audit stands, or what lists of audits are narrowed to."""
    return str(_STATES.get(state, state))


def said_words(said: str) -> str:
    """What was said to a question of the sheet."""
    return str(_SAID.get(said, said))


def count_words(count: DepartmentAudits) -> str:
    """What was found in a department; a share only where enough files were looked at to tell one."""
    looked = ngettext("%(count)d file looked at", "%(count)d files looked at", count.looked_at)
    if not count.is_enough:
        return looked % {"count": count.looked_at} + str(_(" – too few to tell a share"))
    low, high = count.interval
    facts = {"minor": count.minor, "serious": count.serious, "low": low, "high": high}
    rest = _(": %(minor)d minor and %(serious)d serious defects; the share lies between %(low)d %% and %(high)d %%")
    return looked % {"count": count.looked_at} + str(rest) % facts
