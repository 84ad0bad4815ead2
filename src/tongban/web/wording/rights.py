"""Words for what people read about their own data: who looked at what and why, what was done, what stays."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from tongban.apps.rights.queries import AskedRow, LookRow
from tongban.web.templatetags.tongban_ui import day, local
from tongban.web.templatetags.tongban_words import department as department_name
from tongban.web.wording.cases import role_words

__all__ = [
    "asked_words",
    "carried_words",
    "ground_words",
    "hold_words",
    "purpose_words",
    "register_words",
    "sight_words",
    "who_asked_words",
    "who_looked_words",
]

_SIGHTS = {
    "case": _("The case was opened"),
    "paper": _("A paper of the case was opened"),
    "line": _("Your certificate was found by its number or your name"),
    "person": _("What is on file was called up at a counter"),
    "official": _("Who had looked was called up, to answer a complaint"),
    "caller": _("What a caller said was compared with what is on file"),
}
_ASKED = {
    "": _("The register has not answered yet"),
    "found": _("The register answered"),
    "absent": _("The register has nothing on record"),
    "refused": _("The register did not answer: it was not allowed to"),
    "away": _("The register could not be reached"),
}
_PURPOSES = {
    "case": _("To do their step in the case"),
    "counter": _("To help at a counter"),
    "supervision": _("To supervise how the case is handled"),
    "limit": _("To lengthen the limit of a joint review"),
    "certificates": _("To look after what the authority has issued"),
    "filing": _("To file for whoever stands at the counter"),
    "phone": _("To help by telephone somebody who showed that they are you"),
    "phone-refused": _("Somebody called and could not show that they are you. They were told nothing."),
}
_NEEDED = _("Personal Information Protection Law, Article 13 (3): needed for a duty by law")
_GROUNDS = {
    "case": _NEEDED,
    "counter": _NEEDED,
    "supervision": _("Administrative Licensing Law, Article 60: authorities are supervised"),
    "limit": _("Administrative Licensing Law, Article 42: limits of joint reviews"),
    "certificates": _("Administrative Licensing Law, Article 61: authorities look after what they have licensed"),
    "filing": _("Personal Information Protection Law, Article 13 (1): asked for by the person"),
    "phone": _("Personal Information Protection Law, Article 13 (1): asked for by the person"),
    "phone-refused": _NEEDED,
}


_CARRIED = {
    "corrected-name": _("The name on file was put right."),
    "corrected-phone": _("The mobile on file was put right."),
    "phone": _("The mobile on file is deleted."),
    "drafts": _("Drafts that were not sent: %(count)s deleted."),
    "notices": _("Notices that were read: %(count)s deleted."),
    "cases": _("Cases that are over: answers and papers of %(count)s deleted."),
    "filed-before": _("What was filed before stays as it was filed."),
    "log": _("The logs of cases stay: they hold no answers, and prove what was done."),
    "identity": _("Name and identity number stay as long as there is an account."),
    "legal-notices": _("Official notices stay: that they were given must be provable."),
    "under-way": _("%(count)s of your cases are under way: nothing of them goes before they are over."),
    "held-named": _("Case %(case)s is kept by its authority, which has put its reason on record."),
    "held-objection": _("Case %(case)s is kept: an objection, lawsuit or complaint about it is under way."),
    "held-certificate": _("Case %(case)s is kept as long as its certificate holds."),
    "by-law": _("Answers and papers of %(count)s cases are kept by law, the last until %(until)s (%(law)s)."),
}


def carried_words(line: Mapping[str, Any]) -> str:
    """One thing that was done on a request, or that stays and why."""
    facts = {"count": line.get("count", 0), "case": f"{line.get('case', 0):016d}"}
    if line.get("until"):
        basis, key = line.get("basis", {}), "zh" if (get_language() or "zh").startswith("zh") else "en"
        law = gettext(", ").join(basis[part][key] for part in ("law", "article") if part in basis)
        facts |= {"until": day(date.fromisoformat(line["until"])), "law": law}
    return str(_CARRIED[line["what"]]) % facts


_HOLDS = {
    "named": _("Somebody needs it whole"),
    "objection": _("An objection or a lawsuit is under way"),
}


def hold_words(kind: str) -> str:
    """Why a case is kept past its time."""
    return str(_HOLDS.get(kind, kind))


def sight_words(what: str) -> str:
    """What was looked at."""
    return str(_SIGHTS.get(what, what))


def asked_words(outcome: str) -> str:
    """What came of a question to a register."""
    return str(_ASKED.get(outcome, outcome))


def purpose_words(purpose: str) -> str:
    """Why somebody looked."""
    return str(_PURPOSES.get(purpose, purpose))


def ground_words(purpose: str) -> str:
    """On which law that rests."""
    return str(_GROUNDS.get(purpose, _NEEDED))


def who_looked_words(row: LookRow) -> str:
    """Who looked: the department, and the role there."""
    where = department_name(row.department, "full")
    if not row.role:
        return gettext("%(department)s, by its own computer system") % {"department": where}
    return gettext("%(department)s, %(role)s") % {"department": where, "role": role_words(row.role)}


def who_asked_words(row: AskedRow) -> str:
    """Who asked a register: a department of this city, or one elsewhere through its own city's system."""
    if row.side == "provider":
        return gettext("%(peer)s, for its department %(department)s") % {"peer": row.peer, "department": row.department}
    return department_name(row.department, "full")


def register_words(row: AskedRow) -> str:
    """Which register was asked, and who holds it."""
    name = str(local(row.register)) if row.register is not None else row.code
    where = row.peer if row.side == "consumer" else department_name(row.provider)
    return gettext("The register “%(name)s” (%(where)s) was asked") % {"name": name, "where": where}
