"""From a posted form to a command given, asked back, or refused: nothing that was typed is lost on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongban.apps.cases.consequences import Offer, Work, consequence_of
from tongban.apps.cases.errors import CaseError
from tongban.apps.cases.queries import TaskView
from tongban.kernel import flow
from tongban.web.desk.colleagues import colleague_sentences
from tongban.web.desk.commands import DeskCommand
from tongban.web.desk.dossier import holder_name
from tongban.web.desk.forms import CommandForm
from tongban.web.desk.news import news_since
from tongban.web.desk.offered import effects_of
from tongban.web.desk.ready import put_in
from tongban.web.templatetags.tongban_ui import moment
from tongban.web.wording import refusal_words, step_outcome_words

__all__ = ["Attempt", "again", "attempt", "number_in", "who_did_it"]

_OWN = ("csrfmiddlewaretoken", "task", "seen", "next", "confirmed", "edit", "insert", "phrase")
_STATUS = {"invalid": 422, "edit": 200, "refused": 409}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What came of a posted command. ``state``: done, confirm, invalid, edit (to be written on) or refused."""

    state: str
    command: DeskCommand
    work: Work
    task: int
    posted: QueryDict
    form: CommandForm | None = None
    offer: Offer | None = None
    code: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    news: tuple[str, ...] = field(default=())

    @property
    def status(self) -> int:
        """The HTTP status of the page that shows it."""
        return _STATUS.get(self.state, 200)

    @property
    def card(self) -> str:
        """The command's card on the page of the case."""
        return f"{self.command.name}-{self.task}"

    @property
    def wrong(self) -> CommandForm | None:
        """The form whose errors head the page."""
        return self.form if self.state == "invalid" else None

    @property
    def typed(self) -> list[str]:
        """Words that were typed and have no place on the page any more, to be copied from it."""
        return [
            value for name in ("reason", "opinion", "note", "other") if (value := self.posted.get(name, "").strip())
        ]

    def refusal(self, work: Work) -> dict[str, Any] | None:
        """Why it was not done, said with the case as it is now: who was faster, and what was typed in vain."""
        if self.state != "refused":
            return None
        title = who_did_it(work.task(self.task), work)
        return {
            "title": title or _("This was not done"),
            "text": refusal_words(code=self.code, params=self.params),
            "typed": self.typed,
        }

    def _ending(self, data: Mapping[str, Any]) -> str:
        """What is decided, by what it is called in such a matter."""
        return self.work.view.definition.concluded(str(data.get("outcome", "")))

    def confirmation(self) -> dict[str, Any]:
        """What ``desk/confirm.html`` shows."""
        assert self.form is not None
        data = self.form.cleaned_data
        command = self.command.as_flow(self.task, data, self.work.actor)
        view = self.work.view
        return {
            "case": view.row,
            "title": _question(self.command.name, self._ending(data)),
            "matter": view.row.matter_name.in_language(get_language() or "zh-hans"),
            "effects": [
                *colleague_sentences(self.command.name, data),
                *effects_of(self.work, consequence_of(work=self.work, command=command)),
            ],
            "mended": self.command.mended,
            "said": _said(self.form),
            "action": reverse("desk:act", args=[view.number, self.command.name]),
            "hidden": [
                (name, value) for name in self.posted for value in self.posted.getlist(name) if name not in _OWN
            ],
            "task": self.task,
            "seen": len(view.history),
            "button": _yes(self.command.name, self._ending(data)),
            "danger": data.get("outcome") == "denied" or self.command.name == "refuse",
            "news": self.news,
        }


def again(kept: QueryDict) -> QueryDict:
    """What was posted when the session had ended, to be looked at once more: nothing is done without a new press."""
    kept = kept.copy()
    kept.pop("confirmed", None)
    kept["edit"] = "yes"
    return kept


def number_in(posted: QueryDict, name: str) -> int:
    """A whole number that was posted; 0 for anything else."""
    text = posted.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def attempt(command: DeskCommand, work: Work, posted: QueryDict) -> Attempt:
    """Try a posted command: check the form, ask once where it is final, give it to the domain."""
    task = number_in(posted, "task")
    common: dict[str, Any] = {"command": command, "work": work, "task": task, "posted": posted}
    offer = work.offer(command=command.name, task=task)
    if offer is None:
        return _refused(common, *work.why_not(command=command.name, task=task))
    form = command.bound(posted, work=work, offer=offer)
    common |= {"form": form, "offer": offer}
    if "edit" in posted or "insert" in posted:
        written = put_in(posted, field=form.written, work=work, offer=offer)
        return Attempt(state="edit", **common | {"form": command.begun(written, work=work, offer=offer)})
    if not form.is_valid():
        return Attempt(state="invalid", **common)
    seen = number_in(posted, "seen")
    news = news_since(work, seen) if seen else ()
    if command.final and ("confirmed" not in posted or news):
        return _asked_back(common, news)
    try:
        command.carry_out(number=work.view.number, task=task, data=form.cleaned_data, actor=work.actor, at=work.at)
    except (flow.Refused, CaseError) as error:
        return _refused(common, error.code, error.params)
    return Attempt(state="done", **common)


def _asked_back(common: dict[str, Any], news: tuple[str, ...]) -> Attempt:
    asked = Attempt(state="confirm", news=news, **common)
    try:
        asked.confirmation()
    except flow.Refused as error:
        return _refused(common, error.code, error.params)
    return asked


def _refused(common: dict[str, Any], code: str, params: Mapping[str, Any]) -> Attempt:
    return Attempt(state="refused", code=code, params=params, **common)


def who_did_it(task: TaskView | None, work: Work) -> str:
    """Who was first, if that is why something was not done; "" otherwise."""
    if task is None:
        return ""
    language = get_language() or "zh-hans"
    if task.finished is None:
        name = holder_name(task, language)
        mine = work.actor.has_in_hand(task.claimed_by)
        return _("%(name)s has this step") % {"name": name} if name and not mine else ""
    ended = [event for event in work.view.history if event.task == task.no and event.at == task.finished]
    facts = {
        "name": task.finished_name[0 if language.startswith("zh") else 1] if task.finished_name else _("The system"),
        "outcome": step_outcome_words(work.view.definition.concluded(task.outcome)) or _("done"),
        "at": moment(task.finished, "short"),
    }
    if ended and ended[-1].actor == work.actor.id:
        return _("You have finished this step already: %(outcome)s, %(at)s") % facts
    return _("%(name)s got there first: %(outcome)s, %(at)s") % facts


def _question(name: str, ending: str) -> str:
    return {
        "granted": _("Grant this application?"),
        "denied": _("Deny this application?"),
        "answered": _("Send this answer?"),
        "not_provided": _("Tell them that it is not provided?"),
        "resolved": _("Answer that it is resolved?"),
        "not_resolved": _("Answer that it could not be resolved?"),
        "passed_on": _("Pass it on, and tell them?"),
        "request_supplement": _("Ask the applicant for this?"),
        "return_to": _("Return it for rework?"),
        "extend": _("Extend the limit?"),
        "refuse": _("Refuse to accept this application?"),
        "record_arrival": _("Record that this has arrived?"),
        "raise_event": _("Report this?"),
        "sign": _("Sign this step?"),
        "object": _("Object to this step?"),
        "add_cosigner": _("Ask them to sign?"),
        "remove_cosigner": _("Ask them no longer?"),
        "dispatch": _("Dispatch it there?"),
        "delegate": _("Let this colleague do it?"),
        "transfer": _("Give this step away?"),
    }[ending if name == "decide" else name]


def _yes(name: str, ending: str) -> str:
    return {
        "granted": _("Yes, grant it"),
        "denied": _("Yes, deny it"),
        "answered": _("Yes, send it"),
        "not_provided": _("Yes, tell them"),
        "resolved": _("Yes, answer"),
        "not_resolved": _("Yes, answer that"),
        "passed_on": _("Yes, pass it on"),
        "request_supplement": _("Yes, ask for it"),
        "return_to": _("Yes, return it"),
        "extend": _("Yes, extend it"),
        "refuse": _("Yes, refuse to accept it"),
        "record_arrival": _("Yes, it has arrived"),
        "raise_event": _("Yes, report it"),
        "sign": _("Yes, sign"),
        "object": _("Yes, object"),
        "add_cosigner": _("Yes, ask them"),
        "remove_cosigner": _("Yes, ask them no longer"),
        "dispatch": _("Yes, dispatch it"),
        "delegate": _("Yes, let them do it"),
        "transfer": _("Yes, give it away"),
    }[ending if name == "decide" else name]


def _said(form: CommandForm) -> list[dict[str, str]]:
    """What was typed and chosen, to be read over once more."""
    rows = []
    for bound in form:
        value = form.cleaned_data.get(bound.name)
        choices = dict(getattr(bound.field, "choices", ()))
        if isinstance(value, list):
            words = _(", ").join(str(choices.get(each, each)) for each in value)
        else:
            words = str(choices.get(value, value)) if value not in (None, "") else ""
        if words:
            rows.append({"key": str(bound.label), "value": words})
    return rows
