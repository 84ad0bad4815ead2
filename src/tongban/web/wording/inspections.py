"""Words for what is found on the spot: results, what is missing in a record, and what stands against it."""

from django.utils.translation import gettext_lazy as _

from tongban.apps.catalog.definitions import Lack

__all__ = [
    "answer_words",
    "conflict_words",
    "lack_words",
    "result_words",
    "signing_words",
    "visit_state_words",
    "wrong_words",
]

_RESULTS = {
    "pass": _("Nothing stands against it"),
    "rectify": _("To be put right"),
    "fail": _("It does not meet the conditions"),
}
_SIGNINGS = {
    "signed": _("Signs"),
    "refused": _("Refuses to sign"),
    "absent": _("Nobody is there to sign"),
}
_LACKS = {
    "unanswered": _("Say what you found: %(item)s"),
    "unknown": _("Choose one of the answers: %(item)s"),
    "must-apply": _("This applies in any case, so say what you found: %(item)s"),
    "not-a-number": _("Write a number, such as 2.5: %(item)s"),
    "too-long": _("Write less, at most 1000 characters: %(item)s"),
    "no-photo": _("Add a photo: %(item)s"),
    "not-asked": _("This is not asked any more: %(item)s"),
}
_WRONG = {
    ("result", "required"): _("Choose the result."),
    ("result", "milder"): _("Something that the law demands is not as it should be, so it cannot pass."),
    ("result", "running"): _(
        "It can still be put right until the day that was given, so it cannot fail before that. Say that it is to be "
        "put right, or that nothing stands against it."
    ),
    ("rectify_by", "not-allowed"): _(
        "Give a working day within the time that this matter allows for what was pledged."
    ),
    ("rectify_by", "required"): _("Say by which day it is to be put right."),
    ("rectify_by", "not-ahead"): _("The day must be after today, and within a year."),
    ("statement", "required"): _("Write your own statement in a sentence or two."),
    ("signing", "required"): _("Say whether the person signs."),
    ("signature", "required"): _("Let the person sign, or say why they do not."),
    ("present", "required"): _("Write the name of who signs."),
    ("signing_words", "required"): _("Write in a few words why nobody signs."),
}
_TOO_LONG = _("This is longer than a record can be.")
_CONFLICTS = {
    "case-over": _("The case is over: it was taken back or decided while you were away."),
    "step-done": _("A colleague has finished this step while you were away."),
    "handed-over": _("The step was given to somebody else while you were away."),
    "checklist-changed": _("The checklist has been changed while you were away."),
}


_VISITS = {
    "proposed": _("Proposed: the departments answer"),
    "fixed": _("Fixed: the applicant has been told"),
    "asked": _("Another time is to be found"),
    "held": _("The visit was made"),
    "off": _("There is no visit"),
}
_ANSWERS = {
    "": (_("has not answered yet"), "sun"),
    "yes": (_("comes"), "done"),
    "other": (_("not then"), "seal"),
    "no_need": (_("need not see the place"), ""),
    "left_out": (_("does not come"), ""),
}


def visit_state_words(state: str) -> str:
    """Where a joint visit stands."""
    return str(_VISITS[state])


def answer_words(answer: str) -> tuple[str, str]:
    """What a department says to the time of a joint visit, and the tone of its tag."""
    words, tone = _ANSWERS[answer]
    return str(words), tone


def result_words(result: str) -> str:
    """What a visit came to."""
    return str(_RESULTS.get(result, result))


def signing_words(signing: str) -> str:
    """Whether somebody signed."""
    return str(_SIGNINGS.get(signing, signing))


def lack_words(lack: Lack, item: str) -> str:
    """What an item of a checklist still lacks; ``item`` is what it asks."""
    return str(_LACKS[lack.why]) % {"item": item}


def wrong_words(name: str, why: str) -> str:
    """What is wrong with a field of the record."""
    return str(_WRONG.get((name, why), _TOO_LONG))


def conflict_words(conflict: str) -> str:
    """Why a record could not enter its case."""
    return str(_CONFLICTS[conflict])
