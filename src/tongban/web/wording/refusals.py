"""Words for what cannot be done: refusals of the kernel, errors of the apps, numbers that cannot be right."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from tongban.web.wording.matters import limit_words

__all__ = ["CODES", "error_words", "refusal_words"]

# Every code of kernel.flow.Refusal; a test holds the two against each other.
_REFUSALS = {
    "case.not-filed": _("This has not been filed yet."),
    "case.already-filed": _("This has been filed already. It was not filed a second time."),
    "case.ended": _("This case is over, so nothing more can be done to it. You can file a new one."),
    "case.already-accepted": _("This case has been accepted already."),
    "case.accepted-by-silence": _(
        "The 5 working days for an answer have passed, so the case counts as accepted from the day of receipt."
    ),
    "case.not-accepted": _("The case must be accepted first."),
    "case.decided": _("The case has been decided, so this is no longer possible."),
    "case.not-decided": _("The case has not been decided yet. This is possible once it is."),
    "case.suspended": _("A special procedure is under way. It has to end first."),
    "case.not-suspended": _("No special procedure is under way."),
    "case.delivered": _("The result has been delivered already."),
    "case.time-reversed": _("The time of this step lies before the last one. Please reload the page and try again."),
    "accept.not-open": _("The acceptance step is not open now. Someone may have just done it: please reload the page."),
    "supplement.already-asked": _(
        "The applicant can be asked only once, for everything at once, and has been asked already."
    ),
    "supplement.open": _("The case waits for the applicant. It goes on as soon as what was asked for is there."),
    "supplement.not-open": _("Nothing is being asked for at present, so there is nothing to hand in."),
    "supplement.nothing-asked": _("Say what is missing: name at least one thing."),
    "task.not-open": _("Someone else has just finished this step. Nothing was changed."),
    "task.claimed-by-other": _("A colleague is working on this step. Nothing was changed."),
    "task.already-claimed": _("You have taken this step on already."),
    "task.not-claimed": _("Nobody has taken this step on."),
    "task.wrong-act": _("This step cannot be finished in the way you chose."),
    "task.unknown-outcome": _("This step has no such result. Choose one of those offered."),
    "reason.missing": _("Please give the reason: the applicant has a right to know it."),
    "return.unknown-node": _("There is no such step to return to."),
    "return.not-earlier": _("That step did not lead to this one, so the work cannot go back to it."),
    "return.acceptance": _("Acceptance cannot be undone: the legal clock has been running since then."),
    "extend.already": _("The limit has been extended once already; the law allows no second time."),
    "extend.not-allowed": _("This matter allows no extension."),
    "extend.too-long": _("That is longer than this matter allows: at most %(allowed)s."),
    "extend.unit": _("The extension must be in the same unit as the limit."),
    "extend.late": _("The limit has passed already; it can no longer be extended."),
    "extend.no-approval": _("An extension needs the approval of the head of the authority."),
    "suspend.unknown-procedure": _("There is no such special procedure."),
    "timer.not-set": _("This timer is no longer set."),
    "timer.not-due": _("This timer is not due yet."),
    "task.not-a-service": _("This step is done by a person, not by the system."),
    "flow.no-branch": _(
        "The process does not say how to go on with these answers. We have not filed anything; please call us."
    ),
    "flow.endless": _("The process goes round in circles. We have stopped it; please call us."),
    "flow.condition": _("The process cannot tell how to go on with these answers. Please check them, or call us."),
    "flow.no-decision": _("The rule came to no decision with these answers. Please check them, or call us."),
    "flow.rule": _("A rule could not be worked out with these answers. Please check them, or call us."),
}
_ERRORS = {
    "case.unknown": _("There is no such case, or it is not yours to see."),
    "case.not-yours": _("You can see this case, but this step is not yours to take."),
    "case.already-rated": _("You have rated this already. Thank you."),
    "case.numbers-exhausted": _(
        "We could not give your case a number. Nothing was filed; please try again in a minute."
    ),
    "draft.unknown": _("There is no such draft. It may have been deleted, or it belongs to another account."),
    "draft.filed": _("This has been filed already."),
    "draft.unknown-step": _("This form has no such page."),
    "draft.incomplete": _("Something is still missing."),
    "draft.outdated": _(
        "The rules for this matter have changed since you began. Your answers are all here: please read them once more."
    ),
    "applicant.not-served": _("This matter is not for applicants of that kind. Choose in whose name you are applying."),
    "applicant.no-mandate": _("You cannot apply for this in that name. The authorisation may have ended."),
    "material.too-many": _("Too many files for one paper: at most %(limit)s. Put pages together in one PDF."),
    "material.unknown": _("This file was not asked for."),
    "file.empty": _("The file is empty. Please choose it again."),
    "file.too-large": _("The file is too large: at most %(limit)s MB. A photo taken at a lower resolution is enough."),
    "file.type": _("We cannot read this kind of file. Please choose one of these: %(allowed)s."),
    "certificate.unknown": _("No certificate was issued under this number."),
    "catalog.unknown-matter": _("There is no such matter, or it is not offered any more."),
    "people.not-allowed": _("You may not do this."),
    "people.seal-broken": _("A number on file cannot be read at present. Please call us."),
}
_NUMBERS = {
    ("case", "number.length"): _("A case number has 16 digits; please count them again."),
    ("case", "number.digits"): _("A case number consists of digits only."),
    ("case", "number.check"): _("This case number has a slip in it: one digit is wrong, or two are swapped."),
    ("case", "number.date"): _("This case number has a slip in it: its first six digits are not a date."),
    ("certificate", "number.length"): _("This is not a whole certificate number; it begins with 1.2.156.3005.2."),
    ("certificate", "number.digits"): _("A certificate number consists of digits, capital letters and dots."),
    ("certificate", "number.check"): _(
        "This certificate number has a slip in it, or it was made up: its check character does not fit."
    ),
}
_OTHERWISE = _("This is not possible right now. Nothing was changed.")

CODES = frozenset(_REFUSALS) | frozenset(_ERRORS)
"""Every code that has words of its own."""


def refusal_words(*, code: str, params: Mapping[str, Any] | None = None) -> str:
    """Why something cannot be done, by its code."""
    words = str(_REFUSALS.get(code) or _ERRORS.get(code) or _OTHERWISE)
    facts = dict(params or {})
    if code == "extend.too-long" and "allowed" in facts:
        facts["allowed"] = limit_words(str(facts["allowed"]))
    try:
        return words % facts if "%(" in words else words
    except KeyError:
        return str(_OTHERWISE)


def error_words(error: Exception) -> str:
    """Why something cannot be done, from what was raised: anything with a ``code`` and perhaps ``params``."""
    code = str(getattr(error, "code", ""))
    params = getattr(error, "params", {})
    if code.startswith("number."):
        return str(_NUMBERS.get((str(params.get("kind", "")), code), _OTHERWISE))
    return refusal_words(code=code, params=params)
