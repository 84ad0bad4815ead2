"""Words for what happens to a case, and for where it stands."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as pgettext

from tongban.kernel import flow

__all__ = [
    "act_words",
    "capacity_words",
    "channel_words",
    "event_name",
    "event_words",
    "grade_words",
    "mandate_words",
    "outcome_words",
    "procedure_words",
    "role_words",
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
    "material.handed_in": (_("You handed in what was to follow"), _("The applicant handed in what was to follow")),
    "task.claimed": (_("Someone is working on it"), _("Taken on")),
    "task.released": (_("Back in the department's queue"), _("Put back into the queue")),
    "task.completed": (_("Step finished"), _("Step finished")),
    "task.returned": (_("Looked at once more"), _("Returned for rework")),
    "case.dispatched": (_("The department that is responsible has it"), _("Dispatched")),
    "task.transferred": (_("Someone else is working on it now"), _("Given away")),
    "task.delegated": (_("Someone else is working on it now"), _("Given to a colleague to do")),
    "task.reported": (_("The work on this step is being checked"), _("Done and reported back")),
    "task.recalled": (_("Someone is working on it again"), _("Taken back")),
    "task.proposed": (_("The work on this step is being checked"), _("Done, and put before those who sign")),
    "cosign.asked": (_("Others have been asked to agree"), _("Others asked to sign")),
    "cosign.signed": (_("One of those who were asked has agreed"), _("Signed")),
    "cosign.objected": (_("One of those who were asked has objected"), _("Objected")),
    "cosign.removed": (_("One of those who were asked is not asked any more"), _("Not asked to sign any more")),
    "case.migrated": (_("It goes on under the newest procedure"), _("Moved to another version of the matter")),
    "clock.paused": (_("The clock is paused"), _("Clock paused")),
    "clock.resumed": (_("The clock is running again"), _("Clock running again")),
    "clock.extended": (_("More time was approved"), _("Limit extended")),
    "clock.recounted": (_("The working calendar has changed"), _("Limits counted anew")),
    "case.suspended": (_("A special procedure has begun"), _("Special procedure begun")),
    "case.resumed": (_("The special procedure is over"), _("Special procedure over")),
    "case.withdrawn": (_("You took it back"), _("Withdrawn by the applicant")),
    "case.decided": (_("Decided"), _("Decided")),
    "case.redecided": (_("Decided anew by a person"), _("Decided anew")),
    "pledge.signed": (_("You signed the pledge"), _("Pledge signed")),
    "pledge.broken": (_("The check found that the pledge was not kept"), _("Pledge broken")),
    "rectification.ordered": (_("You were told to put something right"), _("Ordered to be put right")),
    "rectification.moved": (_("You have longer to put it right"), _("The day to put it right moved")),
    "rectification.answered": (_("You said what you put right"), _("The holder said what was put right")),
    "rectification.missed": (_("The day to put it right is over"), _("Not put right by the day")),
    "repair.asked": (_("You asked that the bar end early"), _("The holder asked for an earlier end of the bar")),
    "repair.granted": (_("A pledge of yours counts again"), _("Bar ended early")),
    "repair.denied": (_("The bar stays as it is"), _("Earlier end of the bar denied")),
    "grant.unasked": (_("Granted without your asking"), _("Granted without asking")),
    "grant.declined": (_("You declined it"), _("Declined by the applicant")),
    "check.asked": (_("You asked for a person to look at it"), _("The applicant asked for a human check")),
    "check.confirmed": (_("A person has looked at it: it stays as the rule decided"), _("Human check: confirmed")),
    "check.changed": (_("A person has looked at it and decides otherwise"), _("Human check: decided otherwise")),
    "case.served": (_("You were served at the counter"), _("Served at the counter")),
    "case.delivered": (_("The result has reached you"), _("Delivered")),
    "case.closed": (_("Finished"), _("Closed")),
    "case.rated": (_("You rated it"), _("Rated by the applicant")),
    "certificate.issued": (_("Your certificate is ready"), _("Certificate issued")),
    "certificate.suspended": (_("Your certificate was suspended"), _("Certificate suspended")),
    "certificate.reinstated": (_("Your certificate holds again"), _("Suspension of the certificate lifted")),
    "certificate.revoked": (_("Your certificate was revoked"), _("Certificate revoked")),
    "certificate.replaced": (_("Your certificate was replaced"), _("Certificate replaced")),
    "certificate.renewed": (_("Your certificate was renewed"), _("Certificate renewed")),
    "fee.paid": (_("The fee is paid"), _("Fee paid")),
    "fee.refunded": (_("The fee has been paid back"), _("Fee paid back")),
    "crossing.opened": (_("Handed over to the city that decides it"), _("Linked with a case in another city")),
    "crossing.heard": (_("The other city has told us how it goes"), _("Told by the other city")),
    "inspection.recorded": (_("Somebody was there and had a look"), _("Inspection recorded")),
    "inspection.noted": (_("Somebody was there and had a look"), _("Inspection noted beside the case")),
    "visit.fixed": (_("Departments come to you together, once"), _("Joint visit fixed")),
    "visit.other_day_asked": (_("You asked for another day"), _("The applicant asked for another day")),
    "visit.called_off": (_("The visit was called off"), _("Joint visit called off")),
    "visit.held": (_("The departments were there together"), _("Joint visit made")),
    "timer.fired": (_("A time set beforehand was reached"), _("Timer fired")),
    "message.received": (_("A message that was awaited has come"), _("Message received")),
    "signal.received": (_("A signal that was awaited has come"), _("Signal received")),
    "condition.met": (_("What was awaited has come about"), _("Condition met")),
    "error.raised": (_("Something went another way than planned"), _("Error or escalation raised")),
}
_OPENED_UNASKED = (_("Opened for you, without your asking"), _("Opened without asking"))
_ACCEPTED_BY_SILENCE = (
    _("Accepted: nobody answered within 5 working days, so it counts from the day you filed"),
    _("Accepted by silence, from the day of receipt"),
)
_OVERDUE = (
    _("This takes longer than we told you. Supervision has been told."),
    _("The special procedure is past its time"),
)
_NOT_IN_TIME = (
    _("What was to follow has not come in time"),
    _("What was to follow has not come in time"),
)
_SILENT = {
    "agreed": (
        _("One department has not answered in time; by the rules of this matter that counts as agreed"),
        _("Not answered within the limit: counts as agreed"),
    ),
    "escalate": (
        _("One department has not answered in time; it is being looked into"),
        _("Not answered within the limit: goes to whoever settles it"),
    ),
}
_DECIDED = {
    "granted": (_("Granted"), _("Granted")),
    "denied": (_("Denied, with the reasons"), _("Denied")),
    "answered": (_("Answered"), _("Answered")),
    "not_provided": (_("Answered: not provided, with the reasons"), _("Not provided")),
    "resolved": (_("Resolved: read the answer"), _("Resolved")),
    "not_resolved": (_("Answered: it could not be resolved"), _("Not resolved")),
    "passed_on": (_("Passed on to whoever is competent"), _("Passed on")),
}
_WAITING_FOR_THE_APPLICANT = _("Waiting for the applicant")
_STATUSES = {
    "draft": pgettext("case status", "Draft"),
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
    "answered": pgettext("case status", "Answered"),
    "not_provided": pgettext("case status", "Not provided"),
    "resolved": pgettext("case status", "Resolved"),
    "not_resolved": pgettext("case status", "Not resolved"),
    "passed_on": pgettext("case status", "Passed on"),
    "withdrawn": pgettext("case status", "Withdrawn"),
    "not_accepted": pgettext("case status", "Not accepted"),
    "closed": pgettext("case status", "Closed"),
}
_STEP_OUTCOMES = {
    "pass": _("in order"),
    "fail": _("not in order"),
    "granted": _("granted"),
    "denied": _("denied"),
    "answered": _("answered"),
    "not_provided": _("not provided"),
    "resolved": _("resolved"),
    "not_resolved": _("not resolved"),
    "passed_on": _("passed on"),
    "cancelled": _("no longer needed"),
    "silent": _("no answer in time"),
    "silent_agreed": _("no answer in time: counts as agreed"),
    "accepted": _("accepted"),
    "done": _("done"),
    "delivered": _("delivered"),
    "signed": _("signed"),
    "objected": _("objected"),
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
    "cosign": _("Co-sign"),
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
    "wechat": _("by WeChat"),
    "weibo": _("by Weibo"),
    "mail": _("by mail"),
    "neighbour": _("in another city"),
    "unasked": _("granted without asking"),
}
_CAPACITIES = {
    "applicant": _("applicant"),
    "agent": _("agent"),
    "clerk": _("window clerk"),
    "officer": _("officer"),
    "stand-in": _("officer, in a colleague's place"),
    "clock": _("the clock"),
    "neighbour": _("the other city"),
    "system": _("the system"),
}
_ROLES = {
    "clerk": _("taking in at the window"),
    "handler": _("handling"),
    "reviewer": _("reviewing"),
    "decider": _("deciding"),
    "supervisor": _("supervising"),
    "administrator": _("administering"),
}
_MANDATES = {
    "mandate": _("under a mandate"),
    "representative": _("as legal representative"),
    "guardian": _("as guardian"),
}
_GRADES = {
    5: _("Very satisfied"),
    4: _("Satisfied"),
    3: _("Fair"),
    2: _("Dissatisfied"),
    1: _("Very dissatisfied"),
}


def event_words(*, kind: str, data: Mapping[str, Any] | None = None, official: bool = False, ended_as: str = "") -> str:
    """What happened, said to the applicant or (``official``) to who works on the case.

    ``ended_as``: what the outcome is called in such a matter.
    """
    facts = data or {}
    pair = _EVENTS.get(kind, (_("Something happened"), _("Something happened")))
    if kind == "case.accepted" and facts.get("silent"):
        pair = _ACCEPTED_BY_SILENCE
    elif kind == "case.filed" and facts.get("channel") == "unasked":
        pair = _OPENED_UNASKED
    elif kind == "timer.fired" and "overdue" in facts:
        pair = _OVERDUE
    elif kind == "timer.fired" and "late" in facts:
        pair = _NOT_IN_TIME
    elif kind == "timer.fired" and "silent" in facts:
        pair = _SILENT.get(str(facts["silent"]), pair)
    elif kind == "case.decided":
        pair = _DECIDED.get(ended_as or str(facts.get("outcome", "")), pair)
    return str(pair[official])


def event_name(expected: flow.Expected, language: str) -> str:
    """What a case waits for: the event's name in the diagram, and that of its message or signal where they differ."""
    node, told = expected.node, expected.names[0]
    shown = (node.name if language.startswith("zh") else node.name_en or node.name) or told
    return shown if shown == told else gettext("%(event)s (%(told)s)") % {"event": shown, "told": told}


def status_words(status: str, *, official: bool = False) -> str:
    """Where a case stands (``received``, ``supplement``, …); ``official``: said to an official."""
    if official and status == "supplement":
        return str(_WAITING_FOR_THE_APPLICANT)
    return str(_STATUSES.get(status, status))


def outcome_words(outcome: str) -> str:
    """How a case ended, by what that is called in its matter (``ended_as``); nothing while it has not."""
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
    return str(_CAPACITIES.get(capacity.partition(":")[0], capacity))


def mandate_words(kind: str) -> str:
    """On what somebody acts for another; nothing for who acts for themselves."""
    return str(_MANDATES.get(kind, kind))


def grade_words(grade: int) -> str:
    """A grade of the rating, 5 to 1."""
    return str(_GRADES.get(grade, grade))


def role_words(role: str) -> str:
    """The work of a role."""
    return str(_ROLES.get(role, role))
