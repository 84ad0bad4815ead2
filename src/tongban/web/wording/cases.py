"""Words for what happens to a case, and for where it stands."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

__all__ = [
    "act_words",
    "capacity_words",
    "channel_words",
    "event_words",
    "grade_words",
    "outcome_words",
    "procedure_words",
    "status_words",
    "step_outcome_words",
]

# Kind of event: to the applicant, to an official.
_EVENTS = {
    "case.filed": (_("You filed it"), _("Filed")),
    "case.accepted": (_("Accepted: the clock is running"), _("Accepted")),
    "case.refused": (_("Not accepted"), _("Not accepted")),
    "supplement.requested": (_("Something is missing: waiting for you"), _("Asked the applicant to complete it")),
    "supplement.answered": (_("You handed in what was missing"), _("The applicant completed it")),
    "task.claimed": (_("Someone is working on it"), _("Taken on")),
    "task.released": (_("Back in the department's queue"), _("Put back into the queue")),
    "task.completed": (_("Step finished"), _("Step finished")),
    "task.returned": (_("Looked at once more"), _("Returned for rework")),
    "clock.paused": (_("The clock is paused"), _("Clock paused")),
    "clock.resumed": (_("The clock is running again"), _("Clock running again")),
    "clock.extended": (_("More time was approved"), _("Limit extended")),
    "case.suspended": (_("A special procedure has begun"), _("Special procedure begun")),
    "case.resumed": (_("The special procedure is over"), _("Special procedure over")),
    "case.withdrawn": (_("You took it back"), _("Withdrawn by the applicant")),
    "case.decided": (_("Decided"), _("Decided")),
    "case.delivered": (_("The result has reached you"), _("Delivered")),
    "case.closed": (_("Finished"), _("Closed")),
    "case.rated": (_("You rated it"), _("Rated by the applicant")),
    "certificate.issued": (_("Your certificate is ready"), _("Certificate issued")),
    "timer.fired": (_("A time set beforehand was reached"), _("Timer fired")),
}
_ACCEPTED_BY_SILENCE = (
    _("Accepted: nobody answered within 5 working days, so it counts from the day you filed"),
    _("Accepted by silence, from the day of receipt"),
)
_DECIDED = {
    "granted": (_("Granted"), _("Granted")),
    "denied": (_("Denied, with the reasons"), _("Denied")),
}
_STATUSES = {
    "received": pgettext("case status", "Received"),
    "supplement": pgettext("case status", "Waiting for you"),
    "accepted": pgettext("case status", "Under way"),
    "suspended": pgettext("case status", "Clock paused"),
    "not_accepted": pgettext("case status", "Not accepted"),
    "withdrawn": pgettext("case status", "Withdrawn"),
    "concluded": pgettext("case status", "Concluded"),
}
_OUTCOMES = {
    "granted": pgettext("case status", "Granted"),
    "denied": pgettext("case status", "Denied"),
    "withdrawn": pgettext("case status", "Withdrawn"),
    "not_accepted": pgettext("case status", "Not accepted"),
    "closed": pgettext("case status", "Closed"),
}
_STEP_OUTCOMES = {
    "pass": _("in order"),
    "fail": _("not in order"),
    "granted": _("granted"),
    "denied": _("denied"),
    "cancelled": _("no longer needed"),
    "accepted": _("accepted"),
    "done": _("done"),
    "delivered": _("delivered"),
}
_ACTS = {
    "accept": _("Accept"),
    "handle": _("Handle"),
    "review": _("Review"),
    "inspect": _("Inspect on site"),
    "opinion": _("Give an opinion"),
    "decide": _("Decide"),
    "deliver": _("Deliver"),
    "service": _("By the system"),
    "rule": _("By published rule"),
}
_PROCEDURES = {
    "supplement": _("waiting for the applicant"),
    "hearing": _("hearing"),
    "inspection": _("on-site inspection"),
    "testing": _("testing"),
    "expert_review": _("expert review"),
    "other": _("special procedure"),
}
_CHANNELS = {
    "web": _("on this site"),
    "window": _("at a window"),
    "api": _("through a connected system"),
    "phone": _("by telephone"),
}
_CAPACITIES = {
    "applicant": _("applicant"),
    "agent": _("agent"),
    "clerk": _("window clerk"),
    "officer": _("officer"),
    "clock": _("the clock"),
    "system": _("the system"),
}
_GRADES = {
    5: _("Very satisfied"),
    4: _("Satisfied"),
    3: _("Fair"),
    2: _("Dissatisfied"),
    1: _("Very dissatisfied"),
}


def event_words(*, kind: str, data: Mapping[str, Any] | None = None, official: bool = False) -> str:
    """What happened, said to the applicant or (``official``) to who works on the case."""
    facts = data or {}
    pair = _EVENTS.get(kind, (_("Something happened"), _("Something happened")))
    if kind == "case.accepted" and facts.get("silent"):
        pair = _ACCEPTED_BY_SILENCE
    elif kind == "case.decided":
        pair = _DECIDED.get(str(facts.get("outcome", "")), pair)
    return str(pair[official])


def status_words(status: str) -> str:
    """Where a case stands (``received``, ``supplement``, …)."""
    return str(_STATUSES.get(status, status))


def outcome_words(outcome: str) -> str:
    """How a case ended; nothing while it has not."""
    return str(_OUTCOMES.get(outcome, outcome))


def step_outcome_words(outcome: str) -> str:
    """What came of one step (``pass``, ``fail``, …)."""
    return str(_STEP_OUTCOMES.get(outcome, outcome))


def act_words(act: str) -> str:
    """What a step is for."""
    return str(_ACTS.get(act, act))


def procedure_words(procedure: str) -> str:
    """Why time does not count: a special procedure, or what is missing."""
    return str(_PROCEDURES.get(procedure, procedure))


def channel_words(channel: str) -> str:
    """The way on which a case came in."""
    return str(_CHANNELS.get(channel, channel))


def capacity_words(capacity: str) -> str:
    """As whom somebody acted."""
    return str(_CAPACITIES.get(capacity, capacity))


def grade_words(grade: int) -> str:
    """A grade of the rating, 5 to 1."""
    return str(_GRADES.get(grade, grade))
